"""Office hours as people write them: `Monday to Friday 08:00–17:00`, a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import time
from itertools import groupby

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Spans = Mapping[int, tuple[time, time]]
_LINE = re.compile(
    r"(?P<first>[a-z]+)(?:\s*(?:-|–|to|until)\s*(?P<last>[a-z]+))?[\s:,]+"
    r"(?P<opens>\d{1,2}(?:[:h.]\d{2})?)\s*(?:-|–|to|until)\s*(?P<closes>\d{1,2}(?:[:h.]\d{2})?)",
    re.IGNORECASE,
)


def read(text: str) -> dict[int, tuple[time, time]]:
    """The hours of each weekday (0 is Monday). Raises ValueError, in words, for a line that says none."""
    found: dict[int, tuple[time, time]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        days, span = _line(line)
        if twice := [DAYS[day] for day in days if day in found]:
            raise ValueError(f"{twice[0]} stands there twice.")
        found.update(dict.fromkeys(days, span))
    return found


def _line(line: str) -> tuple[list[int], tuple[time, time]]:
    said = _LINE.fullmatch(line)
    if said is None:
        raise ValueError(f"“{line[:60]}” says no hours. Write, for instance, “Monday to Friday 08:00–17:00”.")
    opens, closes = _clock(said["opens"]), _clock(said["closes"])
    if closes <= opens:
        raise ValueError(f"“{line[:60]}” ends before it begins.")
    return _days(_weekday(said["first"]), _weekday(said["last"] or said["first"])), (opens, closes)


def _days(first: int, last: int) -> list[int]:
    if last < first:
        raise ValueError(f"{DAYS[last]} comes before {DAYS[first]} in a week that begins on Monday.")
    return list(range(first, last + 1))


def _weekday(word: str) -> int:
    found = [day for day, name in enumerate(DAYS) if len(word) > 2 and name.lower().startswith(word.lower())]
    if not found:
        raise ValueError(f"“{word[:20]}” is no day of the week.")
    return found[0]


def _clock(text: str) -> time:
    hour, minute = ([*re.split(r"[:h.]", text), "0"])[:2]
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise ValueError(f"“{text}” is no time of a day.") from None


def written(spans: Spans) -> str:
    """The same in lines, days of the same hours together."""
    return "\n".join(_lines(spans))


def _lines(spans: Spans) -> Iterator[str]:
    for _, run in groupby(enumerate(sorted(spans)), key=lambda place: (place[1] - place[0], spans[place[1]])):
        days = [day for _, day in run]
        opens, closes = spans[days[0]]
        named = DAYS[days[0]] if len(days) == 1 else f"{DAYS[days[0]]} to {DAYS[days[-1]]}"
        yield f"{named} {opens:%H:%M}–{closes:%H:%M}"
