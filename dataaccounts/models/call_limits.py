"""What a voice line may spend before somebody is told, and who was told when."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import MoneyField

from .voice import VoiceLine


@audited()
class SpendLimit(models.Model):
    """From which amount a day or a month of a line's calls raises an alarm; without a line, for all without one.

    A call of a watched class raises one at once. Amounts in rand, exclusive of VAT, as we sell the calls.
    """

    line = models.OneToOneField(
        VoiceLine, on_delete=models.CASCADE, null=True, blank=True, related_name="limit"
    )
    per_day = MoneyField("a day", null=True, blank=True, validators=[MinValueValidator(0)])
    per_month = MoneyField("a month", null=True, blank=True, validators=[MinValueValidator(0)])
    classes = ArrayField(
        models.CharField(max_length=30, db_collation="C"),
        default=list,
        blank=True,
        verbose_name="classes that raise an alarm",
        help_text="Classes of the price lists with commas between, as premium, satellite.",
    )
    tell_customer = models.BooleanField(
        "tell the customer too", default=False, db_default=False, help_text="Those who get usage notices."
    )

    class Meta:
        verbose_name = "spend limit"
        constraints = [
            models.UniqueConstraint(
                fields=["line"], name="one_spend_limit_for_all", condition=Q(line=None), nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return "Spend limit"


class SpendAlarm(models.Model):
    """A line that reached its limit, or called a watched class: once a line, kind and day (its month's first)."""

    class Kind(models.TextChoices):
        DAY = "day", "Limit of a day"
        MONTH = "month", "Limit of a month"
        CLASS = "class", "Watched class of calls"

    line = models.ForeignKey(VoiceLine, on_delete=models.CASCADE, related_name="alarms", db_index=False)
    kind = models.CharField(max_length=5, choices=Kind.choices, db_collation="C")
    day = models.DateField()
    amount = MoneyField("spent")
    allowed = MoneyField("limit", null=True)
    made_at = models.DateTimeField(db_default=Now())
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    seen_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("change", "view")
        ordering = ["-id"]
        indexes = [models.Index(fields=["-id"], name="spend_alarms_open", condition=Q(seen_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["line", "kind", "day"], name="spend_alarm_once"),
            models.CheckConstraint(condition=Q(kind__in=["day", "month", "class"]), name="spend_alarm_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.day}"
