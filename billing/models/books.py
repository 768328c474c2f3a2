"""The books kept elsewhere: how we reach them, what we sent there, and what is owed to them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.integrations.books import packages
from herotill.money import MoneyField
from herotill.secrets import EncryptedField

from .documents import Document
from .kinds import DocumentKind
from .people import person

CHANGE = "billing.change_booksconnection"


def _last_four() -> models.CharField:
    return models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)


def _their_id(label: str = "", **given: bool) -> models.CharField:
    return models.CharField(label or None, max_length=40, db_collation="C", **given)  # type: ignore[arg-type]


def _told_of(what: str) -> models.CharField:
    return models.CharField(
        max_length=32, blank=True, default="", db_default="", db_collation="C", help_text=what
    )


@audited(words=("company_name",), exclude=("trouble", "trouble_at"))
class BooksConnection(models.Model):
    """How we reach the books of our company kept elsewhere; one row. Nothing is sent or asked while it is off.

    What is dated before `starts_on` never goes there and never comes from there. The company stands once anything
    is linked with it (trigger `books_company_stands`); in use it has its credentials (`books_in_use_know_their_keys`).
    `trouble` is why nothing can go there at present: no call is made until a person has seen to it.
    """

    only = models.BooleanField(default=True, db_default=True, editable=False)
    is_on = models.BooleanField("in use", default=False, db_default=False)
    version = models.CharField(
        "accounting package",
        max_length=20,
        choices=packages.choices,
        default="2.0.0",
        db_default="2.0.0",
    )
    company_id = models.CharField(
        "company", max_length=40, blank=True, default="", db_default="", db_collation="C"
    )
    company_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    user = models.CharField(
        "user (email address)", max_length=254, blank=True, default="", db_default="", db_collation="C"
    )
    password_last_four = _last_four()
    password = EncryptedField("password", last_four="password_last_four", permission=CHANGE)
    api_key_last_four = _last_four()
    api_key = EncryptedField("API key", last_four="api_key_last_four", permission=CHANGE)
    starts_on = models.DateField(
        "cut-over day",
        null=True,
        blank=True,
        help_text="Documents and receipts count from this day on; what is older stays where it is.",
    )
    sales_account = models.CharField(
        "account for sales",
        max_length=40,
        blank=True,
        default="",
        db_default="",
        db_collation="C",
        help_text="What lines of invoices and credit notes are posted to.",
    )
    other_account = models.CharField(
        "account for adjustments and write-offs",
        max_length=40,
        blank=True,
        default="",
        db_default="",
        db_collation="C",
        help_text="Empty: the account for sales.",
    )
    manager = models.ForeignKey(
        "users.User",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="financial manager",
        help_text="Told by mail where a customer's result is not OK. Without one, those who may send again what was refused.",
    )
    makes_customers = models.BooleanField(
        "customers are made there",
        default=False,
        db_default=False,
        help_text="Tick it once those who stand there already have their SageOne ID here, or carry our code there:"
        " nobody is made there while this is off.",
    )
    trouble = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)
    trouble_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "connection to the books"
        verbose_name_plural = "connections to the books"
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["only"], name="one_books_connection"),
            models.CheckConstraint(condition=Q(only=True), name="books_connection_is_the_only_one"),
            models.CheckConstraint(
                condition=Q(is_on=False)
                | Q(starts_on__isnull=False) & ~Q(company_id="") & ~Q(user="") & ~Q(sales_account=""),
                name="books_in_use_are_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.company_name or "SageOne"


@audited(customer="customer", exclude=("synced_at", "sent"), words=("their_id",))
class BooksCustomer(models.Model):
    """Which customer there is ours. `sent` is the hash of what they last took of the customer."""

    customer = models.OneToOneField(
        "customers.Customer", on_delete=models.PROTECT, primary_key=True, related_name="in_books"
    )
    their_id = _their_id("SageOne ID")
    synced_at = models.DateTimeField("last sync", null=True)
    sent = models.CharField(max_length=64, blank=True, default="", db_default="", db_collation="C")

    class Meta:
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(fields=["their_id"], name="books_customer_once"),
            models.CheckConstraint(condition=~Q(their_id=""), name="books_customer_has_an_id"),
        ]
        indexes = [models.Index(fields=["synced_at"], name="books_customers_by_sync")]

    def __str__(self) -> str:
        return self.their_id


class BooksDocument(models.Model):
    """An issued document as it stands in the books; `incl` and `vat` are theirs, `difference` theirs less ours."""

    DIFFERS = ~Q(incl=F("ours")) | ~Q(vat=F("our_vat"))

    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, primary_key=True, related_name="in_books"
    )
    kind = models.CharField(max_length=12, choices=DocumentKind.choices, db_collation="C")
    their_id = _their_id()
    their_number = models.CharField(max_length=100, blank=True, default="", db_default="")
    ours = MoneyField("our total")
    incl = MoneyField("their total")
    our_vat = MoneyField("our VAT", default=0, db_default=0)
    vat = MoneyField("their VAT")
    difference = models.GeneratedField(
        expression=F("incl") - F("ours"), output_field=MoneyField(), db_persist=True
    )
    found = models.BooleanField(
        default=False, db_default=False, help_text="It stood there when we looked before sending it."
    )
    support_id = models.CharField(max_length=100, blank=True, default="", db_default="")
    told_of = _told_of("Their total and VAT that the financial manager was told of, as a hash.")
    synced_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "their_id"], name="books_document_once")]
        indexes = [
            models.Index(
                fields=["document"],
                name="books_documents_differing",
                condition=~Q(incl=F("ours")) | ~Q(vat=F("our_vat")),
            ),
            models.Index(fields=["synced_at"], name="books_documents_by_sync"),
        ]

    def __str__(self) -> str:
        return self.their_number or self.their_id


class BooksOwed(models.Model):
    """A customer's details or an issued document that the books are still to get; triggers write it.

    Of one customer everything goes in order: the details, then documents as they were issued. One that is being
    sent has a lease, `next_try_at`; after it whoever sent it is taken as gone, and it is looked up before it is
    sent again. `version` counts changes of the details, so that one made while they are sent is not lost.
    """

    class State(models.TextChoices):
        WAITS = "waits", "Waits"
        SENDING = "sending", "Being sent"
        UNKNOWN = "unknown", "Sent, no answer"
        REFUSED = "refused", "Refused"
        LEFT = "left", "Left out"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="owed_to_books", db_index=False
    )
    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, null=True, blank=True, related_name="owed_to_books"
    )
    state = models.CharField(
        max_length=7, choices=State.choices, default=State.WAITS, db_default=State.WAITS, db_collation="C"
    )
    version = models.PositiveIntegerField(default=1, db_default=1)
    tries = models.PositiveIntegerField(default=0, db_default=0)
    next_try_at = models.DateTimeField(db_default=Now())
    tried_at = models.DateTimeField("last tried", null=True)
    trouble = models.CharField("what they said", max_length=500, blank=True, default="", db_default="")
    support_id = models.CharField(max_length=100, blank=True, default="", db_default="")
    told_of = _told_of("The trouble that the financial manager was told of, as a hash.")
    decided_by = person()
    made_at = models.DateTimeField("owed since", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "entry for the books"
        verbose_name_plural = "entries for the books"
        default_permissions = ("view",)
        permissions = [
            ("push_to_books", "Can send invoices and customers to the books"),
            ("push_all_to_books", "Can send everything that waits to the books"),
            ("settle_booksowed", "Can send what the books refused again, or leave it out"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(document=None), name="books_owe_details_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(trouble=""), name="books_refusal_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "id"], name="books_owed_of_customer"),
            models.Index(
                fields=["next_try_at", "id"],
                name="books_owed_to_send",
                condition=Q(state__in=["waits", "sending", "unknown"]),
            ),
            models.Index(fields=["state", "id"], name="books_owed_by_state"),
            models.Index(fields=["made_at", "id"], name="books_owed_since"),
        ]

    def __str__(self) -> str:
        return str(self.document or self.customer)
