"""Suspension: the rules, each customer's own, and cases from first warning to reset."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import MoneyField

from .people import person


def _days(label: str, help_text: str, default: int | None = None) -> models.PositiveSmallIntegerField:
    given = {"null": True, "blank": True} if default is None else {"default": default, "db_default": default}
    return models.PositiveSmallIntegerField(
        label, help_text=help_text, validators=[MaxValueValidator(365)], **given
    )


@audited()
class SuspensionRules(models.Model):
    """When who does not pay is warned and suspended; one row. Days count from the due date."""

    only = models.BooleanField(default=True, db_default=True, editable=False)
    enabled = models.BooleanField(
        default=False, db_default=False, help_text="Off: nobody is warned or suspended."
    )
    overdue_days = _days("days till overdue", "First warning; for customers without a billing group.", 7)
    second_notice_days = _days("days till second warning", "For customers without a billing group.", 12)
    suspension_days = _days("days till suspension", "For customers without a billing group.", 15)
    pause_days = _days("length of a pause, in days", "What a pause is offered with.", 3)
    minimum = MoneyField(
        "minimum amount",
        default=Decimal("50.00"),
        db_default=Decimal("50.00"),
        help_text="Nobody who owes less than this overdue is warned or suspended.",
    )
    grace_days = _days(
        "business days after a debit date",
        "For debit-order and card customers the days count from the later of due date and action date plus these.",
        3,
    )
    from_hour = models.PositiveSmallIntegerField(
        "suspend from (hour)", default=8, db_default=8, validators=[MaxValueValidator(23)]
    )
    until_hour = models.PositiveSmallIntegerField(
        "suspend until (hour)",
        default=15,
        db_default=15,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    reported_hours = models.PositiveSmallIntegerField(
        "pause for a reported card payment, in hours", default=48, db_default=48
    )
    stop_billing_days = _days(
        "billing stops after days suspended", "Cancellation is then proposed. 0: never.", 60
    )
    notices_by_sms = models.BooleanField(
        "notices by SMS too",
        default=False,
        db_default=False,
        help_text="Besides the mail, to the numbers of those who get debt messages. Each SMS costs.",
    )
    late_fee = MoneyField("late fee", null=True, blank=True, help_text="Empty: none.")
    unpaid_fee = MoneyField("fee for an unpaid debit", null=True, blank=True, help_text="Empty: none.")
    fee_product = models.ForeignKey(
        "reference.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "suspension rules"
        verbose_name_plural = "suspension rules"
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["only"], name="one_set_of_suspension_rules"),
            models.CheckConstraint(condition=Q(only=True), name="suspension_rules_are_the_only_ones"),
            models.CheckConstraint(
                condition=Q(second_notice_days__gte=F("overdue_days"))
                & Q(suspension_days__gte=F("second_notice_days")),
                name="company_warns_before_it_suspends",
            ),
            models.CheckConstraint(condition=Q(minimum__gte=0), name="minimum_no_less_than_nothing"),
            models.CheckConstraint(
                condition=Q(until_hour__gt=F("from_hour")) & Q(until_hour__lte=24), name="suspension_hours"
            ),
        ]

    def __str__(self) -> str:
        return "Suspension rules"


@audited(customer="customer")
class SuspensionTerms(models.Model):
    """What holds for one customer instead of the group's: never suspended, or own days."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="suspension_terms"
    )
    disabled = models.BooleanField(
        "suspension disabled", default=False, db_default=False, help_text="Never suspend this customer."
    )
    disabled_why = models.CharField(max_length=200, blank=True, default="", db_default="")
    use_group = models.BooleanField("use group default settings", default=True, db_default=True)
    overdue_days = _days("invoice becomes overdue (days)", "Days after the due date until the first warning.")
    second_notice_days = _days("2nd notification goes out (days)", "Days after the due date.")
    suspension_days = _days("suspension kicks in (days)", "Days after the due date.")

    class Meta:
        default_permissions = ("view", "change")
        permissions = [("disable_suspension", "Can say that a customer is never suspended")]
        constraints = [
            models.CheckConstraint(
                condition=Q(use_group=True)
                | Q(overdue_days__isnull=False)
                & Q(second_notice_days__gte=F("overdue_days"))
                & Q(suspension_days__gte=F("second_notice_days")),
                name="own_terms_warn_before_they_suspend",
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}"


class SuspensionCase(models.Model):
    """One run of a customer through warnings to suspension, until it is reset. One is open at a time."""

    class State(models.TextChoices):
        LISTED = "listed", "Waits for approval"
        APPROVED = "approved", "Approved"
        WARNED = "warned", "Warned"
        WARNED_TWICE = "warned_twice", "Warned twice"
        SUSPENDED = "suspended", "Suspended"
        TAKEN_OVER = "taken_over", "Taken over as suspended"
        ENDED = "ended", "Ended"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="suspension_cases", db_index=False
    )
    state = models.CharField(
        max_length=12, choices=State.choices, default=State.LISTED, db_default=State.LISTED, db_collation="C"
    )
    opened_on = models.DateField()
    counts_from = models.DateField("days count from", help_text="The due date, or later; see the rules.")
    overdue = MoneyField("overdue when opened")
    by_hand = models.BooleanField(default=False, db_default=False)
    approved_by = person()
    approved_at = models.DateTimeField(null=True)
    stepped_on = models.DateField(
        null=True, help_text="Day of the last warning or suspension; the next keeps its distance from it."
    )
    suspended_on = models.DateField(null=True)
    billing_stopped_on = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    reported_until = models.DateTimeField(
        null=True, help_text="A card payment was reported and is waited for; once a case."
    )
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("approve_suspension", "Can approve that customers are warned and suspended"),
            ("pause_suspension", "Can pause suspensions"),
            ("reset_suspension", "Can reset suspension cases"),
            ("suspend_customer", "Can suspend a customer at once"),
            ("run_suspensions", "Can run the collections day by hand"),
            ("export_suspensions", "Can export large lists of suspension cases"),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="suspension_cases_of_customer"),
            models.Index(
                fields=["state", "counts_from", "id"],
                name="suspension_cases_open",
                condition=~Q(state="ended"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=~Q(state="ended"), name="one_open_suspension_case"
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_on__isnull=False) | ~Q(state="ended") & Q(ended_on=None),
                name="suspension_case_ended_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_on__isnull=False),
                name="suspended_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.get_state_display()}"


class CaseStep(models.Model):
    """What happened in a case, when and why. The warnings and the suspension happen once each."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Overdue"
        APPROVED = "approved", "Approved"
        FIRST_WARNING = "warned", "First warning"
        SECOND_WARNING = "warned_twice", "Second warning"
        SUSPENDED = "suspended", "Suspended"
        PAUSED = "paused", "Paused"
        RESUMED = "resumed", "Suspended again after a pause"
        STOPPED = "stopped", "Billing stopped, cancellation proposed"
        ENDED = "ended", "Reset"

    case = models.ForeignKey(SuspensionCase, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices, db_collation="C")
    day = models.DateField()
    at = models.DateTimeField(db_default=Now())
    by = person()
    overdue = MoneyField(null=True)
    why = models.CharField(max_length=300, blank=True, default="", db_default="")
    message_key = models.CharField(max_length=80, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(kind__in=["opened", "warned", "warned_twice", "suspended", "ended"]),
                name="case_step_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"


class CustomerDown(models.Model):
    """A customer whose status a case made suspended: who owes, and the sub-accounts billed to them."""

    case = models.ForeignKey(SuspensionCase, on_delete=models.PROTECT, related_name="customers_down")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    hold = models.ForeignKey(
        "billing.Hold", on_delete=models.SET_NULL, null=True, related_name="+", help_text="Billing stopped."
    )
    down_at = models.DateTimeField(db_default=Now())
    back_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(back_at=None), name="customer_taken_down_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}"


class TakenDown(models.Model):
    """A data account that a case suspended; restoring brings back these and no other."""

    case = models.ForeignKey(SuspensionCase, on_delete=models.PROTECT, related_name="taken_down")
    account = models.ForeignKey("dataaccounts.DataAccount", on_delete=models.PROTECT, related_name="+")
    down_at = models.DateTimeField(db_default=Now())
    back_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(back_at=None), name="account_taken_down_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}"
