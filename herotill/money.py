"""Rand and cents. The only rounding in the house."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded half up to the cent. A float is a bug and is refused."""
    if not isinstance(amount, Decimal):
        raise TypeError(f"Money is Decimal, not {type(amount).__name__}.")
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def rand(amount: Decimal) -> str:
    """`R 18,597.00`, negatives `-R 200.00`."""
    rounded = cents(amount)
    sign = "-" if rounded < 0 else ""
    return f"{sign}R {abs(rounded):,.2f}"


class MoneyField(models.DecimalField):
    """An amount in rand, exact to the cent: numeric(14, 2)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)
