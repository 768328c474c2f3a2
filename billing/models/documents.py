"""Documents and their lines; a line without a document is a charge that waits for one."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from herotill.money import ZERO, MoneyField

from .kinds import TAKING_AWAY, DocumentKind, VatClass
from .settings import Series


class Document(models.Model):
    """An invoice, credit note, debit note, adjustment or write-off. A draft is no debt and has no number.

    Amounts are positive in the document's own terms, but for an adjustment, which has either sign. Setting
    `status` to issued posts it and locks it for ever; triggers see to that (migration 0002). `before` marks
    imported history, which keeps its own numbers and stands in no VAT return, message or batch.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        ISSUED = "issued", "Issued"

    kind = models.CharField(max_length=12, choices=DocumentKind.choices, db_collation="C")
    status = models.CharField(
        max_length=6,
        choices=Status.choices,
        default=Status.DRAFT,
        db_default=Status.DRAFT,
        db_collation="C",
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="documents", db_index=False
    )
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # The trigger at issue knows the series; one in use is never deleted.
    )
    number = models.PositiveIntegerField(null=True, blank=True)
    name = models.CharField("number", max_length=30, blank=True, default="", db_default="", db_collation="C")
    document_date = models.DateField()
    due_date = models.DateField()
    period = models.DateField("billing month (its first day)", null=True, blank=True)
    excl = MoneyField("excluding VAT", default=ZERO, db_default=ZERO)
    vat = MoneyField("VAT", default=ZERO, db_default=ZERO)
    incl = MoneyField("total", default=ZERO, db_default=ZERO)
    reference = models.CharField(
        "customer's reference", max_length=100, blank=True, default="", db_default=""
    )
    reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    against = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers", db_index=False
    )
    before = models.BooleanField("from before", default=False, db_default=False)
    edition = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        help_text="Above 0 where history was imported anew after its import was taken back.",
    )
    run_id = models.BigIntegerField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-document_date", "-id"], name="documents_of_customer"),
            models.Index(fields=["document_date", "id"], name="documents_by_date"),
            models.Index(fields=["customer"], name="drafts_of_customer", condition=Q(status="draft")),
            models.Index(fields=["against"], name="answers_to_document", condition=Q(against__isnull=False)),
            models.Index(
                fields=["period", "document_date", "id"],
                name="documents_of_period",
                condition=Q(period__isnull=False),
            ),
            # Nearly all are invoices; what is none is found apart, which costs a billing run nothing.
            models.Index(
                fields=["kind", "document_date", "id"],
                name="other_documents_by_date",
                condition=~Q(kind="invoice"),
            ),
            models.Index(
                fields=["kind", "name", "id"],
                name="other_documents_by_name",
                condition=~Q(kind="invoice"),
            ),
            models.Index(fields=["name"], name="documents_from_before", condition=Q(before=True)),
            models.Index(
                fields=["document_date", "id"], name="old_documents_by_date", condition=Q(before=True)
            ),
            BrinIndex(
                fields=["incl"],
                name="documents_by_amount",
                opclasses=["numeric_minmax_multi_ops"],
                pages_per_range=32,
                autosummarize=True,
            ),
            BrinIndex(fields=["run_id"], name="documents_of_run", pages_per_range=32, autosummarize=True),
        ]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="document_number_once"),
            models.UniqueConstraint(
                fields=["name", "edition"], condition=~Q(name=""), name="document_name_once"
            ),
            models.CheckConstraint(condition=Q(edition=0) | Q(before=True), name="only_history_has_editions"),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="document_kind_known"),
            models.CheckConstraint(
                condition=Q(status="draft", name="", number=None, issued_at=None)
                | (
                    Q(status="issued", issued_at__isnull=False)
                    & ~Q(name="")
                    & (
                        Q(before=False, series__isnull=False, number__isnull=False)
                        | Q(before=True, series=None, number=None)
                    )
                ),
                name="issued_documents_are_numbered",
            ),
            models.CheckConstraint(condition=Q(incl=F("excl") + F("vat")), name="document_adds_up"),
            models.CheckConstraint(
                condition=Q(kind="adjustment") | Q(status="draft") | Q(incl__gte=0),
                name="document_no_less_than_zero",
            ),
            models.CheckConstraint(
                condition=~Q(kind="adjustment") | Q(vat=0), name="adjustment_carries_no_vat"
            ),
            models.CheckConstraint(condition=Q(due_date__gte=F("document_date")), name="due_after_its_date"),
        ]
        permissions = [
            ("issue_invoices", "Can issue invoices"),
            ("issue_credit_notes", "Can issue credit notes"),
            ("issue_debit_notes", "Can issue debit notes"),
            ("issue_adjustments", "Can issue adjustments"),
            ("issue_write_offs", "Can issue write-offs"),
            ("correct_document", "Can issue a corrected version of a document"),
            ("approve_credits", "Can be the second person for credits over a limit"),
            ("export_documents", "Can export documents"),
            ("import_billing", "Can import billing history"),
        ]

    def __str__(self) -> str:
        return self.name or f"Draft {self.get_kind_display().lower()} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("billing:document", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def takes_away(self) -> bool:
        """Whether it lowers what the customer owes."""
        return self.kind in TAKING_AWAY


class GivenNumbers(models.Model):
    """The numbers that one statement gave in a series; written by the trigger at issue alone.

    Each follows on from the last number before it: asked at once, or, where a batch is issued beside the one
    before it, when it commits (constraint trigger `numbers_follow_on`).
    """

    series = models.ForeignKey(
        Series, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class NameRange(models.Model):
    """Between which names some issued documents stand, by days, billing month and run; written at issue alone.

    Every issued document is within a row of its day, month and run, so a walk by name may begin at the first of
    those rows and end at the last. Rows may overlap: they narrow a search, they are no answer.
    """

    first_day = models.DateField()
    last_day = models.DateField()
    period = models.DateField(null=True)
    run_id = models.BigIntegerField(null=True)
    first_name = models.CharField(max_length=30, db_collation="C")
    last_name = models.CharField(max_length=30, db_collation="C")

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["last_day"], name="names_by_day"),
            models.Index(fields=["period"], name="names_of_period"),
            models.Index(fields=["run_id"], condition=Q(run_id__isnull=False), name="days_of_run"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} to {self.last_name}"


class Line(models.Model):
    """A charge: what for, for which days, how much. Without a document it waits for one.

    (source, item, period, part) is unique, so nothing is ever billed twice for the same period: the parts
    of one period count from 0. `includes_vat` says in which terms `unit_price` was given.

    What it names is there and stays: the database asks that of all lines of a statement at once (migration 0026),
    which costs a billing run less than foreign keys, asked line by line.
    """

    document = models.ForeignKey(
        Document,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="lines",
        db_constraint=False,
        db_index=False,
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    for_customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="The sub-account it is for, where its master is billed.",
    )
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    product = models.ForeignKey(
        "reference.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    text = models.CharField("description", max_length=300)
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=1)
    unit_price = models.DecimalField(max_digits=14, decimal_places=4)
    discount = models.DecimalField("discount in %", max_digits=5, decimal_places=2, default=ZERO)
    includes_vat = models.BooleanField(default=True)
    vat_class = models.CharField(max_length=8, choices=VatClass.choices, db_collation="C")
    vat_rate = models.DecimalField("VAT in %", max_digits=5, decimal_places=2)
    excl = MoneyField("excluding VAT")
    vat = MoneyField("VAT")
    incl = MoneyField("including VAT")
    source = models.CharField(max_length=10, blank=True, default="", db_default="", db_collation="C")
    item_id = models.BigIntegerField(null=True, blank=True)
    period = models.DateField("service month (its first day)", null=True, blank=True)
    part = models.SmallIntegerField(default=0, db_default=0)
    first = models.DateField("service from", null=True, blank=True)
    last = models.DateField("service to", null=True, blank=True)
    credits = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    settles = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="The document that a write-off's line names.",
    )

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["customer"], name="waiting_lines", condition=Q(document=None)),
            # Not for those that wait: the planner believes there are none, and would look through them all.
            models.Index(fields=["document"], name="lines_of_document", condition=Q(document__isnull=False)),
            models.Index(fields=["credits"], name="line_credited_by", condition=Q(credits__isnull=False)),
            models.Index(fields=["settles"], name="line_settles", condition=Q(settles__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "item_id", "period", "part"],
                condition=~Q(source=""),
                name="billed_once_a_period",
            ),
            models.CheckConstraint(condition=Q(incl=F("excl") + F("vat")), name="line_adds_up"),
            models.CheckConstraint(
                condition=Q(source="") | Q(item_id__isnull=False, period__isnull=False),
                name="charge_says_what_for",
            ),
            models.CheckConstraint(condition=Q(vat_class__in=VatClass.values), name="line_vat_class_known"),
            models.CheckConstraint(
                condition=Q(vat_class="standard") | Q(vat=0), name="line_vat_only_at_standard_rate"
            ),
            models.CheckConstraint(
                condition=Q(first=None) | Q(last__gte=F("first")), name="line_service_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class LineCredit(models.Model):
    """How much of an issued line has been credited; kept by the database, never more than the line."""

    line = models.OneToOneField(Line, on_delete=models.PROTECT, primary_key=True, related_name="credited")
    incl = MoneyField()
    credited = MoneyField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(incl__gte=0, credited__gte=0, credited__lte=F("incl"))
                | Q(incl__lt=0, credited__lte=0, credited__gte=F("incl")),
                name="no_line_is_credited_beyond_itself",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.credited}"


class Letterhead(models.Model):
    """What documents carry of us as it stood: company, VAT number, banking details, logo, colour. Never changed."""

    digest = models.CharField(max_length=64, unique=True, db_collation="C")
    details = models.JSONField()
    logo = models.BinaryField(null=True)
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest


class Snapshot(models.Model):
    """All that the print of an issued document shows and that could change later.

    Version 1 is the original, written with the issue; a corrected version has the same number and amounts.
    The file is made from it once; then its SHA-256 stands for ever.
    """

    # Neither an issued document nor a letterhead is ever deleted, so nothing need be asked of each row.
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="snapshots", db_index=False, db_constraint=False
    )
    version = models.PositiveSmallIntegerField(default=1, db_default=1)
    letterhead = models.ForeignKey(
        Letterhead, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    bill_to = models.CharField(max_length=401)
    code = models.CharField(max_length=12)
    address = models.TextField(blank=True, default="", db_default="")
    vat_number = models.TextField("VAT number", blank=True, default="", db_default="")
    subs = models.JSONField("sub-accounts whose lines it shows, by id", null=True)
    ageing = ArrayField(models.DecimalField(max_digits=14, decimal_places=2), null=True)
    reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    requested_on = models.DateField("correction asked for on", null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(db_default=Now(), editable=False)
    owed = models.BooleanField(
        "printed by itself", default=True, db_default=True, help_text="Else when it is first asked for."
    )
    file = models.CharField(max_length=200, blank=True, default="", db_default="")
    size = models.PositiveIntegerField("octets", null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="", db_default="", db_collation="C")
    printed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="snapshot_version_once"),
            models.CheckConstraint(
                condition=Q(sha256="", file="", printed_at=None)
                | (~Q(sha256="") & ~Q(file="") & Q(printed_at__isnull=False)),
                name="stored_print_is_known_by_its_hash",
            ),
        ]
        indexes = [models.Index(fields=["id"], name="prints_owed", condition=Q(sha256="", owed=True))]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.version}"

    @property
    def due_on(self) -> date | None:
        """By when a correction that was asked for has to be made: 21 days after the request."""
        return self.requested_on + timedelta(days=21) if self.requested_on else None
