"""How billing is set up: number series and the rules of the company."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from billing.models import Document, Rules, Series
from herotill.errors import DomainError


def is_used(series: Series) -> bool:
    """Whether numbers have been given in it."""
    return Document.objects.filter(series=series).exists()


@transaction.atomic
def change_series(*, series: Series, values: Mapping[str, Any]) -> Series:
    """Change prefix, width and first number while no number is given. Raises DomainError afterwards."""
    held = Series.objects.select_for_update().get(pk=series.pk)
    if is_used(held):
        raise DomainError("Numbers have been given in this series; it stays as it is.")
    for name, value in values.items():
        setattr(held, name, value)
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError as trouble:
        if "one_series_a_prefix" not in str(trouble):
            raise
        raise DomainError("Another series has this prefix.", field="prefix") from None
    return held


@transaction.atomic
def change_rules(*, values: Mapping[str, Any]) -> Rules:
    """Change how we bill."""
    rules = Rules.objects.select_for_update().get()
    for name, value in values.items():
        setattr(rules, name, value)
    rules.save()
    return rules
