"""Quotes: what is offered to a lead or a customer, in versions, and the answer to it."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from billing.models.people import person
from herotill.audit import audited
from herotill.money import ZERO, MoneyField

from .leads import Lead
from .steps import DeclineReason


# What a person is called or said stands in the quote alone, so that it can be forgotten there.
@audited(
    customer="customer",
    exclude=(
        "created_at",
        "token_hash",
        "snapshot",
        "pdf",
        "reminded",
        "recipient",
        "remark",
        "decline_words",
    ),
)
class Quote(models.Model):
    """One version of a quote. What was sent is never changed (trigger); a new version takes its place.

    `number` is the same for all versions of one quote. Amounts are in rand; once-off and monthly apart, VAT
    included. At most one version of a number is a draft and at most one can be accepted.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SENT = "sent", "Sent"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "Expired"
        REPLACED = "replaced", "Replaced"  # a newer version is being made, or is there
        WITHDRAWN = "withdrawn", "Withdrawn"

    number = models.PositiveIntegerField(editable=False)
    version = models.PositiveSmallIntegerField("version", default=1, db_default=1, editable=False)
    lead = models.ForeignKey(
        Lead, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes", editable=False
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quotes",
        editable=False,
    )
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.DRAFT, db_default=State.DRAFT, db_collation="C"
    )
    day = models.DateField("date")
    expires_on = models.DateField("stands until", null=True, blank=True)
    recipient = models.CharField("email", max_length=254, blank=True, default="", db_default="")
    remark = models.TextField("words above the lines", blank=True, default="", db_default="")
    terms = models.TextField(blank=True, default="", db_default="", editable=False)
    once_excl = MoneyField(default=ZERO, db_default=ZERO, editable=False)
    once_vat = MoneyField(default=ZERO, db_default=ZERO, editable=False)
    once = MoneyField("once-off", default=ZERO, db_default=ZERO, editable=False)
    monthly_excl = MoneyField(default=ZERO, db_default=ZERO, editable=False)
    monthly_vat = MoneyField(default=ZERO, db_default=ZERO, editable=False)
    monthly = MoneyField("a month", default=ZERO, db_default=ZERO, editable=False)
    snapshot = models.JSONField(
        null=True, editable=False, help_text="All that the paper shows, frozen when sent."
    )
    pdf = models.BinaryField(null=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    token_hash = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = person()
    sent_at = models.DateTimeField(null=True, editable=False)
    sent_by = person()
    opened_at = models.DateTimeField("first opened", null=True, editable=False)
    reminded = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    decline_reason = models.ForeignKey(
        DeclineReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    decline_words = models.CharField(max_length=1000, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-number", "-version"]
        default_permissions = ("view", "add", "change")
        permissions = [
            ("send_quote", "Can send quotes"),
            ("discount_quote", "Can give discounts on quotes"),
            ("discount_quote_freely", "Can give discounts above the limit"),
            ("answer_quote", "Can accept and decline a quote for the customer, with a document"),
            ("export_quotes", "Can export large lists of quotes"),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="quotes_by_state"),
            models.Index(fields=["-day", "-id"], name="quotes_by_day"),
            models.Index(fields=["expires_on"], name="quotes_to_expire", condition=Q(state="sent")),
            models.Index(fields=["number", "id"], name="quotes_by_number"),
            models.Index(fields=["expires_on", "id"], name="quotes_by_expiry"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="quote_version_once"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state="draft"), name="one_draft_of_a_quote"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state__in=["sent", "accepted"]), name="one_version_stands"
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="quote_token_once"
            ),
            models.CheckConstraint(
                condition=Q(lead__isnull=False) | Q(customer__isnull=False), name="quote_is_for_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="withdrawn") | Q(sent_at__isnull=False),
                name="quote_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(
                    once=F("once_excl") + F("once_vat"), monthly=F("monthly_excl") + F("monthly_vat")
                ),
                name="quote_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As people say it: QUO00042, and from the second version on QUO00042-2."""
        return f"QUO{self.number:05d}" + (f"-{self.version}" if self.version > 1 else "")


class QuoteLine(models.Model):
    """One thing offered: a product once or every month, or a package with a data account to come."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    product = models.ForeignKey(
        "reference.Product", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    package = models.ForeignKey(
        "dataaccounts.Package",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    text = models.CharField(max_length=200)
    monthly = models.BooleanField(default=False, db_default=False)
    quantity = models.PositiveSmallIntegerField(default=1, db_default=1)
    price = MoneyField("price each", help_text="In the product's own terms, VAT included or not.")
    list_price = MoneyField(null=True, editable=False)
    of_survey = models.BooleanField(
        "found by the survey",
        default=False,
        db_default=False,
        editable=False,
        help_text="The list price is what the survey found it costs.",
    )
    discount = models.DecimalField(
        "discount %", max_digits=5, decimal_places=2, default=ZERO, db_default=ZERO
    )
    vat_class = models.CharField(max_length=10, editable=False)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2, editable=False)
    excl = MoneyField(editable=False)
    vat = MoneyField(editable=False)
    incl = MoneyField(editable=False)

    class Meta:
        ordering = ["position", "id"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(incl=F("excl") + F("vat")), name="quote_line_adds_up"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="quote_line_has_a_quantity"),
            models.CheckConstraint(
                condition=Q(discount__gte=0, discount__lte=100), name="quote_discount_is_a_share"
            ),
            models.CheckConstraint(condition=Q(package=None) | Q(monthly=True), name="packages_are_monthly"),
            models.UniqueConstraint(
                fields=["quote"], condition=Q(of_survey=True), name="survey_cost_once_a_quote"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Acceptance(models.Model):
    """The yes to one quote: who, when, from where, to which paper, and the details they completed.

    One for a quote; never changed (trigger). `details` are the customer's own words for the profile; staff
    check them when they create it, and the page never shows them again.
    """

    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="acceptance")
    name = models.CharField(max_length=200)
    at = models.DateTimeField()
    address = models.GenericIPAddressField("from address", null=True)
    browser = models.CharField(max_length=300, blank=True, default="", db_default="")
    pdf_sha256 = models.CharField(max_length=64)
    terms_sha256 = models.CharField(max_length=64)
    details = models.JSONField(default=dict, db_default={})
    by = person("taken by")
    document = models.CharField(
        "shown by",
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="Where staff took the yes.",
    )

    class Meta:
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.quote_id} by {self.name}"
