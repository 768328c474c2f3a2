"""What is owed to the books gets there once, in order, whatever they do meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import BooksConnection, BooksCustomer, BooksDocument, BooksOwed
from billing.services.books import connecting, owing, sending
from herotill.errors import DomainError
from herotill.integrations.books.errors import Denied, Stopped
from herotill.integrations.http import NotSent
from herotill.integrations.sageone.standin import CREDENTIALS, SageStandIn
from tests.factories.billing import NOW, make_invoice
from tests.factories.books import connect
from tests.factories.customers import make_customer
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
State = BooksOwed.State
SENT = "1 sent, 0 refused."


class Clock:
    """A clock that a test sets, ahead of the database's, by which rows are owed."""

    def __init__(self) -> None:
        self.now = timezone.now() + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **length: int) -> None:
        self.now += timedelta(**length)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def numbers(sage: SageStandIn, service: str = "TaxInvoice") -> list[str]:
    return [row["Reference"] for row in sage.ledger.rows[service].values()]


def linked(sage: SageStandIn, code: str = "ALI001"):
    """A customer who is there already."""
    customer = make_customer(code=code)
    BooksCustomer.objects.create(customer=customer, their_id=sage.add_customer(code, "Alice Liddel"))
    BooksOwed.objects.all().delete()
    return customer


def at_save(sage: SageStandIn, fault: str) -> None:
    """Spoil the save of the next invoice."""
    sage.misbehave(fault, on="TaxInvoice/Save")


def test_alice_and_her_documents_get_there_in_order(sage: SageStandIn, clock: Clock) -> None:
    connect()
    alice = make_customer(code="ALI001")
    invoice = make_invoice(alice, "454.00")
    note = make_invoice(alice, "54.00", kind="credit_note", against=invoice)
    assert sending.push(clock=clock) == "3 sent, 0 refused."
    there = sage.ledger.rows["Customer"][int(BooksCustomer.objects.get(customer=alice).their_id)]
    assert (there["Name"], there["TextField1"]) == ("Alice Liddel", "ALI001")
    assert numbers(sage) == [invoice.name]
    assert numbers(sage, "CustomerReturn") == [note.name]
    assert BooksDocument.objects.get(document=invoice).difference == 0
    assert not BooksOwed.objects.exists()
    assert sending.push(clock=clock) == "0 sent, 0 refused."


def test_trouble_of_ours_names_a_customer_by_code(sage: SageStandIn, clock: Clock) -> None:
    connect()
    make_invoice(make_customer("Alice Liddel", code="ALI001"), "454.00")
    owing.leave_out(owed=BooksOwed.objects.filter(document=None), actor=make_person("Mary"))
    sending.push(clock=clock)
    said = BooksOwed.objects.get(state="refused").trouble
    assert said == "ALI001 has no SageOne ID; what was left out of the customer comes first."


def test_every_kind_goes_where_it_belongs(sage: SageStandIn, clock: Clock) -> None:
    connect()
    bob = make_customer("Bob Builder", code="BOB001")
    invoice = make_invoice(bob, "100.00")
    off = make_invoice(bob, "100.00", kind="write_off", against=invoice)
    back = make_invoice(bob, "-10.00", kind="adjustment")
    more = make_invoice(bob, "15.00", kind="debit_note")
    assert sending.push(clock=clock) == "5 sent, 0 refused."
    assert numbers(sage) == [invoice.name, more.name]
    assert numbers(sage, "CustomerReturn") == [off.name]
    assert numbers(sage, "CustomerAdjustment") == [back.name]
    assert [line["SelectionId"] for line in sage.asked("CustomerReturn/Save")[0]["Lines"]] == [2]


def test_details_are_sent_again_only_where_something_changed(sage: SageStandIn, clock: Clock) -> None:
    connect()
    alice = make_customer(code="ALI001")
    sending.push(clock=clock)
    BooksOwed.objects.create(customer=alice)
    assert sending.push(clock=clock) == SENT
    assert len(sage.asked("Customer/Save")) == 1
    alice.surname = "Hargreaves"
    alice.save()
    assert sending.push(clock=clock) == SENT
    assert [row["Name"] for row in sage.ledger.rows["Customer"].values()] == ["Alice Hargreaves"]


def test_who_stands_there_already_under_our_code_is_taken(sage: SageStandIn, clock: Clock) -> None:
    connect()
    theirs = sage.add_customer("ALI001", "A. Liddel")
    alice = make_customer(code="ALI001")
    sending.push(clock=clock)
    assert BooksCustomer.objects.get(customer=alice).their_id == theirs
    assert len(sage.ledger.rows["Customer"]) == 1


@pytest.mark.parametrize("fault", ["late", "500", "html-ok"])
def test_a_save_without_an_answer_is_looked_for_and_made_once(
    sage: SageStandIn, clock: Clock, fault: str
) -> None:
    connect()
    alice = linked(sage)
    invoice, second = make_invoice(alice), make_invoice(alice)
    at_save(sage, fault)
    assert sending.push(clock=clock) == "0 sent, 0 refused, 1 without an answer."
    assert BooksOwed.objects.get(document=invoice).state == State.UNKNOWN
    clock.later(minutes=1)
    assert sending.push(clock=clock) == "0 sent, 0 refused."  # what comes after it waits too
    clock.later(minutes=2)
    assert sending.push(clock=clock) == "2 sent, 0 refused."
    assert numbers(sage) == [invoice.name, second.name]
    assert BooksDocument.objects.get(document=invoice).found is (fault == "late")


def test_a_customer_made_without_an_answer_is_there_once(sage: SageStandIn, clock: Clock) -> None:
    connect()
    make_customer(code="ALI001")
    sage.misbehave("late", on="Customer/Save")
    sending.push(clock=clock)
    clock.later(minutes=3)
    assert sending.push(clock=clock) == SENT
    assert len(sage.ledger.rows["Customer"]) == 1


def test_whoever_was_killed_at_any_point_leaves_it_to_the_next(sage: SageStandIn, clock: Clock) -> None:
    connect()
    alice = linked(sage)
    before, after = make_invoice(alice), make_invoice(alice)
    assert sending.claim(clock()) is not None  # killed before anything left
    assert sending.claim(clock()) is None
    clock.later(minutes=11)
    owed = sending.claim(clock())
    assert owed is not None
    assert owed.document == before
    types = connecting.books().tax_types()
    given = sending.reading.document(before, alice.in_books.their_id, connecting.connection(), types)
    connecting.books().save_document(given)  # killed before it was noted
    clock.later(minutes=11)
    assert sending.push(clock=clock) == "2 sent, 0 refused."
    assert numbers(sage) == [before.name, after.name]


def test_details_that_change_while_they_are_sent_are_sent_again(sage: SageStandIn, clock: Clock) -> None:
    connect()
    alice = make_customer(code="ALI001")
    sender = sending.Sender(connecting.books(), clock)
    owed = sending.claim(clock())
    assert owed is not None
    alice.surname = "Hargreaves"
    alice.save()
    sender._send(owed)
    assert BooksOwed.objects.get().state == State.WAITS
    assert sending.push(clock=clock) == SENT
    assert [row["Name"] for row in sage.ledger.rows["Customer"].values()] == ["Alice Hargreaves"]


def test_a_refusal_is_readable_holds_back_what_follows_and_nobody_else(
    sage: SageStandIn, clock: Clock
) -> None:
    connect()
    alice, bob = linked(sage), linked(sage, "BOB001")
    first, second, bobs = make_invoice(alice), make_invoice(alice), make_invoice(bob)
    at_save(sage, "text")
    assert sending.push(clock=clock) == "1 sent, 1 refused."
    row = BooksOwed.objects.get(document=first)
    assert row.state == State.REFUSED
    assert "Username is Required." in row.trouble
    assert row.support_id == "" or row.support_id.startswith("log-")
    assert numbers(sage) == [bobs.name]
    mary = make_person("Mary Manager")
    assert owing.leave_out(owed=BooksOwed.objects.filter(pk=row.pk), actor=mary) == 1
    assert sending.push(clock=clock) == SENT
    assert numbers(sage) == [bobs.name, second.name]
    assert owing.retry(owed=BooksOwed.objects.filter(pk=row.pk), actor=mary, now=clock()) == 1
    assert sending.push(clock=clock) == SENT
    assert numbers(sage) == [bobs.name, second.name, first.name]


def test_a_locked_period_is_a_refusal_with_their_words(sage: SageStandIn, clock: Clock) -> None:
    connect()
    invoice = make_invoice(linked(sage))
    sage.lock_until(date(2018, 8, 31))
    assert sending.push(clock=clock) == "0 sent, 1 refused."
    assert "lock" in BooksOwed.objects.get(document=invoice).trouble.lower()


def test_the_same_number_with_another_total_is_refused_and_not_made_twice(
    sage: SageStandIn, clock: Clock
) -> None:
    connect()
    alice = linked(sage)
    invoice = make_invoice(alice, "454.00")
    theirs = {"CustomerId": int(alice.in_books.their_id), "Date": "2018-08-21", "DueDate": "2018-08-21"}
    line = {
        "SelectionId": 1,
        "LineType": 1,
        "Quantity": 1,
        "UnitPriceInclusive": Decimal("450.00"),
        "TaxTypeId": 2,
    }
    sage.ledger.save(
        "TaxInvoice",
        theirs | {"Reference": invoice.name, "DocumentNumber": "X1", "Inclusive": True, "Lines": [line]},
    )
    assert sending.push(clock=clock) == "0 sent, 1 refused."
    assert BooksOwed.objects.get().trouble == (
        f"{invoice.name} stands there already with R 450.00; here it is R 454.00."
    )
    assert numbers(sage) == [invoice.name]


def test_a_total_that_they_count_otherwise_is_kept_as_a_difference(sage: SageStandIn, clock: Clock) -> None:
    connect()
    invoice = make_invoice(linked(sage), "454.00")
    books = connecting.books()
    known = books.save_document

    def rounded(document):
        """Their books round to whole rand, as a company may set."""
        return sending.replace(known(document), incl=Decimal("455.00"))

    books.save_document = rounded  # type: ignore[method-assign]
    assert sending.push(clock=clock, books=books) == SENT
    assert BooksDocument.objects.get(document=invoice).difference == Decimal("1.00")
    assert sending.reading.counts()["differ"] == 1


def test_s20_too_many_calls_stop_everything_and_nothing_is_lost(sage: SageStandIn, clock: Clock) -> None:
    connect()
    invoice = make_invoice(linked(sage))
    sage.misbehave("429")
    with pytest.raises(Stopped):
        sending.push(clock=clock)
    row = BooksOwed.objects.get(document=invoice)
    assert (row.state, row.tries) == (State.WAITS, 0)
    assert "It goes on at" in row.trouble
    calls = len(sage.calls)
    clock.later(minutes=70)
    with pytest.raises(Stopped):  # the hour of the wire is not over
        sending.push(clock=clock)
    assert len(sage.calls) == calls


def test_after_a_wrong_password_nothing_is_asked_until_a_person_tested(
    sage: SageStandIn, clock: Clock
) -> None:
    connect()
    make_invoice(linked(sage))
    connecting.change_credentials(user="other@veldnet.test", password="wrong", api_key="")
    with pytest.raises(Denied):
        sending.push(clock=clock)
    calls = len(sage.calls)
    assert BooksConnection.objects.get().trouble
    with pytest.raises(DomainError, match="Nothing is sent until"):
        sending.push(clock=clock)
    assert len(sage.calls) == calls
    connecting.change_credentials(user=CREDENTIALS.user, password=CREDENTIALS.password, api_key="")
    assert [one.name for one in connecting.test()] == ["Veldnet (Pty) Ltd"]
    assert sending.push(clock=clock) == SENT


def test_books_that_are_down_cost_a_try_and_a_person_is_asked_in_the_end(
    sage: SageStandIn, clock: Clock
) -> None:
    connect()
    make_invoice(linked(sage))
    sage.misbehave("500", "500", "500")  # a question is asked three times
    with pytest.raises(NotSent):
        sending.push(clock=clock)
    row = BooksOwed.objects.get()
    assert (row.state, row.tries) == (State.WAITS, 1)
    BooksOwed.objects.update(tries=sending.TRIES - 1)
    clock.later(hours=1)
    sage.misbehave("500", "500", "500")
    with pytest.raises(NotSent):
        sending.push(clock=clock)
    row.refresh_from_db()
    assert row.state == State.REFUSED
    assert row.trouble.endswith(f"Tried {sending.TRIES} times.")


def test_an_outage_is_waited_for_longer_and_longer_and_ends_the_round_after_three(
    sage: SageStandIn, clock: Clock
) -> None:
    connect()
    for one in [linked(sage, f"ALI00{number}") for number in range(5)]:
        make_invoice(one)
    sage.misbehave(*["500"] * 9, on="TaxInvoice/Save")
    assert sending.push(clock=clock) == "0 sent, 0 refused, 3 without an answer. It goes on later."
    first = BooksOwed.objects.filter(state=State.UNKNOWN).earliest("pk")
    waits = []
    for _ in range(3):
        BooksOwed.objects.exclude(pk=first.pk).update(next_try_at=clock() + timedelta(days=9))
        clock.now = BooksOwed.objects.get(pk=first.pk).next_try_at
        sending.push(clock=clock)
        waits.append(BooksOwed.objects.get(pk=first.pk).next_try_at - clock())
    assert waits == [timedelta(minutes=4), timedelta(minutes=8), timedelta(minutes=16)]
    sage.behave()
    clock.later(minutes=16)
    assert sending.push(clock=clock) == SENT


def test_a_third_of_the_days_calls_is_kept_for_receipts(sage: SageStandIn, clock: Clock, settings) -> None:
    connect()
    alice = linked(sage)
    for _ in range(9):
        make_invoice(alice)
    settings.SAGEONE_A_DAY = 12
    connecting.books().limits.forget()
    try:
        assert sending.push(clock=clock).endswith("What is left of today's calls is for receipts.")
        assert len(sage.calls) < 12
        assert connecting.books().bank_accounts()
    finally:
        connecting.books().limits.forget()


def test_nobody_is_made_there_until_a_person_allows_it(sage: SageStandIn, clock: Clock) -> None:
    connect()
    BooksConnection.objects.update(makes_customers=False)
    sage.add_customer("", "Alice Liddel")  # who stands there already, without our code
    make_customer(code="ALI001")
    assert sending.push(clock=clock) == "0 sent, 1 refused."
    assert "carries the code ALI001" in BooksOwed.objects.get().trouble
    assert len(sage.ledger.rows["Customer"]) == 1
    BooksConnection.objects.update(makes_customers=True)
    owing.retry(owed=BooksOwed.objects.all(), actor=make_person("Mary Manager"), now=clock())
    assert sending.push(clock=clock) == SENT


def test_vat_that_they_count_otherwise_is_kept_as_a_difference(sage: SageStandIn, clock: Clock) -> None:
    connect()
    invoice = make_invoice(linked(sage), "454.00")
    books = connecting.books()
    known = books.save_document
    books.save_document = lambda document: sending.replace(known(document), vat=Decimal("1.00"))  # type: ignore[method-assign]
    assert sending.push(clock=clock, books=books) == SENT
    row = BooksDocument.objects.get(document=invoice)
    assert (row.difference, row.our_vat) == (0, invoice.vat)
    assert sending.reading.counts()["differ"] == 1


def test_switched_off_nothing_leaves(sage: SageStandIn, clock: Clock) -> None:
    connect()
    make_invoice(linked(sage))
    BooksConnection.objects.update(is_on=False)
    assert sending.push(clock=clock) == "SageOne is switched off."
    assert sage.calls == []


def test_a_person_pushes_some_and_all(sage: SageStandIn, clock: Clock) -> None:
    alice = make_customer(code="ALI001")
    first, second = make_invoice(alice), make_invoice(alice)
    connect()
    mary = make_person("Mary Manager")
    assert owing.push_documents(documents=[second.pk], actor=mary, now=NOW) == 1
    assert sending.push(clock=clock) == "2 sent, 0 refused."
    assert numbers(sage) == [second.name]
    assert owing.push_all(actor=mary, now=NOW) == 1
    assert sending.push(clock=clock) == SENT
    assert numbers(sage) == [second.name, first.name]
