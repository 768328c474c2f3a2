"""What customers may read of an outage."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import get_current_timezone

from dataaccounts.models import Outage


def words(outage: Outage) -> dict[str, str]:
    """What the templates may say of an outage beside the customer's name."""
    return {
        "headline": outage.headline,
        "text": outage.text,
        "place": outage.place,
        "from": moment(outage.starts_at),
        "until": moment(outage.ends_at) if outage.ends_at else "not known yet",
        "ended": moment(outage.ended_at) if outage.ended_at else "",
    }


def moment(at: datetime) -> str:
    """A moment as customers read it."""
    return f"{at.astimezone(get_current_timezone()):%Y-%m-%d %H:%M}"
