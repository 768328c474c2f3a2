"""Month-end: its dates, its steps, and the preview that a person signs."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import ZERO, MoneyField
from herotill.months import Month

SERVICE_MONTHS = (
    (-1, "The month before"),
    (0, "The same month"),
    (1, "The month after"),
    (2, "Two months after"),
)


def _by() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
    )


@audited(exclude=("created_at", "totals", "reconciled", "fingerprint"))
class MonthEnd(models.Model):
    """The billing of one month, of everybody or of one billing group, step by step.

    `service_offset` is the service month that is billed, counted from the billing month: -1 is the month
    before, 1 the month after. What begins after the `cut_off_day` of the service month is left to the next
    month-end, which bills those days too. `fingerprint` is that of all the preview was made from.
    """

    period = models.DateField("billing month (its first day)")
    billing_group = models.ForeignKey(
        "customers.BillingGroup",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: all customers.",
    )
    cut_off_day = models.PositiveSmallIntegerField(
        "cut-off day",
        default=31,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="What begins after this day of the service month is billed next month, from its first day.",
    )
    service_offset = models.SmallIntegerField(
        "service period",
        default=0,
        choices=SERVICE_MONTHS,
    )
    document_date = models.DateField("date of the invoices")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = _by()
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = _by()
    archived_at = models.DateTimeField(null=True, editable=False)
    archived_by = _by()
    previewed_at = models.DateTimeField(null=True, editable=False)
    fingerprint = models.CharField(max_length=64, default="", db_default="", editable=False)
    totals = models.JSONField(default=dict, db_default={}, editable=False)
    signed_at = models.DateTimeField(null=True, editable=False)
    signed_by = _by()
    sign_reason = models.CharField("remark", max_length=300, blank=True, default="", db_default="")
    charged_at = models.DateTimeField(null=True, editable=False)
    drafted_at = models.DateTimeField(null=True, editable=False)
    issued_at = models.DateTimeField(null=True, editable=False)
    reconciled_at = models.DateTimeField(null=True, editable=False)
    reconciled = models.JSONField(default=dict, db_default={}, editable=False)

    class Meta:
        verbose_name = "month-end"
        default_permissions = ("view",)
        permissions = [
            ("run_month_end", "Can run the month-end up to drafts"),
            ("sign_preview", "Can sign the preview of a month-end"),
        ]
        ordering = ["-period", "billing_group_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "billing_group"], nulls_distinct=False, name="month_end_once"
            ),
            models.CheckConstraint(condition=Q(period__day=1), name="month_end_of_a_month"),
            models.CheckConstraint(condition=Q(cut_off_day__range=(1, 31)), name="cut_off_day_in_a_month"),
            models.CheckConstraint(condition=Q(service_offset__range=(-1, 2)), name="service_month_near"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | ~Q(fingerprint=""), name="a_preview_is_signed_as_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month.label}, {self.billing_group}" if self.billing_group_id else self.month.label

    @property
    def month(self) -> Month:
        """The billing month."""
        return Month.of(self.period)

    @property
    def service_month(self) -> Month:
        """The month whose services are billed."""
        return self.month.plus(self.service_offset)


class PreviewRow(models.Model):
    """What one customer will be billed, where that differs from last month or there is something to know."""

    month_end = models.ForeignKey(MonthEnd, on_delete=models.CASCADE, related_name="rows", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    last = MoneyField("last month", default=ZERO)
    this = MoneyField("this month", default=ZERO)
    difference = models.GeneratedField(
        expression=F("this") - F("last"), output_field=MoneyField(), db_persist=True
    )
    reasons = ArrayField(models.CharField(max_length=12), default=list)
    words = models.CharField("why", max_length=500, default="", db_default="")
    over_billed = MoneyField("billed too much", default=ZERO, db_default=ZERO)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["month_end", "customer"], name="previewed_once"),
        ]
        indexes = [
            models.Index(fields=["month_end", "difference", "id"], name="preview_by_difference"),
            models.Index(fields=["month_end", "this", "id"], name="preview_by_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.difference}"
