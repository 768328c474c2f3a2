"""Lengths of time as a report shows them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

HOUR, DAY = 60, 24 * 60


def in_short(length: timedelta | None) -> str:
    """12 min, 3 h 20 min, 2 d 4 h; nothing where there is none."""
    if length is None:
        return ""
    minutes = round(length.total_seconds() / 60)
    if minutes < HOUR:
        return f"{minutes} min"
    if minutes < DAY:
        return f"{minutes // HOUR} h {minutes % HOUR} min"
    return f"{minutes // DAY} d {minutes % DAY // HOUR} h"


def in_hours(length: timedelta | None) -> Decimal | None:
    """Hours with two places, for files."""
    if length is None:
        return None
    return (Decimal(round(length.total_seconds())) / 3600).quantize(Decimal("0.01"))


def in_minutes(minutes: int | None) -> str:
    """Minutes of work, of which days have no 24 hours: 30 min, 4 h, 45 h; nothing where nothing is promised."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, HOUR)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
