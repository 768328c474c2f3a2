"""What we sell as data: speed, allowance, and what happens when the allowance is used up."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from herotill.audit import audited
from herotill.folding import name_key

RADIUS_WORD = RegexValidator(r"^[A-Za-z0-9._-]*\Z", "Letters, figures and . _ - only.")
MOST_KBIT = 100_000_000


def _speed(label: str, **more: object) -> models.PositiveIntegerField:
    validators = [MinValueValidator(1), MaxValueValidator(MOST_KBIT)]
    return models.PositiveIntegerField(label, validators=validators, **more)  # type: ignore[arg-type]


@audited()
class Package(models.Model):
    """A data service. Speeds in kbit/s, allowance in octets a month (empty: uncapped), price by its product."""

    class WhenCapped(models.TextChoices):
        REDUCE = "reduce", "Goes on with the service once capped"
        BLOCK = "block", "Is not let in until topped up or the month turns"
        GO_ON = "go_on", "Goes on; the customer is told"

    class Counts(models.TextChoices):
        BOTH = "both", "Download and upload"
        DOWNLOAD = "download", "Download only"

    name = models.CharField(max_length=100)
    name_key = name_key()
    product = models.ForeignKey(
        "reference.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="packages",
        help_text="What is billed every month, and so the price. Empty: free, as for staff.",
    )
    down_kbit = _speed("download, kbit/s")
    up_kbit = _speed("upload, kbit/s")
    burst_down_kbit = _speed("download in a burst, kbit/s", null=True, blank=True)
    burst_up_kbit = _speed("upload in a burst, kbit/s", null=True, blank=True)
    burst_seconds = models.PositiveSmallIntegerField(
        "seconds a burst is averaged over",
        default=16,
        validators=[MinValueValidator(1), MaxValueValidator(300)],
    )
    allowance = models.BigIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1)], help_text="Octets a month."
    )
    counts = models.CharField(max_length=8, choices=Counts.choices, default=Counts.BOTH)
    when_capped = models.CharField(max_length=6, choices=WhenCapped.choices, default=WhenCapped.REDUCE)
    once_capped = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="capped_from",
        verbose_name="service once capped",
    )
    any_topping_restores = models.BooleanField(
        "any topping brings the speed back",
        default=False,
        db_default=False,
        help_text="Otherwise a topping must cover what was used beyond the allowance.",
    )
    pool = models.CharField(
        "IP pool", max_length=60, blank=True, default="", db_default="", validators=[RADIUS_WORD]
    )
    mac_lock = models.BooleanField(
        "only known devices",
        default=False,
        db_default=False,
        help_text="The first device becomes known by itself; others wait for somebody's yes.",
    )
    sessions = models.PositiveSmallIntegerField(
        "sessions at the same time",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    session_seconds = models.PositiveIntegerField("longest session, seconds", null=True, blank=True)
    idle_seconds = models.PositiveIntegerField("idle time-out, seconds", null=True, blank=True)
    staff = models.BooleanField(
        "for staff", default=False, db_default=False, help_text="Free, and left out of figures of sales."
    )
    in_portal = models.BooleanField(
        "offered in the portal",
        default=True,
        db_default=True,
        help_text="Customers may change to it themselves, or ask for it, as the network rules say.",
    )
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer sold; who has it keeps it."
    )

    class Meta:
        ordering = ["name_key"]
        permissions = [("give_staff_package", "Can give data accounts packages for staff")]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="package_name_once"),
            models.CheckConstraint(
                condition=Q(down_kbit__gte=1, up_kbit__gte=1), name="package_speed_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=Q(allowance=None) | Q(allowance__gte=1), name="package_allowance_more_than_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(when_capped="reduce") | Q(allowance=None) | Q(once_capped__isnull=False),
                name="package_reduces_to_something",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class ToppingOffer(models.Model):
    """Data to be bought once: a topping for this month, or a prepaid bundle of gigabytes, of days, or both."""

    class Kind(models.TextChoices):
        TOPPING = "topping", "Topping on a monthly package"
        BUNDLE = "bundle", "Prepaid bundle"

    kind = models.CharField(max_length=7, choices=Kind.choices, default=Kind.TOPPING)
    name = models.CharField(max_length=100)
    name_key = name_key()
    product = models.ForeignKey("reference.Product", on_delete=models.PROTECT, related_name="toppings")
    octets = models.BigIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    days = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3660)]
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer sold.")

    class Meta:
        verbose_name = "topping or bundle"
        verbose_name_plural = "toppings and bundles"
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="topping_offer_name_once"),
            models.CheckConstraint(
                condition=Q(octets__gte=1) | Q(kind="bundle", days__gte=1),
                name="topping_offer_gives_something",
            ),
        ]

    def __str__(self) -> str:
        return self.name
