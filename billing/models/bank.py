"""What the bank says: statements taken in, their rows, periods signed off, and whose words mean whom."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.models import Run
from herotill.money import ZERO, MoneyField

from .settings import BankAccount


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )


class RowKind(models.TextChoices):
    """What a row of a statement is. One that nobody has named yet is unmatched."""

    UNMATCHED = "unmatched", "Unmatched"
    RECEIPT = "receipt", "Receipt"
    FEE = "fee", "Bank fee"
    TRANSFER = "transfer", "Transfer"
    REVERSAL = "reversal", "Reversal"
    OTHER = "other", "Other"


@audited(words=("account",))
class StatementLayout(models.Model):
    """How the statements of one account are laid out, as it was last said or found."""

    account = models.OneToOneField(
        BankAccount, on_delete=models.CASCADE, primary_key=True, related_name="statement_layout"
    )
    layout = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Statements of {self.account}"


class StatementImport(models.Model):
    """A statement file: what it said of itself, and what became of its rows."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Waiting for its columns"
        READING = "reading", "Being read"
        POSTING = "posting", "Being booked"
        DONE = "done", "Done"
        TAKEN_BACK = "taken_back", "Taken back"

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    file = models.FileField(upload_to="statements/%Y/%m", max_length=200)
    sha256 = models.CharField(max_length=64)
    layout = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    first = models.DateField(null=True)
    last = models.DateField(null=True)
    opening = MoneyField(null=True)
    closing = MoneyField(null=True)
    rows_in_file = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    early = models.PositiveIntegerField(default=0, help_text="Before the account's cut-over, left out.")
    unreadable = models.JSONField(default=list, help_text="Line and reason of rows that could not be read.")
    run = models.ForeignKey(Run, on_delete=models.SET_NULL, null=True, related_name="+")
    created_by = _person()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    taken_back_by = _person()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = [
            ("see_statements", "Can see bank statements"),
            ("import_statements", "Can import bank statements"),
            ("take_back_statements", "Can take an imported bank statement back"),
        ]
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="statements_of_account")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        """Whether a run is at it."""
        return self.run is not None and self.run.is_open

    @property
    def moved(self) -> Decimal | None:
        """What the file says it moved: from its opening to its closing balance."""
        return self.closing - self.opening if self.closing is not None and self.opening is not None else None


class BankRow(models.Model):
    """One row of a statement, money in above zero. `nth` counts equal rows of one day: text and amount the same.

    What the bank said never changes (trigger `bank_row_is_kept`); only what we make of it does. `customer` is
    whose exact code stands in the text. A row of an account that books from elsewhere `confirms` a receipt.
    """

    class How(models.TextChoices):
        NOBODY = "", "Nobody yet"
        CODE = "code", "Exact code"
        ACCEPTED = "accepted", "Suggestion accepted"
        HAND = "hand", "By hand"

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="rows", db_index=False)
    imported = models.ForeignKey(
        StatementImport, on_delete=models.PROTECT, related_name="rows", db_index=False
    )
    line = models.PositiveIntegerField(help_text="Where it stands in the file.")
    day = models.DateField()
    text = models.CharField(max_length=300)
    amount = MoneyField()
    balance = MoneyField(null=True)
    nth = models.PositiveIntegerField()
    kind = models.CharField(
        max_length=9, choices=RowKind.choices, default=RowKind.UNMATCHED, db_collation="C"
    )
    named = models.CharField(max_length=100, blank=True, default="", db_default="")
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    confirms = models.OneToOneField(
        "billing.Receipt", on_delete=models.PROTECT, null=True, related_name="confirmed_by"
    )
    how = models.CharField(max_length=8, choices=How.choices, default="", db_default="", blank=True)
    round = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="How often what was made of it has been undone."
    )
    gone = models.BooleanField(
        default=False, db_default=False, help_text="Its import was taken back; its receipts are reversed."
    )
    decided_by = _person()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = [("match_rows", "Can say what rows of a bank statement are")]
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "day", "amount", "text", "nth"],
                condition=Q(gone=False),
                name="bank_row_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=RowKind.values), name="bank_row_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="other") | ~Q(named=""), name="other_bank_row_has_a_name"
            ),
            models.CheckConstraint(
                condition=~Q(kind="receipt") | Q(amount__gt=0), name="receipt_row_is_money_in"
            ),
            models.CheckConstraint(
                condition=Q(confirms=None) | Q(kind="receipt"), name="confirming_row_is_a_receipt"
            ),
        ]
        indexes = [
            models.Index(
                fields=["day", "id"],
                condition=Q(kind="unmatched", gone=False),
                name="bank_rows_unmatched",
            ),
            models.Index(fields=["imported", "id"], name="bank_rows_of_import"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.text}"


class Reconciliation(models.Model):
    """A stretch of days of one account that somebody signed: opening + rows = closing, and every row has a name.

    It follows on the one before, and its days take no more rows (trigger `signed_days_take_no_rows`) until it
    is opened again.
    """

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="reconciliations")
    first = models.DateField()
    last = models.DateField()
    opening = MoneyField()
    moved = MoneyField()
    closing = MoneyField()
    rows = models.PositiveIntegerField()
    signed_by = _person()
    signed_at = models.DateTimeField()
    opened_by = _person()
    opened_at = models.DateTimeField(null=True)
    opened_why = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ()
        permissions = [("sign_reconciliation", "Can sign off and open bank reconciliations")]
        ordering = ["-last", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="reconciliation_of_days"),
            models.CheckConstraint(
                condition=Q(closing=F("opening") + F("moved")), name="opening_and_rows_make_closing"
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None) | ~Q(opened_why=""), name="reconciliation_opened_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.first} to {self.last}"


@audited(customer="customer", words=("text",))
class Alias(models.Model):
    """Words in which a payer's bank names them, learned when a person said who it was. Only ever a suggestion."""

    key = models.CharField(max_length=200, db_collation="C")
    text = models.CharField(max_length=300)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, null=True, related_name="bank_aliases"
    )
    kind = models.CharField(max_length=9, choices=RowKind.choices, default=RowKind.RECEIPT, db_collation="C")
    named = models.CharField(max_length=100, blank=True, default="", db_default="")
    learned_by = _person()
    learned_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "aliases"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["key", "customer", "kind", "named"], nulls_distinct=False, name="bank_alias_once"
            ),
            models.CheckConstraint(condition=~Q(key=""), name="bank_alias_says_something"),
            models.CheckConstraint(
                condition=Q(kind="receipt", customer__isnull=False) | (~Q(kind="receipt") & Q(customer=None)),
                name="bank_alias_of_a_payer",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Refund(models.Model):
    """Money paid back out of a customer's credit; asked by one person and approved by another.

    It posts and uses up credit when it is written (trigger `refund_written`), and is never changed.
    """

    class Destination(models.TextChoices):
        SOURCE = "source", "Back to where the money came from"
        VERIFIED = "verified", "An account that was verified"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="refunds", db_index=False
    )
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    refunded_on = models.DateField()
    amount = MoneyField(default=ZERO)
    destination = models.CharField(max_length=8, choices=Destination.choices)
    receipt = models.ForeignKey(
        "billing.Receipt", on_delete=models.PROTECT, null=True, related_name="refunds", db_index=False
    )
    verified = models.CharField(
        max_length=300, blank=True, default="", db_default="", help_text="How the account was verified."
    )
    reason = models.CharField(max_length=300)
    approval_id = models.BigIntegerField(unique=True)
    asked_by = _person()
    approved_by = _person()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        default_permissions = ("view",)
        permissions = [("refund", "Can ask for refunds"), ("approve_refund", "Can approve refunds")]
        indexes = [models.Index(fields=["customer", "-refunded_on"], name="refunds_of_customer")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_more_than_nothing"),
            models.CheckConstraint(condition=~Q(reason=""), name="refund_for_a_reason"),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=False, approved_by__isnull=False)
                & ~Q(asked_by=F("approved_by")),
                name="refund_by_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(destination="source", receipt__isnull=False)
                | (Q(destination="verified") & ~Q(verified="")),
                name="refund_goes_somewhere_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.refunded_on} {self.amount}"
