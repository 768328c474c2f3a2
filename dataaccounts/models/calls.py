"""Files of call records, what became of each row, and the calls that are billed."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import CompositePrimaryKey, F, Q
from django.db.models.functions import Now

from herotill.money import MoneyField

from .decks import rate_field
from .voice import CallProfile, VoiceLine, VoiceSource


class CallFile(models.Model):
    """A file of call records as it was taken in. The order of taking in is the order of ids.

    `counts` says how many rows came to what, as `services.calls.outcomes` names them. `repeats` are the files whose
    rows it told once more; `left_out` says how many such rows were counted and not kept. `first_on` is the first
    day of its calls. `thinned_at` is when what its rows said had gone (`services.call_retention`). A file is never
    deleted, which a trigger holds, so that its rows and calls need not be looked at one by one for it.
    """

    class State(models.TextChoices):
        DONE = "done", "Taken in"
        TAKEN_BACK = "taken_back", "Taken back"

    profile = models.ForeignKey(CallProfile, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, db_collation="C")
    size = models.BigIntegerField()
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.DONE, db_default=State.DONE, db_collation="C"
    )
    counts = models.JSONField(default=dict)
    repeats = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    left_out = models.IntegerField(default=0, db_default=0)
    first_on = models.DateField(null=True)
    thinned_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(db_default=Now())
    back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    back_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "file of calls"
        verbose_name_plural = "files of calls"
        ordering = ["-id"]
        default_permissions = ("add", "view")
        permissions = [("take_back_callfile", "Can take files of calls back")]
        indexes = [models.Index(fields=["digest"], name="call_files_by_digest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", back_at=None) | Q(state="taken_back", back_at__isnull=False),
                name="call_file_done_or_back",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VoiceCaller(models.Model):
    """What a source's records say about who called: the texts of a profile's `line_match`, and them as numbers.

    Where no line has them, a person may say which line is meant: `line`.
    """

    source = models.ForeignKey(VoiceSource, on_delete=models.PROTECT, related_name="callers", db_index=False)
    texts = models.JSONField()
    numbers = models.JSONField()
    line = models.ForeignKey(VoiceLine, on_delete=models.SET_NULL, null=True, related_name="callers")
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    linked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ("change", "view")
        constraints = [models.UniqueConstraint(fields=["source", "texts"], name="voice_caller_once")]

    def __str__(self) -> str:
        return " / ".join(text for text in self.texts if text)


class CallRow(models.Model):
    """A row of a file, numbered from 1, as it stood there, and what became of it.

    `key` is how the row would be known again, kept of those that count: a source's keys are unique. What an
    unmatched or unrated row needs to be rated later stands beside. `start` is the moment the call began,
    `called` the number without +, `cost` what the file says it costs us, exclusive of VAT.
    """

    class Outcome(models.TextChoices):
        BILLABLE = "billable", "A call to bill"
        MERGED = "merged", "Part of another row's call"
        NOT_BILLABLE = "not_billable", "Not to be billed"
        DUPLICATE = "duplicate", "Known already"
        REFUSED = "refused", "Could not be read"
        UNMATCHED = "unmatched", "No line known"
        UNRATED = "unrated", "No rate known"

    pk = CompositePrimaryKey("file", "row")
    file = models.ForeignKey(
        CallFile, on_delete=models.DO_NOTHING, related_name="rows", db_index=False, db_constraint=False
    )
    row = models.IntegerField()
    source = models.ForeignKey(
        VoiceSource, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    outcome = models.CharField(max_length=12, choices=Outcome.choices, db_collation="C")
    reason = models.CharField(max_length=12, db_collation="C", default="", db_default="")
    key = models.UUIDField(null=True)
    raw = models.TextField()
    start = models.DateTimeField(null=True)
    seconds = models.BigIntegerField(null=True)
    called = models.CharField(max_length=15, db_collation="C", default="", db_default="")
    short = models.BooleanField(default=False, db_default=False)
    caller = models.ForeignKey(
        VoiceCaller,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="rows",
        db_index=False,
        db_constraint=False,
    )
    cost = rate_field("supplier's cost", null=True, validators=[])

    class Meta:
        default_permissions = ("view",)
        indexes = [
            models.Index(
                fields=["outcome", "caller", "file", "row"],
                name="call_rows_to_settle",
                condition=Q(outcome__in=["unmatched", "unrated"]),
            ),
            models.Index(
                fields=["file", "outcome", "row"],
                name="call_rows_refused",
                condition=Q(outcome__in=["refused", "duplicate"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="call_once_a_source"),
            models.CheckConstraint(
                condition=Q(key=None, outcome__in=["duplicate", "refused"])
                | Q(key__isnull=False)
                & Q(outcome__in=["billable", "merged", "not_billable", "refused", "unmatched", "unrated"]),
                name="call_row_outcome_known",
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.row} of {self.file_id}"


class CallCharge(models.Model):
    """Calls of a line in one month that a billing run charges together. In rand, exclusive of VAT.

    `price` and `cost` are the sums of the calls, each rounded once, half up, to cents. Calls that come late are
    charged for themselves, under their own month at the next `place`: who pays and the VAT are those of that month.
    """

    line = models.ForeignKey(VoiceLine, on_delete=models.PROTECT, related_name="charges", db_index=False)
    month = models.DateField()
    place = models.PositiveIntegerField(default=0, db_default=0)
    calls = models.IntegerField()
    seconds = models.BigIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    cost = MoneyField()
    price = MoneyField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        default_permissions = ("view",)
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["line", "month", "place"], name="call_charge_once_a_place"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="call_charge_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.calls} calls of {self.line_id} in {self.month}"


class Call(models.Model):
    """An answered call of a line to the outside: what it costs us and what we ask, exclusive of VAT, to 6 decimals.

    `day` is the local day it began on, `seconds` how long it was, `charged` the seconds our price list counts,
    `bundled` those of them that a bundle gave. `fee` and `rate` are the price list's, so that the price can be
    worked out again while it is not charged. Written by `services.calls` alone.
    """

    pk = CompositePrimaryKey("file", "row")
    file = models.ForeignKey(
        CallFile, on_delete=models.DO_NOTHING, related_name="calls", db_index=False, db_constraint=False
    )
    row = models.IntegerField()
    line = models.ForeignKey(VoiceLine, on_delete=models.DO_NOTHING, related_name="calls", db_index=False)
    start = models.DateTimeField()
    day = models.DateField()
    called = models.CharField(max_length=15, db_collation="C")
    destination = models.CharField(max_length=100)
    call_class = models.CharField(max_length=30, db_collation="C")
    seconds = models.BigIntegerField()
    charged = models.BigIntegerField()
    bundled = models.BigIntegerField(default=0, db_default=0)
    free = models.BooleanField(default=False, db_default=False)
    fee = rate_field("connection fee")
    rate = rate_field("a minute")
    cost = rate_field("call cost")
    price = rate_field("price")
    charge = models.ForeignKey(
        CallCharge, on_delete=models.DO_NOTHING, null=True, related_name="calls_of", db_index=False
    )

    class Meta:
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["line", "day"], name="calls_of_line"),
            models.Index(fields=["line", "day"], name="calls_to_charge", condition=Q(charge=None)),
            models.Index(fields=["charge"], name="calls_of_charge", condition=Q(charge__isnull=False)),
            BrinIndex(fields=["day"], name="calls_by_day", autosummarize=True),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(seconds__gt=0, charged__gte=0, bundled__gte=0, bundled__lte=F("charged"))
                & Q(price__gte=0),
                name="call_counts_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.called} on {self.day}"
