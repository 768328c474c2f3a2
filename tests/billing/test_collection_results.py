"""What banks tell of debits: receipts of what was collected, what came back, and what follows for the mandate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from billing.models import (
    Allocation,
    BankAccount,
    CollectedEntry,
    CollectionFee,
    CollectionLine,
    CollectionResult,
    Mandate,
    Receipt,
    Reversal,
    SuspensionRules,
    UnpaidCode,
)
from billing.services import batches, collection_results
from customers.models import CustomerBalance
from herotill.errors import DomainError
from herotill.models import Fact
from tests.factories.billing import make_invoice
from tests.factories.collecting import (
    NOW,
    RUN,
    bank,
    make_batch,
    make_group,
    make_mandate,
    make_payer,
    result,
)
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture(autouse=True)
def _bank() -> Iterator[None]:
    with bank():
        yield


@pytest.fixture
def group():
    return make_group()


def released(group, **given):
    """A batch that went out; the reference of each line, by the customer's code."""
    mary, zoe = (make_person(f"{name}{CollectionLine.objects.count()}") for name in ("Mary", "Zoe"))
    batch = make_batch(group, actor=mary, **given)
    batches.release(batch=batch, actor=zoe, now=given.get("now", NOW))
    return {line.reference: f"HT{line.pk}" for line in batch.all_lines.exclude(state="withdrawn")}


def told(*rows, channel: str = "test"):
    return collection_results.book(channel=channel, rows=list(rows), run_id=None, now=NOW, actor=None)


def collected(told_id: str, line: str, amount: str, day: date = RUN):
    return result(told_id=told_id, line_reference=line, amount=amount, day=day)


def unpaid(told_id: str, line: str, amount: str, code: str = "02", day: str = "2018-08-29"):
    return result(
        told_id=told_id,
        told_type="DRU",
        kind="unpaid",
        line_reference=line,
        amount=amount,
        code=code,
        day=day,
    )


def balance(customer) -> str:
    return str(CustomerBalance.objects.get(customer=customer).amount)


def test_what_was_collected_is_a_receipt_that_pays_what_the_line_was_for(group) -> None:
    alice = make_payer("ALI001", group)
    older = make_invoice(alice, "100.00", date(2018, 7, 1), due=date(2018, 9, 30))
    make_invoice(alice, "454.00")
    lines = released(group)
    booked = told(collected("1", lines["ALI001"], "454.00"))
    assert (booked.new, booked.collected) == (1, 1)
    (receipt,) = Receipt.objects.all()
    assert (receipt.method, receipt.account.name) == ("debit_order", "Debit orders")
    assert (receipt.receipt_date, str(receipt.amount)) == (RUN, "454.00")
    assert Allocation.objects.get().debit.reference != older.name
    line = CollectionLine.objects.get()
    assert (line.state, line.receipt, line.paid_after_release) == ("collected", receipt, False)
    assert not CollectedEntry.objects.filter(live=True).exists()
    assert line.batch.state == "processed"


@pytest.mark.parametrize("back_on", ["2018-08-29", "2018-10-06"])
def test_what_comes_back_days_or_months_later_is_owed_again(group, back_on: str) -> None:
    alice = make_payer("ALI001", group, "454.00")
    lines = released(group)
    told(collected("1", lines["ALI001"], "454.00"))
    assert balance(alice) == "0.00"
    told(unpaid("2", lines["ALI001"], "454.00", "30", back_on))
    (reversal,) = Reversal.objects.all()
    assert (str(reversal.reversed_on), reversal.code) == (back_on, "30")
    assert balance(alice) == "454.00"
    assert alice.open_items.get().open == Decimal("454.00")
    line = CollectionLine.objects.get()
    assert (line.state, line.result_code) == ("unpaid", "30")
    assert Mandate.objects.get().status == "blocked"
    fact = Fact.objects.get(kind="debit.unpaid")
    assert (fact.customer_id, fact.data["code"], fact.data["effect"]) == (alice.pk, "30", "dispute")


def test_the_same_statement_twice_in_parts_and_overlapping_books_once(group) -> None:
    for code in ("ALI001", "BOB001", "CAR001"):
        make_payer(code, group, "100.00")
    lines = released(group)
    rows = [collected(code, line, "100.00") for code, line in lines.items()]
    rows.append(unpaid("x", lines["BOB001"], "100.00"))
    told(*rows[:2])
    told(*rows[1:])
    told(*rows)
    assert (Receipt.objects.count(), Reversal.objects.count(), CollectionResult.objects.count()) == (3, 1, 4)


def test_what_came_back_before_it_was_told_as_collected_ends_the_same(group) -> None:
    alice = make_payer("ALI001", group, "454.00")
    lines = released(group)
    told(unpaid("2", lines["ALI001"], "454.00"))
    assert (Receipt.objects.count(), CollectionLine.objects.get().state) == (0, "unpaid")
    told(collected("1", lines["ALI001"], "454.00"))
    assert (Receipt.objects.count(), Reversal.objects.get().code) == (1, "02")
    assert (balance(alice), CollectionLine.objects.get().state) == ("454.00", "unpaid")


def test_s18_an_unknown_code_blocks(group) -> None:
    make_payer("ALI001", group, "454.00")
    lines = released(group)
    told(unpaid("1", lines["ALI001"], "454.00", "77"))
    assert (Mandate.objects.get().status, Mandate.objects.get().block_code) == ("blocked", "77")


def test_s18_the_table_of_codes_is_data(group) -> None:
    make_payer("ALI001", group, "454.00")
    UnpaidCode.objects.create(code=77, text="Bank asleep", effect="keep")
    lines = released(group)
    told(unpaid("1", lines["ALI001"], "454.00", "77"))
    assert Mandate.objects.get().status == "active"


def test_s18_after_an_02_it_is_tried_once_more_on_the_next_mandated_day_and_the_line_warns(group) -> None:
    make_payer("ALI001", group, "454.00")
    lines = released(group)
    told(unpaid("1", lines["ALI001"], "454.00", "2"))
    early = make_batch(group, action_date=date(2018, 8, 31))
    assert early.left_out.get().why == "other_day"
    batch = make_batch(group, action_date=date(2018, 9, 27), due_upto=date(2018, 9, 27))
    (line,) = batch.all_lines.all()
    assert "a second 02 blocks the account" in " ".join(one["says"] for one in line.warnings)


def test_s18_a_second_02_in_a_row_leaves_the_customer_out_until_a_new_mandate(group) -> None:
    alice = make_payer("ALI001", group, "454.00")
    for number, month in enumerate((8, 9)):
        lines = released(group, action_date=date(2018, month, 27), due_upto=date(2018, month, 27))
        told(unpaid(str(number), lines["ALI001"], "454.00", "02", f"2018-{month:02}-29"))
    assert Mandate.objects.get().status == "blocked"
    assert make_batch(group, action_date=date(2018, 11, 27)).left_out.get().why == "second_02"
    Mandate.objects.update(status="cancelled", ended_at=NOW)
    alice.debit_details.update(replaced_at=NOW)
    make_mandate(alice)
    batch = make_batch(group, action_date=date(2018, 12, 27), due_upto=date(2018, 12, 27))
    assert batch.lines == 1


def test_s18_an_02_and_one_that_was_collected_and_an_02_do_not_block(group) -> None:
    alice = make_payer("ALI001", group, "454.00")
    for month, code in ((8, "02"), (9, ""), (11, "02")):
        if month == 11:
            make_invoice(alice, "454.00")
        lines = released(group, action_date=date(2018, month, 27), due_upto=date(2018, month, 27))
        told(collected(f"c{month}", lines["ALI001"], "454.00", date(2018, month, 27)))
        if code:
            told(unpaid(f"u{month}", lines["ALI001"], "454.00", code, f"2018-{month:02}-29"))
    assert Mandate.objects.get().status == "active"


def test_s18_a_60_leaves_the_customer_out(group) -> None:
    make_payer("ALI001", group, "454.00")
    lines = released(group)
    told(unpaid("1", lines["ALI001"], "454.00", "60"))
    batch = make_batch(group, action_date=date(2018, 9, 27), due_upto=date(2018, 9, 27))
    assert batch.left_out.get().why == "second_02"


def test_s18_a_22_keeps_the_mandate_and_is_not_presented_again(group) -> None:
    alice = make_payer("ALI001", group, "454.00")
    lines = released(group)
    told(unpaid("1", lines["ALI001"], "454.00", "22"))
    assert Mandate.objects.get().status == "active"
    make_invoice(alice, "99.00", date(2018, 9, 1))
    batch = make_batch(group, action_date=date(2018, 9, 27), due_upto=date(2018, 9, 27))
    assert [str(line.amount) for line in batch.all_lines.all()] == ["99.00"]


def test_s15_a_dispute_takes_the_receipt_back_and_blocks(group) -> None:
    alice = make_payer("ALI001", group, "454.00")
    lines = released(group)
    told(collected("1", lines["ALI001"], "454.00"))
    told(result(told_id="9", told_type="DCD", kind="disputed", line_reference=lines["ALI001"], amount="454"))
    assert balance(alice) == "454.00"
    assert CollectionLine.objects.get().disputed
    assert Mandate.objects.get().status == "blocked"


def test_a_fee_is_charged_by_rule_once(group) -> None:
    from tests.factories.products import make_product

    make_payer("ALI001", group, "454.00")
    SuspensionRules.objects.update(unpaid_fee=Decimal("95.00"), fee_product=make_product())
    lines = released(group)
    row = unpaid("1", lines["ALI001"], "454.00")
    told(row)
    told(row)
    assert [str(fee.amount) for fee in CollectionFee.objects.all()] == ["95.00"]


def test_what_names_no_line_of_ours_waits_for_a_person(group) -> None:
    alice = make_payer("ALI001", group, "454.00")
    lines = released(group)
    told(
        result(told_id="1", line_reference="HT999999", reference="ALI001", amount="454.00"),
        result(told_id="2", line_reference=lines["ALI001"], amount="453.00"),
        result(told_id="3", kind="receipt", told_type="PNC", amount="10.00"),
        result(told_id="4", kind="other", told_type="NSF", amount="-5.00"),
    )
    doubts = {one.told_id: one for one in CollectionResult.objects.exclude(trouble="")}
    assert sorted(doubts) == ["1", "2", "3"]
    assert Receipt.objects.count() == 0
    mary = make_person("Clerk")
    line = CollectionLine.objects.get()
    collection_results.match(result=doubts["1"], line=line, actor=mary, now=NOW)
    assert balance(alice) == "0.00"
    with pytest.raises(DomainError, match="collected already"):
        collection_results.match(result=doubts["2"], line=line, actor=mary, now=NOW)
    collection_results.give(result=doubts["3"], customer=alice, actor=mary, now=NOW)
    assert balance(alice) == "-10.00"
    with pytest.raises(DomainError, match="dealt with it already"):
        collection_results.name_other(result=doubts["3"], what="A fee", actor=mary, now=NOW)


def test_a_result_of_a_line_that_was_left_out_waits_for_a_person(group) -> None:
    make_payer("ALI001", group, "454.00")
    make_batch(group)
    told(collected("1", f"HT{CollectionLine.objects.get().pk}", "454.00"))
    assert CollectionResult.objects.get().trouble.startswith("The line was not sent")
    assert Receipt.objects.count() == 0


def test_a_result_of_before_the_cut_over_waits_for_a_person(group) -> None:
    make_payer("ALI001", group, "454.00")
    lines = released(group)
    told()
    BankAccount.objects.get_or_create(name="Debit orders", defaults={"source": "batch"})
    BankAccount.objects.filter(name="Debit orders").update(starts_on=date(2018, 9, 1))
    told(collected("1", lines["ALI001"], "454.00"))
    assert "cut-over" in CollectionResult.objects.get().trouble
