"""Derives the whole ledger anew and says the first thing that differs."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from billing.selectors import verifying


class Command(BaseCommand):
    help = "Re-derives every balance, allocation and number series; fails on the first difference."

    def handle(self, **options: object) -> None:
        with transaction.atomic():
            verifying.hold_still()
            for check in verifying.CHECKS:
                found = verifying.differences(check)
                if found:
                    raise CommandError(str(found[0]))
                if int(str(options["verbosity"])) > 1:
                    self.stdout.write(f"{check.name}: nothing differs")
        self.stdout.write(f"The ledger is sound: {len(verifying.CHECKS)} checks, nothing differs.")
