"""Rental contracts, the deposits held for them, and notices of price rises."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import ZERO, MoneyField

from .documents import Document
from .recurring import ItemPrice, RecurringItem
from .settings import BankAccount

LONGEST_CONSUMER_TERM = 24


def _percent(label: str, help_text: str) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        default=ZERO,
        db_default=ZERO,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=help_text,
    )


@audited(customer="customer", words=("equipment",), exclude=("created_at",))
class RentalContract(models.Model):
    """Equipment or a service agreed for a term, with what it costs to end it early.

    Without `months` it runs from month to month. A consumer's term is at most 24 months.
    """

    class Ending(models.TextChoices):
        NONE = "none", "Nothing is owed"
        REMAINING = "remaining", "A percentage of the months that remain"
        FIXED = "fixed", "A fixed amount"
        NOTICE = "notice", "The days of notice that were not given"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="rental_contracts"
    )
    equipment = models.CharField("what is rented", max_length=200)
    serial_number = models.CharField(max_length=100, blank=True, default="", db_default="")
    asset = models.ForeignKey(
        "customers.Asset",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name="in the asset register",
    )
    item = models.ForeignKey(
        RecurringItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name="monthly item",
        help_text="What is billed for it every month; its price is what the rules below count with.",
    )
    starts_on = models.DateField("first day")
    months = models.PositiveSmallIntegerField(
        "term in months",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
        help_text="Empty: from month to month.",
    )
    ends_on = models.DateField("last day", null=True, editable=False)
    consumer = models.BooleanField(
        "the customer is a consumer",
        default=True,
        db_default=True,
        help_text="The Consumer Protection Act allows consumers 24 months at most and asks for a notice of expiry.",
    )
    fixed_price = models.BooleanField(
        "the price is fixed for the term", default=False, db_default=False, help_text="No rise until it ends."
    )
    deposit = MoneyField(
        "deposit agreed", default=ZERO, db_default=ZERO, validators=[MinValueValidator(Decimal(0))]
    )
    ending = models.CharField(
        "when it ends early",
        max_length=9,
        choices=Ending.choices,
        default=Ending.NONE,
        db_default=Ending.NONE,
    )
    ending_percent = _percent(
        "percentage of the remaining months", "For a percentage: of each month's price."
    )
    ending_amount = MoneyField(
        "fixed amount", default=ZERO, db_default=ZERO, validators=[MinValueValidator(Decimal(0))]
    )
    notice_days = models.PositiveSmallIntegerField(
        "days of notice", default=20, db_default=20, validators=[MaxValueValidator(365)]
    )
    escalation = _percent("rise a year in %", "Announced before it counts. 0: none.")
    expiry_told_on = models.DateField("expiry announced on", null=True, editable=False)
    ended_on = models.DateField("ended on", null=True, editable=False)
    ended_why = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    penalty = models.ForeignKey(
        Document, on_delete=models.SET_NULL, null=True, related_name="+", editable=False, db_index=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "rental contract"
        ordering = ["-starts_on", "-id"]
        permissions = [
            ("end_rentalcontract", "Can end contracts early"),
            ("take_deposit", "Can note deposits received"),
            ("settle_deposit", "Can apply, forfeit and pay back deposits"),
            ("approve_deposit_refund", "Can approve that a deposit is paid back"),
            ("send_price_notices", "Can announce price rises to customers"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(months=None, ends_on=None) | Q(months__isnull=False, ends_on__gte=F("starts_on")),
                name="contract_term_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(consumer=False) | Q(months=None) | Q(months__lte=LONGEST_CONSUMER_TERM),
                name="consumer_term_at_most_24_months",
            ),
            models.CheckConstraint(
                condition=Q(deposit__gte=0, ending_amount__gte=0), name="contract_amounts_no_less_than_zero"
            ),
            models.CheckConstraint(
                condition=Q(ending_percent__range=(0, 100), escalation__range=(0, 100)),
                name="contract_percentages",
            ),
        ]

    def __str__(self) -> str:
        return self.equipment


class DepositEntry(models.Model):
    """A movement of the deposit held for a contract; rows are only ever added.

    What is held is what was received less the rest, and the database keeps it from falling below zero. It is
    no debt and no credit: it stands in no ledger, age or statement total until it is applied or forfeited.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", "Received"
        APPLIED = "applied", "Applied"
        FORFEITED = "forfeited", "Forfeited"
        REFUNDED = "refunded", "Paid back"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="deposit_entries"
    )
    contract = models.ForeignKey(RentalContract, on_delete=models.PROTECT, related_name="deposit_entries")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    amount = MoneyField()
    day = models.DateField()
    account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reference = models.CharField(max_length=100, blank=True, default="", db_default="")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "deposit entry"
        verbose_name_plural = "deposit entries"
        default_permissions = ("view",)
        ordering = ["day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_more_than_nothing"),
            models.CheckConstraint(
                condition=~Q(kind__in=["applied", "forfeited"]) | Q(document__isnull=False),
                name="settled_deposit_has_its_document",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def signed(self) -> Decimal:
        """What it does to the amount held."""
        return self.amount if self.kind == self.Kind.RECEIVED else -self.amount


class PriceNotice(models.Model):
    """A customer was told that a price rises: one of a product, or one of an item or data account of their own.

    It counts from `sent_on`, the day on which its message was recorded as sent; until then it is owed.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="price_notices")
    price = models.ForeignKey(
        "reference.Price", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    item_price = models.ForeignKey(
        ItemPrice, on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    account_price = models.ForeignKey(
        "dataaccounts.AccountPrice", on_delete=models.CASCADE, null=True, blank=True, related_name="notices"
    )
    queued_at = models.DateTimeField()
    queued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    sent_on = models.DateField(null=True)

    class Meta:
        verbose_name = "price notice"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "price"], condition=Q(price__isnull=False), name="price_told_once"
            ),
            models.UniqueConstraint(
                fields=["item_price"], condition=Q(item_price__isnull=False), name="item_price_told_once"
            ),
            models.UniqueConstraint(
                fields=["account_price"],
                condition=Q(account_price__isnull=False),
                name="account_price_told_once",
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=False, item_price=None, account_price=None)
                | Q(price=None, item_price__isnull=False, account_price=None)
                | Q(price=None, item_price=None, account_price__isnull=False),
                name="notice_of_one_price",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="price_notices_unsent", condition=Q(sent_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.price_id or self.item_price_id or self.account_price_id}"
