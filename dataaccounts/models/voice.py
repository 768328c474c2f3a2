"""Voice lines, what they are sold as, and the telephone systems and wholesalers their calls come from."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.folding import name_key
from herotill.money import MoneyField

from .decks import CALL_CLASS, Deck

ALWAYS = date(2000, 1, 1)
NUMBER = RegexValidator(r"^[1-9][0-9]{7,14}\Z", "A number with its country, figures only, as 27871234567.")


@audited()
class VoiceSource(models.Model):
    """A telephone system or wholesaler. A line's calls come from one; its files repeat no call of another's.

    Calls of files that do not say what they cost us are rated by its cost deck.
    """

    name = models.CharField(max_length=60)
    name_key = name_key()
    cost_deck = models.ForeignKey(Deck, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retired = models.BooleanField(default=False, db_default=False, help_text="No more files come from it.")

    class Meta:
        verbose_name = "source of calls"
        verbose_name_plural = "sources of calls"
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="voice_source_name_once")]

    def __str__(self) -> str:
        return self.name


@audited()
class CallProfile(models.Model):
    """How files of a source are read: `services.calls.import_file` does. Of the known formats, or by columns.

    `columns` names for each of `account`, `date`, `time`, `start`, `a_number`, `b_number`, `billsec`,
    `supplier_cost`, `direction`, `call_id` and `destination_name` the heading it stands under. `line_match` names
    the columns whose text says which line called, tried in order. Where there is no heading, columns are called by
    their place: 1, 2, 3.
    """

    class Kind(models.TextChoices):
        ASTERISK = "asterisk_master", "Asterisk Master.csv"
        FREEPBX = "freepbx_report", "FreePBX report"
        FREESWITCH = "freeswitch_example", "FreeSWITCH, template example"
        FUSIONPBX = "fusionpbx_export", "FusionPBX export"
        THREECX = "3cx_default", "3CX, fields in default order"
        MAPPED = "mapped", "A wholesaler's CSV, by its columns"

    class Seconds(models.TextChoices):
        SECONDS = "s", "Seconds"
        CLOCK = "hh:mm:ss", "Hours:minutes:seconds"
        MINUTES = "mm:ss", "Minutes:seconds"

    class Known(models.TextChoices):
        CALL_ID = "call_id", "By its call ID"
        HASH = "hash", "By account, numbers, start and seconds"

    source = models.ForeignKey(VoiceSource, on_delete=models.PROTECT, related_name="profiles")
    name = models.CharField(max_length=60)
    name_key = name_key()
    kind = models.CharField(max_length=20, choices=Kind.choices, db_collation="C")
    encoding = models.CharField(max_length=20, default="utf-8-sig")
    delimiter = models.CharField(max_length=1, default=",")
    has_header = models.BooleanField(default=False)
    skip_records = models.PositiveSmallIntegerField(
        "records before the heading or the first call", default=0, validators=[MaxValueValidator(100)]
    )
    footer_first_field = models.CharField("what a closing record begins with", max_length=60, blank=True)
    timezone = models.CharField("time zone of its clock", max_length=60, default="Africa/Johannesburg")
    trunk_channel_regex = models.CharField("channels to the outside", max_length=200, blank=True)
    strip_prefixes = models.JSONField("put before numbers by the system", default=list, blank=True)
    line_match = models.JSONField("columns that say the line", default=list)
    columns = models.JSONField(default=dict, blank=True)
    date_format = models.CharField(max_length=30, blank=True)
    time_format = models.CharField(max_length=20, blank=True)
    duration_unit = models.CharField(max_length=8, choices=Seconds.choices, default=Seconds.SECONDS)
    outbound_value = models.CharField("direction of calls made", max_length=30, blank=True)
    cost_includes_vat = models.BooleanField(default=False)
    vat_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=0, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    dedupe = models.CharField(
        "how a call is known again", max_length=7, choices=Known.choices, default=Known.CALL_ID
    )
    retired = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = "format of call records"
        verbose_name_plural = "formats of call records"
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="call_profile_name_once")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if self.kind in (self.Kind.ASTERISK, self.Kind.FREEPBX) and not self.trunk_channel_regex:
            raise ValidationError(
                {"trunk_channel_regex": "Only the channels say which calls of this kind went out."}
            )


@audited()
class VoicePackage(models.Model):
    """A voice service: what its line costs a month, which product its calls are sold as, and our price list."""

    name = models.CharField(max_length=100)
    name_key = name_key()
    product = models.ForeignKey(
        "reference.Product",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="voice_packages",
        help_text="The line rental, and so its price. Empty: no rental.",
    )
    calls_product = models.ForeignKey(
        "reference.Product",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="What calls are sold as; its VAT class holds for them. Calls are priced exclusive of VAT.",
    )
    deck = models.ForeignKey(
        Deck,
        on_delete=models.PROTECT,
        related_name="packages",
        limit_choices_to={"side": "sell"},
        verbose_name="price list",
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer sold.")

    class Meta:
        verbose_name = "voice package"
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="voice_package_name_once")]

    def __str__(self) -> str:
        return self.name


@audited(customer="customer", words=("number",), exclude=("created_at", "never_active"))
class VoiceLine(models.Model):
    """A telephone number a customer has, from a day to a day. A number is one customer's on any day.

    So is an account of a source. A number that goes to another customer ends here and begins there: the customer
    of a line never changes. One that was cancelled before it was activated is `never_active`: no rental is asked.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Not active yet"
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        CANCELLED = "cancelled", "Cancelled"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="voice_lines")
    number = models.CharField(max_length=15, db_collation="C", validators=[NUMBER])
    package = models.ForeignKey(VoicePackage, on_delete=models.PROTECT, related_name="lines")
    source = models.ForeignKey(VoiceSource, on_delete=models.PROTECT, related_name="lines")
    account = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="What the source's records call it, as a user name or an extension.",
    )
    channels = models.PositiveSmallIntegerField(
        "calls at the same time", default=1, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    rental = MoneyField(
        "rental of its own",
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="A month, in its product's terms. Empty: the list price.",
    )
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.WAITING, db_default=State.WAITING, db_collation="C"
    )
    state_since = models.DateTimeField(db_default=Now(), editable=False)
    state_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    never_active = models.BooleanField(default=False, db_default=False, editable=False)
    text = models.CharField("note", max_length=200, blank=True, default="", db_default="")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "voice line"
        ordering = ["number", "starts_on"]
        permissions = [
            ("activate_voiceline", "Can activate voice lines"),
            ("suspend_voiceline", "Can suspend and restore voice lines"),
            ("cancel_voiceline", "Can cancel voice lines"),
            ("see_call_numbers", "Can see the whole number of a call"),
            ("export_calls", "Can export large lists of calls"),
            ("see_call_reports", "Can see reports of calls"),
        ]
        indexes = [
            models.Index(fields=["customer", "number"], name="voice_lines_of_customer"),
            models.Index(fields=["number", "id"], name="voice_lines_by_number"),
            models.Index(fields=["state", "number", "id"], name="voice_lines_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^[1-9][0-9]{7,14}$"), name="voice_number_of_figures"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "active", "suspended", "cancelled"]),
                name="voice_line_state_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="voice_line_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(rental=None) | Q(rental__gte=0), name="voice_rental_no_less_than_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"+{self.number}"


class VoiceTerm(models.Model):
    """What a line was sold as until a day, and since the term before. What it is sold as now, the line says.

    Days before a change of package or rental are billed, and their calls rated, as they were.
    """

    line = models.ForeignKey(VoiceLine, on_delete=models.CASCADE, related_name="terms", db_index=False)
    ends_on = models.DateField("last day")
    package = models.ForeignKey(VoicePackage, on_delete=models.PROTECT, related_name="+")
    rental = MoneyField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["line", "ends_on"]
        constraints = [models.UniqueConstraint(fields=["line", "ends_on"], name="voice_term_once_a_day")]

    def __str__(self) -> str:
        return f"{self.line_id} until {self.ends_on}"


@audited(customer="line__customer", words=("call_class",))
class VoiceBundle(models.Model):
    """Minutes of a class of calls free in each calendar month: of a package's lines each, or of one line.

    They hold from a month until another row's month of the same package or line, and class; without minutes they
    end there. What a line has of its own for a class stands in place of its package's.
    """

    package = models.ForeignKey(
        VoicePackage, on_delete=models.CASCADE, null=True, blank=True, related_name="bundles"
    )
    line = models.ForeignKey(
        VoiceLine, on_delete=models.CASCADE, null=True, blank=True, related_name="bundles"
    )
    call_class = models.CharField("class", max_length=30, db_collation="C", validators=[CALL_CLASS])
    month = models.DateField("from the month", default=ALWAYS, db_default=ALWAYS)
    minutes = models.PositiveIntegerField("free minutes a month", null=True)

    class Meta:
        verbose_name = "bundle of minutes"
        verbose_name_plural = "bundles of minutes"
        ordering = ["call_class", "month"]
        default_permissions = ("change", "view")
        constraints = [
            models.UniqueConstraint(fields=["package", "call_class", "month"], name="package_bundle_once"),
            models.UniqueConstraint(fields=["line", "call_class", "month"], name="line_bundle_once"),
            models.CheckConstraint(
                condition=Q(package=None, line__isnull=False) | Q(package__isnull=False, line=None),
                name="bundle_of_package_or_line",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="bundle_from_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.minutes or 'no'} minutes {self.call_class} from {self.month:%Y-%m}"
