"""What ratings come to: which are low, when customers may rate again."""

from __future__ import annotations

from datetime import datetime, timedelta

COMMENT = 2000  # letters
AGAIN_AFTER = timedelta(days=1)
ASKED_AT_MOST = 2  # times within these, about tickets and visits


def is_low(stars: int, threshold: int) -> bool:
    """Whether somebody must see to it; a threshold of 0 asks for none."""
    return stars <= threshold


def may_rate_again(last: datetime | None, now: datetime) -> bool:
    """Whether somebody may rate us in general once more; once a day is enough."""
    return last is None or now - last >= AGAIN_AFTER


def may_ask_again(asked: int) -> bool:
    """Whether to ask once more who was asked so often by itself within a day."""
    return asked < ASKED_AT_MOST


def in_stars(stars: int | None) -> str:
    """★★★☆☆, for tables; nothing where none were given."""
    return "" if stars is None else "★" * stars + "☆" * (5 - stars)
