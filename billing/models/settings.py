"""What billing is set up with: number series, our own accounts, closed periods."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import name_key
from herotill.money import ZERO, MoneyField

from .kinds import DocumentKind


@audited()
class Series(models.Model):
    """The numbers of one kind of document: prefix, width and where they begin.

    Numbers are given at issue, without gaps; the next is one more than the greatest given. Where it begins
    can be changed only before the first is given (trigger `series_begins_once`).
    """

    kind = models.CharField(max_length=12, choices=DocumentKind.choices, db_collation="C")
    prefix = models.CharField(
        max_length=8, validators=[RegexValidator(r"^[A-Z]{1,8}$", "Capital letters, up to eight.")]
    )
    width = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(3), MaxValueValidator(10)],
        help_text="Digits, filled up with zeros: 5 gives INV00699.",
    )
    first_number = models.PositiveIntegerField(
        default=1, validators=[MinValueValidator(1)], help_text="The number the first document gets."
    )

    class Meta:
        verbose_name = "number series"
        verbose_name_plural = "number series"
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="one_series_a_kind"),
            models.UniqueConstraint(fields=["prefix"], name="one_series_a_prefix"),
            models.CheckConstraint(condition=Q(first_number__gte=1), name="series_begins_at_one_or_more"),
            models.CheckConstraint(condition=Q(width__range=(3, 10)), name="series_width_sensible"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.first_number:0{self.width}}"


@audited()
class Rules(models.Model):
    """How the company bills; one row."""

    class AgeingBy(models.TextChoices):
        DAYS = "days", "Days: 0 to 29, 30 to 59, …"
        MONTHS = "months", "Calendar months"

    class AgeingFrom(models.TextChoices):
        DOCUMENT = "document", "Document date"
        DUE = "due", "Due date"

    only = models.BooleanField(default=True, db_default=True, editable=False)
    ageing_by = models.CharField(
        "age counted by", max_length=6, choices=AgeingBy.choices, default=AgeingBy.DAYS, db_default="days"
    )
    ageing_from = models.CharField(
        "age counted from",
        max_length=8,
        choices=AgeingFrom.choices,
        default=AgeingFrom.DOCUMENT,
        db_default="document",
    )
    due_days = models.PositiveSmallIntegerField(
        "days until due",
        default=7,
        db_default=7,
        validators=[MaxValueValidator(365)],
        help_text="For customers without a billing group.",
    )
    notice_days = models.PositiveSmallIntegerField(
        "notice of a price rise, in days",
        default=30,
        db_default=30,
        validators=[MaxValueValidator(365)],
        help_text="A rise counts from the first month that begins so long after its notice was sent.",
    )
    debit_notice_days = models.PositiveSmallIntegerField(
        "notice of a different debit, in days", default=10, db_default=10, validators=[MaxValueValidator(365)]
    )

    class Meta:
        verbose_name = "billing rules"
        verbose_name_plural = "billing rules"
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["only"], name="one_set_of_billing_rules"),
            models.CheckConstraint(condition=Q(only=True), name="billing_rules_are_the_only_ones"),
        ]

    def __str__(self) -> str:
        return "Billing rules"


@audited(words=("name",))
class BankAccount(models.Model):
    """An account of ours that money comes into: at a bank, at a gateway, or the cash box.

    Each has exactly one source of receipts; what others report of it only confirms. Its details change only
    with a second person's approval.
    """

    class Kind(models.TextChoices):
        BANK = "bank", "Bank account"
        GATEWAY = "gateway", "Payment gateway"
        CASH = "cash", "Cash"

    class Source(models.TextChoices):
        CAPTURE = "capture", "Captured by hand"
        STATEMENT = "statement", "Bank statement"
        BATCH = "batch", "Debit-order results"
        GATEWAY = "gateway", "Gateway notices"
        ACCOUNTING = "accounting", "Accounting package"

    name = models.CharField(max_length=100)
    name_key = name_key()
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.BANK)
    source = models.CharField(
        "receipts come from", max_length=10, choices=Source.choices, default=Source.CAPTURE
    )
    bank = models.CharField(max_length=100, blank=True, default="", db_default="")
    branch_code = models.CharField(
        max_length=6,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^\d{6}$", "A branch code has exactly six digits.")],
    )
    holder = models.CharField("account holder", max_length=100, blank=True, default="", db_default="")
    number = models.CharField("account number", max_length=20, blank=True, default="", db_default="")
    printed = models.BooleanField(
        "printed on documents",
        default=False,
        db_default=False,
        help_text="Customers are told to pay into this account.",
    )
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new receipts."
    )
    starts_on = models.DateField(
        "cut-over date",
        null=True,
        blank=True,
        help_text="What came in before this day is history of the old system; no receipt is taken in here.",
    )

    class Meta:
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="bank_account_name_once"),
            models.UniqueConstraint(
                fields=["printed"], condition=Q(printed=True), name="one_account_is_printed"
            ),
            models.CheckConstraint(
                condition=Q(branch_code="") | Q(branch_code__regex=r"^\d{6}$"), name="branch_code_six_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class AccountingPeriod(models.Model):
    """A month of the books. Once it is closed, no entry is dated in it (trigger `entry_in_open_period`)."""

    month = models.DateField("month (its first day)")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    totals = models.JSONField(default=dict, db_default={})
    vat201 = models.JSONField(default=dict, db_default={})
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_why = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month"], name="accounting_period_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="accounting_period_is_a_month"),
        ]
        default_permissions = ("view",)
        permissions = [
            ("close_period", "Can close an accounting period"),
            ("reopen_period", "Can reopen an accounting period"),
            ("take_audit_pack", "Can take the audit pack of a period"),
        ]

    def __str__(self) -> str:
        return self.month.strftime("%b %Y")


@audited(customer="customer")
class BillingProfile(models.Model):
    """How a customer is billed where it differs from the rule: a price list, an own due-date rule."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="billing_profile"
    )
    price_list = models.ForeignKey(
        "reference.PriceList", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_days = models.PositiveSmallIntegerField(
        "days until due",
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text="Days from the document date until an invoice is due; empty takes the billing group's.",
    )
    paused = models.BooleanField(
        "not billed by the run",
        default=False,
        db_default=False,
        help_text="The month-end run leaves this customer out and says so in the preview.",
    )

    def __str__(self) -> str:
        return f"{self.customer_id}"


@audited(customer="customer")
class SubAccountMode(models.Model):
    """How a sub-account is billed, from a month on: itself, to its master, or as its reseller's client."""

    class Mode(models.TextChoices):
        ITSELF = "itself", "Billed itself"
        MASTER = "master", "Billed to its master"
        RESELLER = "reseller", "Reseller's client"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="sub_account_modes"
    )
    starts_on = models.DateField("from month (its first day)")
    mode = models.CharField(max_length=8, choices=Mode.choices)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    set_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "starts_on"], name="sub_account_mode_once_a_month"),
            models.CheckConstraint(condition=Q(starts_on__day=1), name="sub_account_mode_from_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} from {self.starts_on}"


@audited()
class Limit(models.Model):
    """How much one role may credit or write off for one customer within a day before a second person must agree."""

    role = models.OneToOneField("users.Role", on_delete=models.CASCADE, related_name="+")
    amount = MoneyField(default=ZERO)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gte=0), name="limit_is_no_less_than_zero")]

    def __str__(self) -> str:
        return f"{self.role_id}: {self.amount}"
