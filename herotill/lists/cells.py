"""How a value is shown: as HTML in a table, and as a plain value in a file.

A page shows hundreds of cells, so they are plain functions and not template nodes. Each `html` here
escapes what it is given; nothing else in the lists makes HTML out of data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

from django.utils.timezone import get_current_timezone

from herotill.money import rand

Plain = str | Decimal | int | date | None
NOTHING = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A way of showing values. `css` is the class of the table cell; `plain` is what a file gets."""

    html: Callable[[Any], str]
    plain: Callable[[Any], Plain]
    css: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """The value of a LINK cell, or None for nothing: a text that leads somewhere within the house, or is a text alone
    where `url` is empty. A phone shows `under` below it."""

    url: str
    text: str
    under: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """One value of a TAGS cell. Without a colour it is a quiet chip."""

    text: str
    colour: str = ""


def _text(value: Any) -> str:
    return escape(str(value)) if value is not None else NOTHING


def _plain_text(value: Any) -> str:
    return str(value) if value is not None else NOTHING


def _money(value: Decimal | None) -> str:
    return rand(value) if value is not None else NOTHING


def _link(value: Link | None) -> str:
    if value is None:
        return NOTHING
    under = f'<small class="narrow-only id">{escape(value.under)}</small>' if value.under else NOTHING
    text = escape(value.text)
    return f'<a href="{escape(value.url)}">{text}</a>{under}' if value.url else f"{text}{under}"


def _tag(tag: Tag) -> str:
    if tag.colour:
        return f'<span class="tag tag--{escape(tag.colour)}">{escape(tag.text)}</span>'
    return f'<span class="chip">{escape(tag.text)}</span>'


def _tags(values: Iterable[Tag] | None) -> str:
    return "".join(map(_tag, values or ()))


def _plain_tags(values: Iterable[Tag] | None) -> str:
    return ", ".join(tag.text for tag in values or ())


def _same(value: Any) -> Any:
    return value


def _yes(value: Any) -> str:
    return "Yes" if value else NOTHING


def _day(value: date | None) -> str:
    return value.isoformat() if value else NOTHING


def _moment(value: datetime | None) -> str:
    return value.astimezone(get_current_timezone()).strftime("%Y-%m-%d %H:%M") if value else NOTHING


TEXT = Cell(html=_text, plain=_plain_text)
CLIPPED = Cell(html=_text, plain=_plain_text, css="clip")
SHORT = Cell(html=_text, plain=_plain_text, css="clip clip--s")
IDENTIFIER = Cell(html=_text, plain=_plain_text, css="id")
MONEY = Cell(html=_money, plain=_same, css="num")
DAY = Cell(html=_day, plain=_same, css="id")
MOMENT = Cell(html=_moment, plain=_moment, css="id")
NUMBER = Cell(html=_text, plain=_same, css="num")
YES = Cell(html=_yes, plain=_yes)
LINK = Cell(html=_link, plain=lambda value: value.text if value else NOTHING, css="clip")
TAGS = Cell(html=_tags, plain=_plain_tags, css="tags")


def words(labels: Mapping[Any, str]) -> Cell:
    """A cell for a choice, shown by its label."""
    made = {value: escape(label) for value, label in labels.items()}
    return Cell(html=lambda value: made.get(value, NOTHING), plain=lambda value: labels.get(value, NOTHING))


def chips(labels: Mapping[Any, tuple[str, str]]) -> Cell:
    """A cell for a state: by value its label and its tone (ok, warn, bad, accent or none)."""
    made = {value: _chip(label, tone) for value, (label, tone) in labels.items()}
    plain = {value: label for value, (label, _) in labels.items()}
    return Cell(html=lambda value: made.get(value, NOTHING), plain=lambda value: plain.get(value, NOTHING))


def _chip(label: str, tone: str) -> str:
    css = f"chip chip--{tone}" if tone else "chip"
    return f'<span class="{css}"><i class="dot"></i>{escape(label)}</span>'
