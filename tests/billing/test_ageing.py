"""What is owed by age, as at any day."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from billing.models import Allocation, DocumentKind, Rules
from billing.selectors import ageing
from billing.selectors.ageing import Aged, Way
from billing.services import ledger, receipts
from tests.factories import make_customer
from tests.factories.billing import make_draft, make_invoice, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.money]
TODAY = date(2018, 8, 22)


def aged(*amounts: str) -> Aged:
    return Aged(*map(Decimal, amounts))


def of(customer, as_at=TODAY, **more):
    return ageing.of(customers=[customer.pk], as_at=as_at, **more)[customer.pk]


def test_buckets_begin_at_30_60_90_and_120_days():
    alice = make_customer("Alice Liddel")
    for days, amount in ((0, "1"), (29, "2"), (30, "10"), (59, "20"), (60, "100"), (89, "200")):
        make_invoice(alice, amount, TODAY - timedelta(days=days))
    for days, amount in ((90, "1000"), (119, "2000"), (120, "10000"), (800, "20000")):
        make_invoice(alice, amount, TODAY - timedelta(days=days))
    assert of(alice) == aged("30000", "3000", "300", "30", "3")
    assert of(alice).total == Decimal("33333")


def test_calendar_months_and_due_dates_count_where_the_company_says_so():
    bob = make_customer("Bob Hatter")
    make_invoice(bob, "10", date(2018, 7, 31), due=date(2018, 8, 7))
    make_invoice(bob, "20", date(2018, 4, 30), due=date(2018, 5, 7))
    make_invoice(bob, "40", date(2018, 8, 22), due=date(2018, 9, 7))
    assert of(bob) == aged("0", "20", "0", "0", "50")
    assert of(bob, counted=Way(by_months=True)) == aged("20", "0", "0", "10", "40")
    assert of(bob, counted=Way(from_due=True)) == aged("0", "20", "0", "0", "50")
    assert of(bob, counted=Way(True, True)) == aged("0", "20", "0", "0", "50")
    Rules.objects.update(ageing_by="months", ageing_from="document")
    assert of(bob) == aged("20", "0", "0", "10", "40")


def test_credit_that_has_paid_nothing_stands_in_current_as_a_negative():
    carol = make_customer("Carol White")
    make_receipt(carol, "100.00", date(2018, 1, 1))
    assert of(carol) == aged("0", "0", "0", "0", "-100")
    make_invoice(carol, "60.00", date(2018, 2, 1))
    assert of(carol) == aged("0", "0", "0", "0", "-40")
    assert of(carol, date(2018, 1, 31)) == aged("0", "0", "0", "0", "-100")


def test_a_past_day_is_as_it_was_whatever_came_later():
    dora = make_customer("Dora Cheshire")
    make_invoice(dora, "100.00", date(2018, 6, 1))
    make_receipt(dora, "100.00", date(2018, 7, 5))
    make_invoice(dora, "30.00", date(2018, 9, 1))
    assert of(dora, date(2018, 5, 31)) == Aged()
    assert of(dora, date(2018, 7, 4)) == aged("0", "0", "0", "100", "0")
    assert of(dora, date(2018, 7, 5)) == Aged()
    assert of(dora, TODAY) == Aged(), "A document dated ahead is not owed yet."
    assert of(dora, date(2018, 9, 1)) == aged("0", "0", "0", "0", "30")
    assert ageing.everybody(as_at=date(2018, 7, 4))[dora.pk] == aged("0", "0", "0", "100", "0")
    assert ageing.total(as_at=date(2018, 7, 4)) == aged("0", "0", "0", "100", "0")


def test_a_reversed_receipt_had_paid_until_it_was_reversed():
    eve = make_customer("Eve Dormouse")
    make_invoice(eve, "100.00", date(2018, 6, 1))
    receipt = make_receipt(eve, "100.00", date(2018, 6, 5))
    known = datetime.now(UTC)
    receipts.reverse(receipt=receipt, day=date(2018, 6, 20), reason="Unpaid", actor=None)
    assert of(eve, date(2018, 6, 19)) == Aged()
    assert of(eve, date(2018, 6, 20)) == aged("0", "0", "0", "0", "100")
    assert of(eve, TODAY) == aged("0", "0", "100", "0", "0")
    assert of(eve, TODAY, known_at=known) == Aged(), "At that moment nobody knew that it was unpaid."
    assert ageing.everybody(as_at=TODAY, known_at=known)[eve.pk] == Aged()
    assert of(eve, TODAY, known_at=datetime(2018, 1, 1, tzinfo=UTC)) == Aged()


def test_what_is_undone_and_paid_again_was_never_paid_twice():
    frank = make_customer("Frank Gryphon")
    old, _ = make_invoice(frank, "100.00", date(2018, 6, 1)), make_receipt(frank, "100.00", date(2018, 6, 5))
    made = Allocation.objects.get(customer=frank)
    ledger.unallocate(allocations=[made.pk], day=date(2018, 7, 9), now=datetime.now(UTC), actor=None)
    assert ledger.allocate_oldest(customers=[frank.pk], actor=None) == 1
    again = Allocation.objects.get(customer=frank, known_until=None)
    assert (again.starts_on, made.starts_on) == (date(2018, 7, 9), date(2018, 6, 5))
    for day in (date(2018, 6, 4), date(2018, 6, 5), date(2018, 7, 8), date(2018, 7, 9)):
        parts = ageing.open_parts(customer=frank.pk, as_at=day)
        assert [(part.reference, part.open) for part in parts] == (
            [(old.name, Decimal(100))] if day < date(2018, 6, 5) else []
        )


def test_credit_notes_and_adjustments_age_too():
    gwen = make_customer("Gwen Knave")
    invoice = make_invoice(gwen, "100.00", date(2018, 6, 1))
    make_invoice(gwen, "40.00", date(2018, 7, 1), kind=DocumentKind.CREDIT_NOTE, against=invoice)
    make_invoice(gwen, "5.00", date(2018, 8, 1), kind=DocumentKind.ADJUSTMENT)
    make_draft(gwen, "999.00", date(2018, 8, 1))
    assert of(gwen) == aged("0", "0", "60", "0", "5")
    assert of(gwen, date(2018, 6, 30)) == aged("0", "0", "0", "0", "100")


def test_all_at_once_is_what_each_is_alone(django_assert_num_queries):
    people = [make_customer(f"Client {number}") for number in range(12)]
    for number, client in enumerate(people):
        make_invoice(client, f"{number + 1}.00", TODAY - timedelta(days=number * 13))
        make_receipt(client, "3.50", TODAY - timedelta(days=number * 7))
    for days in (-10, 0, 20, 60, 200):
        day = TODAY - timedelta(days=days)
        with django_assert_num_queries(5):  # rules, the statement, and its room in memory
            together = ageing.everybody(as_at=day)
        assert {pk: found for pk, found in together.items() if any(found)} == {
            one.pk: of(one, day) for one in people if any(of(one, day))
        }
        assert ageing.total(as_at=day).total == sum(of(one, day).total for one in people)
    with django_assert_num_queries(1):
        ageing.of(customers=[one.pk for one in people], as_at=TODAY, counted=Way())


def test_the_command_prints_everybody_and_the_totals():
    alice = make_customer("Alice Liddel", "ALI001")
    make_invoice(alice, "454.00", date(2018, 8, 21))
    make_customer("Bob Hatter", "BOB001")
    said = StringIO()
    call_command("age_analysis", as_at=TODAY, stdout=said)
    assert "ALI001" in said.getvalue()
    assert "R 454.00" in said.getvalue()
    assert "BOB001" not in said.getvalue()
    csv = StringIO()
    call_command("age_analysis", as_at=TODAY, csv=True, stdout=csv)
    assert csv.getvalue().splitlines() == [
        "Code,Name,120 Days+,90 Days,60 Days,30 Days,Current,Total due",
        "ALI001,Alice Liddel,0.00,0.00,0.00,0.00,454.00,454.00",
        "Total,,0.00,0.00,0.00,0.00,454.00,454.00",
    ]
    with pytest.raises(CommandError, match="no day"):
        call_command("age_analysis", "--as-at", "yesterday")
