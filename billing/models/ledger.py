"""The ledger: entries, what is open of them, and what settled what. Only triggers write entries and open items."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.money import MoneyField

from .kinds import EntryKind


class Entry(models.Model):
    """One line of a customer's account: owed above zero, paid below. Never changed, never deleted.

    A source (document, receipt, opening balance, refund) posts once: (kind, source_id) is unique. A customer
    whose import was taken back is gone while the entries stay and come to nothing; so `customer` is held to by
    triggers and not by a foreign key.
    """

    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,
        db_constraint=False,
    )
    kind = models.CharField(max_length=12, choices=EntryKind.choices, db_collation="C")
    source_id = models.BigIntegerField()
    accounting_date = models.DateField()
    due_date = models.DateField()
    amount = MoneyField()
    reference = models.CharField(max_length=60, blank=True, default="", db_default="")
    before = models.BooleanField(default=False, db_default=False)
    run_id = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "ledger entry"
        verbose_name_plural = "ledger entries"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["kind", "source_id"], name="each_source_posts_once"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_known"),
        ]
        indexes = [
            models.Index(fields=["customer", "accounting_date", "id"], name="entries_of_customer"),
            models.Index(fields=["accounting_date"], name="entries_by_date"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}: {self.amount}"


class OpenItem(models.Model):
    """What is still open of an entry; no row when it is settled. The sum is the balance.

    What an undone allocation had taken is open only from the day it was undone: `free_from` is the first day
    from which the open part may be settled anew, so that no past day ever sees an entry paid twice.
    """

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="open_item", db_constraint=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="open_items", db_constraint=False
    )
    document = models.ForeignKey(
        "billing.Document",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="open_items",
        db_constraint=False,
        db_index=False,
        help_text="The document that posted the entry; the same as its source.",
    )
    accounting_date = models.DateField()
    due_date = models.DateField()
    free_from = models.DateField()
    amount = MoneyField()
    open = MoneyField()

    class Meta:
        default_permissions = ()
        indexes = [
            # A list of what is open, by date, is one walk along it.
            models.Index(
                fields=["accounting_date", "document"],
                name="open_documents_by_date",
                condition=Q(document__isnull=False),
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, open__gt=0, open__lte=F("amount"))
                | Q(amount__lt=0, open__lt=0, open__gte=F("amount")),
                name="open_is_part_of_the_entry",
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.open}"


class Allocation(models.Model):
    """So much of a credit pays a debit, from an accounting date until it is undone; rows are never deleted.

    `starts_on` and `ends_on` are accounting dates, `known_from` and `known_until` the moments we knew.
    """

    class How(models.TextChoices):
        OLDEST = "oldest", "Oldest first"
        NAMED = "named", "Named by the payer"
        CREDIT_NOTE = "credit_note", "Credit note to its invoice"
        WRITE_OFF = "write_off", "Write-off of its document"
        REVERSAL = "reversal", "Reversed"
        HAND = "hand", "By hand"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    debit = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="paid_by")
    credit = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="pays")
    amount = MoneyField()
    how = models.CharField(max_length=12, choices=How.choices, default=How.OLDEST, db_collation="C")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    known_from = models.DateTimeField(db_default=Now())
    known_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        default_permissions = ("view",)
        permissions = [("allocate", "Can allocate receipts and undo allocations")]
        indexes = [
            models.Index(fields=["starts_on"], name="allocations_by_date"),
            models.Index(fields=["ends_on"], name="allocations_undone", condition=Q(ends_on__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(ends_on=None, known_until=None)
                | Q(ends_on__gte=F("starts_on"), known_until__isnull=False),
                name="allocation_undone_wholly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credit_id} pays {self.amount} of {self.debit_id}"
