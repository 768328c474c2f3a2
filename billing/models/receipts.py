"""Money that came in. A receipt posts when it is written and is never changed; a reversal answers it."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper
from django.urls import reverse

from herotill.money import MoneyField, rand

from .documents import Document
from .settings import BankAccount


class Receipt(models.Model):
    """What one customer paid into one account on one day, exactly once per (account, source reference, part).

    Money split over customers is one receipt each, parts of the same source reference.
    """

    class Method(models.TextChoices):
        EFT = "eft", "EFT"
        DEBIT_ORDER = "debit_order", "Debit order"
        CARD = "card", "Card"
        CASH = "cash", "Cash"
        OTHER = "other", "Other"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="receipts", db_index=False
    )
    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    receipt_date = models.DateField()
    amount = MoneyField()
    method = models.CharField(max_length=11, choices=Method.choices, default=Method.EFT, db_collation="C")
    reference = models.CharField(
        "bank reference",
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="As the bank shows it.",
    )
    source_reference = models.CharField(max_length=120, db_collation="C")
    part = models.PositiveSmallIntegerField(default=0, db_default=0)
    note = models.CharField(max_length=300, blank=True, default="", db_default="")
    names = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The document the payer named.",
    )
    moved_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="moved_to"
    )
    bank_row = models.ForeignKey(
        "billing.BankRow",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="receipts",
        help_text="The row of the bank statement it was booked from.",
    )
    before = models.BooleanField(default=False, db_default=False)
    run_id = models.BigIntegerField(null=True)
    captured_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    captured_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-receipt_date", "-id"], name="receipts_of_customer"),
            models.Index(fields=["receipt_date", "id"], name="receipts_by_date"),
            BrinIndex(
                fields=["amount"],
                name="receipts_by_amount",
                opclasses=["numeric_minmax_multi_ops"],
                pages_per_range=32,
                autosummarize=True,
            ),
            models.Index(OpClass(Upper("reference"), name="text_pattern_ops"), name="receipts_by_reference"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source_reference", "part"], name="receipt_booked_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="receipt_more_than_nothing"),
            models.CheckConstraint(condition=~Q(source_reference=""), name="receipt_says_its_source"),
        ]
        permissions = [
            ("reverse_receipt", "Can reverse receipts"),
            ("move_receipt", "Can move a receipt to another customer"),
            ("export_receipts", "Can export receipts"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_date} {rand(self.amount)}"

    def get_absolute_url(self) -> str:
        return reverse("billing:receipt", args=[self.pk])


class Reversal(models.Model):
    """A receipt that did not stand: unpaid, recalled, captured for somebody else."""

    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, related_name="reversal")
    reversed_on = models.DateField("accounting date")
    reason = models.CharField(max_length=300)
    code = models.CharField(max_length=10, blank=True, default="", db_default="")
    run_id = models.BigIntegerField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.reason}"
