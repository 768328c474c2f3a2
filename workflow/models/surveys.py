"""Surveys of a site: can it be connected, from where, and at what cost."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from billing.models.people import person
from herotill.audit import audited
from herotill.money import MoneyField

from .leads import Lead


@audited(exclude=("created_at",))
class Survey(models.Model):
    """One visit, or one look at the map, to say whether a lead can be connected."""

    class State(models.TextChoices):
        NEW = "new", "To schedule"
        SCHEDULED = "scheduled", "Scheduled"
        DONE = "done", "Done"
        CALLED_OFF = "called_off", "Called off"

    class Sight(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        UNSURE = "unsure", "Unsure"

    class Outcome(models.TextChoices):
        FEASIBLE = "feasible", "Feasible"
        EXTRA = "extra", "Feasible with extra work"
        NOT_FEASIBLE = "not_feasible", "Not feasible"

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="surveys")
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.NEW, db_default=State.NEW, db_collation="C"
    )
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    starts_at = models.DateTimeField("from", null=True, blank=True)
    ends_at = models.DateTimeField("until", null=True, blank=True)
    highsite = models.ForeignKey(
        "reference.Highsite",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    sector = models.ForeignKey(
        "dataaccounts.Sector",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    line_of_sight = models.CharField(
        max_length=6, choices=Sight.choices, blank=True, default="", db_default=""
    )
    signal = models.SmallIntegerField("signal (dBm)", null=True, blank=True)
    cost = MoneyField("cost to install", null=True, blank=True, help_text="VAT included.")
    outcome = models.CharField(
        max_length=12, choices=Outcome.choices, blank=True, default="", db_default="", db_collation="C"
    )
    extra = models.CharField(
        "extra work",
        max_length=500,
        blank=True,
        default="",
        db_default="",
        help_text="A mast, a longer cable.",
    )
    notes = models.TextField(blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = person()
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = person()

    class Meta:
        permissions = [("do_survey", "Can write down what a survey found")]
        indexes = [
            models.Index(fields=["technician", "starts_at"], name="surveys_of_technician"),
            models.Index(fields=["state", "starts_at", "id"], name="surveys_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state__in=["new", "scheduled"]), name="one_open_survey_of_a_lead"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(outcome=""), name="done_survey_has_an_outcome"
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(starts_at__isnull=False, technician__isnull=False),
                name="scheduled_survey_has_day_and_technician",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="survey_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0), name="survey_cost_no_less_than_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"Survey {self.pk}"
