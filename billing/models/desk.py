"""The collectors' desk: notes, promises, disputes, fees and what was handed over."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import MoneyField

from .documents import Document
from .people import person


class DebtorNote(models.Model):
    """What was said or agreed about a debt, short and clear; never shown to the customer, never changed."""

    class Way(models.TextChoices):
        NOTE = "note", "Note"
        CALL = "call", "Call"
        EMAIL = "email", "Email"
        SMS = "sms", "SMS"
        VISIT = "visit", "Visit"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="debtor_notes", db_index=False
    )
    text = models.CharField(max_length=1000)
    way = models.CharField(max_length=5, choices=Way.choices, default=Way.NOTE, db_default=Way.NOTE)
    next_on = models.DateField("next action on", null=True, blank=True)
    next_done_at = models.DateTimeField(null=True, editable=False)
    message_id = models.BigIntegerField(null=True, editable=False, help_text="The message it tracks.")
    author = person()
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ("view", "add")
        indexes = [
            models.Index(fields=["customer", "-id"], name="debtor_notes_of_customer"),
            models.Index(
                fields=["next_on", "id"],
                name="debtor_notes_next",
                condition=Q(next_on__isnull=False, next_done_at=None),
            ),
            models.Index(fields=["written_at"], name="debtor_notes_by_time"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="debtor_note_says_something")]

    def __str__(self) -> str:
        return self.text


@audited(customer="customer", exclude=("made_at",))
class Promise(models.Model):
    """A customer's word to pay an amount by a day; holds the case until then."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        KEPT = "kept", "Kept"
        BROKEN = "broken", "Broken"
        WITHDRAWN = "withdrawn", "Withdrawn"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="promises", db_index=False
    )
    amount = MoneyField()
    by_day = models.DateField("pays by")
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.OPEN, db_default=State.OPEN, db_collation="C"
    )
    decided_on = models.DateField(null=True, editable=False)
    made_on = models.DateField(editable=False)
    made_by = person()
    made_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "promise to pay"
        verbose_name_plural = "promises to pay"
        default_permissions = ("view", "add", "change")
        indexes = [
            models.Index(fields=["customer", "-id"], name="promises_of_customer"),
            models.Index(fields=["state", "decided_on"], name="promises_decided"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(state="open"), name="one_open_promise"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="promise_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(state="open", decided_on=None) | ~Q(state="open") & Q(decided_on__isnull=False),
                name="promise_decided_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} by {self.by_day}"


@audited(customer="document__customer", exclude=("opened_at",))
class Dispute(models.Model):
    """A document the customer disputes; it is not overdue until that is answered."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="disputes")
    reason = models.CharField(max_length=300)
    opened_by = person()
    opened_at = models.DateTimeField(db_default=Now(), editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answer = models.CharField(max_length=300, blank=True, default="", db_default="")
    answered_by = person()

    class Meta:
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(answered_at=None), name="one_open_dispute"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="dispute_answered_in_words",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="dispute_says_why"),
        ]
        indexes = [models.Index(fields=["opened_at", "id"], name="disputes_by_time")]

    def __str__(self) -> str:
        return self.reason


class CollectionFee(models.Model):
    """A late fee or a fee for an unpaid debit, charged with the next invoice as a line of its own."""

    class Kind(models.TextChoices):
        LATE = "late", "Late payment"
        UNPAID = "unpaid", "Unpaid debit"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    cause = models.CharField(max_length=60, db_collation="C", help_text="What it is charged for, once.")
    product = models.ForeignKey("reference.Product", on_delete=models.PROTECT, related_name="+")
    amount = MoneyField("incl VAT")
    day = models.DateField()
    waived_at = models.DateTimeField(null=True)
    waived_by = person()
    waived_why = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ("view",)
        permissions = [("waive_fee", "Can waive late and unpaid fees")]
        indexes = [models.Index(fields=["customer", "-id"], name="fees_of_customer")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "cause"], name="fee_once_for_a_cause"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="fee_more_than_nothing"),
            models.CheckConstraint(
                condition=Q(waived_at=None, waived_why="") | Q(waived_at__isnull=False) & ~Q(waived_why=""),
                name="fee_waived_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"


@audited(customer="customer")
class HandOver(models.Model):
    """A customer whose debt an external collector works on, until it is taken back."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="hand_overs")
    collector = models.CharField(max_length=100)
    amount = MoneyField()
    handed_on = models.DateField()
    handed_by = person()
    back_on = models.DateField(null=True)
    back_why = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        verbose_name = "hand-over"
        default_permissions = ("view",)
        permissions = [
            ("hand_over", "Can hand debts over to an external collector and take them back"),
            ("export_handovers", "Can take large files of what was handed over"),
        ]
        indexes = [models.Index(fields=["-handed_on", "-id"], name="hand_overs_newest")]
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(back_on=None), name="handed_over_once")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} to {self.collector}"


@audited(customer="customer")
class Assignment(models.Model):
    """The collector of ours who looks after a customer who owes."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    collector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "collector of a customer"
        verbose_name_plural = "collectors of customers"
        default_permissions = ("view",)
        permissions = [("assign_collector", "Can say which collector looks after whom")]

    def __str__(self) -> str:
        return f"{self.collector_id}"


class Debtor(models.Model):
    """A customer on the collectors' work list, as worked out last. One statement keeps it, nobody edits it.

    `score` says who is called first; who `waits` is called by nobody today. Whoever opened the customer to
    call has it until `taken_until`.
    """

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    overdue = MoneyField()
    oldest = models.DateField("due since", null=True)
    documents = models.PositiveIntegerField()
    broken = models.PositiveSmallIntegerField("broken promises")
    unpaid = models.PositiveSmallIntegerField("unpaid debits")
    promised_for = models.DateField("promised for", null=True)
    next_on = models.DateField("next action on", null=True)
    contacted_at = models.DateTimeField("last contact", null=True)
    billing_group = models.ForeignKey(
        "customers.BillingGroup",
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    collector = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    waits = models.BooleanField()
    score = models.IntegerField()
    taken_by = person()
    taken_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ("view",)
        permissions = [("export_debtors", "Can export large lists of who is overdue")]
        indexes = [
            models.Index(fields=["score", "customer"], name="debtors_by_score"),
            models.Index(fields=["overdue", "customer"], name="debtors_by_amount"),
            models.Index(fields=["oldest", "customer"], name="debtors_by_age"),
            models.Index(fields=["next_on", "customer"], name="debtors_by_next_action"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.overdue}"


@audited(words=("situation",))
class CallScript(models.Model):
    """What a collector says in a situation, as the ISP worded it; without a row, the words it comes with."""

    situation = models.CharField(max_length=20, unique=True, db_collation="C")
    text = models.TextField()

    class Meta:
        verbose_name = "call script"
        default_permissions = ("view", "change")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="script_says_something")]

    def __str__(self) -> str:
        return self.situation
