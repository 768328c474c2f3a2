"""Bad debts: written off with the VAT that stands on their documents, and recovered after all."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.models import Allocation, Document, Entry, Line, OpenItem
from billing.policies.crediting import AtRate, written_off
from billing.selectors import documents
from billing.selectors.owed import of
from billing.services import credit_notes, issuing, ledger, write_offs
from customers.models import CustomerBalance, OpeningBalance
from herotill.errors import DomainError
from tests.factories import client_of, make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)
TODAY = date(2018, 9, 1)


@pytest.fixture
def bob():
    return make_customer("Bob Hatter", "BOB001")


def write_off(customer, *named, actor=None, recovery="ceased"):
    made, _ = write_offs.make(
        customer=customer,
        named=[one.pk for one in named],
        recovery=recovery,
        reason="Gone without an address",
        day=TODAY,
        actor=actor,
        now=NOW,
    )
    made.refresh_from_db()
    return made


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


def test_s11_a_write_off_names_its_documents_and_splits_vat_at_their_stored_rates(bob):
    old = make_invoice(bob, "114.00", date(2018, 3, 1), rate="14")
    new = make_invoice(bob, "230.00", date(2018, 8, 1))
    make_receipt(bob, "115.00", names=new)
    made = write_off(bob, old, new)
    lines = made.lines.order_by("position").values_list("settles__name", "vat_rate", "excl", "vat")
    assert list(lines) == [
        (old.name, Decimal("14.00"), Decimal("100.00"), Decimal("14.00")),
        (new.name, Decimal("15.00"), Decimal("100.00"), Decimal("15.00")),
    ]
    assert (made.name, made.incl, made.grounds.get_recovery_display()) == (
        "WO00001",
        Decimal("229.00"),
        "Recovery ceased",
    )
    assert balance(bob) == 0
    assert not OpenItem.objects.exists()
    assert set(Allocation.objects.filter(credit__kind="write_off").values_list("how", flat=True)) == {
        "write_off"
    }


def test_s11_what_credit_notes_took_stands_no_longer_at_its_rate(bob):
    draft = make_draft(bob, "115.00")
    Line.objects.create(
        document=draft,
        customer=bob,
        position=1,
        text="Stamps",
        unit_price=100,
        vat_class="zero",
        vat_rate=0,
        excl=100,
        vat=0,
        incl=100,
    )
    Document.objects.filter(pk=draft.pk).update(excl=200, incl=215)
    issuing.issue(documents=[draft.pk], actor=None, now=NOW)
    standard = draft.lines.get(vat_class="standard")
    credit_notes.make(
        document=Document.objects.get(pk=draft.pk),
        amounts={standard.pk: Decimal("115.00")},
        reason="Never built",
        day=TODAY,
        actor=None,
        now=NOW,
    )
    made = write_off(bob, draft)
    assert (made.incl, made.vat) == (Decimal("100.00"), Decimal("0.00"))


def test_s11_history_from_before_is_written_off_without_vat(bob):
    draft = make_draft(bob, "115.00", date(2017, 1, 1), rate="14")
    Document.objects.filter(pk=draft.pk).update(status="issued", before=True, name="OLD17", issued_at=NOW)
    made = write_off(bob, draft, recovery="handed_over")
    assert (made.vat, made.incl) == (Decimal("0.00"), Decimal("115.00"))
    assert made.grounds.get_recovery_display() == "Handed over"


def test_s11_a_write_off_says_whether_recovery_ceased_and_of_what_is_open(bob):
    invoice, paid = make_invoice(bob, "100.00"), make_invoice(bob, "50.00")
    make_receipt(bob, "50.00", names=paid)
    with pytest.raises(DomainError, match="recovery has ceased"):
        write_off(bob, invoice, recovery="")
    with pytest.raises(DomainError, match="nothing is open"):
        write_off(bob, invoice, paid)
    with pytest.raises(DomainError, match="nothing is open"):
        write_off(make_customer("Carol White"), invoice)
    assert balance(bob) == Decimal("100.00")


def test_s11_money_that_comes_later_posts_output_vat_again(bob):
    invoice = make_invoice(bob, "230.00")
    made = write_off(bob, invoice)
    assert (made.vat, balance(bob)) == (Decimal("30.00"), 0)
    make_receipt(bob, "115.00", date(2018, 10, 1))
    assert balance(bob) == Decimal("-115.00")
    with pytest.raises(DomainError, match=r"At most R 115\.00"):
        write_offs.recover(
            write_off=made, amount=Decimal("115.01"), day=date(2018, 10, 2), actor=None, now=NOW
        )
    note = write_offs.recover(
        write_off=made, amount=Decimal("115.00"), day=date(2018, 10, 2), actor=None, now=NOW
    )
    note.refresh_from_db()
    assert (note.name, note.vat, note.against) == ("DN00001", Decimal("15.00"), made)
    assert balance(bob) == 0
    assert not OpenItem.objects.exists()
    make_receipt(bob, "200.00", date(2018, 10, 3))
    with pytest.raises(DomainError, match=r"At most R 115\.00: R 115\.00 of it is still written off"):
        write_offs.recover(
            write_off=made, amount=Decimal("200.00"), day=date(2018, 10, 3), actor=None, now=NOW
        )


def test_several_documents_are_written_off_on_the_screen(bob):
    manager = in_role("Thandi", "manager")
    desk = client_of(manager)
    first, second = make_invoice(bob, "100.00"), make_invoice(bob, "200.00")
    page = desk.get(f"/billing/customers/BOB001/write-off/?document={first.pk}").content.decode()
    assert page.count("checked") == 1
    data = {"named": [first.pk, second.pk], "recovery": "handed_over", "day": "2018-09-01", "reason": "Court"}
    answer = desk.post("/billing/customers/BOB001/write-off/", data)
    made = Document.objects.get(kind="write_off")
    assert answer.url == made.get_absolute_url()
    assert Entry.objects.filter(kind="write_off").count() == 1
    make_receipt(bob, "50.00")
    page = desk.get(f"{made.get_absolute_url()}recover/").content.decode()
    assert 'value="50.00"' in page
    answer = desk.post(f"{made.get_absolute_url()}recover/", {"amount": "50.00", "day": "2018-09-03"})
    assert answer.status_code == 302
    assert balance(bob) == 0


def shown(desk, state):
    page = desk.get(f"/billing/documents/?state={state}").content.decode()
    return {name for name in Document.objects.values_list("name", flat=True) if f">{name}<" in page}


def test_what_was_written_off_says_so_everywhere(bob):
    desk = client_of(in_role("Thandi", "manager"))
    paid, part, whole, owed = (make_invoice(bob, amount) for amount in ("10.00", "20.00", "30.00", "40.00"))
    make_receipt(bob, "15.00")
    made = write_off(bob, part, whole)
    gone = {part.name, whole.name, made.name}
    assert {
        pk
        for pk, state in documents.states_of([*Document.objects.values_list("pk", flat=True)]).items()
        if state == "written_off"
    } == {
        part.pk,
        whole.pk,
        made.pk,
    }
    assert (shown(desk, "written_off"), shown(desk, "paid"), shown(desk, "used")) == (
        gone,
        {paid.name},
        set(),
    )
    assert shown(desk, "unpaid") == {owed.name}
    for one in (whole, made):
        page = desk.get(one.get_absolute_url()).content.decode()
        assert "Written off</span>" in page
        assert "Paid</span>" not in page
        assert "Used</span>" not in page
    rows = {row.document.name: row.state for row in of(customer=bob.pk, as_at=TODAY, limit=None).rows}
    assert rows == {paid.name: "paid", owed.name: "unpaid"} | dict.fromkeys(gone, "written_off")


def test_before_the_write_off_it_was_owed_and_once_undone_it_is_owed_again(bob):
    invoice = make_invoice(bob, "30.00", date(2018, 8, 1))
    made = write_off(bob, invoice)
    (before,) = of(customer=bob.pk, as_at=date(2018, 8, 31), limit=None).rows
    assert before.state == "unpaid"
    ledger.unallocate(allocations=[Allocation.objects.get().pk], day=TODAY, now=NOW, actor=None)
    assert documents.states_of([invoice.pk, made.pk]) == {invoice.pk: "unpaid", made.pk: "credit"}
    desk = client_of(in_role("Thandi", "manager"))
    assert shown(desk, "written_off") == set()


def test_an_opening_balance_has_nothing_to_write_off_and_is_adjusted(bob):
    OpeningBalance.objects.create(customer=bob, amount="88.20", as_at=date(2018, 3, 1))
    desk = client_of(in_role("Thandi", "manager"))
    sent_on = desk.get("/billing/customers/BOB001/write-off/")
    assert sent_on.url == "/billing/customers/BOB001/adjustment/?of=opening"
    page = desk.get(sent_on.url).content.decode()
    assert "R 88.20 of the opening balance is open" in page
    assert 'value="-88.20"' in page
    assert 'value="-88.20"' not in desk.get("/billing/customers/BOB001/adjustment/").content.decode()
    make_invoice(bob, "100.00")
    page = desk.get("/billing/customers/BOB001/write-off/").content.decode()
    assert "The opening balance of R 88.20 is no document" in page
    eve = client_of(make_person("Eve", "billing.issue_write_offs"))
    assert eve.get("/billing/customers/BOB001/write-off/").status_code == 200


RATES = [Decimal(0), Decimal(14), Decimal(15)]


@given(
    incls=st.lists(st.integers(1, 10**7), min_size=1, max_size=3, unique=False),
    share=st.integers(1, 100),
)
def test_s11_shares_add_up_to_the_cent(incls, share):
    standing = [
        AtRate("standard", rate, Decimal(cents) / 100) for rate, cents in zip(RATES, incls, strict=False)
    ]
    amount = (sum(one.incl for one in standing) * share / 100).quantize(Decimal("0.01"))
    found = written_off(amount, standing)
    assert sum(amounts.incl for _, amounts in found) == amount
    assert all(amounts.excl + amounts.vat == amounts.incl for _, amounts in found)
