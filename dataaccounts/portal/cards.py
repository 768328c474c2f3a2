"""What the portal's home says of services and outages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from customers.models import Customer
from dataaccounts.deeds import in_portal
from dataaccounts.selectors import own_calls, own_services
from dataaccounts.selectors.outages import outages_of
from dataaccounts.selectors.own_services import Service
from dataaccounts.selectors.stretches import PAGE, drawn, stretch_of, summed, used_in
from herotill.months import Month

SHOWN = 5
NEWS = timedelta(days=60)
URGENT = ("bad", "warn", "", "ok")
"""In this order, by how a service stands."""


def services(customer: Customer) -> dict[str, Any] | None:
    """How each service stands, what data is left, and the month's chart; nothing where there is no service."""
    now = timezone.now()
    month = Month.of(timezone.localdate(now))
    found = own_services.services(customer=customer, now=now, phone_in=month)
    ended = [one for one in found if not one.is_open and _is_news(one, timezone.localdate(now))]
    open_ones = sorted((one for one in found if one.is_open), key=lambda one: URGENT.index(one.tone))
    if not open_ones and not ended:
        return None
    stretch = stretch_of("month", timezone.localdate(now))
    used = used_in([one.account.pk for one in found], stretch)
    return {
        "shown": [{"service": one, "deeds": in_portal(one.account)[:1]} for one in open_ones[:SHOWN]],
        "more": max(len(open_ones) - SHOWN, 0),
        "ended": ended,
        "stretch": stretch,
        "total": summed(used, stretch),
        "used": used,
        "chart": drawn(used, PAGE),
    }


def _is_news(service: Service, today: date) -> bool:
    """Whether one that ended did so not long ago."""
    last = service.account.ends_on
    return last is not None and last + NEWS >= today


def outages(customer: Customer) -> dict[str, Any] | None:
    """What is out or planned where their services hang; nothing where all is well."""
    now = timezone.now()
    found = outages_of(customer=customer, now=now)
    return {"outages": found, "now": now} if found else None


def phone(customer: Customer) -> dict[str, Any] | None:
    """What their voice lines called this month; nothing where there is no line. The services brought it along."""
    month = Month.of(timezone.localdate())
    used = own_calls.used(customer=customer, month=month)
    if not used:
        return None
    return {
        "month": month,
        "lines": own_calls.lines_in(used),
        "total": own_calls.together(used),
        "classes": own_calls.by_class(used),
    }
