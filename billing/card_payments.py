"""What card payments add to the shell and to screens of others."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

import billing.channels.payfast
import billing.channels.paynow
import billing.lists.card_payments
import billing.rights.cards  # noqa: F401
from billing.demo.cards import make_cards, payfast_environment, serve_payfast
from billing.screen import PaymentDetail, payment_details
from billing.selectors import card_gateways, cards
from billing.services import voucher_sales
from billing.services.cards import charging, gateways, notices, pay_links, stored
from billing.tasks import cards as work
from customers.models import Customer, Purpose
from herotill.approvals import ApprovalKind
from herotill.approvals import kinds as approval_kinds
from herotill.demo import DemoPart, StandIn, demo_parts, stand_ins
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import EMAIL, FIRST, Field, Template, templates
from herotill.tiles import Tile, tiles

GROUP = "Card payments"
NAME = Field("name", "The customer's name", "Alice Liddel")
CODE = Field("code", "The customer's code", "ALI001")
LINK = (
    Field("link", "The address to open", "https://isp.example/…", secret=True, link=True),
    Field("until", "How long it works", "2026-12-06", secret=True),
)
VERIFY = """Dear {name}

Please verify the card by which you want to pay your account {code}: open this page and press Verify Now.

{link}

You type the card at our payment gateway; nobody here sees its number. The page works until {until}.
"""
PAY = """Dear {name}

On this page you see what is due on your account {code}, and pay it by card:

{link}

It works until {until}.
"""
EXPIRES = """Dear {name}

The card by which you pay us ({card}) is valid until {month}. Please verify the new one before:

{link}

The page works until {until}.
"""
VOUCHER = """Dear {name}

Thank you. Here is your voucher for {what}:

{code}

It can be redeemed once, until {until}.
"""


def _template(name: str, title: str, subject: str, text: str, *fields: Field, order: int) -> None:
    templates.register(
        Template(
            name=name,
            title=title,
            group=GROUP,
            channel=EMAIL,
            purpose=Purpose.INVOICES,
            rank=FIRST,
            subject=subject,
            text=text,
            fields=(NAME, *fields),
            secrets=voucher_sales.seal if name == voucher_sales.TEMPLATE else pay_links.seal,
            order=order,
        )
    )


_template("card-verify", "Verify a card", "Verify your card", VERIFY, CODE, *LINK, order=50)
_template("card-pay", "Pay by card", "Pay your account {code} by card", PAY, CODE, *LINK, order=51)
_template(
    stored.EXPIRES,
    "A card expires",
    "Your card expires",
    EXPIRES,
    Field("card", "The card, as far as it is known", "Visa •••• 1234"),
    Field("month", "The last month it is valid", "Dec 2026"),
    *LINK,
    order=52,
)
_template(
    voucher_sales.TEMPLATE,
    "A voucher that was paid",
    "Your voucher for {what}",
    VOUCHER,
    Field("what", "What it gives", "Bundle 10 GB"),
    Field("code", "The code of the voucher", "ABCD-EFGH-JKMN", secret=True),
    Field("until", "The last day it can be redeemed", "2029-11-22"),
    order=53,
)

demo_parts.register(DemoPart("card payments", make_cards, order=96))
stand_ins.register(StandIn("payfast", serve_payfast, payfast_environment))

for place, (name, title, task, schedule) in enumerate(
    (
        (notices.JOB, "Judges what card gateways told us", work.judge_notices, "every minute"),
        (charging.JOB, "Charges stored cards", work.charge, "every minute"),
        (
            "card-lookups",
            "Asks gateways about card payments without a notice",
            work.look_up,
            "every 10 minutes",
        ),
        (
            "card-statements",
            "Settles card payments by the statement",
            work.settle_by_statement,
            "every 10 minutes",
        ),
        ("card-expiry", "Tells customers that their card expires", work.remind, "daily at 08:40"),
    )
):
    jobs.register(Job(name, title, Queue.MONEY, task, schedule, order=60 + place))

approval_kinds.register(
    ApprovalKind(
        name=gateways.KIND,
        title="Change of a card gateway",
        permission="billing.change_cardgateway",
        subject=card_gateways.as_subject,
        describe=card_gateways.changes,
        carry_out=gateways.carry_out,
        secret=frozenset({"key", "passphrase"}),
        order=11,
    )
)


def _facts(customer: Customer) -> list[tuple[str, str]]:
    card = cards.card_of(customer=customer)
    if card is None:
        return []
    until = f", valid until {card.expires_on:%Y-%m}" if card.expires_on else ""
    return [("Card", f"{card} at {card.gateway}{until}")]


payment_details.register(PaymentDetail("card", "card", "billing.view_storedcard", _facts, order=50))


def _waiting(user: Any) -> dict[str, Any] | None:
    """The tile of card payments that do not match."""
    number = cards.waiting()
    if not number:
        return None
    return {
        "figure": number,
        "what": "Card payments to look at",
        "sub": "Reported, or not what was asked for",
        "url": reverse("billing:cards-to-look-at"),
        "icon": "credit-card",
        "tone": "warn",
    }


tiles.register(
    Tile(
        "card-payments",
        "Card payments to look at",
        "billing.settle_card_attempt",
        "tiles/_figure.html",
        _waiting,
        order=46,
    )
)
for place, (name, label, url_name, permission) in enumerate(
    (
        ("card-payments", "Card payments", "billing:card-payments", "billing.view_cardattempt"),
        ("card-notices", "Gateway notices", "billing:card-notices", "billing.view_cardnotice"),
    )
):
    menu.register(
        MenuEntry(f"billing.{name}", label, url_name, permission, order=60 + 2 * place, parent="collections")
    )
menu.register(
    MenuEntry(
        "billing.cards-to-look-at",
        "Cards to look at",
        "billing:cards-to-look-at",
        "billing.view_cardnotice",
        order=61,
        parent="collections",
        counter=lambda user: cards.waiting(),
    )
)
menu.register(
    MenuEntry(
        "setup.card-gateways",
        "Card gateways",
        "billing:card-gateways",
        "billing.view_cardgateway",
        "credit-card",
        295,
        parent="setup",
        about="Who takes cards for us, and where their notices come to.",
    )
)
