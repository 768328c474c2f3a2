"""What the imports of billing share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from billing.policies.importing.records import AHEAD
from customers.models import Customer
from herotill.clock import local_day, stamp
from herotill.imports.judging import CHUNK, CREATE, REFUSE, SKIP, Judged, chunks, read

__all__ = ["CHUNK", "CREATE", "REFUSE", "SKIP", "Judged", "chunks", "customers_by_code", "latest", "read"]


def customers_by_code(codes: Collection[str]) -> Mapping[str, int]:
    """The ids of the customers among these codes."""
    return dict(Customer.objects.filter(code__in=list(codes)).values_list("code", "pk"))


def latest() -> date:
    """The last day that history may bear: bills for the months to come may be out already."""
    return local_day(stamp()) + AHEAD
