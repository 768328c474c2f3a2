"""How customers pay by debit order: banks, the account to debit, and the mandate that allows it."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import name_key
from herotill.money import MoneyField
from herotill.secrets import EncryptedField

from .people import person

SIX_DIGITS = RegexValidator(r"^\d{6}\Z", "A branch code has exactly six digits.")


@audited(words=("name",))
class PayerBank(models.Model):
    """A bank that customers may pay from, with its universal branch code and the rule of its account numbers."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    branch_code = models.CharField("universal branch code", max_length=6, validators=[SIX_DIGITS])
    check_rule = models.CharField(
        "rule for account numbers",
        max_length=12,
        blank=True,
        default="",
        db_default="",
        help_text="Which check digits its numbers carry; empty where none is known.",
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        verbose_name = "bank of customers"
        verbose_name_plural = "banks of customers"
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="payer_bank_name_once"),
            models.CheckConstraint(
                condition=Q(branch_code__regex=r"^\d{6}$"), name="payer_bank_branch_six_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited(customer="customer", exclude=("made_at",))
class DebitDetail(models.Model):
    """The account a customer's debit orders go against. A change is a new row; the one not replaced counts."""

    class AccountType(models.TextChoices):
        CURRENT = "current", "Current (cheque)"
        SAVINGS = "savings", "Savings"
        TRANSMISSION = "transmission", "Transmission"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="debit_details", db_index=False
    )
    bank = models.ForeignKey(PayerBank, on_delete=models.PROTECT, related_name="+")
    branch_name = models.CharField(max_length=60, help_text="Where it is not known, the name of the bank.")
    branch_code = models.CharField(max_length=6, validators=[SIX_DIGITS])
    holder = models.CharField("account holder", max_length=50)
    account_type = models.CharField(max_length=12, choices=AccountType.choices, default=AccountType.CURRENT)
    number_last_four = models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)
    number = EncryptedField(
        "account number", last_four="number_last_four", permission="billing.reveal_account_number"
    )
    debit_day = models.PositiveSmallIntegerField(
        "debit order day",
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="29 to 31 mean the last day of a shorter month.",
    )
    check_overridden = models.CharField(
        "why the bank's rule was overridden", max_length=200, blank=True, default="", db_default=""
    )
    made_by = person("captured by")
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    replaced_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "debit-order detail"
        permissions = [
            ("reveal_account_number", "Can see customers' bank account numbers"),
            ("override_account_check", "Can keep an account number that fails its bank's rule"),
        ]
        indexes = [models.Index(fields=["customer", "-id"], name="debit_details_of_customer")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(replaced_at=None), name="one_debit_detail_counts"
            ),
            models.CheckConstraint(
                condition=Q(branch_code__regex=r"^\d{6}$"), name="debit_detail_branch_six_digits"
            ),
            models.CheckConstraint(condition=Q(debit_day__range=(1, 31)), name="debit_day_in_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.bank_id} {self.number}"


@audited(customer="customer", exclude=("made_at", "token_hash"))
class Mandate(models.Model):
    """A customer's permission to debit one account. A changed bank, account or holder ends it.

    A paper one has the signed form as attachment; an electronic one is signed by a link of single use, of
    which only the hash is kept, and its PDF is stored with its SHA-256.
    """

    class Kind(models.TextChoices):
        PAPER = "paper", "Paper, signed"
        ELECTRONIC = "electronic", "Electronic"

    class Status(models.TextChoices):
        ASKED = "asked", "Waits for the customer"
        ACTIVE = "active", "Active"
        BLOCKED = "blocked", "Blocked"
        CANCELLED = "cancelled", "Cancelled"
        LAPSED = "lapsed", "Never signed"

    class Holiday(models.TextChoices):
        BEFORE = "before", "The business day before"
        AFTER = "after", "The business day after"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="mandates", db_index=False
    )
    detail = models.ForeignKey(DebitDetail, on_delete=models.PROTECT, related_name="mandates")
    reference = models.CharField(max_length=30, db_collation="C")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=9, choices=Status.choices, db_collation="C")
    debit_day = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(31)])
    holiday = models.CharField(
        "if that day is no business day",
        max_length=6,
        choices=Holiday.choices,
        default=Holiday.AFTER,
        db_default=Holiday.AFTER,
    )
    maximum = MoneyField("at most a debit", null=True, blank=True, help_text="Empty: whatever is due.")
    attachment = models.ForeignKey(
        "customers.Attachment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_to = models.EmailField(blank=True, default="", db_default="", editable=False)
    token_hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by_name = models.CharField(max_length=100, blank=True, default="", db_default="")
    signed_from = models.GenericIPAddressField(null=True, blank=True)
    document_path = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    document_hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    block_code = models.CharField(max_length=5, blank=True, default="", db_default="", editable=False)
    blocked_at = models.DateTimeField(null=True, blank=True, editable=False)
    blocked_why = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_why = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    made_by = person("asked or captured by")
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        permissions = [
            ("block_mandate", "Can block, unblock and cancel mandates"),
            ("export_mandates", "Can export mandates"),
            ("import_debit_orders", "Can import debit-order accounts and mandates"),
        ]
        indexes = [
            models.Index(fields=["customer", "-id"], name="mandates_of_customer"),
            models.Index(fields=["status", "id"], name="mandates_by_status"),
            models.Index(fields=["made_at", "id"], name="mandates_by_date"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="mandate_reference_once"),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(status__in=["asked", "active", "blocked"]),
                name="one_mandate_a_customer",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="mandate_token_once"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["active", "blocked"]) | Q(signed_at__isnull=False),
                name="active_mandate_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(maximum=None) | Q(maximum__gt=Decimal(0)),
                name="mandate_maximum_more_than_nothing",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
