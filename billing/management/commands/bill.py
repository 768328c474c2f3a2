"""The month-end run up to drafts, from the console."""

from __future__ import annotations

from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.models import MonthEnd
from billing.policies.previewing import REASONS
from billing.selectors import month_end as reading
from billing.services import month_end as service
from billing.services import month_end_runs as steps
from customers.models import BillingGroup
from herotill.errors import DomainError
from herotill.models import Run
from herotill.money import rand
from herotill.months import Month
from herotill.users.models import User

SHOWN = 20


def month_of(text: str) -> Month:
    """The month that `YYYY-MM` names."""
    try:
        year, _, number = text.partition("-")
        month = Month(int(year), int(number))
        month.first  # noqa: B018
    except ValueError as error:
        raise CommandError(f"{text} is no month; write it as 2018-08.") from error
    return month


def group_of(name: str) -> BillingGroup | None:
    """The billing group of this name; None for no name."""
    if not name:
        return None
    found = BillingGroup.objects.filter(name=name).first()
    if found is None:
        raise CommandError(f"There is no billing group {name!r}.")
    return found


def complete(run: Run) -> None:
    """Refuse to go on after a run that did not end well."""
    if run.state == Run.State.DONE:
        return
    if run.is_open:
        raise CommandError(
            f"Somebody else works on this: run {run.pk}. It is taken up again if its worker was lost."
        )
    raise CommandError(run.error or f"Run {run.pk} did not finish: {run.get_state_display()}.")


class Command(BaseCommand):
    help = "Bills a month: preview, signature, then charges and draft invoices. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", type=month_of, required=True, metavar="YYYY-MM", help="billing month")
        parser.add_argument(
            "--billing-group", default="", metavar="NAME", help="only customers of this group"
        )
        parser.add_argument("--preview", action="store_true", help="show what differs from last month")
        parser.add_argument("--sign", default="", metavar="AS_USER", help="sign the preview in this name")

    def handle(self, **options: Any) -> None:
        one = _month_end(options["period"], group_of(options["billing_group"]))
        try:
            if options["preview"] or (options["sign"] and not one.previewed_at):
                complete(steps.perform(kind=steps.PREVIEW, of=one, actor=_user(options["sign"])))
                one.refresh_from_db()
                self._show(one)
            if options["sign"]:
                self._sign(one, options["sign"])
                one.refresh_from_db()
            if not options["preview"]:
                self._bill(one)
        except DomainError as no:
            raise CommandError(str(no)) from no

    def _show(self, one: MonthEnd) -> None:
        last, this = Decimal(one.totals["last"]), Decimal(one.totals["this"])
        for row in one.rows.select_related("customer").order_by("-difference", "pk")[:SHOWN]:
            why = ", ".join(REASONS.get(reason, reason) for reason in row.reasons)
            self.stdout.write(f"{row.customer.code:<12}{rand(row.last):>16}{rand(row.this):>16}  {why}")
        for name, count in one.totals["reasons"].items():
            self.stdout.write(f"{REASONS[name]}: {count:,} customers")
        self.stdout.write(
            f"Last month {rand(last)}, this month {rand(this)}, difference {rand(this - last)}."
        )

    def _sign(self, one: MonthEnd, name: str) -> None:
        person = _user(name)
        if person is None or not person.has_perm("billing.sign_preview"):
            raise CommandError(f"{name} may not sign a preview.")
        service.sign(month_end=one, actor=person, reason="Signed on the console.", now=timezone.now())
        self.stdout.write(f"The preview of {one} is signed by {person}.")

    def _bill(self, one: MonthEnd) -> None:
        service.want_signed(one)
        for kind in (steps.CHARGES, steps.DRAFTS):
            complete(steps.perform(kind=kind, of=one, actor=one.signed_by))
            one.refresh_from_db()
        drafts, waiting = reading.standing(one).drafts, reading.standing(one).waiting
        self.stdout.write(
            f"{one}: {drafts.count:,} drafts, {rand(drafts.amount)}; {waiting.count:,} entries wait."
        )


def _month_end(month: Month, group: BillingGroup | None) -> MonthEnd:
    found = MonthEnd.objects.filter(period=month.first, billing_group=group).first()
    if found is None:
        today = timezone.localdate()
        dated = min(max(today, month.first), month.last)
        found = service.set_dates(month=month, group=group, document_date=dated, actor=None)
    if not found.confirmed_at:
        service.confirm(month_end=found, actor=None, now=timezone.now())
        found.refresh_from_db()
    return found


def _user(name: str) -> User | None:
    if not name:
        return None
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is nobody called {name!r}.")
    return found
