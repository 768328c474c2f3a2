"""The manuals' picture, worked by hand: six invoices, an opening one, six receipts."""

from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from billing.models import BankAccount, Receipt
from billing.selectors import ageing
from billing.selectors.ageing import Aged
from customers.models import OpeningBalance
from tests.factories import make_customer
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db
AS_AT = date(2018, 8, 22)
INVOICES = """Inv No;Inv Date;Account Code;Amount
INV00563;2018-03-26;ALI001;450.00
INV00589;2018-04-30;ALI001;454.00
INV00615;2018-05-23;ALI001;454.00
INV00643;2018-06-22;ALI001;454.00
INV00670;2018-07-20;ALI001;454.00
INV00699;2018-08-21;ALI001;454.00
"""
RECEIPTS = (
    ("2018-03-15", "454.00"),
    ("2018-04-16", "450.00"),
    ("2018-05-15", "454.00"),
    ("2018-06-15", "454.00"),
    ("2018-07-16", "454.00"),
    ("2018-08-15", "454.00"),
)


@pytest.fixture
def alice(client, tmp_path):
    """Her opening invoice, the invoices imported under their numbers, the receipts captured on the screen."""
    alice = make_customer("Alice Liddel", "ALI001")
    OpeningBalance.objects.create(customer=alice, amount="454.00", as_at=date(2018, 2, 21))
    (tmp_path / "invoices.csv").write_text(INVOICES)
    call_command("import_csv", "invoices", str(tmp_path / "invoices.csv"), stdout=StringIO())
    account = BankAccount.objects.get_or_create(name="Sage Pay")[0]
    client.force_login(in_role("Thabo", "manager"))
    for day, amount in RECEIPTS:
        form = {"receipt_date": day, "account": account.pk, "amount": amount, "reference": "ALI001 -"}
        form |= {"method": "eft", "token": f"receipt-{day}"}
        answer = client.post("/customers/ALI001/widgets/payment-receipts/add/", form)
        assert answer.status_code == 302, answer.content.decode()
    assert Receipt.objects.filter(customer=alice).count() == 6
    return alice


def test_only_the_newest_invoice_is_unpaid_and_stands_in_current(client, alice):
    assert ageing.of(customers=[alice.pk], as_at=AS_AT)[alice.pk] == Aged(current=Decimal("454.00"))
    (left,) = ageing.open_parts(customer=alice.pk, as_at=AS_AT)
    assert (left.reference, left.open) == ("INV00699", Decimal("454.00"))
    card = client.get(f"/customers/ALI001/widgets/age-analysis/?as_at={AS_AT}").content.decode()
    assert card.count("</i>Paid</span>") == 5
    assert card.count("</i>Unpaid</span>") == 1
    for label, amount in zip(ageing.BUCKETS, ("0.00", "0.00", "0.00", "0.00", "454.00"), strict=True):
        assert f"<dt>{label}</dt><dd>R {amount}</dd>" in card
    assert 'Total due: <b class="num">R 454.00</b>' in card


def test_every_day_before_is_what_the_statement_of_that_day_said(alice):
    expected = {
        date(2018, 3, 14): Aged(current=Decimal(454)),
        date(2018, 3, 15): Aged(),
        date(2018, 4, 15): Aged(current=Decimal(450)),
        date(2018, 4, 30): Aged(current=Decimal(454)),
        date(2018, 5, 15): Aged(),
        date(2018, 8, 20): Aged(),
    }
    for day, aged in expected.items():
        assert ageing.of(customers=[alice.pk], as_at=day)[alice.pk] == aged
    call_command("verify_ledger", stdout=StringIO())
