"""What suspension adds to the shell: its run, its jobs, its messages, its rights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

import billing.lists.suspended_customers
import billing.lists.suspensions
import billing.rights.suspensions  # noqa: F401
from billing.demo.suspensions import make_cases
from billing.models import Document, SuspensionCase, SuspensionRules
from billing.policies.facts import Fact
from billing.selectors.suspensions import cases as reading
from billing.selectors.why.answers import Chapter, chapters
from billing.services import moving, suspensions
from billing.services.suspensions import telling
from billing.services.suspensions.running import RUN
from customers.models import Customer, Purpose
from customers.screen import Banner, banners
from herotill import events
from herotill.clock import local_day, stamp
from herotill.demo import DemoPart, demo_parts
from herotill.jobs import Job, Queue, count, jobs
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import EMAIL, FIRST, SMS, Field, Template, templates
from herotill.models import Fact as Happened
from herotill.models import Run
from herotill.runs import RunKind
from herotill.runs import kinds as run_kinds
from herotill.tiles import Tile, tiles

GROUP = "Suspension"
FIELDS = (
    Field("customer", "The customer's name", "Alice Liddel"),
    Field("code", "The customer's code, their payment reference", "ALI001"),
    Field("amount", "What is overdue", "R 454.00"),
    Field("suspended_on", "The day from which the service may be suspended, or was", "2018-09-12"),
)
PAY = "Please use {code} as reference when you pay. If you have paid in the meantime, take this as settled."
WORDS = (
    (
        "suspension_first_warning",
        "First warning",
        "{amount} is overdue on account {code}",
        "Dear {customer}\n\n{amount} of your account {code} is overdue. If it stays unpaid, your service may be"
        f" suspended from {{suspended_on}}.\n\n{PAY}\n",
    ),
    (
        "suspension_second_warning",
        "Second warning",
        "Last reminder: {amount} is overdue on account {code}",
        "Dear {customer}\n\n{amount} of your account {code} is still overdue. Unless it is paid, your service is"
        f" suspended from {{suspended_on}}.\n\n{PAY}\n",
    ),
    (
        "suspension_suspended",
        "Service suspended",
        "Your service is suspended: {amount} is overdue on account {code}",
        "Dear {customer}\n\nYour service is suspended since {suspended_on}, because {amount} of your account {code}"
        f" is overdue. It is restored by itself when that is paid.\n\n{PAY}\n",
    ),
    (
        telling.RESTORED,
        "Service restored",
        "Your service is back",
        "Dear {customer}\n\nYour service on account {code} is back. Thank you.\n",
    ),
)
SHORT = {
    "suspension_first_warning": "{amount} of account {code} is overdue. Unpaid, your service may be suspended from"
    " {suspended_on}. Reference: {code}",
    "suspension_second_warning": "{amount} of account {code} is still overdue. Unpaid, your service is suspended from"
    " {suspended_on}. Reference: {code}",
    "suspension_suspended": "Your service is suspended: {amount} of account {code} is overdue. It is back when that is"
    " paid. Reference: {code}",
    telling.RESTORED: "Your service on account {code} is back. Thank you.",
}


def _say(name: str, title: str, subject: str, text: str, channel: str, order: int) -> None:
    restored = name.startswith(telling.RESTORED)
    templates.register(
        Template(
            name=name,
            title=title,
            group=GROUP,
            channel=channel,
            purpose=Purpose.DEBT,
            rank=FIRST if restored else 40,
            subject=subject,
            text=text,
            fields=FIELDS,
            secrets=None if restored else telling.still_so,
            order=order,
        )
    )


for place, (name, title, subject, text) in enumerate(WORDS):
    _say(name, title, subject, text, EMAIL, 60 + 2 * place)
    _say(f"{name}{telling.BY_SMS}", f"{title}, by SMS", "", SHORT[name], SMS, 61 + 2 * place)


def _cases(run: Run) -> str:
    return reverse("billing:suspensions")


run_kinds.register(
    RunKind(
        name=RUN,
        title="Collections day",
        permission="billing.run_suspensions",
        see_permission="billing.view_suspensioncase",
        queue=Queue.MONEY,
        function=suspensions.carry_out,
        result_url=_cases,
    )
)


def _daily(now: datetime) -> str:
    """Begin the collections day, if it is switched on and there is something to do."""
    if not SuspensionRules.objects.filter(enabled=True).exists():
        return "Suspension is switched off."
    day = local_day(now)
    suspensions.take_over(day=day)
    if not (due := suspensions.due(day, now)):
        return "Nothing is due."
    count(due=len(due))
    suspensions.begin(day=day, actor=None, now=now)
    return f"{len(due):,} customers are due."


def _settle(now: datetime) -> str:
    ended = suspensions.settle(now)
    count(ended=ended)
    return f"{ended:,} cases ended." if ended else ""


jobs.register(
    Job(
        name="suspensions",
        title="Warns and suspends who does not pay",
        queue=Queue.MONEY,
        task=_daily,
        schedule="every hour at :10",
        order=30,
    )
)
jobs.register(
    Job(
        name="suspensions-settled",
        title="Restores who has paid",
        queue=Queue.MONEY,
        task=_settle,
        schedule="every 5 minutes",
        order=31,
    )
)


def _lines(customer: Customer) -> list[dict[str, str]]:
    """What the profile's head says of an open case."""
    case = reading.open_case(customer)
    if case is None or case.state not in SAID:
        return []
    text, tone = SAID[State(case.state)]
    if case.paused_until:
        text, tone = f"Suspension paused until {case.paused_until}", "warn"
    url = reverse("billing:suspension", args=[case.pk])
    return [{"text": text.format(since=case.suspended_on), "tone": tone, "url": url, "label": "Case"}]


State = SuspensionCase.State
SAID = {
    State.WARNED: ("Warned that the service may be suspended", "warn"),
    State.WARNED_TWICE: ("Warned twice; suspension follows", "warn"),
    State.SUSPENDED: ("Suspended since {since} for what is overdue", "bad"),
    State.TAKEN_OVER: ("Was suspended when it was taken over; somebody has to decide", "bad"),
}
banners.register(
    Banner("suspension", "billing.view_suspensioncase", _lines, order=25, about=reading.open_cases)
)


def _told(customer: Customer, document: Document | None) -> list[Fact]:
    """What an answer to Why? adds about an open case."""
    case = reading.open_case(customer)
    if case is None:
        return []
    asks = reverse("billing:why-suspension", args=[customer.code])
    return [Fact(f"Suspension: {case.get_state_display().lower()}.", case.opened_on, asks=asks, tone="warn")]


chapters.register(Chapter("suspension", "billing.view_suspensioncase", _told, order=30))


def _to_approve(user: Any) -> dict[str, Any] | None:
    """The tile of cases that wait for a person."""
    counted = reading.counts()
    waiting = counted[State.LISTED] + counted[State.TAKEN_OVER]
    if not waiting:
        return None
    return {
        "figure": waiting,
        "what": "Suspensions to approve",
        "sub": f"{counted[State.SUSPENDED]:,} suspended",
        "url": f"{reverse('billing:suspensions')}?state={State.LISTED.value}&state={State.TAKEN_OVER.value}",
        "icon": "no-symbol",
        "tone": "warn",
    }


tiles.register(
    Tile(
        "suspensions",
        "Suspensions to approve",
        "billing.approve_suspension",
        "tiles/_figure.html",
        _to_approve,
        order=50,
    )
)
menu.register(
    MenuEntry(
        "billing.suspensions",
        "Accounts Workflow",
        "billing:suspensions",
        "billing.view_suspensioncase",
        order=10,
        parent="collections",
    )
)
menu.register(
    MenuEntry(
        "setup.suspension",
        "Suspension",
        "billing:suspension-rules",
        "billing.view_suspensionrules",
        "no-symbol",
        458,
        parent="setup",
        about="When who does not pay is warned and suspended.",
    )
)


def _moved(facts: Sequence[Happened]) -> None:
    """Who lost a receipt to another customer hears a first warning again before anything else (rule 15)."""
    suspensions.begin_anew(customers={one.customer_id for one in facts if one.customer_id}, now=stamp())


events.consumers.register(events.Consumer("suspensions-anew", frozenset({moving.MOVED}), _moved))
demo_parts.register(DemoPart("suspension", make_cases, order=58))
