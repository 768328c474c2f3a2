"""Telephone lines of the invented ISP: a wholesaler's files of last month and this one, rated and nearly whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.db import transaction

from customers.models import Customer
from dataaccounts.models import CallProfile, Deck, VoiceBundle, VoiceLine, VoicePackage, VoiceSource
from dataaccounts.services import calls, decks, spend_alarms
from herotill.demo import DemoOrder
from herotill.months import Month
from herotill.reference.models import Product, ProductType

HEAD = (
    "Account",
    "Date",
    "Time",
    "CLI",
    "Destination",
    "Description",
    "Duration",
    "Cost",
    "Direction",
    "Call ID",
)
COLUMNS = {
    "account": "Account",
    "date": "Date",
    "time": "Time",
    "a_number": "CLI",
    "b_number": "Destination",
    "destination_name": "Description",
    "billsec": "Duration",
    "supplier_cost": "Cost",
    "direction": "Direction",
    "call_id": "Call ID",
}
# Prefix, destination, class, our price a minute, the wholesaler's, how often it is called.
PLACES = (
    ("2782", "South Africa, mobile", "mobile", "0.95", "0.58", 40),
    ("2772", "South Africa, mobile", "mobile", "0.95", "0.58", 30),
    ("2721", "Cape Town", "national", "0.45", "0.21", 25),
    ("2711", "Johannesburg", "national", "0.45", "0.21", 15),
    ("44", "United Kingdom", "international", "1.35", "0.74", 4),
    ("26481", "Namibia, mobile", "international", "4.20", "3.10", 2),
)
ONE_IN, FEWEST = 12, 3


@transaction.atomic
def make_voice(order: DemoOrder) -> None:
    """A wholesaler, a price list, packages, lines of every twelfth customer, and their calls; once."""
    if VoiceLine.objects.exists():
        return
    before, month = Month.of(order.today).plus(-1), Month.of(order.today)
    source = VoiceSource.objects.create(name="Karoo Voice")
    profile = CallProfile.objects.create(
        source=source,
        name="Karoo Voice, monthly CSV",
        kind=CallProfile.Kind.MAPPED,
        delimiter=";",
        has_header=True,
        columns=COLUMNS,
        line_match=["Account", "CLI"],
        date_format="DD/MM/YYYY",
        time_format="HH:MM:SS",
        duration_unit=CallProfile.Seconds.CLOCK,
        outbound_value="Out",
    )
    lines = _lines(order, source, _package(before.first), before.first)
    for part in (before, month):
        rows = list(_rows(Random(order.seed + part.first.month), lines, part, order.today))
        calls.import_file(
            profile=profile,
            file=io.BytesIO(_written(rows)),
            name=f"karoo-voice-{part}.csv",
            actor=None,
            now=order.moment,
        )
    spend_alarms.set_limit(line=None, values={"per_day": Decimal(60), "classes": ["premium"]})
    spend_alarms.watch(now=order.moment)


def _package(valid_from: date) -> VoicePackage:
    sold = Product.objects.create(
        code="CALLS",
        product_type=ProductType.objects.get(name="VOICE"),
        name="Calls",
        description="Calls",
        price_includes_vat=False,
    )
    deck = Deck.objects.create(side=Deck.Side.SELL, name="Calls 2018")
    records = [
        dict(zip(decks.COLUMNS, ("e164", prefix, where, kind, "0", ours, "1", "1", "0"), strict=True))
        for prefix, where, kind, ours, _, _ in PLACES
    ]
    decks.add_version(deck=deck, valid_from=valid_from, records=records)
    rental = Product.objects.get(code="VOIP1")
    package = VoicePackage.objects.create(name="Voice", product=rental, calls_product=sold, deck=deck)
    VoiceBundle.objects.create(package=package, call_class="national", minutes=60)
    return package


def _lines(order: DemoOrder, source: VoiceSource, package: VoicePackage, first: date) -> list[VoiceLine]:
    known = Customer.objects.exclude(status="cancelled").order_by("pk")
    some = list(known.filter(code__in=("ALI001", "WON001")))
    rest = known.exclude(pk__in=[one.pk for one in some])
    some += list(rest[: max(order.customers // ONE_IN, FEWEST)])
    return VoiceLine.objects.bulk_create(
        [
            VoiceLine(
                customer=customer,
                number=f"27878{number:06}",
                package=package,
                source=source,
                account=f"kv{1000 + number}",
                channels=1 + number % 3,
                state=VoiceLine.State.ACTIVE,
                starts_on=first,
            )
            for number, customer in enumerate(some, start=201_000)
        ]
    )


def _rows(chance: Random, lines: list[VoiceLine], month: Month, today: date) -> Iterator[tuple[str, ...]]:
    """What the wholesaler writes of a month, up to yesterday; two calls of a line that nobody knows."""
    days = [day for day in month.days() if day < today]
    number = 0
    for day in days:
        for line in lines:
            for _ in range(chance.choice((0, 0, 1, 2, 3)) if day.weekday() < 5 else chance.choice((0, 0, 1))):
                number += 1
                yield _row(chance, f"{month}-{number}", line.account, f"0{line.number[2:]}", day)
    for day in days[:2]:
        number += 1
        yield _row(chance, f"{month}-{number}", "kv9999", "0878999999", day)


def _row(chance: Random, key: str, account: str, number: str, day: date) -> tuple[str, ...]:
    prefix, where, _, _, cost, _ = chance.choices(PLACES, [place[-1] for place in PLACES])[0]
    called = f"00{prefix}" + "".join(str(chance.randrange(10)) for _ in range(11 - len(prefix)))
    seconds = min(int(chance.expovariate(1 / 160)) + 3, 3_600)
    at = datetime.combine(day, time(7)) + timedelta(seconds=chance.randrange(12 * 3_600))
    paid = Decimal(cost) * seconds / 60
    return (
        account,
        f"{day:%d/%m/%Y}",
        f"{at:%H:%M:%S}",
        number,
        called,
        where,
        f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}",
        f"{paid:.4f}",
        "Out",
        key,
    )


def _written(rows: list[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEAD)
    writer.writerows(rows)
    return text.getvalue().encode()
