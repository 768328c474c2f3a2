from django.db import models

from herotill.audit import audited
from herotill.folding import name_key


@audited()
class Highsite(models.Model):
    """A tower or building on which our radios stand."""

    name = models.CharField(max_length=100)
    name_key = name_key()
    town = models.CharField(max_length=100, blank=True, default="", db_default="")
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new customers."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name_key"], name="highsite_name_once")]
        ordering = ["name_key"]

    def __str__(self) -> str:
        return self.name
