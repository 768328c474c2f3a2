"""Mail that came in: mailboxes, the rules about it, and what became of each message."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper

from billing.models.people import person
from herotill.audit import audited
from herotill.secrets import EncryptedField

from .desk import Category, CloseReason, Department, Priority
from .tickets import Post, Ticket


@audited(words=("address",))
class Mailbox(models.Model):
    """An address at which customers write to a department; fetched by IMAP where a server is named, or piped in."""

    address = models.CharField(max_length=254, db_collation="C", help_text="Lower case.")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="mailboxes")
    host = models.CharField(
        "IMAP server",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text="Empty: mail is piped in.",
    )
    port = models.PositiveIntegerField(default=993, db_default=993, validators=[MaxValueValidator(65535)])
    tls = models.BooleanField("encrypted line", default=True, db_default=True)
    username = models.CharField(max_length=254, blank=True, default="", db_default="")
    password_last_four = models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)
    password = EncryptedField(last_four="password_last_four", permission="helpdesk.change_mailbox")
    active = models.BooleanField("mail is fetched", default=True, db_default=True)
    fetched_at = models.DateTimeField(null=True, editable=False)
    error = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)

    class Meta:
        ordering = ["address"]
        verbose_name_plural = "mailboxes"
        constraints = [
            models.UniqueConstraint(fields=["address"], name="mailbox_once"),
            models.CheckConstraint(condition=Q(port__lte=65535, port__gte=1), name="mailbox_port_known"),
        ]

    def __str__(self) -> str:
        return self.address


@audited()
class MailRule(models.Model):
    """What is done with new tickets from mail that matches; all that is filled in must match (any case)."""

    position = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="The first that matches counts."
    )
    mailbox = models.ForeignKey(
        Mailbox,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="rules",
        help_text="Empty: any.",
    )
    sender = models.CharField("sender has", max_length=200, blank=True, default="", db_default="")
    recipient = models.CharField("recipient has", max_length=200, blank=True, default="", db_default="")
    subject = models.CharField("subject has", max_length=200, blank=True, default="", db_default="")
    body = models.CharField("text has", max_length=200, blank=True, default="", db_default="")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closes = models.BooleanField("closes the ticket at once", default=False, db_default=False)
    reason = models.ForeignKey(
        CloseReason,
        verbose_name="reason for closing",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    retired = models.BooleanField("switched off", default=False, db_default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender="") | ~Q(recipient="") | ~Q(subject="") | ~Q(body=""),
                name="mail_rule_matches_something",
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=False)
                | Q(category__isnull=False)
                | Q(priority__isnull=False)
                | Q(closes=True),
                name="mail_rule_does_something",
            ),
            models.CheckConstraint(
                condition=Q(closes=False) | Q(reason__isnull=False), name="mail_rule_closes_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"Rule {self.position}"


class InboundMail(models.Model):
    """One message that came in, whatever became of it. The raw message is kept as a file for a time."""

    class Outcome(models.TextChoices):
        REFUSED = "refused", "Refused"
        DUPLICATE = "duplicate", "Came before"
        IGNORED = "ignored", "Ignored"
        BOUNCE = "bounce", "Could not be delivered"
        TRIAGE = "triage", "Unknown sender"
        REPLY = "reply", "Reply"
        REOPEN = "reopen", "Reply that reopened"
        NEW_TICKET = "new_ticket", "New ticket"

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="mails", db_index=False)
    received_at = models.DateTimeField(db_default=Now(), editable=False)
    key = models.CharField(
        max_length=64,
        db_collation="C",
        help_text="SHA-256 of its Message-ID, or of what it is known by without one, or of all that was refused.",
    )
    message_id = models.CharField(max_length=500, blank=True, default="", db_default="")
    raw = models.FileField(upload_to="mail/%Y/%m", max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="In octets.")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, db_collation="C")
    reason = models.CharField(max_length=40, blank=True, default="", db_default="", db_collation="C")
    flags = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    sender = models.CharField(max_length=254, blank=True, default="", db_default="", db_collation="C")
    sender_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    subject = models.CharField(max_length=200, blank=True, default="", db_default="")
    sent_at = models.DateTimeField(null=True)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, related_name="mails", db_index=False
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, related_name="mails", db_index=False)
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    candidates = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    failed_recipients = ArrayField(models.CharField(max_length=254), default=list, db_default=[])
    decided_at = models.DateTimeField(
        null=True, help_text="When somebody decided about mail of an unknown sender."
    )
    decided_by = person()

    class Meta:
        default_permissions = ("view",)
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=~Q(key="") & ~Q(outcome__in=["duplicate", "refused"]),
                name="mail_taken_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-received_at", "-id"],
                name="mail_in_triage",
                condition=Q(outcome="triage", decided_at=None),
            ),
            models.Index(fields=["-received_at", "-id"], name="mail_by_time"),
            models.Index(fields=["key"], name="mail_by_key"),
            models.Index(fields=["ticket"], name="mail_of_ticket", condition=Q(ticket__isnull=False)),
            models.Index(fields=["post"], name="mail_of_post", condition=Q(post__isnull=False)),
            models.Index(fields=["customer"], name="mail_of_customer", condition=Q(customer__isnull=False)),
            models.Index(fields=["sender"], name="mail_of_sender"),
            models.Index(OpClass(Upper("subject"), name="text_pattern_ops"), name="mail_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.sender}: {self.subject}"


class FetchTry(models.Model):
    """A message that was begun and is not taken in yet; one that ends whoever reads it is not begun for ever."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="tries", db_index=False)
    message = models.CharField(max_length=40, db_collation="C", help_text="Its UID and size in the mailbox.")
    count = models.PositiveSmallIntegerField(default=1, db_default=1)

    class Meta:
        default_permissions = ()
        verbose_name_plural = "fetch tries"
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "message"], name="one_count_of_fetch_tries")
        ]

    def __str__(self) -> str:
        return f"{self.message}: {self.count}"
