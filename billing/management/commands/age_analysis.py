"""The age analysis of all customers as at a day, on the console or as CSV."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.selectors import ageing
from customers.selectors.listing import named
from herotill.money import rand

HEAD = ("Code", "Name", *ageing.BUCKETS, "Total due")


class Command(BaseCommand):
    help = "Prints what each customer owes by age as at a day, and the totals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-at", type=_day, required=True, metavar="DATE", help="YYYY-MM-DD")
        parser.add_argument("--csv", action="store_true", help="comma-separated, amounts as plain numbers")

    def handle(self, **options: Any) -> None:
        found = ageing.everybody(as_at=options["as_at"])
        owing = {pk: aged for pk, aged in found.items() if any(aged)}
        people = named(owing)
        rows = sorted((*people[pk], aged) for pk, aged in owing.items() if pk in people)
        total = ageing.added(aged for *_, aged in rows)
        if options["csv"]:
            self._as_csv(rows, total)
        else:
            self._in_words(rows, total, options["as_at"])

    def _as_csv(self, rows: list[tuple[str, str, ageing.Aged]], total: ageing.Aged) -> None:
        lines = csv.writer(self.stdout)
        lines.writerow(HEAD)
        lines.writerows((code, name, *aged, aged.total) for code, name, aged in rows)
        lines.writerow(("Total", "", *total, total.total))

    def _in_words(self, rows: list[tuple[str, str, ageing.Aged]], total: ageing.Aged, as_at: date) -> None:
        for code, name, aged in rows:
            self._line(code, name, aged)
        self._line("Total", f"{len(rows):,} customers as at {as_at}", total)

    def _line(self, code: str, name: str, aged: ageing.Aged) -> None:
        amounts = "".join(f"{rand(amount):>16}" for amount in (*aged, aged.total))
        self.stdout.write(f"{code:<12}{name[:32]:<34}{amounts}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no day; write it as 2018-08-22.") from error
