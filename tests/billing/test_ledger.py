"""The ledger: issue posts once, receipts pay the oldest, and nothing is ever changed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from billing.models import Allocation, Document, DocumentKind, Entry, OpenItem
from billing.services import issuing, ledger, receipts
from customers.models import CustomerBalance
from herotill.errors import DomainError
from tests.factories import make_customer
from tests.factories.billing import make_draft, make_invoice, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2018, 9, 1, tzinfo=UTC)


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


def refused(sql, *values):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return True


def test_an_issued_invoice_is_owed_and_a_draft_is_not():
    alice = make_customer("Alice Liddel")
    draft = make_draft(alice, "454.00")
    assert balance(alice) == 0
    assert draft.name == ""
    assert issuing.issue(documents=[draft.pk], actor=None, now=NOW) == 1
    draft.refresh_from_db()
    assert (draft.name, draft.number, balance(alice)) == ("INV00001", 1, Decimal("454.00"))
    assert issuing.issue(documents=[draft.pk], actor=None, now=NOW) == 0
    assert Entry.objects.get(kind="invoice", source_id=draft.pk).amount == Decimal("454.00")
    assert OpenItem.objects.get(customer=alice).open == Decimal("454.00")
    assert draft.snapshots.get().bill_to == "Alice Liddel"


def test_a_receipt_pays_the_oldest_first_and_the_rest_is_credit():
    bob = make_customer("Bob Hatter")
    old, new = make_invoice(bob, "100.00", date(2018, 6, 1)), make_invoice(bob, "50.00", date(2018, 7, 1))
    make_receipt(bob, "120.00")
    assert dict(OpenItem.objects.values_list("entry__reference", "open")) == {new.name: Decimal("30.00")}
    make_receipt(bob, "70.00")
    assert balance(bob) == Decimal("-40.00")
    assert [item.open for item in OpenItem.objects.filter(customer=bob)] == [Decimal("-40.00")]
    later = make_invoice(bob, "100.00", date(2018, 8, 25))
    assert OpenItem.objects.get(customer=bob).open == Decimal("60.00")
    assert Allocation.objects.filter(debit__reference=later.name).get().starts_on == date(2018, 8, 25)
    assert old.name == "INV00001"


def test_a_payment_that_names_a_document_goes_there():
    carol = make_customer("Carol White")
    make_invoice(carol, "100.00", date(2018, 6, 1))
    named = make_invoice(carol, "60.00", date(2018, 7, 1))
    make_receipt(carol, "90.00", names=named)
    assert OpenItem.objects.get(customer=carol).open == Decimal("70.00")
    assert Allocation.objects.get(debit__reference=named.name).how == "named"


def test_a_reversed_receipt_reopens_what_it_paid():
    dora = make_customer("Dora Cheshire")
    make_invoice(dora, "100.00", date(2018, 6, 1))
    receipt = make_receipt(dora, "100.00", date(2018, 6, 5))
    assert balance(dora) == 0
    assert not OpenItem.objects.filter(customer=dora)
    receipts.reverse(receipt=receipt, day=date(2018, 6, 20), reason="Unpaid", actor=None, code="02")
    assert balance(dora) == Decimal("100.00")
    assert OpenItem.objects.get(customer=dora).entry.kind == "invoice"
    undone = Allocation.objects.get(how="oldest")
    assert undone.ends_on == date(2018, 6, 20)
    assert undone.known_until
    with pytest.raises(DomainError):
        receipts.reverse(receipt=receipt, day=date(2018, 6, 21), reason="Again", actor=None)


def test_an_allocation_can_be_undone_and_made_by_hand():
    eve = make_customer("Eve Dormouse")
    old, new = make_invoice(eve, "100.00", date(2018, 6, 1)), make_invoice(eve, "100.00", date(2018, 7, 1))
    make_receipt(eve, "100.00", date(2018, 7, 2))
    made = Allocation.objects.get(customer=eve)
    assert ledger.unallocate(allocations=[made.pk], day=date(2018, 7, 9), now=NOW, actor=None) == 1
    assert ledger.unallocate(allocations=[made.pk], day=date(2018, 7, 9), now=NOW, actor=None) == 0
    debit = Entry.objects.get(reference=new.name)
    with pytest.raises(DomainError, match="Only R 100"):
        ledger.allocate(
            debit=debit, credit=made.credit, amount=Decimal("100.01"), day=date(2018, 7, 9), actor=None
        )
    ledger.allocate(debit=debit, credit=made.credit, amount=Decimal("100"), day=date(2018, 7, 9), actor=None)
    assert OpenItem.objects.get(customer=eve).entry.reference == old.name


def test_a_credit_note_goes_to_its_invoice_and_never_beyond_it():
    frank = make_customer("Frank Gryphon")
    make_invoice(frank, "10.00", date(2018, 6, 1))
    invoice = make_invoice(frank, "100.00", date(2018, 7, 1))
    make_invoice(frank, "40.00", date(2018, 7, 5), kind=DocumentKind.CREDIT_NOTE, against=invoice)
    assert {item.open for item in OpenItem.objects.filter(customer=frank)} == {Decimal(10), Decimal(60)}
    with pytest.raises(IntegrityError, match="no_line_is_credited_beyond_itself"), transaction.atomic():
        make_invoice(frank, "60.01", date(2018, 7, 6), kind=DocumentKind.CREDIT_NOTE, against=invoice)
    make_invoice(frank, "60.00", date(2018, 7, 6), kind=DocumentKind.CREDIT_NOTE, against=invoice)
    assert OpenItem.objects.get(customer=frank).open == Decimal(10)


def test_a_write_off_settles_the_document_it_names():
    gwen = make_customer("Gwen Knave")
    invoice = make_invoice(gwen, "100.00", date(2018, 1, 1))
    make_invoice(gwen, "100.00", date(2018, 7, 1), kind=DocumentKind.WRITE_OFF, against=invoice)
    assert balance(gwen) == 0
    assert not OpenItem.objects.filter(customer=gwen)


def test_the_database_refuses_every_change_of_what_is_booked():
    alice = make_customer("Alice Liddel")
    invoice = make_invoice(alice)
    receipt = make_receipt(alice, "1.00")
    assert refused("UPDATE billing_entry SET amount = 0")
    assert refused("DELETE FROM billing_entry")
    assert refused("UPDATE billing_document SET incl = 1, excl = 1, vat = 0 WHERE id = %s", invoice.pk)
    assert refused("DELETE FROM billing_document WHERE id = %s", invoice.pk)
    assert refused("UPDATE billing_line SET text = 'x' WHERE document_id = %s", invoice.pk)
    assert refused("DELETE FROM billing_line WHERE document_id = %s", invoice.pk)
    assert refused("UPDATE billing_receipt SET amount = 5 WHERE id = %s", receipt.pk)
    assert refused("DELETE FROM billing_allocation")
    assert refused("UPDATE billing_allocation SET amount = 2")
    assert refused("UPDATE billing_openitem SET open = 1")
    assert refused("UPDATE customers_customerbalance SET amount = 0")
    assert refused("UPDATE billing_snapshot SET bill_to = 'Somebody else'")
    assert refused(
        "INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount)"
        " VALUES (%s, 'invoice', 0, '2018-01-01', '2018-01-01', 5)",
        alice.pk,
    )


def test_totals_that_are_not_the_sums_of_the_lines_are_never_issued():
    alice = make_customer("Alice Liddel")
    draft = make_draft(alice)
    draft.lines.update(excl=1, vat=0, incl=1)
    with pytest.raises(IntegrityError, match="not the sums of its lines"), transaction.atomic():
        issuing.issue(documents=[draft.pk], actor=None, now=NOW)
    assert Document.objects.get(pk=draft.pk).is_draft
    assert make_invoice(alice).name == "INV00001"


def test_numbers_with_a_gap_are_refused():
    alice = make_customer("Alice Liddel")
    invoice, draft = make_invoice(alice), make_draft(alice)
    assert refused(
        "UPDATE billing_document SET status = 'issued', series_id = %s, number = 3, name = 'INV00003',"
        " issued_at = now() WHERE id = %s",
        invoice.series_id,
        draft.pk,
    )
    assert refused("UPDATE billing_series SET first_number = 9 WHERE id = %s", invoice.series_id)
    assert refused("DELETE FROM billing_series WHERE id = %s", invoice.series_id)


def test_s09_a_closed_period_takes_no_more_entries():
    alice = make_customer("Alice Liddel")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_accountingperiod (month, closed_at) VALUES ('2018-06-01', '2018-07-05')"
        )
    with pytest.raises(IntegrityError, match="Jun 2018 is closed"), transaction.atomic():
        make_invoice(alice, "1.00", date(2018, 6, 30))
    with pytest.raises(IntegrityError, match="May 2018 is closed"), transaction.atomic():
        make_invoice(alice, "1.00", date(2018, 5, 31))
    assert make_invoice(alice, "1.00", date(2018, 7, 1)).name == "INV00001"
