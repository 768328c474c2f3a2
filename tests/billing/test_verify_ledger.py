"""`verify_ledger`: clean on what the services did, and it finds each kind of damage."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from billing.models import DocumentKind
from billing.selectors import verifying
from billing.services import receipts
from customers.models import OpeningBalance
from tests.factories import make_customer
from tests.factories.billing import make_invoice, make_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.money]


@pytest.fixture
def a_life():
    """Alice with some of everything."""
    alice = make_customer("Alice Liddel", "ALI001")
    OpeningBalance.objects.create(customer=alice, amount="10.00", as_at=date(2018, 1, 1))
    OpeningBalance.objects.all().delete()
    OpeningBalance.objects.create(customer=alice, amount="454.00", as_at=date(2018, 2, 1))
    first, second = make_invoice(alice, "450.00", date(2018, 3, 26)), make_invoice(alice)
    make_receipt(alice, "454.00", date(2018, 3, 15))
    bounced = make_receipt(alice, "450.00", date(2018, 4, 15))
    receipts.reverse(receipt=bounced, day=date(2018, 4, 20), reason="Unpaid", actor=None)
    make_invoice(alice, "50.00", date(2018, 5, 1), kind=DocumentKind.CREDIT_NOTE, against=first)
    make_invoice(alice, "20.00", date(2018, 6, 1), kind=DocumentKind.ADJUSTMENT)
    make_invoice(alice, "4.00", date(2018, 9, 1), kind=DocumentKind.WRITE_OFF, against=second)
    make_invoice(alice, "1.00", date(2018, 9, 2), kind=DocumentKind.DEBIT_NOTE)
    make_receipt(alice, "300.00", date(2018, 9, 3))
    return alice


def test_what_the_services_did_is_sound(a_life):
    said = StringIO()
    call_command("verify_ledger", stdout=said, verbosity=2)
    assert "balances: nothing differs" in said.getvalue()
    assert f"{len(verifying.CHECKS)} checks, nothing differs." in said.getvalue()
    assert list(verifying.verify()) == []


DAMAGE = {
    "balances": "UPDATE customers_customerbalance SET amount = amount + 0.01",
    "open items": "UPDATE billing_openitem SET open = open - 0.01 WHERE open > 1",
    "copies in open items": "UPDATE billing_openitem SET due_date = due_date + 1",
    "allocations": "UPDATE billing_allocation SET starts_on = starts_on - 400",
    "allocations on every day": "UPDATE billing_allocation SET ends_on = '2018-04-25' WHERE ends_on IS NOT NULL",
    "document totals": "UPDATE billing_line SET vat = vat + 0.01, incl = incl + 0.01 WHERE credits_id IS NOT NULL",
    "documents": "UPDATE billing_entry SET amount = amount + 1 WHERE kind = 'debit_note'",
    "receipts": "UPDATE billing_receipt SET amount = amount + 1",
    "reversals": "UPDATE billing_reversal SET reversed_on = reversed_on + 1",
    "opening balances": "UPDATE customers_openingbalance SET amount = amount + 1",
    "refunds": "INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount)"
    " SELECT id, 'refund', 1, '2018-01-01', '2018-01-01', 5 FROM customers_customer",
    "what lines name": "UPDATE billing_line SET product_id = 999999999",
    "credits of lines": "UPDATE billing_linecredit SET credited = credited + 0.01",
    "number series": "UPDATE billing_document SET number = 7 WHERE name = 'INV00002'",
    "document numbers": "UPDATE billing_document SET name = 'INV2' WHERE name = 'INV00002'",
    "ranges of numbers": "UPDATE billing_namerange SET first_day = '2001-01-01', last_day = '2001-01-01'",
    "closed periods": "INSERT INTO billing_accountingperiod (month, closed_at) VALUES ('2018-03-01', '2018-04-01')",
    "revenue by month": "INSERT INTO billing_monthrevenue (month, product, excl) VALUES ('2018-03-01', 0, 1)",
    "VAT by month": "INSERT INTO billing_monthvat (month, kind, vat_class, vat_rate, documents, excl, vat, incl)"
    " VALUES ('2018-03-01', 'invoice', 'standard', 99, 1, 1, 0, 1)",
    "receipts by month": "INSERT INTO billing_monthreceived (month, account, receipts, amount, reversed)"
    " VALUES ('2001-03-01', 1, 1, 1, 0)",
    "snapshots": "DELETE FROM billing_snapshot",
}


GUARDED = (
    "customers_customerbalance customers_openingbalance billing_entry billing_openitem billing_allocation"
    " billing_document billing_line billing_linecredit billing_receipt billing_reversal billing_snapshot"
    " billing_accountingperiod billing_namerange"
).split()


def damage(statement):
    """What nobody can do while the triggers stand."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        assert cursor.rowcount > 0
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.parametrize("name", [check.name for check in verifying.CHECKS])
def test_each_check_finds_its_damage(a_life, name):
    damage(DAMAGE[name])
    check = next(check for check in verifying.CHECKS if check.name == name)
    assert len(verifying.differences(check)) == 1
    with pytest.raises(CommandError, match=r"should be .* and is "):
        call_command("verify_ledger")


def test_an_open_item_of_another_document_is_found(a_life):
    damage("UPDATE billing_openitem SET document_id = document_id + 1")
    assert {found.check for found in verifying.verify()} == {"copies in open items"}


def test_an_entry_that_nothing_posted_is_found(a_life):
    damage(
        "INSERT INTO billing_entry (customer_id, kind, source_id, accounting_date, due_date, amount)"
        f" VALUES ({a_life.pk}, 'receipt', 999, '2018-01-01', '2018-01-01', -5)"
    )
    assert {found.check for found in verifying.verify()} >= {"receipts", "balances", "open items"}
