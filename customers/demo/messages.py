"""A few customers are let into the portal, so that there is something that was said."""

from __future__ import annotations

from customers.models import Contact
from customers.services import portal_logins
from herotill.demo import DemoOrder
from herotill.messages.models import Message
from herotill.users.models import User

LET_IN = 12


def let_in(order: DemoOrder) -> None:
    """Mail links into the portal to the first customers, once."""
    clerk = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("pk").first()
    if clerk is None or Message.objects.filter(template="portal-link").exists():
        return
    primary = Contact.objects.filter(is_primary=True, purposes__contains=["portal"]).exclude(email="")
    for contact in primary.select_related("customer").order_by("customer_id")[:LET_IN]:
        portal_logins.send_link(customer=contact.customer, contact=contact, actor=clerk)
