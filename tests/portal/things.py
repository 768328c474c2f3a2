"""One thing of each kind that a customer's portal shows, as somebody else might try it by its id."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from billing.models import Cancellation, CancellationReason, CardAttempt, CardGateway
from billing.services import printing
from customers.models import Customer
from customers.services import attachments
from dataaccounts.models import PackageChange, PackageWish
from helpdesk.models import PostFile, Rating
from helpdesk.services.tickets.files import NewFile
from herotill.messages.models import Message
from herotill.users.models import Session
from tests.billing.cards.conftest import make_gateway
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.calls import make_bill_of_calls
from tests.factories.changes import ask_change
from tests.factories.customers import ContactFactory
from tests.factories.data import make_account, make_package
from tests.factories.helpdesk import make_ticket
from tests.factories.workflow import make_quote
from tests.portal.conftest import at_portal, login_of

Arguments = dict[str, Any]


def _log_in(customer: Customer) -> Arguments:
    at_portal(customer)
    return {"handle": Session.objects.filter(user=login_of(customer)).latest("started_at").handle}


def _contact(customer: Customer) -> Arguments:
    return {"pk": ContactFactory(customer=customer, name="Mad Hatter").pk}


def _document(customer: Customer) -> Arguments:
    upload = SimpleUploadedFile(f"{customer.code}.txt", f"of {customer.code}".encode())
    made = attachments.add(
        customer=customer,
        upload=upload,
        kind="other",
        note="",
        actor=None,
        shared=True,
    )
    return {"pk": made.pk}


def _message(customer: Customer) -> Arguments:
    now = timezone.now()
    made = Message.objects.create(
        template="invoice",
        channel="email",
        purpose="invoices",
        state="sent",
        sent_at=now,
        address="a@example.com",
        customer_id=customer.pk,
    )
    return {"pk": made.pk}


def _request(customer: Customer) -> Arguments:
    return {"pk": ask_change(customer, contact_name="Mad Hatter", actor=login_of(customer)).pk}


def _quote(customer: Customer) -> Arguments:
    return {"pk": make_quote(customer=customer, now=timezone.now()).pk}


def _bill(customer: Customer) -> Arguments:
    made = make_invoice(customer)
    printing.print_some(among=[made.pk])
    return {"pk": made.pk}


def _bill_of_calls(customer: Customer) -> Arguments:
    return {"pk": make_bill_of_calls(customer, f"2787{customer.pk % 10**7:07}").pk}


def _payment(customer: Customer) -> Arguments:
    return {"pk": make_receipt(customer).pk}


def _attempt(customer: Customer) -> Arguments:
    make_invoice(customer)
    if not CardGateway.objects.filter(is_on=True).exists():
        make_gateway()
    client = at_portal(customer)
    key = client.get("/portal/bills/pay/").context["form"]["form_key"].value()
    client.post("/portal/bills/pay/", {"form_key": key, "what": "all"})
    return {"reference": CardAttempt.objects.filter(customer=customer).latest("pk").reference}


def _leaving(customer: Customer) -> Arguments:
    reason = CancellationReason.objects.get_or_create(name="Moves house")[0]
    asked = {"what": "whole", "reason": reason.pk, "comment": "To Durban"}
    last = timezone.localdate() + timedelta(days=40)
    at_portal(customer).post("/portal/bills/leaving/", {**asked, "last_day": str(last)})
    return {"pk": Cancellation.objects.get(customer=customer).pk}


def _ticket(customer: Customer) -> Arguments:
    return {"pk": make_ticket(customer, now=timezone.now()).pk}


def _ticket_file(customer: Customer) -> Arguments:
    file = NewFile(f"{customer.code}.txt", f"of {customer.code}".encode(), "text/plain")
    made = make_ticket(customer, now=timezone.now(), files=[file])
    return {"pk": made.pk, "file_pk": PostFile.objects.get(post__ticket=made).pk}


def _rating(customer: Customer) -> Arguments:
    until = timezone.now() + timedelta(days=9)
    made = Rating.objects.create(
        customer=customer, kind="general", token_hash=customer.code, expires_at=until
    )
    return {"pk": made.pk}


def _account(customer: Customer) -> Arguments:
    name = f"{customer.code.lower()}-{timezone.now():%H%M%S%f}@isp.example"
    return {"pk": make_account(customer, name).pk}


def _wish(customer: Customer) -> Arguments:
    made = PackageWish.objects.create(
        account_id=_account(customer)["pk"],
        to_package=_faster(customer),
        takes_effect_on=timezone.localdate() + timedelta(days=20),
        price="899.00",
        asked_by=login_of(customer),
    )
    return {"pk": made.pk}


def _change(customer: Customer) -> Arguments:
    account = make_account(customer, f"{customer.code.lower()}-change@isp.example")
    made = PackageChange.objects.create(
        account=account,
        from_package=account.package,
        to_package=_faster(customer),
        takes_effect_on=date(2030, 1, 1),
        asked_by=login_of(customer),
    )
    return {"pk": made.pk}


def _faster(customer: Customer) -> Any:
    return make_package(f"Faster for {customer.code} {timezone.now():%S%f}", price="899.00", down_kbit=50_000)


THINGS: dict[str, Callable[[Customer], Arguments]] = {
    "users:portal-end-one": _log_in,
    **dict.fromkeys(("portal-contact", "portal-contact-remove"), _contact),
    "portal-document": _document,
    "portal-message": _message,
    **dict.fromkeys(("portal-change", "portal-change-withdraw"), _request),
    **dict.fromkeys(
        ("portal-quote", "portal-quote-paper", "portal-quote-accept", "portal-quote-decline"), _quote
    ),
    **dict.fromkeys(("portal-bill", "portal-bill-paper", "portal-bill-dispute"), _bill),
    "portal-bill-calls": _bill_of_calls,
    "portal-pay-go": _attempt,
    **dict.fromkeys(("portal-payment", "portal-payment-paper"), _payment),
    "portal-leaving-answer": _leaving,
    **dict.fromkeys(("portal-ticket", "portal-ticket-answer", "portal-ticket-solved"), _ticket),
    "portal-ticket-file": _ticket_file,
    "portal-rating": _rating,
    **dict.fromkeys(
        (
            "portal-service",
            "portal-service-change",
            "portal-service-notices",
            "portal-service-password",
        ),
        _account,
    ),
    "portal-wish-withdraw": _wish,
    "portal-package-change-withdraw": _change,
}
"""By the name of the URL: makes one thing of this customer and says the arguments by which its page is asked.

A new page of the portal with an argument is refused by the walk until it stands here, or in NO_IDS.
"""
NO_IDS = {"portal-ask"}
"""URLs whose argument is a word of a fixed list, the same for everybody."""
