"""What the invented ISP sells as data: packages with their products, toppings and bundles."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from dataaccounts.models import Package, ToppingOffer
from dataaccounts.policies.measures import GB
from herotill.demo import DemoOrder
from herotill.reference.models import Price, Product, ProductType

OPENED = date(2017, 1, 1)
# Code, name, how a part of a month is billed, price.
PRODUCTS = (
    ("CAP60", "Home 10Mb/s 60GB", "daily", "349.00"),
    ("CAP200", "Home 20Mb/s 200GB", "daily", "549.00"),
    ("PRE10", "Prepaid 10Mb/s, by the month", "daily", "399.00"),
    ("SLOW1", "Once capped 1Mb/s", "daily", "99.00"),
    ("TOP10", "Topping 10GB", "none", "59.00"),
    ("TOP50", "Topping 50GB", "none", "199.00"),
    ("PRE30D", "Prepaid 30 days", "none", "379.00"),
    ("PRE20G", "Prepaid 20GB", "none", "149.00"),
)
REDUCED = "Once capped 1Mb/s"
STAFF = "Staff (Helpdesk)"
MANUAL = "10Mb/s Uncapped"
PREPAID = "Prepaid 10Mb/s"
# Name, product, kbit/s down and up, and what else is said of it.
PACKAGES: tuple[tuple[str, str, int, int, dict[str, Any]], ...] = (
    (REDUCED, "SLOW1", 1000, 512, {"in_portal": False}),
    ("Home Uncapped 2Mb/s", "UNC02", 2000, 1000, {}),
    ("Home Uncapped 4Mb/s", "UNC04", 4000, 2000, {}),
    ("Home Uncapped 10Mb/s", "UNC10", 10_000, 5000, {"burst_down_kbit": 15_000, "burst_up_kbit": 7500}),
    ("Home Uncapped 20Mb/s", "UNC20", 20_000, 10_000, {"burst_down_kbit": 30_000, "burst_up_kbit": 15_000}),
    ("Home 10Mb/s 60GB", "CAP60", 10_000, 5000, {"allowance": 60 * GB}),
    ("Home 20Mb/s 200GB", "CAP200", 20_000, 10_000, {"allowance": 200 * GB, "any_topping_restores": True}),
    ("Business 10Mb/s", "BUS10", 10_000, 10_000, {"pool": "business", "sessions": 2}),
    ("Business 50Mb/s", "BUS50", 50_000, 50_000, {"pool": "business", "sessions": 2}),
    (PREPAID, "PRE10", 10_000, 5000, {"mac_lock": True}),
    (STAFF, "", 20_000, 20_000, {"staff": True}),
    (MANUAL, "UNC10", 20_000, 20_000, {"allowance": GB, "retired": True}),
)
OFFERS: tuple[tuple[str, str, str, int | None, int | None], ...] = (
    ("topping", "Topping 10GB", "TOP10", 10 * GB, None),
    ("topping", "Topping 50GB", "TOP50", 50 * GB, None),
    ("bundle", "Prepaid 30 days", "PRE30D", None, 30),
    ("bundle", "Prepaid 20GB", "PRE20G", 20 * GB, 30),
)


@transaction.atomic
def make_catalogue(order: DemoOrder) -> None:
    """Packages, toppings and bundles with their products, where there are none."""
    if Package.objects.exists():
        return
    bandwidth = ProductType.objects.get(name="BANDWIDTH")
    for code, name, pro_rata, price in PRODUCTS:
        product = Product.objects.create(
            code=code, name=name, description=name, product_type=bandwidth, pro_rata=pro_rata
        )
        Price.objects.create(product=product, starts_on=OPENED, amount=Decimal(price))
    products = dict(Product.objects.values_list("code", "pk"))
    slow: Package | None = None
    for name, code, down, up, more in PACKAGES:
        made = Package.objects.create(
            name=name,
            product_id=products.get(code),
            down_kbit=down,
            up_kbit=up,
            once_capped=slow if "allowance" in more else None,
            **more,
        )
        slow = slow or made
    ToppingOffer.objects.bulk_create(
        ToppingOffer(kind=kind, name=name, product_id=products[code], octets=octets, days=days)
        for kind, name, code, octets, days in OFFERS
    )
