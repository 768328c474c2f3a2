"""What is done regularly about cancellations and holds."""

from __future__ import annotations

from datetime import datetime

from billing.services import cancellations, service_holds
from herotill.jobs import count


def carry_out(now: datetime) -> str:
    applied, finished = cancellations.apply_due(now=now), cancellations.finish_due(now=now)
    count(ends_set=applied, ended=finished)
    return f"{applied} ends set, {finished} ended." if applied or finished else ""


def lapse(now: datetime) -> str:
    lapsed = cancellations.lapse_due(now=now)
    count(lapsed=lapsed)
    return f"{lapsed} lapsed."


def keep_holds(now: datetime) -> str:
    return service_holds.keep_to_days(now)
