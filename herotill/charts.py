"""Charts drawn on the server as SVG, in the colours of the page; the words beside them say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from herotill.money import ZERO, rand

WIDTH, HEIGHT, BOTTOM, TOP, THIN = 960, 200, 22, 10, 22
COLOURS = 6
OF_SERIES = (4, 1, 3, 2, 5, 0)


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, what it says in a sentence for those who do not see it, and its series for the legend."""

    svg: SafeString
    says: str
    legend: tuple[tuple[str, int], ...] = ()


def stacked(parts: Sequence[tuple[str, Decimal]]) -> Chart | None:
    """One bar of all parts above zero, each as wide as its share; None where there are none."""
    shown = [(label, amount, place) for place, (label, amount) in enumerate(parts) if amount > 0]
    whole = sum((amount for _, amount, _ in shown), ZERO)
    if not whole:
        return None
    boxes, left = [], Decimal(0)
    for label, amount, place in shown:
        width = amount / whole * WIDTH
        boxes.append((_at(left), _at(width), place % COLOURS, label, rand(amount)))
        left += width
    drawn = format_html_join(
        "", '<rect x="{}" y="0" width="{}" height="22" class="c{}"><title>{}: {}</title></rect>', boxes
    )
    says = "; ".join(f"{label} {rand(amount)}" for label, amount, _ in shown)
    svg = _framed(drawn, THIN, says)
    return Chart(svg, says, tuple((label, place % COLOURS) for label, _, place in shown))


def bars(labels: Sequence[str], series: Sequence[tuple[str, Sequence[Decimal]]]) -> Chart | None:
    """A group of bars for each label, one of each series; None where everything is nought."""
    most = max((abs(value) for _, values in series for value in values), default=ZERO)
    if not labels or not most:
        return None
    room, slot = HEIGHT - BOTTOM - TOP, Decimal(WIDTH) / len(labels)
    width = slot * Decimal("0.72") / len(series)
    boxes = []
    for number, (name, values) in enumerate(series):
        for place, value in enumerate(values):
            tall = abs(value) / most * room
            x = slot * place + slot * Decimal("0.14") + width * number
            boxes.append(
                (
                    _at(x),
                    _at(HEIGHT - BOTTOM - tall),
                    _at(width),
                    _at(tall),
                    OF_SERIES[number % COLOURS],
                    name,
                    labels[place],
                    rand(value),
                )
            )
    drawn = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" class="c{}"><title>{}, {}: {}</title></rect>',
        boxes,
    )
    every = -(-len(labels) // 12)
    names = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (_at(slot * place + slot / 2), HEIGHT - 6, label)
            for place, label in enumerate(labels)
            if place % every == 0
        ),
    )
    line = format_html(
        '<line x1="0" x2="{}" y1="{}" y2="{}"></line>', WIDTH, HEIGHT - BOTTOM, HEIGHT - BOTTOM
    )
    says = f"From {labels[0]} to {labels[-1]}: " + "; ".join(
        f"{name} from {rand(values[0])} to {rand(values[-1])}" for name, values in series if values
    )
    svg = _framed(format_html("{}{}{}", drawn, line, names), HEIGHT, says)
    return Chart(
        svg, says, tuple((name, OF_SERIES[number % COLOURS]) for number, (name, _) in enumerate(series))
    )


def _framed(drawn: SafeString, height: int, says: str) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"{}>{}</svg>',
        WIDTH,
        height,
        says,
        SafeString(' preserveAspectRatio="none"') if height == THIN else "",
        drawn,
    )


def _at(number: Decimal) -> str:
    return f"{number:.1f}"
