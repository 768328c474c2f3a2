#!/usr/bin/env python3
"""Runs a management command; settings start the embedded servers where no address is given."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "herotill.settings")
    from django.core.management import execute_from_command_line

    from herotill.audit import acting

    with acting(source=f"command: {' '.join(sys.argv[1:2])}"):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
