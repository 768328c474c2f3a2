"""python -m herotill.embedded start|status|stop"""

import sys

from herotill import embedded


def main(word: str) -> str:
    if word == "start":
        addresses = embedded.addresses()
        return f"{addresses.database_url}\n{addresses.redis_url}"
    if word == "status":
        return (
            "\n".join(f"{name}: process {pid}" for name, pid in embedded.running().items()) or "nothing runs"
        )
    if word == "stop":
        return f"ended: {', '.join(embedded.stop()) or 'nothing, nothing ran'}"
    return __doc__ or ""


if __name__ == "__main__":
    try:
        print(main(sys.argv[1] if len(sys.argv) == 2 else ""))
    except embedded.Trouble as trouble:
        sys.exit(str(trouble))
