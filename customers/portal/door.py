"""Which customer somebody at the portal's door is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from customers.models import Contact, Customer, PortalLogin, Purpose
from customers.selectors import portal_looks
from customers.selectors.sub_accounts import shares, subs_of
from herotill.portal import Look, Seat
from herotill.users.models import User


def contacts_with_access() -> QuerySet[Contact]:
    """Contacts who may come in: their email is verified and their purposes include portal access."""
    verified = Contact.objects.filter(email_verified_at__isnull=False, purposes__contains=[Purpose.PORTAL])
    return verified.exclude(email="")


class CustomersAtTheDoor:
    """What `herotill.users.identities` asks about customers."""

    def customer(self, user: User) -> Customer | None:
        return Customer.objects.filter(portal_login__user=user).first()

    def seat(self, *, user: User, sub: int | None) -> Seat | None:
        subs = Customer.objects.filter(master=OuterRef("pk"), anonymised_on=None)
        own = Customer.objects.filter(portal_login__user=user).annotate(has_subs=Exists(subs)).first()
        if own is None:
            return None
        chosen = subs_of(own).filter(pk=sub).annotate(shared=shares()).first() if sub else None
        shared = chosen is not None and chosen.shared
        return Seat(
            user, own, chosen or own, shared=shared, has_subs=own.has_subs, lapsed=bool(sub) and not chosen
        )

    def look(self, token: str, *, now: datetime) -> Look | None:
        found = portal_looks.by_token(token)
        if found is None:
            return None
        seat = Seat(found.staff, found.customer, found.customer, looking=found.staff)
        back = found.customer.get_absolute_url()
        return Look(seat, back, found.ends_at, is_open=portal_looks.is_open(found, now=now))

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
