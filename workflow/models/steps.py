"""The phases a lead goes through, their sub-lists, and every move between them."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from billing.models.people import person
from herotill.audit import audited
from herotill.folding import name_key


@audited(words=("name",))
class Phase(models.Model):
    """A stage of the way from lead to customer. Its key is known to the code, its name is the ISP's own."""

    key = models.CharField(max_length=12, primary_key=True, editable=False, db_collation="C")
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "key"]
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return self.name


class Place(models.TextChoices):
    """The sub-lists, by the keys that the code knows; `won` and `lost` are the ends."""

    LEAD_NEW = "lead-new", "New"
    LEAD_WORKED = "lead-worked", "Being worked on"
    SURVEY_NEW = "survey-new", "To schedule"
    SURVEY_SCHEDULED = "survey-scheduled", "Scheduled"
    SURVEY_DONE = "survey-done", "Surveyed"
    QUOTE_NEW = "quote-new", "To quote"
    QUOTE_SENT = "quote-sent", "Sent"
    QUOTE_DECLINED = "quote-declined", "Declined"
    CUSTOMER_NEW = "customer-new", "New"
    CUSTOMER_ACTIVE = "customer-active", "Active"
    JOB_NEW = "job-new", "New"
    JOB_SCHEDULED = "job-scheduled", "Scheduled"
    JOB_STARTED = "job-started", "In progress"
    JOB_FAILED = "job-failed", "Failed"
    INVOICE_NEW = "invoice-new", "To check"
    WON = "won", "Won"
    LOST = "lost", "Lost"


ENDS = (Place.WON, Place.LOST)
# Where a lead has its customer: the database refuses it there without one.
WITH_CUSTOMER = (
    Place.CUSTOMER_ACTIVE,
    Place.JOB_NEW,
    Place.JOB_SCHEDULED,
    Place.JOB_STARTED,
    Place.JOB_FAILED,
    Place.INVOICE_NEW,
    Place.WON,
)


@audited(words=("name",))
class Step(models.Model):
    """A sub-list of a phase: when a lead has waited too long in it, and which gates stand before it.

    `gates` are names of `workflow.gates`; those that the rules of the house ask for stand whatever is chosen.
    """

    key = models.CharField(
        max_length=16, primary_key=True, choices=Place.choices, editable=False, db_collation="C"
    )
    phase = models.ForeignKey(
        Phase, on_delete=models.PROTECT, related_name="steps", null=True, editable=False
    )
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    late_after = models.PositiveSmallIntegerField(
        "late after days",
        default=3,
        db_default=3,
        validators=[MaxValueValidator(365)],
        help_text="From this many days in this list on, a lead is shown as waiting long.",
    )
    overdue_after = models.PositiveSmallIntegerField(
        "overdue after days",
        default=7,
        db_default=7,
        validators=[MaxValueValidator(365)],
        help_text="From this many days on, it is shown as waiting too long.",
    )
    gates = ArrayField(models.CharField(max_length=24), blank=True, default=list, db_default=[])

    class Meta:
        ordering = ["phase__position", "position", "key"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                condition=Q(overdue_after__gte=F("late_after")), name="step_is_late_before_it_is_overdue"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Move(models.Model):
    """A lead's way from one sub-list to another; rows are only ever added (trigger)."""

    lead = models.ForeignKey("workflow.Lead", on_delete=models.CASCADE, related_name="moves", db_index=False)
    from_step = models.CharField(max_length=16, blank=True, default="", db_default="", db_collation="C")
    to_step = models.CharField(max_length=16, db_collation="C")
    since = models.DateTimeField(
        "there since", null=True, help_text="When the lead had come to where it leaves."
    )
    at = models.DateTimeField(db_default=Now())
    by = person()
    why = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["lead", "id"], name="moves_of_lead"),
            models.Index(
                fields=["at", "to_step"], name="moves_by_time", include=["from_step", "lead", "since"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.from_step} → {self.to_step}"


@audited(words=("name",))
class Source(models.Model):
    """Where leads come from: sign-up form, referral, a campaign."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="lead_source_name_once")]

    def __str__(self) -> str:
        return self.name


@audited(words=("name",))
class Area(models.Model):
    """A part of the country that is sold to and worked in together, known by its towns and suburbs."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    towns = models.TextField(
        "towns and suburbs",
        blank=True,
        default="",
        db_default="",
        help_text="One a line. A lead from there is put into this area by itself.",
    )
    covered = models.BooleanField(
        "we cover it", default=True, db_default=True, help_text="What the sign-up form says of it."
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="area_name_once")]

    def __str__(self) -> str:
        return self.name


class _Reason(models.Model):
    """A reason that is chosen; its words never change, one that is not wanted is retired."""

    name = models.CharField(max_length=80)
    name_key = name_key()
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        abstract = True
        ordering = ["name_key"]

    def __str__(self) -> str:
        return self.name


@audited(words=("name",))
class LostReason(_Reason):
    """Why a lead came to nothing."""

    class Meta(_Reason.Meta):
        abstract = False
        verbose_name = "reason for losing a lead"
        verbose_name_plural = "reasons for losing leads"
        constraints = [models.UniqueConstraint(fields=["name_key"], name="lost_reason_name_once")]


@audited(words=("name",))
class DeclineReason(_Reason):
    """Why a customer declines a quote, as the quote's page offers it."""

    class Meta(_Reason.Meta):
        abstract = False
        verbose_name = "reason for declining a quote"
        verbose_name_plural = "reasons for declining quotes"
        constraints = [models.UniqueConstraint(fields=["name_key"], name="decline_reason_name_once")]


@audited(words=("name",))
class FailReason(_Reason):
    """Why a job could not be done."""

    class Meta(_Reason.Meta):
        abstract = False
        verbose_name = "reason for a failed job"
        verbose_name_plural = "reasons for failed jobs"
        constraints = [models.UniqueConstraint(fields=["name_key"], name="fail_reason_name_once")]


@audited()
class SalesRules(models.Model):
    """How we sell; one row."""

    only = models.BooleanField(default=True, db_default=True, editable=False)
    quote_days = models.PositiveSmallIntegerField(
        "quotes stand for days", default=30, db_default=30, validators=[MaxValueValidator(365)]
    )
    reminder_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="remind after days",
        default=list,
        db_default=[3, 10],
        blank=True,
        help_text="Days after a quote was sent on which an unanswered one is followed up; with commas between them.",
    )
    discount_limit = models.DecimalField(
        "discounts up to %",
        max_digits=5,
        decimal_places=2,
        default=10,
        db_default=10,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="More than this on a line of a quote takes the right to give discounts freely.",
    )
    sign_up_open = models.BooleanField(
        "sign-up form is open", default=False, db_default=False, help_text="The public page at /sign-up/."
    )
    tell_of_jobs = models.BooleanField(
        "tell customers when somebody comes",
        default=True,
        db_default=True,
        help_text="A mail whenever a job is scheduled or comes to another time; the dialog offers to leave it out.",
    )
    rate_jobs = models.BooleanField("ask for a rating after a job", default=False, db_default=False)
    rate_tickets = models.BooleanField("ask for a rating after a ticket", default=False, db_default=False)
    rate_in_general = models.BooleanField(
        "customers may rate us at any time", default=False, db_default=False
    )
    terms = models.TextField(
        "terms of a quote",
        blank=True,
        default="",
        db_default="",
        help_text="What the customer accepts. A quote keeps the terms it was sent with.",
    )

    class Meta:
        verbose_name = "sales settings"
        verbose_name_plural = "sales settings"
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["only"], name="one_set_of_sales_settings"),
            models.CheckConstraint(condition=Q(only=True), name="sales_settings_are_the_only_ones"),
            models.CheckConstraint(condition=Q(quote_days__gte=1), name="quotes_stand_for_a_day"),
        ]

    def __str__(self) -> str:
        return "Sales settings"
