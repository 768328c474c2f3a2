"""Charts drawn on the server as SVG, in the colours of the page; the words beside them say the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import ceil

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from herotill.money import ZERO, rand

WIDTH, HEIGHT, BOTTOM, TOP, THIN = 960, 200, 22, 10, 22
COLOURS = 6
LETTER = Decimal("4.8")
FIGURE, LINE, GAP, SAID_WHOLE = 6, 12, 8, 8
OF_SERIES = (4, 1, 3, 2, 5, 0)


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, what it says in a sentence for those who do not see it, and its series for the legend.

    `narrow` is the same drawn for a telephone; the page shows one of the two, as it has room.
    """

    svg: SafeString
    says: str
    legend: tuple[tuple[str, int], ...] = ()
    narrow: SafeString | str = ""


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


@dataclass(frozen=True, slots=True)
class Sheet:
    """The paper bars are drawn on: its size in units of the drawing, and the room at the left for the axis.

    The room is the least there is: what stands there makes it wider. Without any the axis is not said.
    """

    width: int = WIDTH
    height: int = HEIGHT
    left: int = 0

    @property
    def floor(self) -> int:
        return self.height - BOTTOM

    @property
    def room(self) -> int:
        return self.floor - TOP


WIDE, CARD, NARROW = Sheet(), Sheet(480, 150, 44), Sheet(340, 160, 44)


def bars(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Decimal]]],
    *,
    words: Callable[[Decimal], str] = rand,
    sheet: Sheet = WIDE,
    top: Decimal = ZERO,
) -> Chart | None:
    """A group of bars for each label, one of each series; None where everything is nought.

    `words` says an amount. On a sheet with room at the left, lines at the whole and the half say what they
    stand for; the whole is at least `top`, where amounts have a known most.
    """
    most = max((abs(value) for _, values in series for value in values), default=ZERO)
    if not labels or not most:
        return None
    most = max(most, top)
    says = f"From {labels[0]} to {labels[-1]}: " + "; ".join(
        f"{name} from {words(values[0])} to {words(values[-1])}" for name, values in series if values
    )
    small = replace(NARROW, left=NARROW.left if sheet.left else 0)
    wide, narrow = (_drawn(labels, series, most, words, one, says) for one in (sheet, small))
    legend = tuple((name, OF_SERIES[number % COLOURS]) for number, (name, _) in enumerate(series))
    return Chart(wide, says, legend, narrow)


def counted(many: Decimal) -> str:
    """A number of things; nothing for half of one, which the axis may ask for."""
    return f"{many:,.0f}" if many == many.to_integral_value() else ""


def counts(
    labels: Sequence[str],
    *series: tuple[str, Sequence[Decimal | int]],
    words: Callable[[Decimal], str] = counted,
    top: Decimal = ZERO,
) -> Chart | None:
    """`bars` of what is no money, with room at the left for its numbers."""
    told = [(name, [Decimal(number) for number in numbers]) for name, numbers in series]
    return bars(labels, told, words=words, sheet=Sheet(left=44), top=top)


def lines(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Decimal]]],
    *,
    words: Callable[[Decimal], str] = rand,
    sheet: Sheet = CARD,
) -> Chart | None:
    """A line for each series, over one floor at nought or at what is lowest; None where everything is nought.

    Lines after the first are dashed, so that they are told apart without colour.
    """
    values = [value for _, numbers in series for value in numbers]
    if not labels or not any(values):
        return None
    least, most = min(ZERO, *values), max(ZERO, *values)
    says = f"From {labels[0]} to {labels[-1]}: " + "; ".join(
        f"{name} {words(sum(numbers, ZERO))} together" for name, numbers in series
    )
    wide, narrow = (
        _framed(_lined(labels, series, (least, most), words, one), one.height, says, one.width)
        for one in (sheet, NARROW)
    )
    legend = tuple((name, OF_SERIES[number % COLOURS]) for number, (name, _) in enumerate(series))
    return Chart(wide, says, legend, narrow)


def _lined(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Decimal]]],
    ends: tuple[Decimal, Decimal],
    words: Callable[[Decimal], str],
    sheet: Sheet,
) -> SafeString:
    least, most = ends
    marks = _marks(least, most, apart=(most - least) * LINE / sheet.room)
    sheet = replace(sheet, left=max(sheet.left, max(len(words(mark)) for mark in marks) * FIGURE + GAP))
    slot = Decimal(sheet.width - sheet.left) / len(labels)

    def high(value: Decimal) -> str:
        return _at(sheet.floor - (value - least) / (most - least) * sheet.room)

    rules = format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}"></line><text x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (sheet.left, sheet.width, high(one), high(one), sheet.left - 4, high(one), words(one))
            for one in marks
        ),
    )
    drawn = []
    for number, (name, numbers) in enumerate(series):
        points = [(_at(sheet.left + slot * at + slot / 2), high(value)) for at, value in enumerate(numbers)]
        drawn.append(_one_line(number, name, labels, numbers, points, words))
    joined = format_html_join("", "{}", ((one,) for one in drawn))
    return format_html("{}{}{}", rules, joined, _names(labels, slot, sheet))


def _marks(least: Decimal, most: Decimal, *, apart: Decimal) -> list[Decimal]:
    """The heights that are written beside the lines: nought, and those of the others that leave room for it."""
    kept: list[Decimal] = [ZERO]
    for one in (most, least, most / 2):
        if all(abs(one - other) >= apart for other in kept):
            kept.append(one)
    return kept


def _one_line(
    number: int,
    name: str,
    labels: Sequence[str],
    values: Sequence[Decimal],
    points: Sequence[tuple[str, str]],
    words: Callable[[Decimal], str],
) -> SafeString:
    colour = OF_SERIES[number % COLOURS]
    dots = (
        (x, y, colour, name, label, words(value))
        for (x, y), label, value in zip(points, labels, values, strict=True)
    )
    return format_html(
        '<polyline points="{}" class="c{}"{}></polyline>{}',
        " ".join(f"{x},{y}" for x, y in points),
        colour,
        SafeString(' stroke-dasharray="5 3"') if number else "",
        format_html_join(
            "", '<circle cx="{}" cy="{}" r="2.5" class="c{}"><title>{}, {}: {}</title></circle>', dots
        ),
    )


def _drawn(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Decimal]]],
    most: Decimal,
    words: Callable[[Decimal], str],
    sheet: Sheet,
    says: str,
) -> SafeString:
    if sheet.left:
        longest = max(len(words(most * share)) for share in (Decimal("0.5"), Decimal(1)))
        sheet = replace(sheet, left=max(sheet.left, longest * FIGURE + GAP))
    slot = Decimal(sheet.width - sheet.left) / len(labels)
    drawn = format_html(
        "{}{}{}",
        _axis(most, words, sheet),
        _boxes(labels, series, most, slot, words, sheet),
        _names(labels, slot, sheet),
    )
    return _framed(drawn, sheet.height, says, sheet.width)


def _boxes(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[Decimal]]],
    most: Decimal,
    slot: Decimal,
    words: Callable[[Decimal], str],
    sheet: Sheet,
) -> SafeString:
    width = slot * Decimal("0.72") / len(series)
    boxes = []
    for number, (name, values) in enumerate(series):
        colour = OF_SERIES[number % COLOURS]
        for place, value in enumerate(values):
            tall = abs(value) / most * sheet.room
            left = sheet.left + slot * place + slot * Decimal("0.14") + width * number
            box = (_at(left), _at(sheet.floor - tall), _at(width), _at(tall))
            boxes.append((*box, colour, name, labels[place], words(value)))
    return format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" class="c{}"><title>{}, {}: {}</title></rect>',
        boxes,
    )


def _axis(most: Decimal, words: Callable[[Decimal], str], sheet: Sheet) -> SafeString:
    """The floor; where there is room at the left, the whole and the half in words too."""
    shares = (Decimal(0), Decimal("0.5"), Decimal(1)) if sheet.left else (Decimal(0),)
    heights = [(_at(sheet.floor - share * sheet.room), share) for share in shares]
    lines = format_html_join(
        "",
        '<line x1="{}" x2="{}" y1="{}" y2="{}"></line>',
        ((sheet.left, sheet.width, y, y) for y, _ in heights),
    )
    if not sheet.left:
        return lines
    said = ((sheet.left - 4, y, words(most * share) if share else "0") for y, share in heights)
    return format_html(
        "{}{}", lines, format_html_join("", '<text x="{}" y="{}" text-anchor="end">{}</text>', said)
    )


def _names(labels: Sequence[str], slot: Decimal, sheet: Sheet) -> SafeString:
    needed = (min(max(map(len, labels)), SAID_WHOLE) + 1) * FIGURE
    every = max(-(-len(labels) // 12), ceil(needed / slot))
    letter = LETTER if sheet.width >= WIDTH else FIGURE  # a wide one is drawn larger than its units
    most = max(int(slot * every / letter), SAID_WHOLE)
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (_at(sheet.left + slot * place + slot / 2), sheet.height - 6, _cut(label, most))
            for place, label in enumerate(labels)
            if place % every == 0
        ),
    )


def _cut(label: str, most: int) -> str:
    """A name short enough to stand beside its neighbours; the bars' titles have it whole."""
    return label if len(label) <= most else f"{label[: most - 1]}…"


def _framed(drawn: SafeString, height: int, says: str, width: int = WIDTH) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"{}>{}</svg>',
        width,
        height,
        says,
        SafeString(' preserveAspectRatio="none"') if height == THIN else "",
        drawn,
    )


def _at(number: Decimal) -> str:
    return f"{number:.1f}"
