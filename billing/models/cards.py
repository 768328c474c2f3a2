"""Cards: gateways, attempts to pay, what gateways told us, and stored cards. No card number is ever here."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import MoneyField
from herotill.secrets import EncryptedField

from .people import person
from .receipts import Receipt
from .settings import BankAccount


@audited(words=("name",), exclude=("notify_hash",))
class CardGateway(models.Model):
    """A card gateway. Its credentials change with a second person's approval; the old ones stand until then."""

    class Kind(models.TextChoices):
        PAYFAST = "payfast", "PayFast"
        PAYNOW = "paynow", "Netcash Pay Now"
        VCS = "vcs", "VCS (PaySubs)"

    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind.choices, db_collation="C")
    account = models.ForeignKey(
        BankAccount,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Where its receipts are booked; its receipts come from gateway notices.",
    )
    is_on = models.BooleanField("in use", default=False, db_default=False)
    test_mode = models.BooleanField(
        default=False, db_default=False, help_text="Nothing is booked in test mode."
    )
    merchant = models.CharField(
        "merchant or terminal id", max_length=60, blank=True, default="", db_default=""
    )
    key_last_four = models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)
    key = EncryptedField(
        "merchant or service key", last_four="key_last_four", permission="billing.change_cardgateway"
    )
    passphrase_last_four = models.CharField(
        max_length=4, blank=True, default="", db_default="", editable=False
    )
    passphrase = EncryptedField(
        "passphrase or MD5 key", last_four="passphrase_last_four", permission="billing.change_cardgateway"
    )
    notify_hash = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Of the secret part of the address that notices come to.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="one_gateway_a_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class StoredCard(models.Model):
    """A card the customer verified at the gateway: its token, and what may be shown of it."""

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        REFUSED = "refused", "Refused by the gateway"
        REMOVED = "removed", "Removed"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="cards", db_index=False
    )
    gateway = models.ForeignKey(CardGateway, on_delete=models.PROTECT, related_name="+")
    token_last_four = models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)
    token = EncryptedField(last_four="token_last_four", permission="billing.change_cardgateway")
    brand = models.CharField(max_length=20, blank=True, default="", db_default="")
    last_four = models.CharField("ends in", max_length=4, blank=True, default="", db_default="")
    expires_on = models.DateField("valid until", null=True)
    status = models.CharField(
        max_length=7, choices=Status.choices, default=Status.ACTIVE, db_default=Status.ACTIVE
    )
    verified_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        default_permissions = ("view",)
        permissions = [("remove_card", "Can remove customers' stored cards")]
        constraints = [
            models.UniqueConstraint(fields=["customer"], condition=Q(status="active"), name="one_card_counts")
        ]

    def __str__(self) -> str:
        return f"{self.brand} •••• {self.last_four}".strip() if self.last_four else self.brand or "Card"


class CardAttempt(models.Model):
    """One try to pay by card or to verify one, written before the payer is sent to the gateway."""

    class Purpose(models.TextChoices):
        VERIFY = "verify", "Verification"
        PAY = "pay", "Payment"
        TOPPING = "topping", "Topping"
        VOUCHER = "voucher", "Voucher"
        STORED = "stored", "Stored card charged"

    class State(models.TextChoices):
        STARTED = "started", "Started"
        REPORTED = "reported", "Reported, not verified"
        PAID = "paid", "Paid"
        VERIFIED = "verified", "Card verified"
        FAILED = "failed", "Declined"
        CANCELLED = "cancelled", "Cancelled"
        REVERSED = "reversed", "Reversed"
        REVIEW = "review", "To be looked at"

    gateway = models.ForeignKey(
        CardGateway, on_delete=models.PROTECT, related_name="attempts", db_index=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="card_attempts", db_index=False
    )
    reference = models.CharField("our reference", max_length=25, db_collation="C")
    proof_hash = models.CharField(
        max_length=64, help_text="Of the word that comes back with the notice; nobody else can know it."
    )
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    amount = MoneyField()
    document = models.ForeignKey(
        "billing.Document", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    subject = models.JSONField(
        default=dict, db_default={}, help_text="For a topping or voucher: what was bought, for which account."
    )
    keep_card = models.BooleanField(default=False, db_default=False)
    line = models.ForeignKey(
        "billing.CollectionLine", on_delete=models.PROTECT, null=True, related_name="attempts"
    )
    card = models.ForeignKey(
        StoredCard,
        on_delete=models.PROTECT,
        null=True,
        related_name="attempts",
        db_index=False,
        help_text="The stored card that is charged.",
    )
    form_key = models.CharField(  # noqa: DJ001
        max_length=40, null=True, db_collation="C", help_text="Which sending of a form began it."
    )
    claimed_at = models.DateTimeField(
        null=True, help_text="When the gateway began to be asked to charge; it is asked once."
    )
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.STARTED, db_default=State.STARTED, db_collation="C"
    )
    gateway_reference = models.CharField(
        max_length=60, blank=True, default="", db_default="", db_collation="C"
    )
    fee = MoneyField(null=True)
    says = models.CharField(max_length=200, blank=True, default="", db_default="")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, null=True, related_name="card_attempts")
    started_by = person()
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("view",)
        permissions = [
            ("request_verification", "Can ask customers to verify a card"),
            ("settle_card_attempt", "Can confirm or refuse card payments that do not match"),
        ]
        indexes = [
            models.Index(fields=["customer", "-started_at"], name="card_attempts_of_customer"),
            models.Index(
                fields=["id"], name="card_attempts_to_look_at", condition=Q(state__in=["review", "reported"])
            ),
            models.Index(fields=["-started_at", "-id"], name="card_attempts_by_date"),
            models.Index(fields=["id"], name="card_attempts_open", condition=Q(state="started")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["reference"], name="card_attempt_reference_once"),
            models.UniqueConstraint(
                fields=["gateway", "gateway_reference"],
                condition=~Q(gateway_reference=""),
                name="gateway_reference_once",
            ),
            models.UniqueConstraint(fields=["proof_hash"], name="card_attempt_proof_once"),
            models.UniqueConstraint(fields=["form_key"], name="card_attempt_of_a_form_once"),
            models.UniqueConstraint(fields=["line"], name="a_line_is_charged_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="card_attempt_no_less_than_nothing"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(receipt__isnull=False) | Q(line__isnull=False),
                name="paid_attempt_has_its_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(purpose="stored") | Q(card__isnull=False), name="stored_attempt_names_its_card"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def began_in_portal(self) -> bool:
        """Whether the payer was logged in; who came by a link is known by the link alone."""
        return self.started_by_id is not None and self.purpose != self.Purpose.STORED


class CardNotice(models.Model):
    """What a gateway or somebody posted to us, raw and encrypted, kept whatever it was worth."""

    gateway = models.ForeignKey(CardGateway, on_delete=models.PROTECT, null=True, related_name="+")
    attempt = models.ForeignKey(CardAttempt, on_delete=models.PROTECT, null=True, related_name="notices")
    came_at = models.DateTimeField(db_default=Now())
    came_from = models.GenericIPAddressField(null=True)
    raw_last_four = models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)
    raw = EncryptedField(last_four="raw_last_four", permission="billing.settle_card_attempt")
    status = models.CharField(max_length=10, blank=True, default="", db_default="")
    gateway_reference = models.CharField(
        max_length=60, blank=True, default="", db_default="", db_collation="C"
    )
    amount = MoneyField(null=True)
    verified = models.BooleanField(default=False, db_default=False)
    outcome = models.CharField(max_length=200, blank=True, default="", db_default="")
    decided_at = models.DateTimeField(null=True, help_text="When it was decided what it is worth.")
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    next_try_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["-came_at", "-id"], name="card_notices_by_date"),
            models.Index(
                fields=["next_try_at", "id"], name="card_notices_to_decide", condition=Q(decided_at=None)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "gateway_reference", "status"],
                condition=Q(verified=True) & ~Q(gateway_reference=""),
                name="card_notice_counts_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.gateway_reference}"


class PayLink(models.Model):
    """A link by which a customer pays or verifies a card without a log-in. Only its hash is kept."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=8, choices=CardAttempt.Purpose.choices)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    made_by = person()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["token_hash"], name="pay_link_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} until {self.expires_at}"
