"""Who did something: a column that every deed has."""

from typing import Any

from django.conf import settings
from django.db import models


def person(label: str = "", **given: Any) -> models.ForeignKey[Any, Any]:
    """The person of ours who did it; none where a job or the customer did. People are never deleted."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label or None,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        db_index=False,
        **given,
    )
