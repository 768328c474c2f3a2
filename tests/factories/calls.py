"""Voice lines, decks and formats of call records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from billing.models import Document
from billing.services import charging, drafting, issuing
from customers.models import Customer
from dataaccounts.models import (
    Call,
    CallFile,
    CallProfile,
    Deck,
    DeckRow,
    DeckVersion,
    VoiceLine,
    VoicePackage,
    VoiceSource,
)
from herotill.months import Month
from herotill.reference.models import Product
from tests.factories.customers import make_customer
from tests.factories.products import make_product

FIRST, ZONE = date(2018, 8, 1), ZoneInfo("Africa/Johannesburg")


def make_deck(
    side: str = "sell",
    rows: Iterable[Sequence[str]] = (),
    name: str = "Standard",
    valid_from: date = FIRST,
) -> Deck:
    """A deck with a version; a row is prefix, destination, class, rate a minute, counted by the second.

    Codes of up to three figures, and 101 and two more, are short codes.
    """
    deck, _ = Deck.objects.get_or_create(side=side, name=name)
    version = DeckVersion.objects.create(deck=deck, valid_from=valid_from)
    DeckRow.objects.bulk_create(
        DeckRow(
            version=version,
            kind="short" if prefix in {"112", "107"} else "e164",
            prefix=prefix,
            destination=destination,
            call_class=kind,
            fee=0,
            rate=rate,
        )
        for prefix, destination, kind, rate in rows
    )
    return deck


def make_source(name: str = "Asterisk", **fields: Any) -> VoiceSource:
    return VoiceSource.objects.get_or_create(name=name, defaults=fields)[0]


def make_profile(source: VoiceSource | None = None, **fields: Any) -> CallProfile:
    """A wholesaler's CSV with a heading, unless told otherwise."""
    given = {
        "name": "Wholesaler",
        "kind": "mapped",
        "has_header": True,
        "line_match": ["Account"],
        "date_format": "YYYY-MM-DD HH:MM:SS",
        "columns": {
            "account": "Account",
            "start": "Start",
            "a_number": "From",
            "b_number": "To",
            "billsec": "Seconds",
            "supplier_cost": "Cost",
            "direction": "Direction",
            "call_id": "ID",
        },
        "outbound_value": "out",
    }
    return CallProfile.objects.create(source=source or make_source(), **(given | fields))


def make_voice_package(name: str = "Voice", deck: Deck | None = None, **fields: Any) -> VoicePackage:
    calls = Product.objects.filter(code="CALLS").first() or make_product(
        "CALLS", price=None, name="Calls", price_includes_vat=False
    )
    found = deck or Deck.objects.filter(side="sell").first() or make_deck()
    return VoicePackage.objects.create(name=name, deck=found, calls_product=calls, **fields)


def make_line(number: str = "27871234567", customer: Customer | str = "ALI001", **fields: Any) -> VoiceLine:
    """An active line since August 2018, of a customer or of one with this code."""
    if isinstance(customer, str):
        customer = Customer.objects.filter(code=customer).first() or make_customer(code=customer)
    package = fields.pop("package", None) or VoicePackage.objects.first() or make_voice_package()
    source = fields.pop("source", None) or make_source()
    given = {"state": "active", "starts_on": FIRST} | fields
    return VoiceLine.objects.create(customer=customer, number=number, package=package, source=source, **given)


def make_call(line: VoiceLine, day: date = FIRST, price: str = "1.50", **fields: Any) -> Call:
    """A call of a minute at ten in the morning, which costs us a rand, in a file of the line's source."""
    file = CallFile.objects.filter(profile__source=line.source).first()
    if file is None:
        profile = CallProfile.objects.filter(source=line.source).first() or make_profile(line.source)
        file = CallFile.objects.create(profile=profile, name="calls.csv", digest="", size=0)
    given = {
        "row": Call.objects.filter(file=file).count() + 1,
        "start": datetime(day.year, day.month, day.day, 10, tzinfo=ZONE),
        "called": "27821234567",
        "destination": "Mobile",
        "call_class": "mobile",
        "seconds": 60,
        "charged": 60,
        "fee": 0,
        "rate": price,
        "cost": "1.00",
    }
    return Call.objects.create(file=file, line=line, day=day, price=price, **(given | fields))


def make_bill_of_calls(customer: Customer, number: str, *, whole: str = "27821234567") -> Document:
    """An issued invoice of August 2018 for two calls of a line of theirs."""
    line = make_line(number, customer=customer)
    make_call(line, price="2.00", called=whole)
    make_call(line, date(2018, 8, 2), "0.50", called="112", destination="Emergency")
    charging.generate(customers=[customer.pk], month=Month(2018, 8))
    drafted = drafting.draft(
        customers=[customer.pk], period=FIRST, upto=FIRST, dated=date(2018, 8, 31), actor=None
    )
    issuing.issue(documents=drafted, actor=None, now=datetime(2018, 8, 31, 10, tzinfo=ZONE))
    return Document.objects.get(pk=drafted[0])
