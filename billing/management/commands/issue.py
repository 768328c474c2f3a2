"""Issuing the drafts of a month, from the console."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.management.commands.bill import complete, group_of, month_of
from billing.models import MonthEnd
from billing.selectors import month_end as reading
from billing.services import month_end_runs as steps
from herotill.money import rand


class Command(BaseCommand):
    help = "Issues the draft invoices of a billing month: number, ledger, mail. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", type=month_of, required=True, metavar="YYYY-MM", help="billing month")
        parser.add_argument(
            "--billing-group", default="", metavar="NAME", help="only customers of this group"
        )

    def handle(self, **options: Any) -> None:
        found = MonthEnd.objects.filter(period=options["period"].first)
        if group := group_of(options["billing_group"]):
            found = found.filter(billing_group=group)
        if not found:
            raise CommandError(f"Nothing was billed for {options['period'].label}.")
        for one in found.order_by("pk"):
            complete(steps.perform(kind=steps.ISSUE, of=one, actor=one.signed_by))
            stands = reading.standing(one)
            self.stdout.write(
                f"{one}: {stands.issued.count:,} invoices issued, {rand(stands.issued.amount)}"
                + (f", {stands.first} to {stands.last}." if stands.first else ".")
            )
