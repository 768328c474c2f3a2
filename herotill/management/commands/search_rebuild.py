"""Writes every search document anew; changes nothing where triggers did their work."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from herotill.search import search_kinds
from herotill.search.rebuilding import rebuild


def _with_documents() -> list[str]:
    return [kind.name for kind in search_kinds if not kind.own]


class Command(BaseCommand):
    help = "Brings the global search in line with what it finds, kind by kind, and says how much differed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kinds", nargs="*", choices=[[], *_with_documents()], metavar="KIND")

    def handle(self, *, kinds: list[str], **options: Any) -> None:
        for name in kinds or _with_documents():
            self.stdout.write(f"{name}: {rebuild(name)} documents differed")
