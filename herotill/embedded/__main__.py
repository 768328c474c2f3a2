"""python -m herotill.embedded start|status|stop"""

import sys
from pathlib import Path

from herotill import embedded


def main(word: str) -> str:
    if word == "start":
        addresses = embedded.addresses()
        return f"{addresses.database_url}\n{addresses.redis_url}"
    if word == "status":
        found = [
            f"{name} in {run}: process {pid}" for run in runs() for name, pid in embedded.running(run).items()
        ]
        return "\n".join(found) or "nothing runs"
    if word == "stop":
        ended = [name for run in runs() for name in embedded.stop(run)]
        return f"ended: {', '.join(ended) or 'nothing, nothing ran'}"
    return __doc__ or ""


def runs() -> list[Path]:
    """Our run folder, and those below it: the tests have one of their own."""
    return [embedded.RUN, *sorted(where.parent for where in embedded.RUN.glob("*/where.json"))]


if __name__ == "__main__":
    try:
        print(main(sys.argv[1] if len(sys.argv) == 2 else ""))
    except embedded.Trouble as trouble:
        sys.exit(str(trouble))
