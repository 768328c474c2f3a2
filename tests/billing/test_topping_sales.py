"""Toppings and bundles that are paid at once: the receipt, its tax invoice and the data stand or fall together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.test import Client

from billing.models import BankAccount, Document, Entry, OpenItem, Receipt
from billing.services import topping_sales
from billing.services.receipts import NewReceipt
from customers.models import Customer
from dataaccounts.models import DataAccount, Topping, ToppingOffer
from herotill.errors import DomainError
from herotill.users.models import User
from tests.factories import client_of, make_customer, make_person
from tests.factories.banking import bank_account
from tests.factories.data import GB, make_account
from tests.factories.products import make_price, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
TODAY = date(2018, 8, 22)
SELL = "/billing/customers/ALI001/sell-topping/"


@pytest.fixture
def alice() -> Customer:
    return make_customer(code="ALI001")


@pytest.fixture
def prepaid(alice: Customer) -> DataAccount:
    return make_account(alice, prepaid=True, expires_at=NOW)


@pytest.fixture
def bundle() -> ToppingOffer:
    return ToppingOffer.objects.create(
        name="10 GB", kind="bundle", octets=10 * GB, days=30, product=make_product("BUN10", "115.00")
    )


@pytest.fixture
def till() -> BankAccount:
    return bank_account("Till", kind="cash", source="capture")


@pytest.fixture
def sue() -> User:
    return make_person("Sue", "billing.add_receipt", "billing.issue_invoices", "customers.view_customer")


def paid(alice: Customer, till: BankAccount, amount: str) -> NewReceipt:
    return NewReceipt(
        customer_id=alice.pk,
        account_id=till.pk,
        receipt_date=TODAY,
        amount=Decimal(amount),
        source_reference="captured-1",
        method="cash",
    )


def test_s17_a_paid_bundle_makes_its_tax_invoice_with_the_receipt(
    alice: Customer, prepaid: DataAccount, bundle: ToppingOffer, till: BankAccount, sue: User
) -> None:
    made = topping_sales.sell(
        account=prepaid, offer=bundle, receipt=paid(alice, till, "115.00"), actor=sue, now=NOW
    )
    invoice = Document.objects.get()
    assert (invoice.status, invoice.incl, invoice.vat) == ("issued", Decimal("115.00"), Decimal("15.00"))
    assert made.document == invoice.name
    assert Entry.objects.aggregate(left=Sum("amount"))["left"] == 0
    assert not OpenItem.objects.exclude(open=0).exists()
    prepaid.refresh_from_db()
    assert prepaid.expires_at == datetime(2018, 9, 21, 10, tzinfo=UTC)


def test_s17_too_little_money_leaves_nothing_behind(
    alice: Customer, prepaid: DataAccount, bundle: ToppingOffer, till: BankAccount, sue: User
) -> None:
    with pytest.raises(DomainError, match=r"costs R 115\.00"):
        topping_sales.sell(
            account=prepaid, offer=bundle, receipt=paid(alice, till, "100.00"), actor=sue, now=NOW
        )
    assert [made.objects.count() for made in (Document, Receipt, Topping)] == [0, 0, 0]


def test_s17_what_does_not_fit_the_account_leaves_nothing_behind(
    alice: Customer, bundle: ToppingOffer, till: BankAccount, sue: User
) -> None:
    monthly = make_account(alice)
    with pytest.raises(DomainError, match="takes a topping"):
        topping_sales.sell(
            account=monthly, offer=bundle, receipt=paid(alice, till, "115.00"), actor=sue, now=NOW
        )
    assert [made.objects.count() for made in (Document, Receipt, Topping)] == [0, 0, 0]


def test_money_that_came_before_a_rise_buys_at_todays_price(
    alice: Customer, prepaid: DataAccount, bundle: ToppingOffer, till: BankAccount, sue: User
) -> None:
    make_price(bundle.product, "230.00", date(2018, 8, 20))
    early = replace(paid(alice, till, "230.00"), receipt_date=date(2018, 8, 15))
    topping_sales.sell(account=prepaid, offer=bundle, receipt=early, actor=sue, now=NOW)
    assert Document.objects.get().incl == Decimal("230.00")
    with pytest.raises(DomainError, match=r"costs R 230\.00"):
        topping_sales.sell(
            account=prepaid,
            offer=bundle,
            receipt=replace(early, amount=Decimal("115.00"), source_reference="captured-2"),
            actor=sue,
            now=NOW,
        )


def test_sue_sells_it_in_a_dialog(
    prepaid: DataAccount, bundle: ToppingOffer, till: BankAccount, sue: User
) -> None:
    desk: Client = client_of(sue)
    assert "10 GB" in desk.get(SELL).content.decode()
    typed = {
        "data_account": prepaid.pk,
        "offer": bundle.pk,
        "amount": "115.00",
        "receipt_date": "2018-08-22",
        "account": till.pk,
        "method": "cash",
        "token": "once",
    }
    desk.post(SELL, typed)
    desk.post(SELL, typed | {"twice": "on"})
    assert Receipt.objects.count() == Topping.objects.count() == Document.objects.count() == 1


def test_dora_sells_nothing(prepaid: DataAccount) -> None:
    assert client_of(make_person("Dora", "customers.view_customer")).get(SELL).status_code == 403
    assert client_of(make_person("Tom", "billing.add_receipt")).post(SELL).status_code == 403


def test_the_dialog_says_what_each_bundle_costs(
    alice: Customer, prepaid: DataAccount, bundle: ToppingOffer, sue: User
) -> None:
    assert topping_sales.costs(customer=alice.pk, day=TODAY) == {bundle.pk: Decimal("115.00")}
    page = client_of(sue).get(SELL).content.decode()
    assert "10 GB, R 115.00" in page
