"""The free gates about a lead's own data, which Setup may put before any list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.db.models import Q

from workflow.models import Lead


def _lacking(condition: Q, sentence: str) -> Callable[[Collection[int]], Mapping[int, str]]:
    def missing(leads: Collection[int]) -> dict[int, str]:
        found = Lead.objects.filter(condition, pk__in=leads).values_list("pk", flat=True)
        return dict.fromkeys(found, sentence)

    return missing


def unreachable(leads: Collection[int]) -> dict[int, str]:
    """Who cannot be phoned or mailed."""
    rows = Lead.objects.filter(Q(phone="") | Q(email=""), pk__in=leads).values_list("pk", "phone", "email")
    return {pk: _reach(phone, email) for pk, phone, email in rows}


def _reach(phone: str, email: str) -> str:
    lacks = " and ".join(
        word for word, value in (("phone number", phone), ("email address", email)) if not value
    )
    return f"No {lacks}."


without_address = _lacking(Q(lines="") | Q(town="", suburb=""), "No address with street and town.")
without_coordinates = _lacking(Q(latitude=None), "No coordinates.")
without_owner = _lacking(Q(owner=None), "Nobody owns it.")
