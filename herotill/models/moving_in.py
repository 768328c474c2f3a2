from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import MoneyField


def _person(**how: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, **how
    )


@audited()
class MovingIn(models.Model):
    """A move from another system. Until it is signed or called off, nothing is billed."""

    began_by = _person()
    began_at = models.DateTimeField(db_default=Now(), editable=False)
    signed_by = _person(null=True)
    signed_at = models.DateTimeField(null=True, editable=False)
    called_off_by = _person(null=True)
    called_off_at = models.DateTimeField(null=True, editable=False)
    why = models.CharField(
        "why it is called off", max_length=300, blank=True, default="", db_default="", editable=False
    )

    OPEN = Q(signed_at=None, called_off_at=None)

    class Meta:
        verbose_name = "move from another system"
        verbose_name_plural = "moves from another system"
        default_permissions = ("view",)
        permissions = [
            ("move_in", "Can move in from another system"),
            ("sign_move", "Can sign off a move, which switches billing on"),
        ]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(signed_at=None, called_off_at=None),
                name="one_move_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(called_off_at=None), name="move_ends_in_one_way"
            ),
            models.CheckConstraint(
                condition=Q(signed_at=None, signed_by=None)
                | Q(signed_at__isnull=False, signed_by__isnull=False),
                name="move_is_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(called_off_at=None, called_off_by=None, why="")
                | (Q(called_off_at__isnull=False, called_off_by__isnull=False) & ~Q(why="")),
                name="move_is_called_off_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Move of {self.began_at:%Y-%m-%d}"


@audited()
class OldFigure(models.Model):
    """What the old system has of one step: how many, and for how much where that is asked."""

    move = models.ForeignKey(MovingIn, on_delete=models.CASCADE, related_name="figures", editable=False)
    step = models.CharField(max_length=40, editable=False, db_collation="C")
    count = models.PositiveIntegerField("how many it has")
    amount = MoneyField("what they come to", null=True, blank=True)
    noted_by = _person()
    noted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "figure of the old system"
        verbose_name_plural = "figures of the old system"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["move", "step"], name="old_figure_once")]

    def __str__(self) -> str:
        return f"{self.step}: {self.count}"
