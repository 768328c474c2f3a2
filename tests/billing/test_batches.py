"""Batches of debit orders: who is in, with how much, who is left out and why, and what people change in a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing.models import CollectedEntry, CollectionLine, Dispute, HandOver, LeftOut, SubAccountMode
from billing.services import batches
from herotill.errors import DomainError
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.collecting import (
    NOW,
    RUN,
    TestBank,
    bank,
    make_batch,
    make_group,
    make_mandate,
    make_payer,
)
from tests.factories.customers import CustomerFactory
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture(autouse=True)
def the_bank() -> Iterator[TestBank]:
    with bank() as made:
        yield made


@pytest.fixture
def group():
    return make_group()


def amounts(batch) -> dict[str, str]:
    lines = CollectionLine.objects.filter(batch=batch).exclude(state="withdrawn")
    return {line.reference: str(line.amount) for line in lines}


def reasons(batch) -> dict[str, str]:
    return dict(LeftOut.objects.filter(batch=batch).values_list("customer__code", "why"))


def test_what_is_due_by_the_cut_off_is_collected_and_the_rest_waits(group) -> None:
    alice = make_payer("ALI001", group, "454.00")
    make_invoice(alice, "100.00", due=date(2018, 9, 7))
    batch = make_batch(group)
    assert amounts(batch) == {"ALI001": "454.00"}
    assert (batch.lines, batch.total) == (1, Decimal("454.00"))
    assert [str(one.amount) for one in CollectedEntry.objects.all()] == ["454.00"]


def test_credit_is_taken_off_and_who_has_enough_of_it_is_left_out(group) -> None:
    bob, carol = make_payer("BOB001", group, "454.00"), make_payer("CAR001", group, "200.00")
    make_invoice(bob, "54.00", date(2018, 8, 1))
    make_receipt(bob, "54.00")
    make_receipt(carol, "200.00")
    batch = make_batch(group)
    assert amounts(batch) == {"BOB001": "454.00"}
    assert reasons(batch) == {"CAR001": "nothing"}


def test_nobody_is_debited_for_more_than_the_mandate_allows(group) -> None:
    make_payer("ALI001", group, "454.00", maximum="300.00")
    batch = make_batch(group)
    assert amounts(batch) == {"ALI001": "300.00"}
    (line,) = CollectionLine.objects.all()
    assert [one["kind"] for one in line.warnings] == ["maximum"]
    assert CollectedEntry.objects.get().amount == Decimal("300.00")


def test_everybody_who_is_left_out_is_left_out_for_a_reason(group) -> None:
    CustomerFactory(code="NOM001", billing_group=group, payment_method="debit_order")
    blocked = make_payer("BLO001", group, "100.00")
    blocked.mandates.update(status="blocked", block_code="04")
    make_payer("DAY001", group, "100.00", day=1)
    disputed = make_payer("DIS001", group)
    Dispute.objects.create(document=make_invoice(disputed, "100.00"), reason="Not mine")
    make_payer("NIL001", group)
    CustomerFactory(code="EFT001", billing_group=group, payment_method="eft")
    assert reasons(make_batch(group)) == {
        "NOM001": "no_mandate",
        "BLO001": "blocked",
        "DAY001": "other_day",
        "DIS001": "disputed",
        "NIL001": "nothing",
    }


@pytest.mark.parametrize(("mode", "why"), [("master", "to_master"), ("reseller", "reseller")])
def test_sub_accounts_are_collected_where_they_are_billed(group, mode: str, why: str) -> None:
    master = make_payer("WON001", group, "900.00", is_reseller=True)
    sub = make_payer("ALI001", group, "454.00", master=master)
    SubAccountMode.objects.create(customer=sub, starts_on=date(2018, 1, 1), mode=mode)
    batch = make_batch(group)
    assert (amounts(batch), reasons(batch)) == ({"WON001": "900.00"}, {"ALI001": why})


def test_whom_an_external_collector_works_on_is_not_debited_as_well(group) -> None:
    bob = make_payer("BOB001", group, "454.00")
    HandOver.objects.create(
        customer=bob, collector="Karoo Collections", amount="454.00", handed_on=date(2018, 8, 1)
    )
    make_payer("ALI001", group, "100.00")
    batch = make_batch(group)
    assert (amounts(batch), reasons(batch)) == ({"ALI001": "100.00"}, {"BOB001": "handed_over"})


def test_a_person_lowers_an_amount_and_an_update_keeps_it(group) -> None:
    alice, bob = make_payer("ALI001", group, "454.00"), make_payer("BOB001", group, "100.00")
    mary = make_person("manager")
    batch = make_batch(group)
    line = CollectionLine.objects.get(customer=alice)
    batches.edit_line(line=line, amount=Decimal("200.00"), why="Half, as agreed", actor=mary, now=NOW)
    batches.withdraw_line(
        line=CollectionLine.objects.get(customer=bob), why="Pays in cash", actor=mary, now=NOW
    )
    make_payer("DOR001", group, "50.00")
    batch = batches.update(batch=batch, actor=mary, now=NOW)
    assert amounts(batch) == {"ALI001": "200.00", "DOR001": "50.00"}
    assert batch.changes == ["DOR001: R 50.00 is new."]
    assert batch.total == Decimal("250.00")


def test_no_amount_is_raised_above_what_is_due(group) -> None:
    alice = make_payer("ALI001", group, "454.00")
    make_batch(group)
    line = CollectionLine.objects.get(customer=alice)
    with pytest.raises(DomainError, match=r"No more than R 454\.00"):
        batches.edit_line(
            line=line, amount=Decimal("454.01"), why="More", actor=make_person("manager"), now=NOW
        )


def test_who_was_left_out_by_hand_is_put_back_with_what_is_due_now(group) -> None:
    alice, mary = make_payer("ALI001", group, "454.00"), make_person("manager")
    batch = make_batch(group)
    line = CollectionLine.objects.get(customer=alice)
    batches.withdraw_line(line=line, why="Asked for a month", actor=mary, now=NOW)
    make_receipt(alice, "54.00")
    batches.put_back(line=CollectionLine.objects.get(customer=alice), actor=mary, now=NOW)
    assert amounts(batch) == {"ALI001": "400.00"}


def test_a_group_has_one_batch_a_day(group) -> None:
    make_batch(group)
    with pytest.raises(DomainError, match="has a batch for"):
        make_batch(group)


def test_what_would_be_refused_is_marked_at_its_line(group, the_bank: TestBank) -> None:
    make_payer("ALI001", group, "454.00")
    the_bank.refuses["ALI001"] = "Invalid branch code"
    batch = make_batch(group)
    assert batch.problems == ["1 line would be refused; see their warnings."]
    assert CollectionLine.objects.get().warnings == [{"kind": "problem", "says": "Invalid branch code"}]


def test_a_date_on_which_no_business_is_done_is_said_with_the_next_one(group) -> None:
    batch = make_batch(group, action_date=date(2018, 8, 26))
    assert "26 is no business day. Proposed: 2018-08-27." in batch.problems[0]


def test_a_mandate_changed_since_the_last_collection_is_shown(group) -> None:
    alice = make_payer("ALI001", group, "454.00")
    before = make_batch(group, action_date=RUN)
    CollectionLine.objects.filter(batch=before).update(state="collected")
    alice.mandates.update(status="cancelled", ended_at=NOW)
    alice.debit_details.update(replaced_at=NOW)
    make_mandate(alice, signed=NOW + timedelta(days=20))
    batch = make_batch(group, action_date=date(2018, 9, 27), now=NOW + timedelta(days=21))
    (line,) = CollectionLine.objects.filter(batch=batch)
    assert "changed" in [one["kind"] for one in line.warnings]
