"""What payment methods, debit-order accounts and mandates add to the shell and to screens of others."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

import billing.lists.mandates
import billing.mandate_messages
import billing.rights.mandates
import billing.setup.payer_banks  # noqa: F401
from billing.demo.mandates import make_mandates
from billing.screen import PaymentDetail, payment_details
from billing.selectors import mandates as reading
from billing.services import mandates
from customers.models import Customer
from herotill.demo import DemoPart, demo_parts
from herotill.jobs import Job, Queue, count, jobs
from herotill.menu import MenuEntry, menu


def _dialog(customer: Customer) -> str:
    return reverse("billing:payment", args=[customer.code])


def _lapse(now: datetime) -> str:
    lapsed = mandates.lapse(now=now)
    count(lapsed=lapsed)
    return f"{lapsed} mandates were never signed." if lapsed else ""


def _nothing_more(customer: Customer) -> list[tuple[str, str]]:
    """The card says the payment method itself."""
    return []


payment_details.register(
    PaymentDetail(
        name="debit-order",
        label="debit order",
        permission="billing.view_debitdetail",
        facts=reading.summary,
        order=10,
    )
)
payment_details.register(
    PaymentDetail(
        name="method",
        label="payment method",
        permission="billing.view_billingprofile",
        facts=_nothing_more,
        change_permission="billing.change_billingprofile",
        url=_dialog,
        order=90,
    )
)
jobs.register(
    Job(
        name="mandates-lapse",
        title="Ends mandates that nobody signed in time",
        queue=Queue.MONEY,
        task=_lapse,
        schedule="daily at 01:40",
    )
)
menu.register(
    MenuEntry(
        "billing.mandates",
        "Mandates",
        "billing:mandates",
        "billing.view_mandate",
        order=40,
        parent="collections",
    )
)
demo_parts.register(DemoPart("debit orders", make_mandates, order=40))
