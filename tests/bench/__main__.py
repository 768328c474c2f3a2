"""`make bench`: one JSON object a line on standard output, progress on standard error."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import nullcontext

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")


def main() -> int:
    """Run the benches that were asked for; a name that fits none is an error."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()

    import django

    django.setup()
    from tests.bench import benches
    from tests.bench.data import database

    chosen = [bench for bench in benches.ALL if bench.name.startswith(asked.only)]
    if not chosen:
        print(f"There is no bench {asked.only}.", file=sys.stderr)
        return 2
    own = all(getattr(bench, "own_data", False) for bench in chosen)
    with nullcontext() if own else database(customers=asked.size):
        for bench in chosen:
            print(json.dumps(bench.run(asked.size)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
