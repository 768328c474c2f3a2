"""What the imports of billing share."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from customers.models import Customer
from herotill.imports.judging import CHUNK, CREATE, REFUSE, SKIP, Judged, chunks, read

__all__ = ["CHUNK", "CREATE", "REFUSE", "SKIP", "Judged", "chunks", "customers_by_code", "read"]


def customers_by_code(codes: Collection[str]) -> Mapping[str, int]:
    """The ids of the customers among these codes."""
    return dict(Customer.objects.filter(code__in=list(codes)).values_list("code", "pk"))
