from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from herotill.audit import audited


@audited()
class RetentionRules(models.Model):
    """How long what is kept stays, where a kind has no setting of its own. One row."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    anonymise_after_months = models.PositiveSmallIntegerField(
        "months until former customers are anonymised",
        default=12,
        db_default=12,
        help_text="Counted from the last day anything happened on a cancelled account that owes nothing.",
    )
    results_days = models.PositiveSmallIntegerField(
        "days until a debit can no longer come back",
        default=60,
        db_default=60,
        help_text="So long after the last debit the account number of a former customer is kept.",
    )
    documents_years = models.PositiveSmallIntegerField(
        "years documents and mandates are kept",
        default=5,
        db_default=5,
        validators=[MinValueValidator(5)],
        help_text="Tax law demands 5 from the end of the financial year.",
    )
    books_years = models.PositiveSmallIntegerField(
        "years the books are kept",
        default=7,
        db_default=7,
        validators=[MinValueValidator(7)],
        help_text="Company law demands 7 from the end of the financial year.",
    )
    year_ends_in = models.PositiveSmallIntegerField(
        "last month of our financial year",
        default=2,
        db_default=2,
        choices=[(1, "January"), (2, "February"), (3, "March"), (4, "April"), (5, "May"), (6, "June"),
                 (7, "July"), (8, "August"), (9, "September"), (10, "October"), (11, "November"),
                 (12, "December")],
    )  # fmt: skip
    audit_years = models.PositiveSmallIntegerField(
        "years the audit trail is kept",
        default=7,
        db_default=7,
        validators=[MinValueValidator(5)],
        help_text="It goes by quarters, as a whole.",
    )
    diaries_months = models.PositiveSmallIntegerField(
        "months the diaries of long work are kept",
        default=24,
        db_default=24,
        validators=[MinValueValidator(1)],
        help_text="What imports and runs wrote down line by line, and what was searched for in exports.",
    )
    notices_months = models.PositiveSmallIntegerField(
        "months raw notices of card gateways are kept",
        default=24,
        db_default=24,
        validators=[MinValueValidator(1)],
        help_text="As they came, encrypted. What they said of a payment stays.",
    )

    lost_leads_months = models.PositiveSmallIntegerField(
        "months lost leads are kept",
        default=12,
        db_default=12,
        validators=[MinValueValidator(1)],
        help_text="Then names, numbers and addresses of people who never became customers go.",
    )
    raw_mail_months = models.PositiveSmallIntegerField(
        "months mail is kept as it came",
        default=6,
        db_default=6,
        validators=[MinValueValidator(1)],
        help_text="What it said on its ticket stays with the ticket; mail that became nothing goes whole.",
    )

    class Meta:
        verbose_name = "retention rules"
        default_permissions = ("view", "change")
        constraints = [models.CheckConstraint(condition=Q(only=True), name="retention_rules_row_is_the_row")]

    def __str__(self) -> str:
        return "Retention rules"


class Blanking(models.Model):
    """That personal data of a customer was blanked, in one transaction; guards of the database let it by.

    The database fills in transaction and time, and keeps the rows for ever.
    """

    customer_id = models.BigIntegerField()
    stage = models.CharField(max_length=20, db_collation="C")
    at = models.DateTimeField(editable=False)
    xact = models.BigIntegerField(editable=False)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["xact", "customer_id"], name="blankings_of_a_transaction")]

    def __str__(self) -> str:
        return f"{self.stage} of {self.customer_id}"


class KeptState(models.Model):
    """When the nightly run last went through one kind of records, and how much went."""

    name = models.CharField(max_length=60, primary_key=True, db_collation="C")
    ran_at = models.DateTimeField()
    failed = models.BooleanField(default=False, db_default=False)
    said = models.CharField(max_length=300, default="", db_default="")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
