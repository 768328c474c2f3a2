"""Whatever calls come in whatever order, each costs what its deck and bundle say; numbers are read one way."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from dataaccounts.models import Call, DeckRow, VoiceBundle
from dataaccounts.policies.calls.numbers import E164, Numbers
from dataaccounts.services import calls
from tests.dataaccounts.callfiles import NOW, take_in
from tests.factories.calls import make_deck, make_line, make_profile

BEGAN = datetime(2026, 2, 28, 22, tzinfo=UTC)
ROWS = {"27": ("geographic", "0.1725", "0.6133", 60, 30), "2782": ("mobile", "0", "1.1999", 1, 1)}
CALLED = {"0115551234": "27", "0821234567": "2782", "27821112223": "2782"}
SIX = Decimal("0.000001")

told = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.sampled_from(sorted(CALLED)),
        st.integers(1, 400),
        st.sampled_from(["alice", "bob"]),
    ),
    min_size=1,
    max_size=12,
)


def expected(rows: list[tuple[int, str, int, str]], minutes: int) -> dict[str, tuple[Decimal, int]]:
    """Price and seconds of the bundle by ID, in plain arithmetic; Alice has minutes of each class, Bob has none."""
    left: dict[tuple[str, str, str], int] = defaultdict(lambda: minutes * 60)
    found = {}
    for place, (hour, number, seconds, who) in sorted(enumerate(rows), key=lambda one: (one[1][0], one[0])):
        kind, fee, rate, least, step = ROWS[CALLED[number]]
        charged = max(least, -(-seconds // step) * step)
        month = f"{BEGAN + timedelta(hours=hour):%Y-%m}"
        gets = min(charged, left[who, month, kind]) if who == "alice" else 0
        left[who, month, kind] -= gets
        whole = Decimal(fee) + Decimal(rate) * (charged - gets) / 60
        price = Decimal(0) if gets == charged else whole.quantize(SIX, rounding=ROUND_HALF_UP)
        found[f"id{place}"] = (price, gets)
    return found


@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(told, st.integers(0, 5), st.integers(0, 12), st.booleans())
def test_each_call_costs_what_plain_arithmetic_says(
    rows: list[tuple[int, str, int, str]], minutes: int, cut: int, there_and_back: bool
) -> None:
    with transaction.atomic():
        deck = make_deck("sell")
        version = deck.versions.get()
        for prefix, (kind, fee, rate, least, step) in ROWS.items():
            DeckRow.objects.create(
                version=version, prefix=prefix, destination=prefix, call_class=kind, fee=fee, rate=rate,
                least_seconds=least, step_seconds=step,
            )  # fmt: skip
        alice = make_line("27871110001", account="alice")
        make_line("27871110002", "BOB001", account="bob")
        for kind in ("geographic", "mobile"):
            VoiceBundle.objects.create(line=alice, call_class=kind, minutes=minutes)
        profile = make_profile(alice.source)
        written = [
            f"{who},{BEGAN + timedelta(hours=hour):%Y-%m-%d %H:%M:%S},{number},{seconds},id{place}"
            for place, (hour, number, seconds, who) in enumerate(rows)
        ]
        first = take_in(profile, *written[:cut])
        if there_and_back:
            calls.take_back(file=first.file, actor=None, now=NOW)
            take_in(profile, *written)
        else:
            take_in(profile, *written)
        found = {
            call.file.rows.get(row=call.row).raw.rpartition(",")[2]: (call.price, call.bundled)
            for call in Call.objects.select_related("file")
        }
        assert found == expected(rows, minutes)
        transaction.set_rollback(True)


national = st.from_regex(r"[1-8][0-9]{8}", fullmatch=True)
dressed = st.sampled_from(
    [
        "0{n}",
        "27{n}",
        "+27{n}",
        "0027{n}",
        "0927{n}",
        "{n}",
        "+27 (0){n}",
        "sip:0{n}@pbx.example",
        " tel:+27{n} ",
    ]
)


@given(national, dressed)
def test_a_number_is_the_same_however_it_is_written(number: str, form: str) -> None:
    spaced = form.format(n=f"{number[:2]} {number[2:5]}-{number[5:]}")
    assert Numbers().read(spaced) == Numbers().read(form.format(n=number)) == (E164, f"27{number}")


@given(st.text(max_size=30))
def test_any_text_is_a_number_of_up_to_fifteen_figures_or_none(text: str) -> None:
    kind, figures = Numbers(["99#"]).read(text)
    assert kind in ("e164", "short", "internal", "")
    assert len(figures) <= 15
    if kind == E164:
        assert figures.isascii()
        assert figures.isdigit()
        assert len(figures) >= 8
