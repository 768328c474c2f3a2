"""What is owed to jobs about card payments."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from billing.models import CardAttempt, CollectionResult, StoredCard
from billing.services import cards
from billing.services.cards import gateways
from tests.billing.cards.conftest import Payer, make_gateway
from tests.house.killed.people import called, mails, receipts_of
from tests.house.killed.story import Story, World, nothing

TOKEN = "dc0521d3-55fe-269b-fa00-000000000"
A_WHILE = timedelta(minutes=25)


def started(world: World, code: str) -> CardAttempt:
    wanted = cards.Wanted(purpose="pay", amount=Decimal("454.00"))
    return cards.start(customer=called(code), wanted=wanted, actor=None, now=world.now - A_WHILE)


def told_by_the_gateway(world: World) -> None:
    payer = Payer(world.there.payfast, started(world, "CAR001"))
    payer.paid.done = "COMPLETE"
    assert payer.post(payer.notice()) == 200


def card_of(world: World, code: str, **fields: Any) -> StoredCard:
    card = StoredCard(
        customer=called(code), gateway=world.there.gateway, verified_at=world.now, last_four="1234", **fields
    )
    token = TOKEN + code[-3:]
    card.token = token
    card.save()
    world.there.payfast.tokens[token] = "paid"
    return card


def to_be_charged(world: World) -> None:
    card = card_of(world, "CHA002")
    then = world.now - A_WHILE
    cards.charge(card=card, amount=Decimal("100.00"), document_id=None, form_key=None, actor=None, now=then)


def charged(world: World) -> int:
    """How often the gateway was asked for the money, and took it."""
    ours = CardAttempt.objects.get(customer__code="CHA002").reference
    return [one.fields.get("m_payment_id") for one in world.there.payfast.payments.values()].count(ours)


def all_was_a_while_ago(world: World) -> None:
    """What was asked for without an answer is looked up after a while."""
    CardAttempt.objects.filter(claimed_at__isnull=False).update(claimed_at=world.now - A_WHILE)


def paid_without_a_notice(world: World) -> None:
    Payer(world.there.payfast, started(world, "LOO001")).paid.done = "COMPLETE"


def on_the_statement(world: World) -> None:
    gateways.switch_off(row=world.there.gateway)
    make_gateway("paynow")
    attempt = started(world, "STA001")
    CollectionResult.objects.create(
        channel="netcash",
        day=world.today,
        reference=attempt.proof_hash[:60],
        told_id="1",
        told_type="PNC",
        kind="receipt",
        amount=454,
        trouble="Other money",
    )


STORIES = {
    "card-notices": Story(told_by_the_gateway, lambda world: receipts_of("CAR001"), ["454.00"]),
    "card-charges": Story(
        to_be_charged,
        charged,
        1,  # what it came to is found by the look-up, since nobody asks for money twice
        at='^(INSERT INTO|UPDATE) "billing_',
        before=True,
        passes=all_was_a_while_ago,
    ),
    "card-lookups": Story(
        paid_without_a_notice,
        lambda world: (receipts_of("LOO001"), receipts_of("CHA002"), charged(world)),
        (["454.00"], ["100.00"], 1),
    ),
    "card-expiry": Story(
        lambda world: card_of(world, "EXP003", expires_on=world.today + timedelta(days=20)),
        lambda world: mails("EXP003", "card-expires"),
        1,
    ),
    "card-statements": Story(
        nothing, lambda world: receipts_of("STA001"), ["454.00"], comes=on_the_statement
    ),
}
