from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from herotill.audit import audited


@audited(words=("name",), exclude=("logo",))
class Company(models.Model):
    """Ourselves, as documents and messages show us. One row; issued documents keep what they showed."""

    only = models.BooleanField(default=True, db_default=True, editable=False)
    name = models.CharField("registered name", max_length=150, blank=True, default="", db_default="")
    trading_name = models.CharField(
        max_length=150, blank=True, default="", db_default="", help_text="The name customers know us by."
    )
    registration_number = models.CharField(max_length=30, blank=True, default="", db_default="")
    address_line1 = models.CharField("address", max_length=100, blank=True, default="", db_default="")
    address_line2 = models.CharField("address, line 2", max_length=100, blank=True, default="", db_default="")
    suburb = models.CharField(max_length=100, blank=True, default="", db_default="")
    city = models.CharField(max_length=100, blank=True, default="", db_default="")
    postal_code = models.CharField(max_length=10, blank=True, default="", db_default="")
    phone = models.CharField(max_length=40, blank=True, default="", db_default="")
    email = models.EmailField(blank=True, default="", db_default="")
    website = models.URLField(blank=True, default="", db_default="")
    # A picture that was drawn anew by us, as PNG; kept here so that it is in every backup.
    logo = models.BinaryField(null=True, editable=False)
    accent = models.CharField(
        "colour",
        max_length=7,
        default="#0b5cad",
        db_default="#0b5cad",
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", "Six figures after #, as in #0b5cad.")],
    )
    small_print = models.CharField(
        max_length=600, blank=True, default="", db_default="", help_text="Stands at the foot of documents."
    )
    terms = models.TextField(
        "terms of the portal",
        max_length=40_000,
        blank=True,
        default="",
        db_default="",
        help_text="Customers read them in the portal; an empty line begins a new paragraph.",
    )

    class Meta:
        verbose_name_plural = "company"
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["only"], name="one_company"),
            models.CheckConstraint(condition=Q(only=True), name="company_is_the_only_one"),
            models.CheckConstraint(
                condition=Q(accent__regex=r"^#[0-9a-f]{6}$"), name="company_colour_is_one"
            ),
        ]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        return self.trading_name or self.name

    @property
    def address(self) -> list[str]:
        """The lines of the address that are filled in."""
        town = " ".join(part for part in (self.city, self.postal_code) if part)
        return [line for line in (self.address_line1, self.address_line2, self.suburb, town) if line]
