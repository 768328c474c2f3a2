"""Paying credit back, and moving a receipt: rule 15."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.models import Entry, OpenItem, Receipt, Refund
from billing.services import moving, receipts, refunds
from customers.models import CustomerBalance
from herotill import approvals
from herotill.errors import DomainError
from herotill.models import Fact
from tests.factories import make_customer, make_person
from tests.factories.banking import bank_account
from tests.factories.billing import make_invoice, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)


@pytest.fixture
def people():
    rights = ("billing.refund", "billing.approve_refund")
    return make_person("Greta", *rights), make_person("Henry", *rights)


@pytest.fixture
def alice():
    """Who paid R 100 more than she owed."""
    alice = make_customer("Alice Liddel", "ALI001")
    make_invoice(alice, "454.00", date(2018, 8, 1))
    make_receipt(alice, "554.00", date(2018, 8, 15))
    return alice


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


def back(customer, amount="100.00", **more):
    receipt = Receipt.objects.get(customer=customer)
    values = {"destination": "source", "receipt_id": receipt.pk} | more
    return refunds.NewRefund(account_id=receipt.account_id, amount=Decimal(amount), **values)


def asked(customer, person, new=None):
    return refunds.ask(
        customer=customer, new=new or back(customer), reason="Paid twice", actor=person, now=NOW
    )


def test_s15_a_refund_takes_two_and_uses_up_the_credit(alice, people):
    greta, henry = people
    request = asked(alice, greta)
    assert balance(alice) == Decimal(-100)
    with pytest.raises(DomainError, match="second person decides"):
        approvals.decide(request=request, approve=True, actor=greta, now=NOW)
    approvals.decide(request=request, approve=True, actor=henry, now=NOW)
    refund = Refund.objects.get()
    assert (refund.asked_by, refund.approved_by, refund.amount) == (greta, henry, Decimal(100))
    assert balance(alice) == 0
    assert not OpenItem.objects.filter(customer=alice)
    assert Entry.objects.get(kind="refund").amount == Decimal(100)
    with pytest.raises(DomainError, match="decided already"):
        approvals.decide(request=request, approve=True, actor=henry, now=NOW)


def test_s15_no_more_is_refunded_than_is_unallocated(alice, people):
    greta, henry = people
    with pytest.raises(DomainError, match=r"Only R 100.00 of credit"):
        asked(alice, greta, back(alice, "100.01"))
    request = asked(alice, greta)
    make_invoice(alice, "30.00", date(2018, 8, 20))
    with pytest.raises(DomainError, match=r"Only R 70.00 of credit is unallocated by now"):
        approvals.decide(request=request, approve=True, actor=henry, now=NOW)
    assert not Refund.objects.exists()
    values = {"customer": alice, "account": bank_account(), "refunded_on": date(2018, 9, 1), "reason": "x"}
    people_of = {"asked_by": greta, "approved_by": henry, "approval_id": 1}
    whither = {"destination": "verified", "verified": "by phone"}
    with pytest.raises(IntegrityError, match="less unallocated credit"), transaction.atomic():
        Refund.objects.create(**values, **people_of, **whither, amount=Decimal("70.01"))
    with pytest.raises(IntegrityError, match="refund_by_two_persons"), transaction.atomic():
        Refund.objects.create(**values, **whither, asked_by=greta, approved_by=greta, approval_id=1, amount=1)
    Refund.objects.create(**values, **people_of, **whither, amount=Decimal("70.00"))
    with pytest.raises(IntegrityError, match="A refund is never changed"), transaction.atomic():
        Refund.objects.update(amount=1)


def test_s15_it_goes_back_where_it_came_from_or_to_a_verified_account(alice, people):
    greta, _ = people
    with pytest.raises(DomainError, match="which receipt"):
        asked(alice, greta, back(alice, receipt_id=None))
    with pytest.raises(DomainError, match="how the account was verified"):
        asked(alice, greta, back(alice, destination="verified", receipt_id=None))
    bob = make_customer("Bob Owes", "BOB001")
    card = receipts.NewReceipt(
        bob.pk, bank_account("Gateway").pk, date(2018, 8, 1), Decimal(100), "pf-1", method="card"
    )
    receipts.capture(receipt=card, actor=None)
    with pytest.raises(DomainError, match="goes back to the card"):
        asked(bob, greta, back(bob, destination="verified", verified="by phone"))
    assert asked(bob, greta, back(bob)).state == "open"


def test_a_refused_refund_leaves_the_credit(alice, people):
    greta, henry = people
    approvals.decide(request=asked(alice, greta), approve=False, answer="No", actor=henry, now=NOW)
    assert (balance(alice), Refund.objects.count()) == (Decimal(-100), 0)


def test_a_receipt_that_bounces_after_its_refund_is_owed(alice, people):
    greta, henry = people
    approvals.decide(request=asked(alice, greta), approve=True, actor=henry, now=NOW)
    receipts.reverse(receipt=Receipt.objects.get(), day=date(2018, 9, 5), reason="Unpaid", actor=None)
    assert balance(alice) == Decimal(554)


def test_s15_a_moved_receipt_is_reversed_and_booked_anew_linked_together(alice, people):
    greta, _ = people
    bob, receipt = make_customer("Bob Owes", "BOB001"), Receipt.objects.get()
    made = moving.move(receipt=receipt, to=bob, reason="Wrong code", day=date(2018, 9, 1), actor=greta)
    assert (balance(alice), balance(bob)) == (Decimal(454), Decimal(-554))
    assert (made.moved_from, made.receipt_date) == (receipt, receipt.receipt_date)
    assert receipt.reversal.reason == "Moved to BOB001: Wrong code"
    fact = Fact.objects.get(kind=moving.MOVED)
    assert (fact.customer_id, fact.data["fresh_first_warning"]) == (alice.pk, True)
    with pytest.raises(DomainError, match="reversed already"):
        moving.move(receipt=receipt, to=bob, reason="Again", day=date(2018, 9, 1), actor=greta)
    with pytest.raises(DomainError, match="this customer's already"):
        moving.move(receipt=made, to=bob, reason="Again", day=date(2018, 9, 1), actor=greta)
