"""What calls cost: a supplier's rate decks and our own price lists, in complete versions from a day on."""

from datetime import time

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import name_key

CALL_CLASS = RegexValidator(r"^[a-z0-9][a-z0-9_-]*\Z", "Small letters, figures, _ and - only.")
PREFIX = RegexValidator(r"^[0-9]{1,15}\Z", "Figures only, without +.")


def rate_field(label: str, **more: object) -> models.DecimalField:
    """Rand exclusive of VAT, to six decimals: what a minute or a call costs."""
    more.setdefault("validators", [MinValueValidator(0)])
    return models.DecimalField(label, max_digits=14, decimal_places=6, **more)  # type: ignore[arg-type]


@audited()
class Deck(models.Model):
    """Rates for calls: what a supplier asks of us (cost), or what we ask (sell). In rand, exclusive of VAT.

    Off-peak rates, where rows have them, hold outside the peak hours and on Saturdays and Sundays.
    """

    class Side(models.TextChoices):
        COST = "cost", "What a supplier asks of us"
        SELL = "sell", "What we ask"

    side = models.CharField(max_length=4, choices=Side.choices, db_collation="C")
    name = models.CharField(max_length=60)
    name_key = name_key()
    peak_from = models.TimeField(default=time(7))
    peak_to = models.TimeField(default=time(19))
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer used for new lines.")

    class Meta:
        verbose_name = "rate deck"
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["side", "name_key"], name="deck_name_once"),
            models.CheckConstraint(condition=Q(side__in=["cost", "sell"]), name="deck_side_known"),
            models.CheckConstraint(condition=Q(peak_to__gt=F("peak_from")), name="deck_peak_has_hours"),
        ]

    def __str__(self) -> str:
        return self.name


@audited(exclude=("made_at",))
class DeckVersion(models.Model):
    """One complete deck, in force from a local day until the next version's. Its rows never change."""

    deck = models.ForeignKey(Deck, on_delete=models.PROTECT, related_name="versions")
    valid_from = models.DateField("in force from")
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["deck", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["deck", "valid_from"], name="deck_version_once_a_day")]

    def __str__(self) -> str:
        return f"{self.deck} from {self.valid_from}"


class DeckRow(models.Model):
    """What calls to numbers with a prefix cost in a version: a fee, and a rate for each minute charged.

    The seconds charged are the least, or the next whole number of steps. A short code is matched whole.
    """

    class Kind(models.TextChoices):
        E164 = "e164", "Prefix of a number"
        SHORT = "short", "Short code"

    version = models.ForeignKey(DeckVersion, on_delete=models.CASCADE, related_name="rows", db_index=False)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.E164, db_collation="C")
    prefix = models.CharField(max_length=15, db_collation="C", validators=[PREFIX])
    destination = models.CharField(max_length=100)
    call_class = models.CharField("class", max_length=30, db_collation="C", validators=[CALL_CLASS])
    fee = rate_field("connection fee")
    rate = rate_field("a minute")
    off_peak_rate = rate_field("a minute, off-peak", null=True, blank=True)
    least_seconds = models.PositiveIntegerField("least seconds", default=1)
    step_seconds = models.PositiveIntegerField("step, seconds", default=1, validators=[MinValueValidator(1)])
    free = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ["version", "kind", "prefix"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "prefix"], name="deck_prefix_once"),
            models.CheckConstraint(condition=Q(kind__in=["e164", "short"]), name="deck_row_kind_known"),
            models.CheckConstraint(
                condition=Q(prefix__regex=r"^[0-9]{1,15}$"), name="deck_prefix_of_figures"
            ),
            models.CheckConstraint(
                condition=Q(fee__gte=0, rate__gte=0, step_seconds__gte=1)
                & (Q(off_peak_rate=None) | Q(off_peak_rate__gte=0)),
                name="deck_row_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.destination}"
