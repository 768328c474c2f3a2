"""What the books kept elsewhere tell: bank accounts, kinds of VAT, receipts, and what customers owe there."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now

from herotill.audit import audited
from herotill.money import MoneyField

from .people import person
from .receipts import Receipt
from .settings import BankAccount

THEIR_ID: dict[str, Any] = {"max_length": 40, "db_collation": "C"}


class BooksCompany(models.Model):
    """The company whose books they are, as it was last told."""

    their_id = models.CharField(unique=True, **THEIR_ID)
    name = models.CharField(max_length=200)
    vat_number = models.CharField(max_length=30, blank=True, default="", db_default="")
    locked_until = models.DateField(null=True)
    ages_by_month = models.BooleanField(default=True, db_default=True)
    ages_from_due = models.BooleanField(default=False, db_default=False)
    told_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


@audited(words=("name",))
class BooksAccount(models.Model):
    """A bank account in the books, and which of ours it is.

    Its receipts count here where ours has the books for its source; where ours has another, they only confirm.
    """

    company = models.CharField(**THEIR_ID)
    their_id = models.CharField(**THEIR_ID)
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=100, blank=True, default="", db_default="")
    active = models.BooleanField(default=True, db_default=True)
    account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="is ours"
    )
    starts_on = models.DateField(
        "receipts count from",
        null=True,
        blank=True,
        help_text="Empty: from the day the connection starts.",
    )

    class Meta:
        default_permissions = ("view", "change")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "their_id"], name="books_account_once")]

    def __str__(self) -> str:
        return self.name


class BooksTaxType(models.Model):
    """A kind of VAT in the books, as it was last told; `rate` is in per cent."""

    company = models.CharField(**THEIR_ID)
    their_id = models.CharField(**THEIR_ID)
    name = models.CharField(max_length=200)
    rate = models.DecimalField(max_digits=7, decimal_places=4)
    usual = models.BooleanField(default=False, db_default=False)
    active = models.BooleanField(default=True, db_default=True)

    class Meta:
        default_permissions = ()
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["company", "their_id"], name="books_tax_type_once")]

    def __str__(self) -> str:
        return self.name


class BooksReceipt(models.Model):
    """A receipt in the books as it was last told, and what it is here. Never deleted.

    `receipt` is what was booked for it, number `edition`; each change there answers it and books the next.
    """

    class State(models.TextChoices):
        WAITS = "waits", "Waits for a person"
        BOOKED = "booked", "Booked"
        CONFIRMS = "confirms", "Only confirms"
        EARLY = "early", "Before the cut-over"
        LEFT = "left", "Left out"
        GONE = "gone", "Deleted there"

    company = models.CharField(**THEIR_ID)
    their_id = models.CharField(**THEIR_ID)
    their_customer = models.CharField(**THEIR_ID)
    their_account = models.CharField(**THEIR_ID)
    day = models.DateField()
    amount = MoneyField()
    reference = models.CharField(max_length=100, blank=True, default="", db_default="")
    text = models.CharField(max_length=100, blank=True, default="", db_default="")
    method = models.CharField(max_length=11, choices=Receipt.Method.choices, default=Receipt.Method.EFT)
    payer = models.CharField(
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Who it is there, while it waits and is nobody's here.",
    )
    payer_code = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="The customer code they carry there."
    )
    changed = models.DateTimeField("changed there", null=True)
    state = models.CharField(max_length=8, choices=State.choices, db_collation="C")
    trouble = models.CharField(max_length=300, blank=True, default="", db_default="")
    given_to = models.ForeignKey(
        "customers.Customer",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="Whose a person said it is.",
    )
    receipt = models.OneToOneField(Receipt, on_delete=models.PROTECT, null=True, related_name="in_books")
    edition = models.PositiveSmallIntegerField(default=0, db_default=0)
    confirmed = models.BooleanField(
        default=False, db_default=False, help_text="Another source brought this money, and counts for it."
    )
    undone = models.BooleanField(
        default=False, db_default=False, help_text="What was booked for it was reversed here by a person."
    )
    told_at = models.DateTimeField(db_default=Now())
    decided_by = person()
    decided_why = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("sync_books", "Can ask the accounting package for receipts"),
            ("settle_booksreceipt", "Can say whose a receipt of the accounting package is"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "their_id"], name="books_receipt_once"),
            models.CheckConstraint(
                condition=Q(state="booked", receipt__isnull=False) | (~Q(state="booked") & Q(receipt=None)),
                name="books_receipt_booked_or_not",
            ),
            models.CheckConstraint(
                condition=Q(state="waits") & ~Q(trouble="") | ~Q(state="waits") & Q(trouble=""),
                name="books_receipt_waits_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="waits") | Q(payer="", payer_code=""),
                name="books_receipt_forgets_its_payer",
            ),
        ]
        indexes = [
            models.Index(fields=["-day", "-id"], name="books_receipts_by_day"),
            models.Index(fields=["day", "id"], condition=Q(state="waits"), name="books_receipts_that_wait"),
            models.Index("company", Length("their_id"), "their_id", name="books_receipts_by_their_id"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.reference}"


class BooksReading(models.Model):
    """One reading of the receipts in the books: those changed since a moment of their clock, or all.

    The next one begins at `upto` of the last that came to its end; one of all that broke off is gone on with
    behind `last_id`, up to which everything was booked; `missing` are those known up to it that it did not show.
    """

    company = models.CharField(**THEIR_ID)
    whole = models.BooleanField()
    since = models.DateTimeField(null=True)
    upto = models.DateTimeField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    told = models.PositiveIntegerField(default=0, db_default=0)
    booked = models.PositiveIntegerField(default=0, db_default=0)
    answered = models.PositiveIntegerField(default=0, db_default=0)
    waiting = models.PositiveIntegerField(default=0, db_default=0)
    gone = models.PositiveIntegerField(default=0, db_default=0)
    trouble = models.CharField(max_length=300, blank=True, default="", db_default="")
    missing = models.JSONField(default=list, db_default=[])
    last_id = models.CharField(blank=True, default="", db_default="", **THEIR_ID)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class BooksAgeing(models.Model):
    """What customers owed by the books on a day, as it was told when a person asked."""

    company = models.CharField(**THEIR_ID)
    as_at = models.DateField()
    by_months = models.BooleanField()
    from_due = models.BooleanField()
    asked_by = person()
    asked_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.as_at}"


class BooksAged(models.Model):
    """What one customer owed there, by age."""

    ageing = models.ForeignKey(BooksAgeing, on_delete=models.CASCADE, related_name="rows")
    their_customer = models.CharField(**THEIR_ID)
    name = models.CharField(max_length=200)
    code = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="The customer code it carries there."
    )
    days120 = MoneyField()
    days90 = MoneyField()
    days60 = MoneyField()
    days30 = MoneyField()
    current = MoneyField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["ageing", "their_customer"], name="books_aged_once"),
        ]

    def __str__(self) -> str:
        return self.name
