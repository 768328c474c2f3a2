"""Where usage comes from besides our own RADIUS, and user names that stand for another one's account."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import name_key
from herotill.secrets import EncryptedField

from .accounts import DataAccount

PATTERN = RegexValidator(
    r"^[A-Za-z0-9_*?][A-Za-z0-9._*?-]*\Z", "The name of a file, * and ? stand for any letters."
)


@audited(exclude=("host", "cursor", "read_at", "said", "failed"))
class UsageSource(models.Model):
    """Another FreeRADIUS's database, read only, or accounting detail files; exact to the interval it is read at.

    `cursor` says how far it was read, in the kind's own terms.
    """

    class Kind(models.TextChoices):
        POSTGRESQL = "postgresql", "FreeRADIUS's PostgreSQL database"
        MYSQL = "mysql", "FreeRADIUS's MySQL or MariaDB database"
        DETAIL = "detail", "Accounting detail files"

    name = models.CharField(max_length=60)
    name_key = name_key()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.POSTGRESQL)
    url_last_four = models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)
    url = EncryptedField(
        "address of the database",
        last_four="url_last_four",
        permission="dataaccounts.change_usagesource",
        help_text="postgresql://reader:password@radius.example:5432/radius, of a user who may only read.",
    )
    host = models.CharField(max_length=253, blank=True, default="", db_default="", editable=False)
    files = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        validators=[PATTERN],
        help_text="Which files of the folder for detail files are read, as detail-*.",
    )
    interval = models.PositiveSmallIntegerField(
        "minutes between readings",
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(1440)],
        help_text="Usage from here is exact to this: what was used between two readings is spread over them.",
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer read.")
    since = models.DateTimeField(db_default=Now(), editable=False)
    cursor = models.JSONField(default=dict, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    said = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)
    failed = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = "source of usage"
        verbose_name_plural = "sources of usage"
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="usage_source_name_once"),
            models.CheckConstraint(
                condition=Q(kind="detail", host="") & ~Q(files="") | ~Q(kind="detail") & ~Q(host=""),
                name="usage_source_says_where",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audited(customer="account__customer", words=("username",))
class UsageName(models.Model):
    """A user name, as a router reports it, whose usage is an account's though it is called otherwise."""

    username = models.CharField("reported user name", max_length=253, db_collation="C")
    account = models.ForeignKey(DataAccount, on_delete=models.CASCADE, related_name="usage_names")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["username"], name="usage_name_once")]

    def __str__(self) -> str:
        return self.username
