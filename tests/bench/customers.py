"""The pages and terms that the customer benches ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from urllib.parse import quote

from django.test import Client

from customers.models import BillingGroup, CustomerGroup, Label
from herotill.reference.models import Highsite

SORTS = "name code group billing_group kind phone email status balance customer_since highsite payment_method".split()


def first_page(browser: Client) -> Sequence[str]:
    return ["/customers/?size=50"]


def filtered_pages(browser: Client) -> Sequence[str]:
    """Every sort, both ways; filters alone and with a sort; and pages far from the first."""
    group = CustomerGroup.objects.get(name="Golf Estate").pk
    run = BillingGroup.objects.get(name="Netcash Run 15").pk
    tower, label = Highsite.objects.order_by("pk")[0].pk, Label.objects.get(name="Legal").pk
    sorted_ = [f"/customers/?size=50&sort={way}{name}" for name in SORTS for way in ("", "-")]
    filtered = [
        f"/customers/?size=50&{filters}&sort={sort}"
        for filters, sort in (
            (f"group={group}", "name"),
            (f"billing_group={run}", "-balance"),
            (f"highsite={tower}", "email"),
            (f"label={label}", "name"),
            ("status=suspended", "-customer_since"),
            ("payment_method=credit_card&kind=company", "name"),
            ("balance_min=500&balance_max=2000", "name"),
            (f"group={group}&status=cancelled&prepaid=true", "phone"),
        )
    ]
    return sorted_ + filtered + _far(browser)


def _far(browser: Client, steps: int = 20) -> list[str]:
    """The page so many steps after the first, as a person gets there by Next."""
    address = "/customers/?size=250&sort=name"
    for _ in range(steps):
        found = re.search(r'href="([^"]*after=[^"]*)"', browser.get(address).content.decode())
        if not found:
            break
        address = unescape(found[1])
        address = address if address.startswith("/") else f"/customers/{address}"
    return [address.replace("size=250", "size=50")]


TERMS = (
    "ali",
    "mar",
    "the",
    "van wyk",
    "thabo nkosi",
    "nko tha",
    "ALI001",
    "VAN0100",
    "082 000",
    "4471",
    "+27830001",
    "webmail",
    "thabo.nkosi",
    "posduif.example",
    "elise",
    "zzzz",
)


def searches(browser: Client) -> Sequence[str]:
    return [f"/search/?q={quote(term)}" for term in TERMS]


def profiles(browser: Client) -> Sequence[str]:
    return ["/customers/ALI001/"]
