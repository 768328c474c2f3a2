"""SageOne: customers and documents go there, receipts come from there, each list whole and each row once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from herotill.errors import DomainError
from herotill.integrations.books import (
    Connection,
    Customer,
    Document,
    Kind,
    Line,
    Receipt,
    TaxType,
    tax_type_for,
)
from herotill.integrations.books.errors import NotThere, Refused
from herotill.integrations.http import NotSent, Uncertain
from herotill.integrations.sageone.ledger import Ledger
from herotill.integrations.sageone.limits import Limits
from herotill.integrations.sageone.live import SageOne
from herotill.integrations.sageone.standin import CREDENTIALS, SageStandIn

ALICE = Customer("ALI001", "Alice Adams", email="alice@example.net", postal=("1 Oak Road", "Paarl"))
DAY = date(2026, 11, 2)
RATE = Decimal("15.00")
FIBRE = Line("Fibre, November", "1", "2", RATE, Decimal("394.78"), Decimal("59.22"), Decimal("454.00"))


def invoice(customer_id: str, *, kind: Kind = Kind.INVOICE, number: str = "INV00012") -> Document:
    due = date(2026, 11, 30)
    return Document(kind, number, customer_id, DAY, due, (FIBRE,), FIBRE.incl, FIBRE.vat, "PO 7")


def scan(books: SageOne, *, since: datetime | None = None, after: str = "") -> list[Receipt]:
    return [one for page in books.receipts(since=since, after=after) for one in page]


def receipts(there: SageStandIn, count: int) -> list[str]:
    customer = there.add_customer("ALI001", "Alice Adams")
    return [there.add_receipt(customer, Decimal("454.00"), DAY) for _ in range(count)]


def test_what_is_said_in_either_version(there: SageStandIn, limits: Limits, version: str) -> None:
    books = SageOne(Connection(CREDENTIALS, "1", version), there.url, limits=limits)
    assert [one.name for one in books.companies()] == ["Veldnet (Pty) Ltd"]
    assert (books.company().id, books.company().locked_until) == ("1", None)
    assert [one.name for one in books.bank_accounts()] == ["Sage Pay", "FNB Cheque"]
    assert {one.name: one.rate for one in books.tax_types()} == {
        "No VAT": 0,
        "Standard Rate": 15,
        "Zero Rated": 0,
    }
    assert [one.name for one in books.accounts()] == ["Sales", "Bad Debts", "Customer Adjustments"]
    alice = books.save_customer(ALICE)
    assert books.save_document(invoice(alice.id)).incl == Decimal("454.00")
    there.add_receipt(alice.id, Decimal("54.00"), DAY)
    assert [one.amount for one in scan(books)] == [Decimal("54.00")]


def test_no_other_version_is_spoken(there: SageStandIn) -> None:
    with pytest.raises(NotSent, match="version"):
        SageOne(Connection(CREDENTIALS, "1", "3.1"), there.url)


def test_a_company_that_they_do_not_see(there: SageStandIn, limits: Limits) -> None:
    books = SageOne(Connection(CREDENTIALS, "2"), there.url, limits=limits)
    with pytest.raises(NotThere, match="company"):
        books.company()
    with pytest.raises(NotThere):
        books.tax_types()


def test_a_locked_period_is_told(there: SageStandIn, books: SageOne) -> None:
    alice = books.save_customer(ALICE)
    there.lock_until(DAY)
    assert books.company().locked_until == DAY
    with pytest.raises(Refused, match="Processing is locked up to 2026-11-02") as no:
        books.save_document(invoice(alice.id))
    assert no.value.why == ("Processing is locked up to 2026-11-02.",)
    assert no.value.support_id.startswith("log-")
    assert not no.value.retry


def test_a_customer_is_made_found_and_changed(there: SageStandIn, books: SageOne) -> None:
    assert books.customers_of("ALI001") == []
    made = books.save_customer(ALICE)
    assert [one.id for one in books.customers_of("ALI001")] == [made.id]
    there.ledger.rows["Customer"][int(made.id)]["CreditLimit"] = Decimal("900.00")
    changed = books.save_customer(replace(made, name="Alice O'Brien", postal=("2 Elm Road",)))
    assert (changed.id, changed.name, changed.postal) == (made.id, "Alice O'Brien", ("2 Elm Road",))
    row = there.ledger.rows["Customer"][int(made.id)]
    assert row["CreditLimit"] == Decimal("900.00")  # what is theirs stays
    assert books.customer(made.id) == replace(changed, balance=Decimal("0.00"))
    assert books.customer("99") is None


def test_a_quote_in_a_code_stays_in_its_quotes(there: SageStandIn, books: SageOne) -> None:
    there.add_customer("O'B' or ID ge 0 or Name eq '1", "Owen")
    assert [one.name for one in books.customers_of("O'B' or ID ge 0 or Name eq '1")] == ["Owen"]
    assert books.customers_of("O'B' or ID ge 0 or Name eq '") == []


def test_a_customer_without_a_name_is_refused_in_their_words(books: SageOne) -> None:
    with pytest.raises(Refused) as no:
        books.save_customer(replace(ALICE, name=""))
    assert no.value.why == ("The request is invalid.", "Name: Name is Required.")


def test_a_customer_deleted_there_is_not_made_anew(there: SageStandIn, books: SageOne) -> None:
    made = books.save_customer(ALICE)
    there.ledger.delete("Customer", int(made.id))
    with pytest.raises(NotThere):
        books.save_customer(made)
    assert there.asked("Customer/Save") == there.asked("Customer/Save")[:1]


@pytest.mark.parametrize(
    ("kind", "service", "owes"),
    [
        (Kind.INVOICE, "TaxInvoice", "454.00"),
        (Kind.DEBIT_NOTE, "TaxInvoice", "454.00"),
        (Kind.CREDIT_NOTE, "CustomerReturn", "-454.00"),
        (Kind.WRITE_OFF, "CustomerReturn", "-454.00"),
    ],
)
def test_each_kind_goes_where_it_belongs(
    there: SageStandIn, books: SageOne, kind: Kind, service: str, owes: str
) -> None:
    alice = books.save_customer(ALICE)
    saved = books.save_document(invoice(alice.id, kind=kind))
    assert (saved.incl, saved.vat, saved.reference) == (Decimal("454.00"), Decimal("59.22"), "INV00012")
    assert saved.support_id.startswith("log-")
    [sent] = there.asked(f"{service}/Save")
    assert ("DueDate" in sent) == (service == "TaxInvoice")
    assert sent["ExternalReference"] == "PO 7"
    assert [replace(saved, support_id="")] == books.documents_of(kind, "INV00012")
    found = books.customer(alice.id)
    assert found
    assert found.balance == Decimal(owes)


@pytest.mark.parametrize("amount", ["-20.00", "20.00"])
def test_an_adjustment_has_a_sign_and_one_account(there: SageStandIn, books: SageOne, amount: str) -> None:
    alice = books.save_customer(ALICE)
    zero, incl = Decimal("0.00"), Decimal(amount)
    line = Line("Rounding", "3", "", zero, incl, zero, incl)
    wanted = Document(Kind.ADJUSTMENT, "ADJ1", alice.id, DAY, DAY, (line,), incl)
    assert books.save_document(wanted).incl == incl
    [found] = books.ageing(DAY)
    assert (found.customer, found.total, found.current) == ("Alice Adams", incl, incl)
    with pytest.raises(Refused, match="one account"):
        books.save_document(replace(wanted, lines=(line, replace(line, account="1"))))


def test_a_line_that_they_count_otherwise_is_seen(there: SageStandIn, books: SageOne) -> None:
    there.ledger.rows["TaxType"][2]["Percentage"] = Decimal("14.00")
    alice = books.save_customer(ALICE)
    saved = books.save_document(invoice(alice.id))
    assert (saved.incl, saved.vat) == (Decimal("454.00"), Decimal("55.75"))


def test_money_goes_out_with_its_digits(there: SageStandIn, books: SageOne) -> None:
    alice = books.save_customer(ALICE)
    line = replace(FIBRE, incl=Decimal("1234567890.10"))
    books.save_document(replace(invoice(alice.id), lines=(line,)))
    sent = there.asked("TaxInvoice/Save")[0]["Lines"][0]
    assert str(sent["UnitPriceInclusive"]) == "1234567890.10"


@pytest.mark.parametrize("fault", ["late", "500", "503", "html", "html-ok", "drop"])
def test_after_a_save_without_an_answer_a_look_tells(there: SageStandIn, books: SageOne, fault: str) -> None:
    alice = books.save_customer(ALICE)
    there.misbehave(fault)
    with pytest.raises(Uncertain):
        books.save_document(invoice(alice.id))
    assert len(books.documents_of(Kind.INVOICE, "INV00012")) == (1 if fault == "late" else 0)
    assert len(there.asked("TaxInvoice/Save")) == 1  # never a second time by itself


def test_an_answer_that_does_not_come_is_uncertain(there: SageStandIn, books: SageOne) -> None:
    alice = books.save_customer(ALICE)
    there.misbehave("slow")
    with pytest.raises(Uncertain):
        books.save_document(invoice(alice.id))
    there.pause.set()
    assert len(books.documents_of(Kind.INVOICE, "INV00012")) == 1


def test_nobody_there_means_that_nothing_was_sent(limits: Limits) -> None:
    books = SageOne(Connection(CREDENTIALS, "1"), "http://127.0.0.1:9", limits=limits)
    with pytest.raises(NotSent) as no:
        books.save_customer(ALICE)
    assert no.value.retry


def test_receipts_come_whole_by_pages(there: SageStandIn, books: SageOne) -> None:
    made = receipts(there, 205)
    there.calls.clear()
    pages = list(books.receipts())
    assert [len(page) for page in pages] == [100, 100, 5]
    assert [one.id for page in pages for one in page] == made
    assert len(there.calls) == 3
    assert [one.id for one in scan(books, after=made[199])] == made[200:]


def test_a_hundred_receipts_are_one_call(there: SageStandIn, books: SageOne) -> None:
    receipts(there, 100)
    there.calls.clear()
    assert len(scan(books)) == 100
    assert len(there.calls) == 1


def test_a_receipt_as_they_give_it(there: SageStandIn, books: SageOne) -> None:
    customer = there.add_customer("ALI001", "Alice Adams")
    made = there.add_receipt(customer, Decimal("454.00"), DAY, reference="ALI001 - ")
    [found] = scan(books)
    assert (found.id, found.customer_id, found.bank_account_id, found.day) == (made, customer, "1", DAY)
    assert (found.amount, found.unallocated, found.reference) == (Decimal("454.00"),) * 2 + ("ALI001 -",)
    assert found.method == "eft"
    assert found.changed
    assert abs(found.changed - there.now()) < timedelta(hours=1)


SHIFTS: list[Callable[[SageStandIn, list[str]], object]] = [
    lambda there, made: there.delete_receipt(made[0]),
    lambda there, made: [there.delete_receipt(one) for one in made[50:100]],
    lambda there, made: there.change_receipt(made[3], Total=Decimal("1.00")),
]


@pytest.mark.parametrize("shift", SHIFTS)
def test_pages_that_shift_hide_nothing(
    there: SageStandIn, books: SageOne, shift: Callable[[SageStandIn, list[str]], object]
) -> None:
    made = receipts(there, 205)
    there.between.append(lambda: shift(there, made))
    assert [one.id for one in scan(books)] == made


def test_a_receipt_made_while_they_are_read_is_there_or_comes_next(
    there: SageStandIn, books: SageOne
) -> None:
    made = receipts(there, 150)
    customer = str(there.ledger.rows["CustomerReceipt"][int(made[0])]["CustomerId"])
    there.between.append(lambda: made.append(there.add_receipt(customer, Decimal(1), DAY)))
    assert [one.id for one in scan(books)] == made


def test_a_row_given_twice_is_one(there: SageStandIn, books: SageOne) -> None:
    made = receipts(there, 120)
    there.misbehave("twice", "twice")
    assert [one.id for one in scan(books)] == made


@pytest.mark.parametrize("fault", ["mixed", "cut"])
def test_a_list_that_is_not_whole_is_no_list(there: SageStandIn, books: SageOne, fault: str) -> None:
    made = receipts(there, 3)
    there.misbehave(fault)
    if fault == "cut":  # the last row comes with the page that is asked for next
        assert [one.id for one in scan(books)] == made
    else:
        with pytest.raises(NotSent, match="order"):
            scan(books)


def test_a_list_that_stays_cut_never_ends_as_whole(there: SageStandIn, books: SageOne) -> None:
    receipts(there, 1)
    there.misbehave("cut", "cut", "cut")
    with pytest.raises(NotSent, match="part"):
        scan(books)


def test_what_changed_since_by_their_clock(there: SageStandIn, books: SageOne) -> None:
    there.skew = timedelta(hours=-3)
    old, other = receipts(there, 2)
    there.skew = timedelta(hours=2)
    mark = there.now() - timedelta(minutes=1)
    assert scan(books, since=mark) == []
    there.change_receipt(old, Total=Decimal("450.00"))
    new = there.add_receipt(
        str(there.ledger.rows["CustomerReceipt"][int(old)]["CustomerId"]), Decimal(9), DAY
    )
    found = scan(books, since=mark)
    assert [(one.id, one.amount) for one in found] == [(old, Decimal("450.00")), (new, Decimal("9.00"))]
    assert all(one.changed and one.changed >= mark for one in found)
    assert other not in {one.id for one in found}


def test_which_of_these_still_stand(there: SageStandIn, books: SageOne) -> None:
    made = receipts(there, 90)
    there.delete_receipt(made[7])
    there.calls.clear()
    assert {one.id for one in books.receipts_of(made)} == {*made} - {made[7]}
    assert len(there.calls) == 3
    assert books.receipts_of([]) == []


def test_ageing_by_pages_and_for_one(there: SageStandIn, books: SageOne) -> None:
    ids = [there.add_customer(f"C{place:03}", f"Customer {place}") for place in range(130)]
    for one in ids:
        books.save_document(invoice(one, number=f"N{one}"))
    there.add_receipt(ids[0], Decimal("454.00"), DAY)
    found = list(books.ageing(date(2027, 1, 15)))
    assert {one.customer_id for one in found} == {*ids[1:]}
    assert {(one.total, one.days60) for one in found} == {(Decimal("454.00"), Decimal("454.00"))}
    [paid] = books.ageing(date(2027, 1, 15), customer_id=ids[0])
    assert (paid.total, paid.days60) == (Decimal(0), Decimal(0))


def test_one_who_comes_twice_in_the_ageing_hides_nobody(there: SageStandIn, books: SageOne) -> None:
    ids = [there.add_customer(f"C{place:03}", f"Customer {place}") for place in range(130)]
    for one in ids:
        there.add_receipt(one, Decimal("4.54"), DAY)
    there.misbehave("twice")
    assert {one.customer_id for one in books.ageing(DAY)} == {*ids}


def test_one_who_rightly_stands_twice_owes_the_sum(
    there: SageStandIn, books: SageOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [there.add_customer(f"C{place:03}", f"Customer {place}") for place in range(130)]
    for one in ids:
        there.add_receipt(one, Decimal("4.54"), DAY)
    tell = Ledger.ageing

    def by_currency(ledger: Ledger, *asked: Any, **how: Any) -> list[Any]:
        rows = tell(ledger, *asked, **how)
        return [rows[0] | {"Total": Decimal("-1.00"), "Current": Decimal("-1.00")}, *rows]

    monkeypatch.setattr(Ledger, "ageing", by_currency)
    found = {one.customer_id: one for one in books.ageing(DAY)}
    assert found.keys() == {*ids}
    assert [(found[one].total, found[one].current) for one in ids[:2]] == [
        (Decimal("-5.54"), Decimal("-5.54")),
        (Decimal("-4.54"), Decimal("-4.54")),
    ]


def test_a_receipt_and_the_ageing_come_with_the_customers_name_and_code(
    there: SageStandIn, books: SageOne
) -> None:
    alice = there.add_customer("ALI001", "Alice Liddel")
    there.add_receipt(alice, Decimal("4.54"), DAY)
    [[receipt]] = books.receipts()
    assert (receipt.customer, receipt.code) == ("Alice Liddel", "ALI001")
    [aged] = books.ageing(DAY)
    assert (aged.customer, aged.code) == ("Alice Liddel", "ALI001")


def test_ages_of_thirty_days(there: SageStandIn, books: SageOne) -> None:
    there.ledger.company["AgeMonthly"] = False
    alice = books.save_customer(ALICE)
    books.save_document(invoice(alice.id))
    assert not books.company().ages_by_month
    assert next(books.ageing(date(2026, 12, 1))).current == Decimal("454.00")
    assert next(books.ageing(date(2026, 12, 2))).days30 == Decimal("454.00")
    assert next(books.ageing(date(2027, 12, 2))).days120 == Decimal("454.00")


def test_the_kind_of_vat_for_a_rate() -> None:
    types = [
        TaxType("1", "Old", RATE, active=False),
        TaxType("2", "Imports", RATE),
        TaxType("3", "Standard", RATE, default=True),
        TaxType("4", "Zero", Decimal(0)),
    ]
    assert [tax_type_for(rate, types).id for rate in (RATE, Decimal(0))] == ["3", "4"]
    assert tax_type_for(RATE, types[:2]).id == "2"
    with pytest.raises(DomainError, match="called zero-rated"):
        tax_type_for(Decimal(0), [TaxType("5", "Exempt", Decimal(0), default=True)])
    with pytest.raises(DomainError, match="no active kind of VAT at 14 %"):
        tax_type_for(Decimal(14), types)


@pytest.mark.parametrize("id", ["x", "1 or ID ge 0", "²", "-1"])
def test_an_id_is_a_number(there: SageStandIn, books: SageOne, id: str) -> None:
    with pytest.raises(Refused, match="number"):
        books.customer(id)
    assert there.calls == []
