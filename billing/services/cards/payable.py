"""What a customer may pay by card today: what is due, documents, data for an account, a voucher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from billing.models import OpenItem
from billing.selectors import own_account, receipts
from billing.services import topping_sales, voucher_sales
from customers.models import Customer
from dataaccounts.models import DataAccount, Package, ToppingOffer
from herotill.money import ZERO


@dataclass(frozen=True, slots=True)
class Goods:
    """Something a payer may buy: its words, its price with VAT, what names it in a payment, and what it gives."""

    key: str
    name: str
    price: Decimal
    subject: Mapping[str, Any]
    offer: ToppingOffer


@dataclass(frozen=True, slots=True)
class Payable:
    """What the page to pay offers one customer. `due` is what is owed less what is unallocated, never below zero.

    `collected` of it is on its way already, by debit order or from a stored card, on the day `collected_on`.
    """

    due: Decimal
    collected: Decimal
    collected_on: date | None
    documents: list[tuple[int, str, Decimal]]
    toppings: list[Goods]
    vouchers: list[Goods]


def due(customer: Customer) -> Decimal:
    """What a customer owes less what is unallocated, never below zero."""
    balance: Decimal = OpenItem.objects.filter(customer=customer).aggregate(sum=Sum("open"))["sum"] or ZERO
    return max(balance, ZERO)


def payable(*, customer: Customer, day: date) -> Payable:
    """All that a customer can pay by card today."""
    offers = topping_sales.offers(customer=customer.pk, day=day)
    going = own_account.on_its_way(customer=customer)
    return Payable(
        due=due(customer),
        collected=going.amount,
        collected_on=going.on,
        documents=receipts.open_documents(customer=customer),
        toppings=_toppings(customer, offers),
        vouchers=_vouchers({offer.pk: price for offer, price in offers.items()}),
    )


def _toppings(customer: Customer, offers: Mapping[ToppingOffer, Decimal]) -> list[Goods]:
    accounts = DataAccount.objects.filter(customer=customer).exclude(state="cancelled").order_by("username")
    return data_for(list(accounts), offers)


def data_for(accounts: Sequence[DataAccount], offers: Mapping[ToppingOffer, Decimal]) -> list[Goods]:
    """Toppings for accounts paid by the month and bundles for prepaid ones, with their prices."""
    return [
        _goods(account, offer, price)
        for account in accounts
        for offer, price in offers.items()
        if account.prepaid == (offer.kind == ToppingOffer.Kind.BUNDLE)
    ]


def _goods(account: DataAccount, offer: ToppingOffer, price: Decimal) -> Goods:
    name = f"{offer} for {account.username}"
    subject = {"account": account.pk, "offer": offer.pk, "name": name}
    return Goods(f"{account.pk}-{offer.pk}", name, price, subject, offer)


def _vouchers(costs: Mapping[int, Decimal]) -> list[Goods]:
    return [
        _voucher(package, offer, costs[offer.pk])
        for package, offer in voucher_sales.kinds()
        if offer.pk in costs
    ]


def _voucher(package: Package, offer: ToppingOffer, price: Decimal) -> Goods:
    name = f"Voucher for {offer} on {package}"
    subject = {"package": package.pk, "offer": offer.pk, "name": name}
    return Goods(f"{package.pk}-{offer.pk}", name, price, subject, offer)
