from django.db import models
from django.db.models import GeneratedField, Q, Value
from django.db.models.functions import Left, NullIf

from herotill.audit import audited
from herotill.folding import Fold

from .customers import Customer


@audited(customer="customer", words=("label", "lines", "suburb", "town"))
class Address(models.Model):
    """Where a customer is, gets post, or has a further service."""

    class Kind(models.TextChoices):
        PHYSICAL = "physical", "Physical"
        POSTAL = "postal", "Postal"
        OTHER = "other", "Additional"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.OTHER)
    label = models.CharField("what it is", max_length=100, blank=True, default="", db_default="")
    lines = models.TextField("street or box", blank=True, default="", db_default="")
    suburb = models.CharField(blank=True, default="", db_default="")
    town = models.CharField(blank=True, default="", db_default="")
    town_key = GeneratedField(
        expression=NullIf(Left(Fold("town"), 100), Value("")),
        output_field=models.CharField(max_length=100, null=True, db_collation="C"),
        db_persist=True,
    )
    postal_code = models.CharField(blank=True, default="", db_default="")
    directions = models.TextField(
        blank=True, default="", db_default="", help_text="Gate, dogs, how to find it."
    )

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=~Q(kind="other"),
                name="one_physical_and_one_postal_address",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["physical", "postal", "other"]), name="address_kind_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["town_key", "customer"],
                name="customer_by_town",
                condition=Q(kind="physical", town_key__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.one_line

    @property
    def one_line(self) -> str:
        parts = [*self.lines.splitlines(), self.suburb, self.town, self.postal_code]
        return ", ".join(part.strip() for part in parts if part.strip())
