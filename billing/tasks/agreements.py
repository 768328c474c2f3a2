"""What is done regularly about contracts and price notices."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from billing.services import contracts, price_notices
from herotill.jobs import count


def announce_expiries(now: datetime) -> str:
    announced = contracts.announce_expiries(today=timezone.localdate(now), now=now)
    count(announced=announced)
    return f"{announced} terms announced."


def raise_by_the_year(now: datetime) -> str:
    announced = contracts.raise_by_the_year(today=timezone.localdate(now), now=now)
    count(announced=announced)
    return f"{announced} yearly rises announced."


def note_sent(now: datetime) -> str:
    sent = price_notices.note_sent()
    count(sent=sent)
    return f"{sent} notices sent."
