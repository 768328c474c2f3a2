"""What the collectors' desk adds to the shell: messages, jobs, fees on the bill, tiles, its places in the menu."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

import billing.lists.desk
import billing.lists.disputes
import billing.lists.hand_overs
import billing.rights.desk  # noqa: F401
from billing.demo.desk import make_desk
from billing.models import Debtor
from billing.selectors import disputes as disputing
from billing.selectors import fee_source
from billing.selectors import hand_overs as handing
from billing.services import fees, promises, work_list
from customers.models import Customer, Purpose
from customers.screen import Banner, banners
from herotill.billable import BillableSource, billable_sources
from herotill.clock import local_day
from herotill.demo import DemoPart, demo_parts
from herotill.jobs import Job, Queue, count, jobs
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import EMAIL, Field, Template, templates
from herotill.money import rand
from herotill.reports import Report, reports
from herotill.tiles import Tile, tiles

NAME = Field("name", "The customer's name", "Alice Liddel")
CODE = Field("code", "The customer's code, their payment reference", "ALI001")
GROUP = "Collections"

for template in (
    Template(
        name="debtor_reminder",
        title="Reminder of what is overdue",
        group=GROUP,
        channel=EMAIL,
        purpose=Purpose.DEBT,
        subject="Your account {code}: {amount} is overdue",
        text=(
            "Dear {name}\n\nOf your account {code} {amount} is overdue, the oldest of it since {oldest}. Please pay"
            " it, with {code} as reference, or answer this mail so that we can agree on a day."
            "\n\nIf you have paid in the last days, thank you; then this needs no answer."
        ),
        fields=(
            NAME,
            CODE,
            Field("amount", "What is overdue", "R 908.00"),
            Field("oldest", "The day the oldest of it was due", "2018-07-01"),
        ),
    ),
    Template(
        name="promise_noted",
        title="What was promised",
        group=GROUP,
        channel=EMAIL,
        purpose=Purpose.DEBT,
        subject="Your payment of {amount} by {day}",
        text=(
            "Dear {name}\n\nThank you for the talk. You will pay {amount} of your account {code} by {day}; until"
            " then we take no further steps. Please use {code} as reference."
        ),
        fields=(
            NAME,
            CODE,
            Field("amount", "What is promised", "R 454.00"),
            Field("day", "The day by which it is paid", "2018-08-31"),
        ),
    ),
    Template(
        name="dispute_answered",
        title="A dispute is answered",
        group=GROUP,
        channel=EMAIL,
        purpose=Purpose.DEBT,
        subject="Your query about {document}",
        text=(
            "Dear {name}\n\nYou queried {document} of your account {code}: {reason}\n\n{answer}\n\nIf you see it"
            " otherwise, answer this mail."
        ),
        fields=(
            NAME,
            CODE,
            Field("document", "What was disputed", "INV00699"),
            Field("reason", "What the customer said", "We moved out in June"),
            Field("answer", "What we answer", "The cancellation reached us in July."),
        ),
    ),
):
    templates.register(template)

billable_sources.register(
    BillableSource(
        fee_source.SOURCE,
        "Late and unpaid fees",
        fee_source.billables,
        order=60,
        watched=("billing_collectionfee",),
        monthly=False,
    )
)


def _decide(now: datetime) -> str:
    found = promises.decide(day=local_day(now))
    count(**found)
    return f"{found['kept']} promises kept, {found['broken']} broken."


def _charge(now: datetime) -> str:
    charged = fees.charge_late(day=local_day(now))
    count(charged=charged)
    return f"{charged} late fees charged."


def _renew(now: datetime) -> str:
    listed = work_list.renew(now=now)
    count(listed=listed)
    return f"{listed} customers on the work list."


jobs.register(
    Job("promises", "Says which promises were kept", Queue.MONEY, _decide, "every hour at :10", order=60)
)
jobs.register(Job("late-fees", "Charges late fees", Queue.MONEY, _charge, "daily at 06:40", order=61))
jobs.register(
    Job(
        "collectors-list",
        "Works out whom collectors call first",
        Queue.REPORTS,
        _renew,
        "every 5 minutes",
        order=62,
    )
)


def _standing(customer: Customer) -> list[dict[str, str]]:
    """What holds collections, by one question."""
    told = []
    for what, amount, day, who in handing.standing(customer):
        if what == "promise":
            told.append({"text": f"Promises to pay {rand(amount)} by {day}", "tone": ""})
        else:
            text = f"{who} collects {rand(amount)} since {day}; we neither warn nor suspend"
            told.append({"text": text, "tone": "warn"})
    return told


banners.register(Banner("collecting", "billing.view_promise", _standing, order=60))


def _to_call(user: Any) -> dict[str, Any] | None:
    """The tile of who waits for this collector's call."""
    found = Debtor.objects.filter(waits=False)
    number = found.count()
    if not number:
        return None
    mine = found.filter(collector=user).count()
    return {
        "figure": f"{number:,}",
        "what": "Customers to call",
        "sub": f"{mine:,} of them yours",
        "url": reverse("billing:desk"),
        "icon": "phone",
        "tone": "warn",
    }


def _disputed(user: Any) -> dict[str, Any] | None:
    number = disputing.waiting()
    if not number:
        return None
    return {
        "figure": number,
        "what": "Disputes without an answer",
        "sub": "not overdue until answered",
        "url": f"{reverse('billing:disputes')}?answered=false",
        "icon": "chat-bubble-left-right",
        "tone": "warn",
    }


tiles.register(
    Tile("to-call", "Customers to call", "billing.view_debtor", "tiles/_figure.html", _to_call, order=46)
)
tiles.register(
    Tile("disputes", "Disputes", "billing.view_dispute", "tiles/_figure.html", _disputed, order=47)
)

for place, (name, label, url_name, permission) in enumerate(
    (
        ("desk", "Collectors' desk", "billing:desk", "billing.view_debtor"),
        ("disputes", "Disputes", "billing:disputes", "billing.view_dispute"),
        ("hand-overs", "Hand-overs", "billing:hand-overs", "billing.view_handover"),
    )
):
    menu.register(
        MenuEntry(f"billing.{name}", label, url_name, permission, order=15 + 20 * place, parent="collections")
    )
menu.register(
    MenuEntry(
        "setup.call-scripts",
        "Call scripts",
        "billing:call-scripts",
        "billing.view_callscript",
        "phone",
        475,
        parent="setup",
        about="What collectors say, by situation.",
    )
)
menu.register(
    MenuEntry(
        "setup.fees",
        "Late and unpaid fees",
        "billing:fee-rules",
        "billing.view_suspensionrules",
        "banknotes",
        474,
        parent="setup",
        about="What late payment and an unpaid debit cost.",
    )
)
reports.register(
    Report(
        "collecting",
        "Collecting",
        "reports:collecting",
        "billing.view_debtor",
        "Promises kept and broken, what came in after a contact, what is overdue by age.",
        "phone",
        55,
    )
)
demo_parts.register(DemoPart("the collectors' desk", make_desk, order=96))
