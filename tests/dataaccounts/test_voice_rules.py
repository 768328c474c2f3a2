"""What the database itself holds to about voice lines, decks and calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from dataaccounts.models import Call, CallCharge, CallFile, DeckRow, VoiceLine
from tests.factories.calls import make_deck, make_line, make_profile, make_source

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Africa/Johannesburg")


def refused(work: Callable[[], object], says: str) -> None:
    with pytest.raises((IntegrityError, DatabaseError), match=says), transaction.atomic():
        work()


def test_a_number_is_one_lines_on_any_day() -> None:
    alice = make_line("27871234567", customer="ALI001", ends_on=date(2026, 3, 31))
    refused(
        lambda: make_line("27871234567", customer="BOB001", starts_on=date(2026, 3, 31)),
        "voice_number_once_a_day",
    )
    bob = make_line("27871234567", customer="BOB001", starts_on=date(2026, 4, 1))
    refused(
        lambda: VoiceLine.objects.filter(pk=bob.pk).update(customer=alice.customer), "stays with its customer"
    )


def test_an_account_is_one_lines_on_any_day_also_once_lines_have_ended() -> None:
    june = date(2026, 6, 30)
    make_line("27871234567", customer="ALI001", account="desk", ends_on=june)
    refused(
        lambda: make_line("27871234568", customer="BOB001", account="DESK", starts_on=june, ends_on=june),
        "voice_account_once_a_day",
    )
    make_line("27871234568", customer="BOB001", account="Desk", starts_on=date(2026, 7, 1))
    make_line("27871234569", customer="CAR001", account="desk", source=make_source("Elsewhere"))
    for number in ("27871234571", "27871234572"):
        make_line(number, customer="DAN001")


def test_rows_of_a_deck_never_change_and_decks_keep_their_side() -> None:
    cost = make_deck("cost", [("2782", "Mobile", "mobile", "0.4")])
    refused(lambda: DeckRow.objects.update(rate=9), "make a new version")
    refused(lambda: type(cost).objects.update(side="sell"), "stays on its side")
    line = make_line("27871234567")
    refused(lambda: type(line.package).objects.update(deck=cost), "other side")
    refused(lambda: type(line.source).objects.update(cost_deck=line.package.deck), "other side")


def test_a_charged_call_stays_as_it_is() -> None:
    line = make_line("27871234567")
    file = CallFile.objects.create(profile=make_profile(make_source()), name="a.csv", digest="", size=0)
    charge = CallCharge.objects.create(
        line=line,
        month=date(2026, 3, 1),
        calls=1,
        seconds=60,
        first_on=date(2026, 3, 2),
        last_on=date(2026, 3, 2),
        cost=Decimal("0.50"),
        price=Decimal("0.90"),
    )
    Call.objects.create(
        file=file,
        row=1,
        line=line,
        start=datetime(2026, 3, 2, 9, tzinfo=ZONE),
        day=date(2026, 3, 2),
        called="27821234567",
        destination="Mobile",
        call_class="mobile",
        seconds=60,
        charged=60,
        fee=0,
        rate="0.9",
        cost="0.5",
        price="0.9",
        charge=charge,
    )
    refused(lambda: Call.objects.update(price=0), "keeps its price")
    refused(lambda: Call.objects.all().delete(), "charged stays")
    Call.objects.update(charge=None)
    Call.objects.all().delete()
