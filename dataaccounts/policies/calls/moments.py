"""Moments and lengths as call records write them. What is not exactly in the form is none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from herotill.errors import DomainError

USUAL = "YYYY-MM-DD HH:MM:SS"
MOST_SECONDS = 10_000_000
_LAST_EPOCH = 253_402_300_799
_MINUTES = re.compile(r"([0-9]{1,6}):([0-5][0-9])")
_CLOCK = re.compile(r"([0-9]{2,}):([0-5][0-9]):([0-5][0-9])")
_TOKENS = {
    "YYYY": "(?P<year>[0-9]{4})",
    "DD": "(?P<day>[0-9]{2})",
    "HH": "(?P<hour>[01][0-9]|2[0-3])",
    "SS": "(?P<second>[0-5][0-9])",
}
_MONTH, _MINUTE = "(?P<month>[0-9]{2})", "(?P<minute>[0-5][0-9])"


class Moments:
    """Reads moments of one form, as `DD/MM/YYYY HH:MM:SS`; MM after HH are minutes. Seconds may be left out.

    Raises DomainError for a form that names no whole date and time.
    """

    def __init__(self, form: str) -> None:
        pattern, parts = "", []
        for part in re.split("(YYYY|MM|DD|HH|SS)", form):
            if part == "MM":
                found = _MINUTE if "HH" in parts else _MONTH
            else:
                found = _TOKENS.get(part, re.escape(part))
            parts.append(part)
            pattern += found
        try:
            self._match = re.compile(pattern).fullmatch
            named = set(re.compile(pattern).groupindex)
        except re.error:
            named = set()
        if named | {"second"} != {"year", "month", "day", "hour", "minute", "second"}:
            raise DomainError(f"{form} is no form of a date and time; write it as YYYY-MM-DD HH:MM:SS.")
        self._usual = form == USUAL
        self._to_the_second = "second" in named
        self._days: dict[tuple[str, ...], str] = {}

    def read(self, text: str) -> str | None:
        """The moment as `YYYY-MM-DD HH:MM:SS`, by the clock it was written by."""
        found = self._match(text)
        if found is None:
            return None
        parts = found.group("year", "month", "day")
        day = self._days.get(parts) or self._known(parts)
        if not day or self._usual:
            return text if day else None
        return f"{day} {found['hour']}:{found['minute']}:{found['second'] if self._to_the_second else '00'}"

    def _known(self, parts: tuple[str, ...]) -> str:
        try:
            day = date(*map(int, parts)).isoformat()
        except ValueError:
            return ""
        self._days[parts] = day
        return day


def epoch(text: str) -> str | None:
    """The moment that lies so many seconds after 1970 began in UTC."""
    if not (text.isascii() and text.isdigit()) or len(text) > 12 or int(text) > _LAST_EPOCH:
        return None
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(text)):%Y-%m-%d %H:%M:%S}"


def seconds(text: str) -> int | None:
    """A length in seconds, figures only; none for one beyond all calls."""
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        return None
    found = int(text)
    return found if found <= MOST_SECONDS else None


def clock(text: str) -> int | None:
    """A length as hours, minutes and seconds, `00:01:04`; none for one beyond all calls."""
    found = _CLOCK.fullmatch(text)
    if found is None or len(text) > 12:
        return None
    hours, minutes, rest = found.groups()
    length = int(hours) * 3600 + int(minutes) * 60 + int(rest)
    return length if length <= MOST_SECONDS else None


def minutes(text: str) -> int | None:
    """A length as minutes and seconds, `4:05` or `104:05`; none for one beyond all calls."""
    found = _MINUTES.fullmatch(text)
    if found is None:
        return None
    length = int(found[1]) * 60 + int(found[2])
    return length if length <= MOST_SECONDS else None
