"""Lines drawn on the server: one for each series, over a floor at what is lowest."""

from __future__ import annotations

import re
from decimal import Decimal

from herotill import charts

DAYS = ["1", "2", "3"]


def test_each_series_is_a_line_and_says_its_sum() -> None:
    cost, markup = [Decimal("10"), Decimal("0"), Decimal("5.50")], [Decimal("2"), Decimal("0"), Decimal("1")]
    found = charts.lines(DAYS, [("Markup", markup), ("Call cost", cost)])
    assert found is not None
    assert found.svg.count("<polyline") == 2
    assert found.svg.count("<circle") == 6
    assert "Markup R 3.00 together; Call cost R 15.50 together" in found.says
    assert [name for name, _ in found.legend] == ["Markup", "Call cost"]
    assert found.svg.count("stroke-dasharray") == 1
    assert "style=" not in found.svg


def test_what_is_below_nought_stands_below_the_line_of_nought() -> None:
    found = charts.lines(DAYS, [("Markup", [Decimal("-5"), Decimal("0"), Decimal("10")])])
    assert found is not None
    heights = [float(y) for y in re.findall(r'<circle cx="[^"]*" cy="([^"]*)"', found.svg)]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] == charts.CARD.floor


def test_no_figure_is_written_over_another() -> None:
    found = charts.lines(DAYS, [("Markup", [Decimal("-0.41"), Decimal("0"), Decimal("9.38")])])
    assert found is not None
    assert re.findall(r'text-anchor="end">([^<]*)</text>', found.svg) == ["R 0.00", "R 9.38", "R 4.69"]


def test_nothing_is_drawn_of_nothing() -> None:
    assert charts.lines([], []) is None
    assert charts.lines(DAYS, [("Markup", [Decimal(0)] * 3)]) is None
