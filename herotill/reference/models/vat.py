from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from herotill.audit import audited


@audited(words=("rate",), noun="VAT rate")
class VatRate(models.Model):
    """The standard rate from a day on. One that was announced and cancelled stays, withdrawn."""

    starts_on = models.DateField("from")
    rate = models.DecimalField(
        "rate in percent",
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(50))],
    )
    withdrawn = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["starts_on"], condition=Q(withdrawn=False), name="vat_rate_once_a_day"
            ),
            models.CheckConstraint(condition=Q(rate__range=(0, 50)), name="vat_rate_in_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.rate.normalize():f} %"


@audited(words=("vat_number",), noun="VAT status")
class VendorStatus(models.Model):
    """Whether we are a VAT vendor, from a day on, and our number. Who is none charges no VAT."""

    starts_on = models.DateField("from")
    is_vendor = models.BooleanField("VAT vendor")
    vat_number = models.CharField("VAT number", max_length=10, blank=True, default="", db_default="")

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["starts_on"], name="vendor_status_once_a_day"),
            models.CheckConstraint(
                condition=Q(is_vendor=True) | Q(vat_number=""), name="only_a_vendor_has_a_vat_number"
            ),
        ]

    def __str__(self) -> str:
        return self.vat_number or ("VAT vendor" if self.is_vendor else "no VAT vendor")
