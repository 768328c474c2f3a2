"""What customers of the demo found, chose and asked for in the portal."""

from __future__ import annotations

from datetime import timedelta

from customers.models import Attachment, Contact, Customer, DetailsCheck
from customers.services import details_checks, forget_wishes
from herotill.demo import DemoOrder
from herotill.messages.services import consent
from herotill.users.models import User

YES = 6


def make_own_things(order: DemoOrder) -> None:
    """Files that are shown, looks asked for, yeses to marketing and a wish to be forgotten; once."""
    clerk = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("pk").first()
    alice = Customer.objects.filter(code="ALI001").first()
    if clerk is None or alice is None or DetailsCheck.objects.exists():
        return
    now = order.moment
    shown = (Attachment.Kind.SERVICE_APPLICATION, Attachment.Kind.DEBIT_ORDER)
    Attachment.objects.filter(customer=alice, kind__in=shown).update(shared=True)
    free = Customer.objects.filter(status="active", master=None).exclude(pk=alice.pk).order_by("pk")
    people = list(free[:3])
    details_checks.ask(
        customers=[alice, *people],
        what=["details", "contacts"],
        words="We would like your new street address for the technician.",
        actor=clerk,
        now=now - timedelta(days=4),
    )
    if people:
        details_checks.answer(customer=people[0], changed=False, actor=None, now=now - timedelta(days=3))
    _marketing(order)
    _wish(order)


def _marketing(order: DemoOrder) -> None:
    people = Contact.objects.filter(is_primary=True).exclude(email="").order_by("customer_id")
    for number, contact in enumerate(people[:YES]):
        consent.record(
            channel="email",
            address=contact.email,
            wanted=number % 3 != 2,
            how="in the portal",
            customer_id=contact.customer_id,
            now=order.moment - timedelta(days=20 - number),
        )


def _wish(order: DemoOrder) -> None:
    gone = Customer.objects.filter(status="cancelled", anonymised_on=None).order_by("pk").first()
    if gone:
        words = "I moved to the coast. Please delete what you have about me."
        forget_wishes.ask(customer=gone, words=words, actor=None, now=order.moment - timedelta(days=2))
