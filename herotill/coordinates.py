"""Where something stands: columns for latitude and longitude, in degrees with six decimals (11 cm)."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models


def latitude(**given: Any) -> models.DecimalField[Any, Any]:
    """Degrees, south below zero."""
    return _degrees(90, 8, given)


def longitude(**given: Any) -> models.DecimalField[Any, Any]:
    """Degrees, west below zero."""
    return _degrees(180, 9, given)


def _degrees(most: int, digits: int, given: dict[str, Any]) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        max_digits=digits,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-most), MaxValueValidator(most)],
        **given,
    )
