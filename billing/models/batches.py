"""Debit-order and card batches: what is collected of whom on a day, and what became of it."""

from decimal import Decimal

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import ZERO, MoneyField
from herotill.secrets import EncryptedField

from .ledger import Entry
from .mandates import Mandate
from .people import person
from .receipts import Receipt
from .settings import BankAccount


@audited(words=("text",))
class UnpaidCode(models.Model):
    """What a bank or gateway says of a collection that failed, and what follows. A code not here blocks."""

    class Effect(models.TextChoices):
        REPRESENT = "represent", "May be tried once more, with the next mandated date"
        KEEP = "keep", "The mandate stays; nothing is tried again"
        BLOCK = "block", "The mandate is blocked"
        DISPUTE = "dispute", "The mandate is blocked: the customer disputes it"

    code = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=100)
    effect = models.CharField(max_length=9, choices=Effect.choices, default=Effect.BLOCK)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code"], name="unpaid_code_once")]

    def __str__(self) -> str:
        return f"{self.code:02} {self.text}"


class CollectionBatch(models.Model):
    """The collections of one billing group on one action date, by debit order or from stored cards.

    `channel` names who carries it out: a bank format or a card gateway; the batch knows nothing of either.
    Released by somebody who had no hand in it; `release_hash` seals what was released.
    """

    class Method(models.TextChoices):
        DEBIT_ORDER = "debit_order", "Debit orders"
        CARD = "card", "Stored cards"

    class State(models.TextChoices):
        DRAFT = "draft", "Being checked"
        RELEASED = "released", "Released"
        SENT = "sent", "Sent, not loaded yet"
        LOADED = "loaded", "Loaded, not authorised"
        AUTHORISED = "authorised", "Authorised"
        PROCESSED = "processed", "Results are in"
        REJECTED = "rejected", "Refused by the bank"
        CANCELLED = "cancelled", "Cancelled"

    billing_group = models.ForeignKey("customers.BillingGroup", on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=11, choices=Method.choices, db_collation="C")
    channel = models.CharField(max_length=20, db_collation="C")
    name = models.CharField(max_length=60)
    action_date = models.DateField()
    due_upto = models.DateField("for what is due by")
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.DRAFT, db_default=State.DRAFT, db_collation="C"
    )
    lines = models.PositiveIntegerField("lines that go out", default=0, db_default=0)
    total = MoneyField(default=ZERO, db_default=ZERO)
    release_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    released_by = person()
    released_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    file_token = models.CharField(max_length=60, blank=True, default="", db_default="")
    bank_reference = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="What the bank calls the batch."
    )
    trouble = models.CharField(max_length=300, blank=True, default="", db_default="")
    problems = models.JSONField(
        default=list, db_default=[], help_text="What the channel would refuse, as it was found last."
    )
    changes = models.JSONField(default=list, db_default=[], help_text="What the last update changed.")
    built_at = models.DateTimeField(null=True)
    made_by = person()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "collection batch"
        verbose_name_plural = "collection batches"
        ordering = ["-action_date", "-id"]
        permissions = [
            ("release_batch", "Can release debit-order and card batches"),
            ("download_batch", "Can download the file of a released batch"),
            ("send_batch", "Can send a released batch to the bank and authorise it there"),
            ("import_collection_results", "Can import results of debit orders"),
        ]
        indexes = [models.Index(fields=["-action_date", "-id"], name="collection_batches_by_date")]
        constraints = [
            models.UniqueConstraint(
                fields=["billing_group", "action_date", "method"],
                condition=~Q(state__in=["cancelled", "rejected"]),
                name="one_batch_a_group_and_date",
            ),
            models.UniqueConstraint(fields=["name"], name="collection_batch_name_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | ~Q(release_hash=""),
                name="batch_released_with_a_hash",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CollectionLine(models.Model):
    """One customer's collection in a batch, within the mandate. `live` while its result is still to come."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        SENT = "sent", "Sent"
        COLLECTED = "collected", "Collected"
        UNPAID = "unpaid", "Unpaid"
        REFUSED = "refused", "Refused by the bank's checks"
        WITHDRAWN = "withdrawn", "Left out"

    batch = models.ForeignKey(
        CollectionBatch, on_delete=models.PROTECT, related_name="all_lines", db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="collection_lines", db_index=False
    )
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, related_name="lines", db_index=False
    )
    card = models.ForeignKey(
        "billing.StoredCard", on_delete=models.PROTECT, null=True, related_name="lines", db_index=False
    )
    reference = models.CharField("account reference", max_length=22, db_collation="C")
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.PLANNED, db_default=State.PLANNED, db_collation="C"
    )
    due = MoneyField("due by the cut-off")
    credit = MoneyField("credit not used yet", default=ZERO, db_default=ZERO)
    amount = MoneyField()
    edited_why = models.CharField(max_length=200, blank=True, default="", db_default="")
    warnings = models.JSONField(default=list, db_default=[])
    withdrawn_why = models.CharField(max_length=200, blank=True, default="", db_default="")
    released = models.BooleanField(
        default=False, db_default=False, help_text="Part of what was released; the seal covers it."
    )
    paid_after_release = models.BooleanField(default=False, db_default=False)
    result_code = models.CharField(max_length=10, blank=True, default="", db_default="")
    result_on = models.DateField(null=True)
    disputed = models.BooleanField(default=False, db_default=False)
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="collection_lines")

    class Meta:
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["customer", "-id"], name="collection_lines_of_customer"),
            models.Index(fields=["batch", "amount", "id"], name="collection_lines_by_amount"),
            models.Index(
                fields=["customer"],
                name="collection_lines_live",
                condition=Q(state__in=["planned", "sent"]),
            ),
            models.Index(fields=["customer"], name="collection_lines_unpaid", condition=Q(state="unpaid")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "customer"], name="one_line_a_customer_and_batch"),
            models.CheckConstraint(
                condition=Q(mandate__isnull=False, card=None) | Q(mandate=None, card__isnull=False),
                name="collected_from_an_account_or_a_card",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0) & (Q(amount__lte=F("due") - F("credit")) | Q(state="withdrawn")),
                name="line_no_more_than_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn") | Q(amount__gt=Decimal(0)), name="line_more_than_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.amount}"


class CollectedEntry(models.Model):
    """An open entry that a line collects, wholly or in part. An entry is in one live line at most."""

    line = models.ForeignKey(CollectionLine, on_delete=models.CASCADE, related_name="entries")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+", db_index=False)
    amount = MoneyField()
    live = models.BooleanField(
        default=True, db_default=True, help_text="Kept by a trigger: its line is planned or sent."
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(live=True), name="open_amount_in_one_line"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="collected_more_than_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.amount}"


class LeftOut(models.Model):
    """Somebody of the group who is in no line of a batch, and why."""

    batch = models.ForeignKey(
        CollectionBatch, on_delete=models.CASCADE, related_name="left_out", db_index=False
    )
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=20, db_collation="C")
    due = MoneyField(default=ZERO, db_default=ZERO)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["batch", "customer"], name="left_out_once")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.why}"


class BatchTouch(models.Model):
    """Who did something to a batch. Who had a hand in what it collects may not release it."""

    batch = models.ForeignKey(CollectionBatch, on_delete=models.CASCADE, related_name="touches")
    person = person()
    what = models.CharField(max_length=200)
    at = models.DateTimeField(db_default=Now())
    is_hand = models.BooleanField(
        default=True, db_default=True, help_text="Not so where it was only released, sent or authorised."
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.what


class BatchFile(models.Model):
    """What went to the bank for a batch or came back, encrypted, without keys of services."""

    class Kind(models.TextChoices):
        SENT = "sent", "The file"
        REPORT = "report", "Load report"

    batch = models.ForeignKey(CollectionBatch, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    made_by = person()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sha256[:8]}"


class CollectionResult(models.Model):
    """A row of results as bank or gateway told it, once: collected, unpaid, fee or another."""

    class Kind(models.TextChoices):
        COLLECTED = "collected", "Collected"
        UNPAID = "unpaid", "Unpaid"
        DISPUTED = "disputed", "Disputed"
        RECEIPT = "receipt", "Other money in"
        OTHER = "other", "Fee, transfer or other"

    channel = models.CharField(max_length=20, db_collation="C")
    told_id = models.CharField("transaction id", max_length=60, db_collation="C")
    told_type = models.CharField(max_length=10, db_collation="C")
    kind = models.CharField(max_length=9, choices=Kind.choices, db_collation="C")
    day = models.DateField()
    amount = MoneyField()
    reference = models.CharField(max_length=60, blank=True, default="", db_default="")
    code = models.CharField(max_length=10, blank=True, default="", db_default="")
    text = models.CharField(max_length=300, blank=True, default="", db_default="")
    line = models.ForeignKey(CollectionLine, on_delete=models.PROTECT, null=True, related_name="results")
    booked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True, default="", db_default="")
    settled_as = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="What a person said it is."
    )
    run_id = models.BigIntegerField(null=True)
    came_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["channel", "told_id", "told_type"], name="result_told_once")
        ]
        indexes = [
            models.Index(fields=["-day", "-id"], name="results_by_day"),
            models.Index(fields=["id"], name="results_in_doubt", condition=~Q(trouble="")),
            models.Index(
                fields=["line"], name="results_to_book", condition=Q(booked_at=None, line__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.told_type} {self.amount}"


class DebitNotice(models.Model):
    """A debit that differs from the last was announced: so much on that day. It counts once it was sent (rule 28)."""

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    action_date = models.DateField()
    amount = MoneyField()
    queued_at = models.DateTimeField()
    queued_by = person()
    sent_on = models.DateField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["customer", "action_date", "amount"], name="debit_announced_once")
        ]
        indexes = [
            models.Index(fields=["id"], name="debit_notices_to_send", condition=Q(sent_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.amount} on {self.action_date}"


@audited()
class CollectionRules(models.Model):
    """How batches are made; one row. Switching the second person off takes two."""

    only = models.BooleanField(default=True, db_default=True, editable=False)
    second_person = models.BooleanField("released by a second person", default=True, db_default=True)
    unusual_factor = models.DecimalField(
        "warn above so many times the usual",
        max_digits=4,
        decimal_places=1,
        default=Decimal("2.0"),
        db_default=Decimal("2.0"),
    )
    minimum = MoneyField(
        "collect no less than",
        default=ZERO,
        db_default=ZERO,
        help_text="Who owes less waits for the next batch.",
    )
    unpaid_limit = models.DecimalField(
        "unpaids at most, in %",
        max_digits=4,
        decimal_places=1,
        default=Decimal("18.0"),
        db_default=Decimal("18.0"),
    )
    dispute_limit = models.DecimalField(
        "disputes at most, in %",
        max_digits=4,
        decimal_places=1,
        default=Decimal("0.5"),
        db_default=Decimal("0.5"),
    )

    class Meta:
        verbose_name = "rules of collection batches"
        verbose_name_plural = "rules of collection batches"
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["only"], name="one_set_of_collection_rules"),
            models.CheckConstraint(condition=Q(only=True), name="collection_rules_are_the_only_ones"),
        ]

    def __str__(self) -> str:
        return "Rules of collection batches"


@audited(words=("name",))
class BankService(models.Model):
    """A service that carries debit orders out, with its keys. They change with a second person's approval."""

    kind = models.CharField(max_length=20, db_collation="C", editable=False)
    name = models.CharField(max_length=60)
    account = models.ForeignKey(
        BankAccount,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Where what it collects is booked; its receipts come from debit-order results.",
    )
    is_on = models.BooleanField("in use", default=False, db_default=False)
    debit_key_last_four = models.CharField(
        max_length=4, blank=True, default="", db_default="", editable=False
    )
    debit_key = EncryptedField(
        "service key: debit orders", last_four="debit_key_last_four", permission="billing.change_bankservice"
    )
    account_key_last_four = models.CharField(
        max_length=4, blank=True, default="", db_default="", editable=False
    )
    account_key = EncryptedField(
        "service key: account", last_four="account_key_last_four", permission="billing.change_bankservice"
    )
    instruction = models.CharField(max_length=20, blank=True, default="", db_default="")
    lead_days = models.PositiveSmallIntegerField(
        "business days before the action date",
        default=3,
        db_default=3,
        validators=[MaxValueValidator(10)],
        help_text="A file is taken until so many business days before.",
    )
    cutoff_hour = models.PositiveSmallIntegerField(
        "until (hour)", default=22, db_default=22, validators=[MaxValueValidator(23)]
    )
    loads_good_lines = models.BooleanField(
        "loads what is right of a file with errors", default=False, db_default=False
    )

    class Meta:
        verbose_name = "debit-order service"
        default_permissions = ("view", "change")
        constraints = [models.UniqueConstraint(fields=["kind"], name="one_service_a_kind")]

    def __str__(self) -> str:
        return self.name
