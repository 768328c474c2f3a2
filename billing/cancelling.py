"""What cancellations and holds add to the shell and to screens of others."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

import billing.lists.cancellations
import billing.rights.cancellations  # noqa: F401
from billing.demo.cancellations import make_cancellations
from billing.forms.cancellations import ExpiryForm, ReasonForm
from billing.models import Cancellation, CancellationReason
from billing.selectors import cancellations as reading
from billing.services import cancellations
from billing.tasks import cancellations as work
from customers.models import Customer
from customers.screen import Banner, CreateTab, banners, create_tabs
from herotill.clock import stamp
from herotill.counting import remembered
from herotill.demo import DemoPart, demo_parts
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import EMAIL, FIRST, Field, Template, templates
from herotill.reports import Report, reports
from herotill.tables import keep
from herotill.users.models import User

templates.register(
    Template(
        name=cancellations.TEMPLATE,
        title="Confirm a cancellation",
        group="Cancellations",
        channel=EMAIL,
        purpose="invoices",
        rank=FIRST,
        subject="Please confirm that {what} ends on {last_day}",
        text=(
            "Dear {customer}\n\nYou asked us to end {what} on {last_day}. It counts once you confirm it here:\n\n"
            "{link}\n\nWithout an answer by {answer_by} your service goes on as it is."
        ),
        fields=(
            Field("customer", "The customer's name", "Alice Liddel"),
            Field("what", "What ends", "your account with us"),
            Field("last_day", "The last day of service", "2018-09-30"),
            Field("answer_by", "The day up to which the link works", "2018-09-14"),
            Field("link", "Where the customer answers", "https://…", secret=True, link=True),
        ),
        secrets=cancellations.seal,
    )
)
keep(
    name="cancellation-reasons",
    model=CancellationReason,
    title="Reasons of cancellations",
    noun="reason",
    nouns="reasons",
    about="Why customers leave, as the report counts them.",
    icon="arrow-right-start-on-rectangle",
    form=ReasonForm,
    order=480,
)
for place, (name, title, task, schedule) in enumerate(
    (
        ("cancellations-end", "Carries out cancellations on their day", work.carry_out, "every 10 minutes"),
        (
            "cancellations-lapse",
            "Lets cancellations lapse that nobody confirmed",
            work.lapse,
            "daily at 00:20",
        ),
        (
            "holds-service",
            "Takes held services off, and gives them back",
            work.keep_holds,
            "every 10 minutes",
        ),
    )
):
    jobs.register(Job(name, title, Queue.MONEY, task, schedule, order=50 + place))


@remembered("cancellations-asked")
def _asked() -> int:
    return Cancellation.objects.filter(state=Cancellation.State.ASKED).count()


menu.register(
    MenuEntry(
        "billing.cancellations",
        "Cancellations",
        "billing:cancellations",
        "billing.view_cancellation",
        order=20,
        parent="collections",
        counter=lambda user: _asked(),
    )
)
reports.register(
    Report(
        "leaving",
        "Why customers leave",
        "reports:leaving",
        "billing.view_cancellation",
        "Cancellations by month and reason, and who stayed.",
        "arrow-right-start-on-rectangle",
        120,
    )
)


def _lines(customer: Customer) -> list[dict[str, str]]:
    found = reading.running(customer=customer)
    if found is None:
        return []
    what = "The account" if found.whole else "A data account"
    return [
        {
            "text": f"{what} ends on {found.last_day}: {found.get_state_display().lower()}.",
            "tone": "bad" if found.state == Cancellation.State.CONFIRMED else "warn",
            "url": reverse("billing:cancellation", args=[found.pk]),
            "label": "Cancellation",
        }
    ]


banners.register(
    Banner("cancellation", "billing.view_cancellation", _lines, order=30, about=reading.on_their_way)
)


def _expire(*, customer: Customer, data: dict[str, Any], actor: User) -> None:
    if data["last_day"]:
        cancellations.ask(
            customer=customer,
            reason=data["reason"],
            comment="Known when the customer was created.",
            last_day=data["last_day"],
            actor=actor,
            now=stamp(),
        )


create_tabs.register(
    CreateTab("expiry", "Account expiry", "billing.approve_cancellation", ExpiryForm, _expire, order=90)
)
demo_parts.register(DemoPart("cancellations", make_cancellations, order=57))
