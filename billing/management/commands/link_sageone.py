"""Whom our customers are in SageOne, from a file."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.services.books import linking
from herotill.errors import DomainError, IntegrationError


class Command(BaseCommand):
    help = (
        "Links customers with those who stand in SageOne already. The file has a customer code and a SageOne ID a"
        " line, with ; or , between them. All lines are taken, or none; who is linked already is passed over."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV: code;ID")

    def handle(self, **options: Any) -> None:
        try:
            pairs = _pairs(options["file"].read_text("utf-8-sig"))
            count = linking.link_many(pairs=pairs)
        except (OSError, UnicodeDecodeError) as trouble:
            raise CommandError(f"The file cannot be read: {trouble}") from None
        except (DomainError, IntegrationError) as trouble:
            raise CommandError(str(trouble)) from None
        self.stdout.write(f"{count:,} customers linked.")


def _pairs(text: str) -> dict[str, str]:
    """The IDs by code; a heading is passed over. Raises DomainError for a line that is none, or a code twice."""
    found: dict[str, str] = {}
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    for number, cells in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), start=1):
        given = [cell.strip() for cell in cells]
        if not any(given) or (number == 1 and not given[-1].isdigit()):
            continue
        if len(given) != 2 or not (given[1].isascii() and given[1].isdigit()):
            raise DomainError(f"Line {number} is not a customer code and a SageOne ID.")
        if given[0].upper() in found:
            raise DomainError(f"Line {number}: {given[0]} stands there twice.")
        found[given[0].upper()] = given[1]
    return found
