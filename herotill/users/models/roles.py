from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import Group
from django.db import models

from herotill.audit import audited


class RoleManager(models.Manager["Role"]):
    """Roles by name."""


@audited(words=("label",))
class Role(Group):
    """A named bundle of rights, such as accounts or support."""

    label = models.CharField("name shown", max_length=100)
    description = models.CharField(max_length=300, blank=True, default="", db_default="")
    second_factor_required = models.BooleanField(
        default=False, help_text="People with this role must set up a second factor before they can work."
    )

    objects: ClassVar[models.Manager[Role]] = RoleManager()  # type: ignore[assignment]

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label
