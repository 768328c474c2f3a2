"""Links by which customers pay or verify a card without a log-in; the secret is made while sending (rule 7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from billing.models import CardAttempt, PayLink
from billing.services.cards import gateways
from customers.models import Customer
from herotill import links
from herotill.errors import DomainError
from herotill.integrations.cards import Can
from herotill.messages.models import Message
from herotill.messages.services import outbox
from herotill.users.models import User

ABOUT = "pay_link"
TEMPLATES = {CardAttempt.Purpose.VERIFY: "card-verify", CardAttempt.Purpose.PAY: "card-pay"}
PAGES = {CardAttempt.Purpose.VERIFY: "card-verify", CardAttempt.Purpose.PAY: "card-pay"}


def make(*, customer: Customer, purpose: str, actor: User | None, now: datetime) -> PayLink:
    """A link that opens nothing until its secret is made."""
    expires = now + timedelta(days=settings.PAY_LINK_DAYS)
    return PayLink.objects.create(
        customer=customer,
        token_hash=links.hashed(links.new()),
        purpose=purpose,
        expires_at=expires,
        made_by=actor,
        made_at=now,
    )


def hand_out(*, link: PayLink, now: datetime) -> str:
    """Give a link a new secret and return its address, which is kept nowhere."""
    token = links.new()
    link.token_hash = links.hashed(token)
    link.expires_at = now + timedelta(days=settings.PAY_LINK_DAYS)
    link.save(update_fields=["token_hash", "expires_at"])
    return links.address(PAGES[link.purpose], token)  # type: ignore[index]


def pay_link(*, customer: Customer, now: datetime, actor: User | None = None) -> str:
    """The address of a page on which this customer pays; for screens they are on already."""
    return hand_out(link=make(customer=customer, purpose="pay", actor=actor, now=now), now=now)


@transaction.atomic
def send(*, customer: Customer, purpose: str, actor: User, now: datetime) -> None:
    """Mail a link to pay or to verify a card. Raises DomainError where no card could be taken."""
    gateway = gateways.in_use()
    if gateway is None:
        raise DomainError("No card gateway is in use; an administrator sets one up.")
    if purpose == CardAttempt.Purpose.VERIFY and Can.STORE not in gateways.adapter(gateway).can:
        raise DomainError(f"{gateway} keeps no cards.")
    if purpose == CardAttempt.Purpose.VERIFY:
        PayLink.objects.filter(customer=customer, purpose=purpose, used_at=None).update(expires_at=now)
    link = make(customer=customer, purpose=purpose, actor=actor, now=now)
    outbox.queue(
        template=TEMPLATES[purpose],  # type: ignore[index]
        customer_id=customer.pk,
        context={"name": customer.name, "code": customer.code},
        subject_kind=ABOUT,
        subject_id=link.pk,
        now=now,
        actor_id=actor.pk,
    )


def seal(message: Message, now: datetime) -> Mapping[str, str]:
    """The address of a link, made as it goes out. Raises DomainError for one that is over by then."""
    link = PayLink.objects.filter(pk=message.subject_id or 0, used_at=None, expires_at__gt=now).first()
    if link is None:
        raise DomainError("This link was used or replaced before it was sent.")
    return {"link": hand_out(link=link, now=now), "until": f"{link.expires_at:%Y-%m-%d}"}


def find(*, token: str, purpose: str, now: datetime) -> PayLink | None:
    """The link with this secret, if it still opens something."""
    found = PayLink.objects.filter(
        token_hash=links.hashed(token), purpose=purpose, used_at=None, expires_at__gt=now
    )
    return found.select_related("customer").first()


def end_verification(*, customer_id: int, now: datetime) -> None:
    """A card is verified: the links that asked for it open nothing more."""
    asked = PayLink.objects.filter(customer=customer_id, purpose="verify", used_at=None)
    asked.update(used_at=now)
