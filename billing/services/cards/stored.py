"""Cards that customers verified: kept by their token, replaced, removed, reminded of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from billing.models import CardAttempt, StoredCard
from billing.services.cards import pay_links
from customers.models import Customer
from customers.services import customers
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.integrations.cards import Card
from herotill.jobs import count
from herotill.messages.services import outbox
from herotill.months import Month
from herotill.users.models import User

EXPIRES, REMIND_DAYS = "card-expires", 30


@transaction.atomic
def keep(*, attempt: CardAttempt, card: Card, now: datetime) -> StoredCard:
    """Keep a card the gateway gave a token for; it replaces the one before."""
    for other in StoredCard.objects.select_for_update().filter(customer=attempt.customer_id, status="active"):
        _end(other, StoredCard.Status.REMOVED, "Another card was verified.", now)
    made = StoredCard(
        customer_id=attempt.customer_id,
        gateway_id=attempt.gateway_id,
        brand=card.brand[:20],
        last_four=card.last_four,
        expires_on=card.expires_on,
        verified_at=now,
    )
    made.token = card.token
    made.save()
    return made


def pays_by_card(*, customer_id: int, actor: User | None) -> None:
    """Have the customer pay by card from now on."""
    customer = Customer.objects.get(pk=customer_id)
    method = Customer.PaymentMethod.CREDIT_CARD
    if customer.payment_method != method:
        customers.update(customer=customer, changes={"payment_method": method}, actor=actor)


@transaction.atomic
def remove(*, card: StoredCard, why: str, now: datetime) -> None:
    """Charge a card no more, because the customer asked for it. Raises DomainError where it is over already."""
    locked = StoredCard.objects.select_for_update().get(pk=card.pk)
    if locked.status != StoredCard.Status.ACTIVE:
        raise DomainError("This card is not charged any more.")
    _end(locked, StoredCard.Status.REMOVED, why, now)


def refuse(*, card: StoredCard, why: str, now: datetime) -> None:
    """Charge a card no more, because the gateway will not."""
    if card.status == StoredCard.Status.ACTIVE:
        _end(card, StoredCard.Status.REFUSED, why, now)


def refuse_charged(*, attempt: CardAttempt, why: str, now: datetime) -> None:
    """Charge the card of a payment that came back no more, until the customer verifies one anew."""
    card = StoredCard.objects.select_for_update().filter(pk=attempt.card_id or 0).first()
    if card:
        refuse(card=card, why=why, now=now)


def _end(card: StoredCard, status: str, why: str, now: datetime) -> None:
    card.status, card.ended_at, card.ended_why = status, now, why[:200]
    card.token = ""
    card.save(update_fields=["status", "ended_at", "ended_why", "token", "token_last_four"])


def remind(now: datetime) -> str:
    """Tell those whose card expires within a month, once a card; returns a sentence."""
    today = local_day(now)
    soon = StoredCard.objects.filter(
        status="active", expires_on__gte=today, expires_on__lte=today + timedelta(days=REMIND_DAYS)
    )
    told = sum(_remind(card, now) for card in soon.select_related("customer").order_by("pk"))
    count(told=told)
    return f"{told} customers told that their card expires."


def _remind(card: StoredCard, now: datetime) -> bool:
    assert card.expires_on is not None
    with transaction.atomic():
        link = pay_links.make(customer=card.customer, purpose=CardAttempt.Purpose.VERIFY, actor=None, now=now)
        return outbox.queue(
            template=EXPIRES,
            customer_id=card.customer_id,
            context={
                "name": card.customer.name,
                "card": str(card),
                "month": Month.of(card.expires_on).label,
            },
            subject_kind=pay_links.ABOUT,
            subject_id=link.pk,
            key=f"{EXPIRES}-{card.pk}",
            now=now,
        )
