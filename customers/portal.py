"""Which customer somebody at the portal's door is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from customers.models import Contact, Customer, PortalLogin, Purpose
from herotill.users.models import User


def contacts_with_access() -> QuerySet[Contact]:
    """Contacts who may come in: their email is verified and their purposes include portal access."""
    verified = Contact.objects.filter(email_verified_at__isnull=False, purposes__contains=[Purpose.PORTAL])
    return verified.exclude(email="")


class CustomersAtTheDoor:
    """What `herotill.users.identities` asks about customers."""

    def customer(self, user: User) -> Customer | None:
        return Customer.objects.filter(portal_login__user=user).first()

    def by_email(self, email: str) -> Sequence[User]:
        mine = contacts_with_access().annotate(address=Lower("email")).filter(address=email.strip().lower())
        customers = mine.order_by().values("customer_id")
        return list(
            User.objects.filter(portal_login__customer__in=customers, is_active=True).order_by("username")
        )

    def emails(self, user: User) -> Sequence[str]:
        login = PortalLogin.objects.filter(user=user, customer=OuterRef("customer"))
        found = contacts_with_access().filter(Exists(login)).order_by("-is_primary", "id")
        return list(dict.fromkeys(found.values_list("email", flat=True)))

    def proved(self, *, user: User, email: str, now: datetime) -> None:
        theirs = Contact.objects.filter(
            customer__portal_login__user=user, purposes__contains=[Purpose.PORTAL]
        )
        theirs.filter(email__iexact=email, email_verified_at=None).update(email_verified_at=now)
