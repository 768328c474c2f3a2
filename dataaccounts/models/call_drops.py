"""Folders in which telephone systems and wholesalers leave files of calls for us."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import name_key
from herotill.secrets import EncryptedField

from .calls import CallFile
from .voice import CallProfile

PATTERN = RegexValidator(
    r"^[A-Za-z0-9_*?][A-Za-z0-9._*?-]*\Z", "The name of a file, * and ? stand for any letters."
)


@audited(exclude=("read_at", "said", "failed"))
class CallDrop(models.Model):
    """A folder of this machine or of another one by SFTP, whose files are taken in as a profile says.

    Another machine is known by its host key, as `ssh-ed25519 AAAA…`; one that shows another key gets no password.
    """

    class Kind(models.TextChoices):
        FOLDER = "folder", "A folder of this machine"
        SFTP = "sftp", "SFTP"

    name = models.CharField(max_length=60)
    name_key = name_key()
    profile = models.ForeignKey(
        CallProfile, on_delete=models.PROTECT, related_name="drops", verbose_name="format"
    )
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.FOLDER, db_collation="C")
    folder = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="Empty: where the log-in begins."
    )
    files = models.CharField(
        max_length=100,
        default="*.csv",
        validators=[PATTERN],
        help_text="Which files of the folder are read, as calls-*.csv.",
    )
    host = models.CharField(max_length=253, blank=True, default="", db_default="")
    port = models.PositiveIntegerField(
        default=22, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    user = models.CharField("user name", max_length=100, blank=True, default="", db_default="")
    password_last_four = models.CharField(max_length=4, blank=True, default="", db_default="", editable=False)
    password = EncryptedField(
        "password", last_four="password_last_four", permission="dataaccounts.change_calldrop"
    )
    host_key = models.CharField(
        max_length=1500,
        blank=True,
        default="",
        db_default="",
        help_text="The line that ssh-keyscan prints, compared with what its keeper tells you.",
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer read.")
    read_at = models.DateTimeField(null=True, editable=False)
    said = models.CharField(max_length=300, blank=True, default="", db_default="", editable=False)
    failed = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        verbose_name = "drop for call records"
        verbose_name_plural = "drops for call records"
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="call_drop_name_once"),
            models.CheckConstraint(
                condition=Q(kind="folder", host="")
                | Q(kind="sftp") & ~Q(host="") & ~Q(user="") & ~Q(host_key=""),
                name="call_drop_says_where",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DroppedFile(models.Model):
    """A file that was found in a drop, as it was then: it is taken in once, or was refused with `said`.

    What was refused is tried again until it is taken in. One that was written to since is another: a log that grows
    is taken in again, and its known calls stand once.
    """

    drop = models.ForeignKey(CallDrop, on_delete=models.CASCADE, related_name="found", db_index=False)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    written_at = models.DateTimeField()
    file = models.ForeignKey(CallFile, on_delete=models.SET_NULL, null=True, related_name="+")
    said = models.CharField(max_length=300, blank=True, default="", db_default="")
    found_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["drop", "name", "size", "written_at"], name="dropped_file_once")
        ]

    def __str__(self) -> str:
        return self.name
