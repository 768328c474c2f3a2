"""What must not go wrong when a gateway, a payer or we ourselves are in trouble."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from billing.channels.payfast import PayFastCards
from billing.collecting import Bill, CardOfPayer, OutLine
from billing.models import (
    BankAccount,
    CardAttempt,
    CardGateway,
    CardNotice,
    CollectedEntry,
    CollectionBatch,
    CollectionLine,
    CollectionResult,
    Entry,
    Receipt,
    Reversal,
    StoredCard,
)
from billing.services.cards import charging, lookups, pay_links, settling, statements
from billing.services.cards.attempts import proof_of
from herotill.errors import DomainError
from tests.billing.cards.conftest import NOW, Payer, judge, make_gateway, start
from tests.billing.cards.test_stored_cards import make_card
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.collecting import make_group
from tests.factories.customers import make_customer
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("there", "payfast")]


@pytest.mark.parametrize(
    "raw",
    [
        b"payment_status=COMPLETE&amount_gross=454.00&pf_payment_id=%00&signature=x",
        b"payment_status=COMPLETE&amount_gross=454.00&m_payment_id=%00&signature=x",
        b"payment_status=COMPLETE&amount_gross=454.00&signature=%F3%A0%80%81",
    ],
)
def test_what_a_payer_posts_themselves_never_stops_the_payments_of_others(there, raw):
    mallory, alice = (Payer(there, start(make_customer())) for _ in range(2))
    mallory.post(raw)
    judge()
    assert CardNotice.objects.get().decided_at
    alice.pays()
    assert Receipt.objects.get().customer == alice.attempt.customer


def test_a_notice_that_we_stumble_over_waits_and_holds_nobody_up(there, monkeypatch):
    bob, alice = (Payer(there, start(make_customer())) for _ in range(2))
    honest = settling.apply

    def stumble(**given):
        if given["told"].reference == bob.attempt.reference:
            raise RuntimeError("A mistake of ours.")
        return honest(**given)

    monkeypatch.setattr(settling, "apply", stumble)
    bob.post(bob.notice())
    alice.pays()
    assert Receipt.objects.get().customer == alice.attempt.customer
    waiting = CardNotice.objects.get(decided_at=None)
    assert (waiting.tries, waiting.next_try_at > NOW) == (1, True)
    monkeypatch.setattr(settling, "apply", honest)
    judge(waiting.next_try_at)
    assert Receipt.objects.count() == 2


def test_an_earlier_try_that_failed_does_not_take_back_the_later_one_that_paid(there):
    alice = Payer(there, start(make_customer()))
    alice.pays()
    alice.post(alice.notice("FAILED", pf_payment_id="900001"))
    judge()
    alice.attempt.refresh_from_db()
    assert (alice.attempt.state, Reversal.objects.exists()) == ("paid", False)
    alice.post(alice.notice("FAILED"))
    judge()
    alice.attempt.refresh_from_db()
    assert alice.attempt.state == "reversed"


def on_its_way(customer, payfast, there, outcome: str = "paid") -> CollectionLine:
    """A line of a card batch that was sent, to be charged on the day."""
    card = make_card(customer, payfast, there, outcome, f"dc0521d3-55fe-269b-fa00-{customer.pk:012d}")
    invoice = make_invoice(customer, "454.00")
    batch = CollectionBatch.objects.create(
        billing_group=make_group(),
        method="card",
        channel="payfast",
        name="Cards",
        action_date=NOW.date(),
        due_upto=invoice.due_date,
    )
    line = CollectionLine.objects.create(
        batch=batch,
        customer=customer,
        card=card,
        reference=customer.code,
        due="454",
        credit="0",
        amount="454",
    )
    entry = Entry.objects.get(kind="invoice", customer=customer)
    CollectedEntry.objects.create(line=line, entry=entry, amount="454", live=True)
    CollectionLine.objects.filter(pk=line.pk).update(released=True)
    CollectionBatch.objects.filter(pk=batch.pk).update(state="released", release_hash="x")
    CollectionBatch.objects.filter(pk=batch.pk).update(state="authorised")
    CollectionLine.objects.filter(pk=line.pk).update(state="sent")
    PayFastCards.carrier.send(
        Bill(batch.pk, batch.name, batch.action_date, batch.action_date),
        [
            OutLine(
                line.pk,
                customer.pk,
                customer.code,
                customer.name,
                line.amount,
                f"HT{line.pk}",
                card=CardOfPayer(card.pk, payfast.pk, "Visa", "1234", None),
            )
        ],
        b"",
        NOW,
    )
    line.refresh_from_db()
    return line


def test_s03_who_paid_otherwise_before_the_day_is_not_charged_by_card_as_well(there, payfast):
    alice = make_customer("Alice Liddel", "ALI001", payment_method="credit_card")
    line = on_its_way(alice, payfast, there)
    make_receipt(alice, "454.00", NOW.date())
    charging.charge_due(NOW)
    line.refresh_from_db()
    card = StoredCard.objects.get()
    assert (there.payments, CardAttempt.objects.get().state) == ({}, "failed")
    assert (line.state, "paid" in line.withdrawn_why.lower()) == ("refused", True)
    assert (card.status, CollectionResult.objects.exists()) == ("active", False)


def test_who_has_not_paid_is_charged_on_the_day(there, payfast):
    alice = make_customer("Alice Liddel", "ALI001", payment_method="credit_card")
    line = on_its_way(alice, payfast, there)
    charging.charge_due(NOW)
    line.refresh_from_db()
    assert (line.state, Receipt.objects.get().amount, len(there.payments)) == ("collected", Decimal(454), 1)


@pytest.mark.parametrize("trouble", ["off", "test", "passphrase"])
def test_where_we_could_not_ask_nobodys_card_came_back(there, payfast, trouble):
    alice = make_customer("Alice Liddel", "ALI001", payment_method="credit_card")
    line = on_its_way(alice, payfast, there)
    if trouble == "off":
        CardGateway.objects.filter(pk=payfast.pk).update(is_on=False)
    elif trouble == "test":
        from django.conf import settings

        settings.DEMO = False
    else:
        there.passphrase = "another"
    charging.charge_due(NOW)
    line.refresh_from_db()
    assert (line.state, StoredCard.objects.get().status) == ("refused", "active")
    assert (CollectionResult.objects.exists(), there.payments) == (False, {})
    assert CardAttempt.objects.get().state == "failed"


def test_what_the_gateway_knows_nothing_of_costs_nobody_a_fee_and_blocks_no_card(there, payfast):
    alice = make_customer("Alice Liddel", "ALI001", payment_method="credit_card")
    line = on_its_way(alice, payfast, there)
    CardAttempt.objects.update(claimed_at=NOW)
    lookups.look_up_due(NOW + timedelta(hours=3))
    line.refresh_from_db()
    assert (line.state, CollectionResult.objects.exists()) == ("refused", False)
    assert (CardAttempt.objects.get().state, StoredCard.objects.get().status) == ("failed", "active")


def test_s02_staff_charge_no_card_for_what_a_batch_is_collecting(there, payfast):
    alice = make_customer("Alice Liddel", "ALI001", payment_method="credit_card")
    on_its_way(alice, payfast, there)
    given = {"amount": Decimal("454.00"), "document_id": None, "form_key": "k", "actor": None, "now": NOW}
    with pytest.raises(DomainError, match="being collected"):
        charging.charge(card=StoredCard.objects.get(), **given)
    charging.charge_due(NOW)
    assert charging.charge(card=StoredCard.objects.get(), **given).amount == Decimal("454.00")


def test_s02_the_page_to_pay_says_what_is_being_collected_already(there, payfast, client):
    alice = make_customer("Alice Liddel", "ALI001", payment_method="credit_card")
    path = urlsplit(pay_links.pay_link(customer=alice, now=timezone.now())).path
    assert "need not pay that here" not in client.get(path).content.decode()
    on_its_way(alice, payfast, there)
    assert (
        "R 454.00 of it is collected from your account or card on 2018-08-22"
        in client.get(path).content.decode()
    )


def test_a_line_that_a_person_confirms_is_booked_as_its_result_and_never_beside_it(there, payfast):
    alice = make_customer("Alice Liddel", "ALI001", payment_method="credit_card")
    line = on_its_way(alice, payfast, there)
    CardAttempt.objects.update(state="review", gateway_reference="77")
    given = {"reason": "Statement", "actor": make_person("Greta"), "now": NOW, "day": NOW.date()}
    with pytest.raises(DomainError, match=r"collects R 454\.00"):
        settling.confirm(attempt=CardAttempt.objects.get(), amount=Decimal("450.00"), **given)
    settling.confirm(attempt=CardAttempt.objects.get(), amount=Decimal("454.00"), **given)
    line.refresh_from_db()
    assert (line.state, Receipt.objects.get(), CardAttempt.objects.get().state) == (
        "collected",
        line.receipt,
        "paid",
    )


def test_a_line_that_a_person_refuses_is_free_again(there, payfast):
    alice = make_customer("Alice Liddel", "ALI001", payment_method="credit_card")
    line = on_its_way(alice, payfast, there)
    CardAttempt.objects.update(state="review")
    settling.refuse(
        attempt=CardAttempt.objects.get(), reason="Nothing came", actor=make_person("Greta"), now=NOW
    )
    line.refresh_from_db()
    assert (line.state, line.entries.get().live) == ("refused", False)


def test_a_charge_that_came_without_the_gateways_reference_is_known_again_by_its_notice(there, payfast):
    alice = make_customer("Alice Liddel", "ALI001", payment_method="credit_card")
    on_its_way(alice, payfast, there)
    charging.charge_due(NOW)
    CardAttempt.objects.update(gateway_reference="")
    attempt = CardAttempt.objects.get()
    paid = there.newest()
    paid.fields["notify_url"] = f"http://x/cards/notify/payfast/{proof_of(attempt.reference)}/"
    payer = object.__new__(Payer)
    payer.there, payer.attempt, payer.paid = there, attempt, paid
    payer.post(there.notice(paid))
    judge()
    assert (CardAttempt.objects.count(), Receipt.objects.count()) == (1, 1)


def of_the_statement(attempt: CardAttempt, told_id: str, day: date) -> CollectionResult:
    given = {
        "channel": "netcash",
        "told_type": "PNC",
        "kind": "receipt",
        "amount": attempt.amount,
        "day": day,
    }
    return CollectionResult.objects.create(
        told_id=told_id, reference=attempt.proof_hash[:60], trouble="Other money", **given
    )


def test_a_row_of_the_statement_that_cannot_be_booked_holds_up_no_other(there):
    paynow = make_gateway("paynow")
    CardGateway.objects.exclude(pk=paynow.pk).update(is_on=False)
    first, second = start(make_customer(), "454.00"), start(make_customer(), "454.00")
    assert {first.gateway_id, second.gateway_id} == {paynow.pk}
    BankAccount.objects.filter(pk=paynow.account_id).update(starts_on=NOW.date())
    early = of_the_statement(first, "1", NOW.date() - timedelta(days=9))
    of_the_statement(second, "2", NOW.date())
    assert statements.settle(NOW) == "1 card payments settled by the statement."
    early.refresh_from_db()
    assert (early.booked_at, "old system" in early.trouble) == (None, True)
    assert Receipt.objects.get().customer == second.customer
