"""What is done regularly about contracts and price notices."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from billing.services import contracts, price_notices


def announce_expiries(now: datetime) -> str:
    return f"{contracts.announce_expiries(today=timezone.localdate(now), now=now)} terms announced."


def raise_by_the_year(now: datetime) -> str:
    return f"{contracts.raise_by_the_year(today=timezone.localdate(now), now=now)} yearly rises announced."


def note_sent(now: datetime) -> str:
    return f"{price_notices.note_sent()} notices sent."
