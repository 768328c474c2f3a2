"""Stored cards: verified by the customer, charged once, removed, reminded of."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection

from billing.channels.payfast import PayFastCards
from billing.collecting import Bill, CardOfPayer, OutLine
from billing.models import (
    CardAttempt,
    CollectedEntry,
    CollectionBatch,
    CollectionLine,
    CollectionResult,
    Entry,
    PayLink,
    Receipt,
    StoredCard,
)
from billing.services import batches, cards
from billing.services.cards import charging, lookups, pay_links, stored
from customers.models import Customer
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import sending
from tests.billing.cards.conftest import NOW, Payer, start
from tests.factories.billing import make_invoice
from tests.factories.collecting import make_batch, make_group
from tests.factories.customers import make_customer
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("there", "payfast")]
TOKEN = "dc0521d3-55fe-269b-fa00-000000000001"


def make_card(customer: Customer, payfast, there, outcome: str = "paid", token: str = TOKEN) -> StoredCard:
    card = StoredCard(customer=customer, gateway=payfast, verified_at=NOW, last_four="1234", brand="Visa")
    card.token = token
    card.save()
    there.tokens[token] = outcome
    return card


def charge(card: StoredCard, amount: str = "454.00", key: str | None = None) -> CardAttempt:
    given = {"amount": Decimal(amount), "document_id": None, "form_key": key, "actor": None, "now": NOW}
    return cards.charge(card=card, **given)


def test_alice_verifies_her_card_and_no_invoice_is_settled(there):
    alice = make_customer("Alice Liddel", "ALI001")
    make_invoice(alice, "454.00")
    link = pay_links.make(customer=alice, purpose="verify", actor=None, now=NOW)
    Payer(there, start(alice, purpose="verify")).pays()

    alice.refresh_from_db()
    card = StoredCard.objects.get()
    assert (card.status, card.customer, alice.payment_method) == ("active", alice, "credit_card")
    assert (CardAttempt.objects.get().state, Receipt.objects.exists()) == ("verified", False)
    assert Entry.objects.get(kind="invoice").open_item.open == Decimal("454.00")
    link.refresh_from_db()
    assert link.used_at is not None


def test_another_card_replaces_the_one_before_and_its_token_is_gone(there):
    alice = make_customer()
    for _ in range(2):
        Payer(there, start(alice, purpose="verify")).pays()
    old, new = StoredCard.objects.order_by("pk")
    assert (old.status, bool(old.token), new.status, bool(new.token)) == ("removed", False, "active", True)


def test_a_stored_card_is_charged_and_booked_once(there, payfast):
    alice = make_customer()
    made = charge(make_card(alice, payfast, there))
    assert charging.charge_due(NOW) == "1 cards charged or asked about."
    assert charging.charge_due(NOW) == "0 cards charged or asked about."
    made.refresh_from_db()
    assert (made.state, Receipt.objects.get().amount) == ("paid", Decimal("454.00"))
    paid = there.newest()
    paid.fields["notify_url"] = ""
    Payer.post(_told(there, made), there.notice(paid))
    assert Receipt.objects.count() == 1


def _told(there, made):
    payer = object.__new__(Payer)
    payer.there, payer.attempt = there, made
    from billing.services.cards.attempts import proof_of

    there.newest().fields["notify_url"] = f"http://x/cards/notify/payfast/{proof_of(made.reference)}/"
    payer.paid = there.newest()
    return payer


def test_pressed_twice_it_is_charged_once(there, payfast):
    card = make_card(make_customer(), payfast, there)
    assert charge(card, key="k1") == charge(card, key="k1")
    charging.charge_due(NOW)
    assert (Receipt.objects.count(), len(there.payments)) == (1, 1)


def test_a_declined_card_books_nothing_and_an_expired_one_is_over(there, payfast):
    card = make_card(make_customer(), payfast, there, "Card expired")
    made = charge(card)
    charging.charge_due(NOW)
    made.refresh_from_db()
    card.refresh_from_db()
    assert (made.state, made.says, card.status) == ("failed", "Card expired", "refused")
    with pytest.raises(DomainError, match="not charged any more"):
        charge(card)


def test_where_no_answer_came_the_gateway_is_asked_and_never_charged_again(there, payfast):
    made = charge(make_card(make_customer(), payfast, there, "lost"))
    charging.charge_due(NOW)
    charging.charge_due(NOW)
    made.refresh_from_db()
    assert (made.state, made.says, len(there.payments)) == ("started", charging.UNCERTAIN, 1)
    lookups.look_up_due(NOW + timedelta(minutes=5))
    made.refresh_from_db()
    assert (made.state, Receipt.objects.count(), len(there.payments)) == ("paid", 1, 1)


def test_what_the_gateway_never_heard_of_is_given_up(there, payfast):
    made = charge(make_card(make_customer(), payfast, there))
    CardAttempt.objects.update(claimed_at=NOW)
    lookups.look_up_due(NOW + timedelta(minutes=30))
    made.refresh_from_db()
    assert made.state == "started"
    lookups.look_up_due(NOW + timedelta(hours=3))
    made.refresh_from_db()
    assert (made.state, made.says) == ("failed", lookups.NOT_THERE)


def test_s01_in_test_mode_no_card_is_charged(there, payfast, settings):
    made = charge(make_card(make_customer(), payfast, there))
    settings.DEMO = False
    charging.charge_due(NOW)
    made.refresh_from_db()
    assert (made.state, len(there.payments)) == ("failed", 0)


def make_lines(there, payfast, outcomes: list[str]) -> list[OutLine]:
    """Lines of a released batch that was sent."""
    batch = CollectionBatch.objects.create(
        billing_group=make_group(),
        method="card",
        channel="payfast",
        name="Cards 27 Aug",
        action_date=NOW.date(),
        due_upto=NOW.date(),
    )
    out = []
    for number, outcome in enumerate(outcomes):
        customer = make_customer(f"Payer {number}", f"PAY{number:03}", payment_method="credit_card")
        card = make_card(customer, payfast, there, outcome, f"dc0521d3-55fe-{number:08}")
        amount = Decimal(100 + number)
        line = CollectionLine.objects.create(
            batch=batch, customer=customer, card=card, reference=customer.code, due=amount, amount=amount
        )
        owed = make_invoice(customer, f"{amount}", due=NOW.date())
        entry = Entry.objects.get(kind="invoice", source_id=owed.pk)
        CollectedEntry.objects.create(line=line, entry=entry, amount=amount, live=True)
        told = CardOfPayer(card.pk, payfast.pk, "Visa", "1234", None)
        out.append(
            OutLine(line.pk, customer.pk, customer.code, customer.name, amount, f"HT{line.pk}", None, told)
        )
    CollectionBatch.objects.update(state="released", release_hash="x")
    return out


def as_bill() -> Bill:
    batch = CollectionBatch.objects.get()
    return Bill(batch.pk, batch.name, batch.action_date, batch.action_date)


def test_a_batch_charges_each_line_once_and_books_its_results(there, payfast):
    lines = make_lines(there, payfast, ["paid", "Do not honour", "paid"])
    channel = PayFastCards()
    assert (channel.closed(), list(channel.problems(as_bill(), lines, NOW))) == ("", [])
    for _ in range(2):
        assert channel.carrier.send(as_bill(), lines, b"", NOW).state == "authorised"
    charging.charge_due(NOW)
    assert len(there.payments) == 0
    CollectionLine.objects.update(state="sent")
    CollectionBatch.objects.update(state="authorised", sent_at=NOW)
    assert channel.carrier.status(as_bill(), NOW) is None
    charging.charge_due(NOW)
    assert list(CollectionLine.objects.order_by("pk").values_list("state", flat=True)) == [
        "collected",
        "unpaid",
        "collected",
    ]
    assert [one.amount for one in Receipt.objects.order_by("amount")] == [Decimal(100), Decimal(102)]
    assert CollectionResult.objects.filter(booked_at=None).count() == 0
    assert channel.carrier.status(as_bill(), NOW).state == "processed"


def test_a_line_that_is_disputed_comes_back(there, payfast):
    lines = make_lines(there, payfast, ["paid"])
    PayFastCards().carrier.send(as_bill(), lines, b"", NOW)
    CollectionLine.objects.update(state="sent")
    CollectionBatch.objects.update(state="authorised", sent_at=NOW)
    charging.charge_due(NOW)
    attempt = CardAttempt.objects.get()
    charging.came_back(attempt=attempt, why="Not mine", now=NOW)
    attempt.refresh_from_db()
    line = CollectionLine.objects.get()
    assert (attempt.state, line.state) == ("reversed", "unpaid")
    assert Receipt.objects.get().reversal.reason


def test_the_file_of_a_batch_holds_no_token(there, payfast):
    lines = make_lines(there, payfast, ["paid"])
    content = PayFastCards().write(as_bill(), lines)
    assert b"PAY000,Visa 1234,100.00" in content
    assert b"dc0521d3" not in content
    other = [
        OutLine(
            1, 1, "X", "X", Decimal(1), "HT1", None, CardOfPayer(1, payfast.pk, "", "", date(2018, 1, 31))
        )
    ]
    assert [one.text for one in PayFastCards().problems(as_bill(), other, NOW)] == [
        "The card expires on 2018-01-31."
    ]


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_no_card_is_charged_twice(there, payfast, monkeypatch):
    """The worker dies after the gateway has charged, before it could write anything down."""
    monkeypatch.setattr(charging, "nudge", lambda name: None)
    made = charge(make_card(make_customer(), payfast, there))
    connection.close()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            charging._write_down = lambda *args, **kwargs: os.kill(os.getpid(), signal.SIGKILL)
            charging.charge_due(NOW)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert len(there.payments) == 1
    charging.charge_due(NOW)
    assert len(there.payments) == 1
    lookups.look_up_due(NOW + timedelta(minutes=10))
    made.refresh_from_db()
    assert (made.state, Receipt.objects.count()) == ("paid", 1)


def test_a_card_is_removed_and_who_pays_by_it_is_reminded_once(there, payfast):
    alice = make_customer("Alice Liddel", "ALI001")
    card = make_card(alice, payfast, there)
    StoredCard.objects.update(expires_on=NOW.date() + timedelta(days=20))
    assert [stored.remind(NOW) for _ in range(2)] == [
        "1 customers told that their card expires.",
        "0 customers told that their card expires.",
    ]
    stored.remove(card=card, why="Asked by phone", now=NOW)
    with pytest.raises(DomainError):
        stored.remove(card=card, why="Again", now=NOW)


def test_s07_the_link_is_made_while_sending_and_kept_nowhere(there):
    alice, naledi = make_customer("Alice Liddel", "ALI001"), make_person("Naledi")
    pay_links.send(customer=alice, purpose="verify", actor=naledi, now=NOW)
    sending.send_mail(NOW)
    body = mail.outbox[0].body
    token = body.partition("/cards/verify/")[2].partition("/")[0]
    assert len(token) > 40
    message = Message.objects.get()
    assert (token in message.body, "[link]" in message.body) == (False, True)
    link = PayLink.objects.get()
    assert token not in link.token_hash
    assert pay_links.find(token=token, purpose="verify", now=NOW) == link
    assert pay_links.find(token=token, purpose="pay", now=NOW) is None
    assert pay_links.find(token=token, purpose="verify", now=NOW + timedelta(days=15)) is None


def test_a_new_request_ends_the_one_before(there):
    alice, naledi = make_customer(), make_person("Naledi")
    for minute in range(2):
        pay_links.send(customer=alice, purpose="verify", actor=naledi, now=NOW + timedelta(minutes=minute))
    old, new = PayLink.objects.order_by("pk")
    assert (old.expires_at <= NOW + timedelta(minutes=1), new.expires_at > NOW + timedelta(days=1)) == (
        True,
        True,
    )


def test_cards_of_a_group_from_the_batch_to_the_receipts(there, payfast):
    """Anna builds the batch, Mary releases and sends it, the job charges; the books say the same."""
    anna, mary = make_person("Anna"), make_person("Mary")
    group = make_group()
    for number, outcome in enumerate(("paid", "Insufficient funds")):
        customer = make_customer(
            f"Payer {number}", f"PAY{number:03}", payment_method="credit_card", billing_group=group
        )
        make_card(customer, payfast, there, outcome, f"dc0521d3-55fe-{number:08}")
        make_invoice(customer, "454.00")
    batch = make_batch(
        group, actor=anna, method="card", channel="payfast", action_date=NOW.date(), due_upto=NOW.date()
    )
    assert (batch.lines, batch.total) == (2, Decimal("908.00"))
    batch = batches.release(batch=batch, actor=mary, now=NOW)
    batches.send(batch=batch, actor=mary, now=NOW)
    charging.charge_due(NOW)
    batch.refresh_from_db()
    states = dict(CollectionLine.objects.values_list("reference", "state"))
    assert states == {"PAY000": "collected", "PAY001": "unpaid"}
    assert (batch.state, Receipt.objects.get().amount) == ("processed", Decimal("454.00"))
    assert len(there.payments) == 1
