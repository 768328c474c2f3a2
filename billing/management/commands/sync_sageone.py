"""What goes to SageOne and what comes from there, from the console."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.models import BooksConnection
from billing.services import books_receipts
from billing.services.books import owing
from herotill import jobs
from herotill.errors import DomainError, IntegrationError


class Command(BaseCommand):
    help = "Sends what waits for SageOne and reads the receipts there. Safe to run again and to end at any moment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--full",
            action="store_true",
            help="owe what was missed, and read all receipts, so that deleted ones are found",
        )
        parser.add_argument(
            "--also-many-deleted",
            action="store_true",
            help="with --full: reverse whatever is gone there, also where it is more than people delete",
        )

    def handle(self, **options: Any) -> None:
        if not BooksConnection.objects.filter(is_on=True).exists():
            self.stdout.write("SageOne is switched off; nothing was sent or read.")
            return
        whole = bool(options["full"])
        if whole:
            self.stdout.write(f"{owing.catch_up():,} documents were missed and wait now.")
        names = [owing.JOB, books_receipts.WHOLE_JOB if whole else books_receipts.JOB]
        if whole:
            names.insert(1, books_receipts.SET_UP_JOB)
        troubles = [
            trouble for name in names if (trouble := self._do(name, bool(options["also_many_deleted"])))
        ]
        if troubles:
            raise CommandError(" ".join(troubles))

    def _do(self, name: str, also_many: bool) -> str:
        """Carry a job out and say what it did; what went wrong."""
        try:
            if also_many and name == books_receipts.WHOLE_JOB:
                self.stdout.write(books_receipts.all_of_them(timezone.now()))
            else:
                self.stdout.write(jobs.carry_out(name, now=timezone.now()))
        except (DomainError, IntegrationError) as trouble:
            return f"{name}: {trouble}"
        return ""
