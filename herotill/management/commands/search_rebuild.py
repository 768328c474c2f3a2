"""Writes every search document anew; changes nothing where triggers did their work."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from herotill.search import search_kinds
from herotill.search.rebuilding import rebuild


class Command(BaseCommand):
    help = "Brings the global search in line with what it finds, kind by kind, and says how much differed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "kinds", nargs="*", choices=[[], *(kind.name for kind in search_kinds)], metavar="KIND"
        )

    def handle(self, *, kinds: list[str], **options: Any) -> None:
        for name in kinds or [kind.name for kind in search_kinds]:
            self.stdout.write(f"{name}: {rebuild(name)} documents differed")
