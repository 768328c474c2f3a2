"""Leads as lists and the board show them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django.db.models import Q, QuerySet

from herotill.folding import fold
from herotill.lists import Search
from workflow.models import Lead
from workflow.selectors.missing import missing_where_they_wait


def waiting_in(place: str) -> Callable[[], QuerySet[Lead]]:
    """The leads of one list."""
    return partial(_of, place)


def _of(place: str) -> QuerySet[Lead]:
    return Lead.objects.order_by().filter(step=place)


def missing_in(place: str) -> Callable[[Sequence[int]], Mapping[int, list[str]]]:
    """What the leads of one list still need, for a page of its rows."""
    return lambda leads: missing_where_they_wait(dict.fromkeys(leads, place))


def search(text: str, user: object) -> Search:
    """By the beginning of a word of the name, of a mail address, by the digits of a number, by a town."""
    key, digits = fold(text), "".join(filter(str.isdigit, text)).lstrip("0")
    wanted = (
        Q(name_key__startswith=key)
        | Q(name_key__contains=f" {key}")
        | Q(email__istartswith=text.strip())
        | Q(town__istartswith=text.strip())
    )
    if len(digits) >= 3:
        wanted |= Q(phone__contains=digits) | Q(other_phone__contains=digits)
    return lambda rows, along="": rows.filter(wanted)
