"""The data accounts of the customers whom the users' manuals show."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from customers.models import Customer
from dataaccounts.demo.catalogue import MANUAL, PREPAID, STAFF
from dataaccounts.demo.secrets import password
from dataaccounts.models import (
    AccountPrice,
    DataAccount,
    Device,
    IdentityCheck,
    Package,
    PackageChange,
    Sector,
    ServiceSpan,
    Topping,
    ToppingOffer,
    UsageNotice,
)
from dataaccounts.services import radius_secrets
from herotill.demo import DemoOrder
from herotill.months import Month
from herotill.users.models import User

MANUALS = ("WON001", "ALI001", "MIC001", "MAS001", "SUB001")
BEGAN = date(2016, 3, 14)
ALICES = (
    (date(2017, 6, 15), "Home Uncapped 4Mb/s", "Wants more speed"),
    (date(2018, 4, 1), "Home Uncapped 10Mb/s", "Wants more speed"),
    (date(2018, 10, 1), MANUAL, "Special offer"),
)
OWN_PRICE = Decimal("756.49")


def make_manual_accounts(order: DemoOrder) -> None:
    """Alice with some of everything; Mickey with a staff package; a prepaid and a waiting one. Once."""
    if DataAccount.objects.filter(customer__code="ALI001").exists():
        return
    with transaction.atomic():
        _fill_alice(order, _make_alice(order))
        mickey = _make(order, "MIC001", "mickey.testtest", STAFF, starts_on=BEGAN)
        Device.objects.create(account=mickey, mac="02:4D:49:43:4B:59", state="authorised")
        expired = {"prepaid": True, "expires_at": _at(order.today)}
        _make(order, "MAS001", "asdfasfaasd", PREPAID, starts_on=BEGAN, **expired)
        _make(order, "SUB001", "sublest", "Home Uncapped 4Mb/s", starts_on=order.today, state="waiting")


def _at(day: date) -> datetime:
    return datetime.combine(day, time(8), UTC)


def _make(order: DemoOrder, code: str, username: str, package: str, **fields: Any) -> DataAccount:
    customer = Customer.objects.get(code=code)
    sector = Sector.objects.order_by("pk").first()
    fields = {"state": "active", "sector": sector, "highsite": sector.highsite if sector else None} | fields
    made = DataAccount.objects.create(
        customer=customer,
        username=username,
        package=Package.objects.get(name=package),
        address=customer.addresses.filter(kind="physical").first(),
        **fields,
    )
    ServiceSpan.objects.create(
        account=made, package=made.package, prepaid=made.prepaid, starts_on=made.starts_on
    )
    radius_secrets.set_password(account_id=made.pk, password=password(order, username), actor=None)
    if made.state == "active":
        for kind, document in (("identity", "Green ID book"), ("address", "Municipal account")):
            IdentityCheck.objects.create(
                customer=customer, kind=kind, document=document, checked_on=BEGAN, checked_by=_johan()
            )
    return made


def _johan() -> User | None:
    return User.objects.filter(username="technician").first()


def _make_alice(order: DemoOrder) -> DataAccount:
    """Four changes: three that were made, and one to come."""
    alice = _make(order, "ALI001", "alice@wonderland.example", "Home Uncapped 2Mb/s", starts_on=BEGAN)
    history = Month.of(order.today).plus(-order.months).first
    for day, name, reason in ALICES:
        package = Package.objects.get(name=name)
        _note_change(alice, package, day, reason, asked=day - timedelta(days=3), applied_at=_at(day))
        alice.spans.filter(ends_on=None).update(ends_on=day - timedelta(days=1))
        ServiceSpan.objects.create(account=alice, package=package, starts_on=day, bill_from=history)
        alice.package = package
    alice.spans.exclude(ends_on=None).update(bill_from=history)
    alice.save(update_fields=["package"])
    AccountPrice.objects.create(account=alice, starts_on=ALICES[-1][0], amount=OWN_PRICE, agreed=True)
    coming = Month.of(order.today).next.first
    faster = Package.objects.get(name="Home Uncapped 20Mb/s")
    _note_change(alice, faster, coming, "Wants more speed", asked=order.today - timedelta(days=2))
    return alice


def _note_change(
    account: DataAccount, package: Package, day: date, reason: str, *, asked: date, **fields: Any
) -> None:
    PackageChange.objects.create(
        account=account,
        from_package=account.package,
        to_package=package,
        takes_effect_on=day,
        reason=reason,
        asked_by=_johan(),
        asked_at=_at(asked),
        **fields,
    )


def _fill_alice(order: DemoOrder, alice: DataAccount) -> None:
    for mac, state, text in (
        ("80:2A:A8:24:E8:61", "authorised", "Radio on the roof"),
        ("4C:5E:0C:11:22:33", "seen", ""),
    ):
        Device.objects.create(account=alice, mac=mac, state=state, text=text, last_seen_at=_at(order.today))
    UsageNotice.objects.create(
        account=alice, at_50=True, email="alice@wonderland.example", sms="+27799999999"
    )
    offer = ToppingOffer.objects.get(name="Topping 10GB")
    for months, charge, reason in ((1, "next", ""), (3, "free", "Sorry for the outage")):
        day = Month.of(order.today).plus(-months).first + timedelta(days=17)
        Topping.objects.create(
            account=alice,
            offer=offer,
            octets=offer.octets or 0,
            starts_on=day,
            ends_on=Month.of(day).last,
            charge=charge,
            reason=reason,
            added_by=User.objects.filter(username="support").first(),
            added_at=_at(day),
        )
