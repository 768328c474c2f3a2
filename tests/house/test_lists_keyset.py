"""Pages of a list: every row once, in one order, in both directions, whatever it is sorted by."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from herotill.lists import Empty
from herotill.lists.keyset import Cursor, Order, Sort, by_day, by_flag, by_kind, by_moment, by_number, by_text
from tests.factories import make_customer
from tests.sampleapp.models import Gadget

DEEP = base64.b64encode(b"[" * 3000).decode()
SORTS = {
    "name": by_text("name", empty=Empty.BLANK),
    "size": by_kind("size"),
    "rough name": by_kind("name", empty=Empty.BLANK),
    "price": by_number("price", empty=Empty.NULL),
    "bought_on": by_day("bought_on"),
    "rings": by_number("rings"),
}
GADGET = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["", "aerial", "Aerial", "router", "ups"]),
        "size": st.sampled_from(["s", "l"]),
        "price": st.none() | st.sampled_from([Decimal("-1.50"), Decimal("0.00"), Decimal("10.00")]),
        "bought_on": st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 4)),
        "rings": st.integers(0, 3),
    }
)


def everything(field: str, empty: Empty, falling: bool, rows: list[dict[str, Any]]) -> list[int]:
    """The order that pages must follow, worked out by Python."""
    blank = {Empty.BLANK: "", Empty.NULL: None}.get(empty, object())
    filled = sorted((row for row in rows if row[field] != blank), key=lambda row: (row[field], row["pk"]))
    empties = sorted((row for row in rows if row[field] == blank), key=lambda row: row["pk"])
    if falling:
        filled, empties = filled[::-1], empties[::-1]
    return [row["pk"] for row in [*filled, *empties]]


def walk(order: Order, rows: Any, size: int, *, backward: bool) -> list[int]:
    """All pages one after the other, each found by the token that the one before it gave."""
    seen: list[int] = []
    token, more = "", True
    while more:
        cursor = Cursor.read(token, order.sort) if token else None
        page, more = order.page(rows, size=size, cursor=cursor, backward=backward)
        assert len(page) == size or not more
        ids = [place.pk for place in page]
        seen = ids + seen if backward else seen + ids
        if page:
            token = page[0 if backward else -1].token()
    return seen


class Pages(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.alice = make_customer("Alice Liddel")

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        gadgets=st.lists(GADGET, max_size=14),
        sorting=st.sampled_from(sorted(SORTS)),
        falling=st.booleans(),
        size=st.integers(1, 6),
        only_large=st.booleans(),
    )
    def test_pages_in_both_directions_show_every_row_once_in_order(
        self, gadgets: list[dict[str, Any]], sorting: str, falling: bool, size: int, only_large: bool
    ) -> None:
        Gadget.objects.bulk_create(Gadget(customer=self.alice, **values) for values in gadgets)
        sort = SORTS[sorting]
        found = Gadget.objects.filter(size="l") if only_large else Gadget.objects.all()
        expected = everything(sort.by, sort.empty, falling, list(found.values("pk", sort.by)))
        order = Order(sort, falling)
        assert walk(order, found, size, backward=False) == expected
        assert walk(order, found, size, backward=True) == expected


@pytest.mark.django_db
def test_a_page_begins_where_an_index_is_entered_and_never_counts_or_skips(
    django_assert_num_queries: Any,
) -> None:
    alice = make_customer("Alice Liddel")
    Gadget.objects.bulk_create(Gadget(customer=alice, name=f"router {n:02}") for n in range(20))
    order = Order(by_text("name"))
    rows = Gadget.objects.all()
    first, more = order.page(rows, size=5)
    assert more
    with django_assert_num_queries(1) as asked:
        second, _ = order.page(rows, size=5, cursor=first[-1])
    assert [place.value for place in second] == [f"router {n:02}" for n in range(5, 10)]
    sql = asked.captured_queries[0]["sql"]
    assert '("sampleapp_gadget"."name", "sampleapp_gadget"."id") > (' in sql
    assert "OFFSET" not in sql
    assert "COUNT(" not in sql


@pytest.mark.parametrize(
    ("sort", "value"),
    [
        (by_text("name"), 'o\'neill, 50 %; "x"'),
        (by_text("name", empty=Empty.BLANK), None),
        (by_number("price"), Decimal("-12.50")),
        (by_day("bought_on"), date(2024, 2, 29)),
        (by_day("bought_on"), None),
        (by_flag("prepaid"), False),
        (by_moment("at"), datetime(2026, 11, 23, 9, 30, 0, 7, tzinfo=UTC)),
    ],
)
def test_a_place_comes_back_from_the_address_as_it_was(sort: Sort, value: Any) -> None:
    assert Cursor.read(Cursor(value, 7).token(), sort) == Cursor(value, 7)


@pytest.mark.parametrize(
    "token",
    [
        "",
        "%%%",
        "bm90IGpzb24",
        Cursor("tomorrow", 7).token(),
        Cursor(None, 7).token(),
        Cursor("2024-01-01", -1).token(),
        Cursor("2024-01-01", 2**63).token(),
        Cursor("2024-01-01\0", 7).token(),
        Cursor("2024-01-01T09:00:00", 7).token(),
        Cursor("2024-01-01T09:00:00+16:15", 7).token(),
        DEEP,
    ],
)
def test_a_place_that_is_none_is_left_out(token: str) -> None:
    assert Cursor.read(token, by_moment("at")) is None
    assert Cursor.read(token, by_day("bought_on", empty=Empty.NEVER)) is None


@pytest.mark.parametrize("text", ["Alice\0", "\ud800"])
def test_a_text_that_no_row_holds_is_no_place(text: str) -> None:
    assert Cursor.read(Cursor(text, 7).token(), by_text("name")) is None


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e999999", "ten"])
def test_an_amount_that_is_none_is_left_out(amount: str) -> None:
    assert Cursor.read(Cursor(amount, 7).token(), by_number("price")) is None
