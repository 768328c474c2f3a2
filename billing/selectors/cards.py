"""Reading card payments: what a customer paid by card, what waits for a person, our gateways."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from billing.models import CardAttempt, CardGateway, CardNotice, StoredCard
from customers.models import Customer
from herotill.counting import remembered
from herotill.integrations.cards import Status
from herotill.reading import reading

LOOK = ("review", "reported")


def of_customer(*, customer: Customer, limit: int) -> list[CardAttempt]:
    """The newest card payments of a customer, at most `limit` and one more."""
    found = CardAttempt.objects.filter(customer=customer).select_related("document", "receipt", "gateway")
    return list(found.order_by("-started_at")[: limit + 1])


def card_of(*, customer: Customer) -> StoredCard | None:
    """The card that counts for a customer."""
    return StoredCard.objects.filter(customer=customer, status="active").select_related("gateway").first()


def find(pk: int) -> CardAttempt | None:
    """One payment with all that its page names."""
    related = ("customer", "gateway__account", "document", "receipt__reversal", "line__batch", "card")
    return CardAttempt.objects.select_related(*related, "started_by").filter(pk=pk).first()


def by_reference(reference: str) -> CardAttempt | None:
    """One payment by the reference that its payer carries in an address."""
    return CardAttempt.objects.select_related("gateway").filter(reference=reference).first()


def notices_of(attempt: CardAttempt) -> list[CardNotice]:
    return list(CardNotice.objects.filter(attempt=attempt).order_by("pk"))


def everything() -> QuerySet[CardAttempt]:
    """All card payments, for the list."""
    return CardAttempt.objects.using(reading()).order_by()


def every_notice() -> QuerySet[CardNotice]:
    """All notices, for the list."""
    return CardNotice.objects.using(reading()).order_by()


def to_look_at() -> list[CardAttempt]:
    """Payments that wait for a person, the oldest first."""
    found = CardAttempt.objects.filter(state__in=LOOK).select_related("customer", "gateway", "document")
    return list(found.order_by("pk")[:500])


def nameless() -> list[CardNotice]:
    """Verified notices of money of which no payment of ours is known, the oldest first."""
    found = CardNotice.objects.filter(verified=True, attempt=None, status=Status.PAID)
    return list(found.select_related("gateway").order_by("pk")[:500])


@remembered("card-payments-to-look-at")
def waiting() -> int:
    """How many payments wait for a person."""
    return CardAttempt.objects.filter(state__in=LOOK).count()


def unverified(*, since: datetime) -> list[CardNotice]:
    """Notices since then that nobody could verify, the newest first."""
    found = CardNotice.objects.filter(came_at__gte=since, verified=False, decided_at__isnull=False)
    return list(found.select_related("gateway").order_by("-pk")[:50])


def gateways() -> list[tuple[str, str, CardGateway | None]]:
    """Every kind of gateway, with ours of that kind."""
    known = {row.kind: row for row in CardGateway.objects.select_related("account")}
    return [(kind, label, known.get(kind)) for kind, label in CardGateway.Kind.choices]
