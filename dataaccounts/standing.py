"""Accounts at the head of the profile, in the month-end's run, and in the work of each day."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import get_current_timezone

from customers.models import Customer
from customers.screen import Banner, banners
from dataaccounts.selectors.accounts import Trouble, troubles
from dataaccounts.selectors.billable import SOURCE, billables
from dataaccounts.services import accounts, package_changes
from herotill.billable import BillableSource, billable_sources
from herotill.clock import stamp
from herotill.jobs import Job, Queue, count, jobs

TONES = {"suspended": "bad", "reduced": "warn", "offline": "warn"}


def _lines(customer: Customer) -> list[dict[str, str]]:
    return [_line(one) for one in troubles(customer=customer, now=stamp())]


def _line(one: Trouble) -> dict[str, str]:
    """`Data account alice reduced`, `… suspended`, `… offline since 2018-08-22 12:00`."""
    since = (
        f" since {one.since.astimezone(get_current_timezone()):%Y-%m-%d %H:%M}"
        if one.since and one.kind == "offline"
        else ""
    )
    return {"text": f"Data account {one.username} {one.kind}{since}", "tone": TONES[one.kind]}


def _apply(now: datetime) -> str:
    changed, ended = package_changes.apply_due(now=now), accounts.end_due(now=now)
    count(changed=changed, ended=ended)
    return f"{changed} package changes made, {ended} accounts ended."


billable_sources.register(
    BillableSource(
        SOURCE,
        "Data account",
        billables,
        order=20,
        watched=(
            "dataaccounts_servicespan",
            "dataaccounts_accountprice",
            "dataaccounts_package",
        ),
    )
)
banners.register(Banner("data-accounts", "dataaccounts.view_dataaccount", _lines, order=40))
jobs.register(
    Job(
        name="package-changes",
        title="Makes the package changes of the day and ends accounts whose last day has gone by",
        queue=Queue.NETWORK,
        task=_apply,
        schedule="every 15 minutes",
    )
)
