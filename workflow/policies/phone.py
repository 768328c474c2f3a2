"""What a technician's phone keeps and tells: moments, places to drive to, signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

LATE = timedelta(days=7)
"""What a phone sends later than this counts as done when it was received."""
MOST_STROKES, MOST_POINTS, GRID = 200, 5_000, 1000
TYPED = {"typed": True}
"""A signature by the name alone, where somebody could or would not write on the glass."""


def moment(made_at: datetime | None, after: datetime | None, now: datetime) -> datetime:
    """When something was done that a phone tells of: by its clock, but neither before `after` nor in the future."""
    if made_at is None or made_at > now or now - made_at > LATE:
        return now
    return max(made_at, after) if after and after <= now else made_at


def kept_until(day: date, today: date, ended: bool) -> date | None:
    """The last day a phone may keep the page of a visit on `day`; None where it keeps none.

    Those of today and the next day, and what is still to be finished; what has ended goes when its day does.
    """
    if day > today + timedelta(days=1) or (ended and day < today):
        return None
    return today if ended else max(day, today)


def geo(address: str, latitude: Any = None, longitude: Any = None) -> str:
    """The address of a place for the phone's own maps; "" for nowhere."""
    where = " ".join(address.split())
    if latitude is not None and longitude is not None:
        return f"geo:{latitude},{longitude}?q={latitude},{longitude}"
    return f"geo:0,0?q={quote(where)}" if where else ""


def tel(number: str) -> str:
    """A number as the phone dials it; "" for what is none."""
    digits = re.sub(r"[^0-9+]", "", number)
    return f"tel:{digits}" if sum(letter.isdigit() for letter in digits) >= 3 else ""


def is_signature(strokes: Any) -> bool:
    """Whether this is a list of strokes, each a list of points from 0 to GRID."""
    if not isinstance(strokes, list) or not 0 < len(strokes) <= MOST_STROKES:
        return False
    if sum(len(one) if isinstance(one, list) else MOST_POINTS for one in strokes) > MOST_POINTS:
        return False
    return all(isinstance(one, list) and len(one) > 1 and all(map(_is_point, one)) for one in strokes)


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(part, int) and not isinstance(part, bool) and 0 <= part <= GRID for part in point)
    )


def drawn(strokes: Sequence[Sequence[Sequence[int]]]) -> list[str]:
    """The strokes as points of SVG polylines."""
    return [" ".join(f"{x},{y}" for x, y in stroke) for stroke in strokes]
