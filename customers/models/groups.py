from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from herotill.audit import audited
from herotill.folding import name_key


@audited()
class CustomerGroup(models.Model):
    """Staff, high-site owners, an estate, a reseller: whom a customer belongs with."""

    name = models.CharField(max_length=100)
    name_key = name_key()
    description = models.CharField(max_length=300, blank=True, default="", db_default="")
    is_default = models.BooleanField(default=False, db_default=False, editable=False)
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new customers."
    )

    class Meta:
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="customer_group_name_once"),
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_group"
            ),
        ]

    def __str__(self) -> str:
        return self.name


def _days(help_text: str, default: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        default=default, db_default=default, help_text=help_text, validators=[MaxValueValidator(365)]
    )


@audited()
class BillingGroup(models.Model):
    """The debit-order run a customer belongs to, with the days that go with it."""

    name = models.CharField(max_length=100)
    name_key = name_key()
    run_day = models.PositiveSmallIntegerField(
        "debit-order day",
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="Day of the month on which debit orders run; 29 to 31 mean the last day of a shorter month.",
    )
    due_days = _days("Days from the document date until an invoice is due.", 7)
    overdue_days = _days("Days after the due date until the first warning.", 7)
    second_notice_days = _days("Days after the due date until the second warning.", 12)
    suspension_days = _days("Days after the due date until suspension.", 15)
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new customers."
    )

    class Meta:
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="billing_group_name_once"),
            models.CheckConstraint(condition=Q(run_day__range=(1, 31)), name="run_day_in_a_month"),
            models.CheckConstraint(
                condition=Q(second_notice_days__gte=models.F("overdue_days"))
                & Q(suspension_days__gte=models.F("second_notice_days")),
                name="warnings_before_suspension",
            ),
        ]

    def __str__(self) -> str:
        return self.name
