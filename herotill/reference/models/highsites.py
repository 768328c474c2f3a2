from django.db import models
from django.db.models import Q

from herotill import coordinates
from herotill.audit import audited
from herotill.folding import name_key


@audited()
class Highsite(models.Model):
    """A tower or building on which our radios stand."""

    name = models.CharField(max_length=100)
    name_key = name_key()
    town = models.CharField(max_length=100, blank=True, default="", db_default="")
    latitude = coordinates.latitude(help_text="In degrees, south below zero: -33.731800.")
    longitude = coordinates.longitude(help_text="In degrees, west below zero: 18.962100.")
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new customers."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="highsite_name_once"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="highsite_coordinates_are_two",
            ),
        ]
        ordering = ["name_key"]

    def __str__(self) -> str:
        return self.name
