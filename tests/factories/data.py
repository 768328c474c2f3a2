"""Packages, data accounts, routers and sessions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from customers.models import Customer
from dataaccounts.models import (
    AccountPrice,
    DataAccount,
    IdentityCheck,
    Nas,
    Package,
    ServiceSpan,
    Session,
    VendorTemplate,
)
from herotill.reference.models import Product
from tests.factories.products import make_product

GB = 10**9
FIRST = date(2018, 8, 1)
BEGAN = datetime(2018, 7, 31, 22, tzinfo=UTC)  # midnight here


def make_package(name: str = "10Mb/s Uncapped", product: Product | None = None, **fields: Any) -> Package:
    """10 Mbit/s down, 5 up, uncapped, unless told otherwise; `price` makes its product, `staff` has none."""
    price = fields.pop("price", None)
    if product is None and not fields.get("staff"):
        code = name.upper().replace(" ", "-")[:30]
        found = Product.objects.filter(code=code).first()
        product = found or make_product(code, name=name, **({"price": price} if price else {}))
    return Package.objects.create(
        name=name, product=product, **({"down_kbit": 10_000, "up_kbit": 5_000} | fields)
    )


def make_account(
    customer: Customer, username: str = "alice@isp.example", package: Package | None = None, **fields: Any
) -> DataAccount:
    """An active account since August 2018 with a span of its own; `price` is a price of its own."""
    price: Decimal | None = fields.pop("price", None)
    found = package or Package.objects.filter(name="10Mb/s Uncapped").first() or make_package()
    fields = {"state": "active", "starts_on": FIRST, "state_since": BEGAN} | fields
    if fields.get("prepaid"):
        fields.setdefault("expires_at", datetime(2100, 1, 1, tzinfo=UTC))
    account = DataAccount.objects.create(customer=customer, username=username, package=found, **fields)
    ServiceSpan.objects.create(
        account=account,
        package=found,
        prepaid=account.prepaid,
        starts_on=account.starts_on,
        ends_on=account.ends_on,
    )
    if price is not None:
        AccountPrice.objects.create(account=account, starts_on=account.starts_on, amount=price)
    return account


def make_checked(customer: Customer, day: date = FIRST) -> None:
    """Identity and address checked against a document."""
    for kind in IdentityCheck.Kind.values:
        IdentityCheck.objects.create(customer=customer, kind=kind, document="Seen", checked_on=day)


def make_nas(name: str = "Tower 1", address: str = "10.1.0.1", **fields: Any) -> Nas:
    vendor = (
        fields.pop("vendor", None)
        or VendorTemplate.objects.get_or_create(slug="mikrotik", defaults={"name": "MikroTik"})[0]
    )
    return Nas.objects.create(name=name, address=address, vendor=vendor, **fields)


def make_session(account: DataAccount, nas: Nas, session_id: str = "81600001", **fields: Any) -> Session:
    """An open session since noon of 22 August 2018, as RADIUS would have written it."""
    noon = datetime(2018, 8, 22, 10, tzinfo=UTC)
    fields = {"started_at": noon, "updated_at": noon, "input_octets": 0, "output_octets": 0} | fields
    return Session.objects.create(
        session_id=session_id,
        unique_id=f"{account.username}/{session_id}",
        username=account.username,
        nas_address=nas.address,
        calling_station=fields.pop("mac", "80:2A:A8:24:E8:61"),
        ip_address=fields.pop("ip", "100.64.0.10"),
        **fields,
    )
