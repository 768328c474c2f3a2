"""From RADIUS accounting to usage, once, on the console."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dataaccounts.models import UsageSource
from dataaccounts.services import usage_import, usage_sources
from herotill.errors import DomainError, IntegrationError


class Command(BaseCommand):
    help = "Reads the sources of usage whose time has come, or one by name at once, and counts what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", default="", metavar="NAME", help="read this source now, whenever due")

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        if name := options["source"]:
            self._one(name)
        elif said := usage_sources.read_due(now=now):
            self.stdout.write(said)
        counted = usage_import.run(now=now)
        self.stdout.write(f"{counted}, in {counted.batches} batches.")

    def _one(self, name: str) -> None:
        source = UsageSource.objects.filter(name__iexact=name).first()
        if source is None:
            raise CommandError(f"There is no source of usage called {name}.")
        try:
            count = usage_sources.read(source=source, now=timezone.now())
        except (IntegrationError, DomainError) as no:
            raise CommandError(str(no)) from no
        self.stdout.write(f"{source}: {count:,} reports")
