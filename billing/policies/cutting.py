"""Days taken apart into whole months and what is cut of others: the former are read from sums, the latter counted."""

from __future__ import annotations

from datetime import date

from herotill.months import Month


def months(first: date, last: date) -> tuple[Month, ...]:
    """Every month that has one of these days."""
    found = [Month.of(first)]
    while found[-1] < Month.of(last):
        found.append(found[-1].next)
    return tuple(found)


def cut(first: date, last: date) -> tuple[list[date], list[tuple[date, date]]]:
    """The first days of the whole months, and from when to when the others are meant."""
    whole, parts = [], []
    for month in months(first, last):
        if first <= month.first and month.last <= last:
            whole.append(month.first)
        else:
            parts.append((max(first, month.first), min(last, month.last)))
    return whole, parts
