"""The collections day, from the console."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.management.commands.bill import complete
from billing.policies.suspending import WORDS
from billing.selectors.suspensions.facts import Planned, plan
from billing.services import suspensions
from customers.selectors.listing import named
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.money import rand

SHOWN = 50


class Command(BaseCommand):
    help = "Lists, warns, suspends and resets whoever the day concerns. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--date", type=_day, metavar="DATE", help="YYYY-MM-DD; today, unless given")
        parser.add_argument("--preview", action="store_true", help="show what it would do, and do nothing")

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        day = options["date"] or local_day(now)
        if options["preview"]:
            self._preview([one for one in plan(day=day, now=now) if one.deed], day)
            return
        try:
            run = suspensions.begin(day=day, actor=None, now=now, here=True)
        except DomainError as no:
            raise CommandError(str(no)) from no
        complete(run)
        done = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in run.counts.items() if count)
        self.stdout.write(f"{day}: {done or 'nothing was due'}.")

    def _preview(self, found: list[Planned], day: date) -> None:
        people = named({one.known.customer_id: None for one in found[:SHOWN]})
        for one in found[:SHOWN]:
            code, name = people[one.known.customer_id]
            words = WORDS[one.deed] if one.deed else ""
            self.stdout.write(f"{code:<12}{name[:30]:<32}{words:<20}{rand(one.known.overdue):>14}  {one.why}")
        if len(found) > SHOWN:
            self.stdout.write(f"… and {len(found) - SHOWN:,} more.")
        counted = Counter(WORDS[one.deed] for one in found if one.deed)
        sums = ", ".join(f"{name}: {count:,}" for name, count in counted.items())
        self.stdout.write(f"On {day}: {sums or 'nothing is due'}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no day; write it as 2018-08-22.") from error
