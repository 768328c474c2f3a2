"""Job cards: what a technician does at a customer's, and when."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from billing.models.people import person
from herotill.audit import audited
from herotill.folding import name_key

from .leads import Lead
from .steps import Area, FailReason
from .surveys import Survey


@audited(words=("name",))
class JobType(models.Model):
    """A kind of job with its checklist: installation, repair, collection of equipment."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    minutes = models.PositiveSmallIntegerField(
        "takes minutes",
        default=120,
        db_default=120,
        validators=[MinValueValidator(15), MaxValueValidator(1440)],
    )
    installs = models.BooleanField(
        "installs a service",
        default=False,
        db_default=False,
        help_text="The job that a new customer gets; when it is completed, services begin.",
    )
    signature = models.BooleanField("the customer signs", default=True, db_default=True)
    tests = models.BooleanField(
        "the account is tested",
        default=False,
        db_default=False,
        help_text="The job is completed only once a test has seen the data account.",
    )
    retired = models.BooleanField(default=False, db_default=False, help_text="No longer offered.")

    class Meta:
        ordering = ["name_key"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="job_type_name_once")]

    def __str__(self) -> str:
        return self.name


@audited()
class ChecklistItem(models.Model):
    """One thing to do or to write down on jobs of a type."""

    class Kind(models.TextChoices):
        TICK = "tick", "To tick"
        TEXT = "text", "To write down"
        PHOTO = "photo", "A photo"

    job_type = models.ForeignKey(JobType, on_delete=models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    text = models.CharField(max_length=200)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.TICK, db_default=Kind.TICK)
    compulsory = models.BooleanField(default=True, db_default=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


@audited(customer="customer", exclude=("created_at", "signature", "begun", "version"))
class JobCard(models.Model):
    """One job at one customer. A failed one stays; it is booked again as a new card (`instead_of`)."""

    class State(models.TextChoices):
        NEW = "new", "New"
        SCHEDULED = "scheduled", "Scheduled"
        STARTED = "started", "In progress"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        CALLED_OFF = "called_off", "Called off"

    job_type = models.ForeignKey(JobType, on_delete=models.PROTECT, related_name="+", db_index=False)
    lead = models.ForeignKey(
        Lead, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs", editable=False
    )
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, related_name="jobs", editable=False
    )
    account = models.ForeignKey(
        "dataaccounts.DataAccount",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.NEW, db_default=State.NEW, db_collation="C"
    )
    state_since = models.DateTimeField(db_default=Now(), editable=False)
    technician = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    starts_at = models.DateTimeField("from", null=True, blank=True)
    ends_at = models.DateTimeField("until", null=True, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    address = models.TextField("where", blank=True, default="", db_default="")
    instructions = models.TextField(blank=True, default="", db_default="")
    report = models.TextField("what was done", blank=True, default="", db_default="")
    fail_reason = models.ForeignKey(
        FailReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    fail_words = models.CharField(max_length=500, blank=True, default="", db_default="")
    instead_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="booked_again", editable=False
    )
    starts_service_on = models.DateField("services begin on", null=True, blank=True)
    started_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = person()
    signed_by = models.CharField("signed by", max_length=200, blank=True, default="", db_default="")
    signature = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="Strokes on the glass: lists of points from 0 to 1000.",
    )
    tested = models.JSONField(
        null=True, blank=True, editable=False, help_text="What the test of the account saw."
    )
    begun = models.JSONField(
        "what began with it",
        default=list,
        db_default=[],
        editable=False,
        help_text="Source and number of each thing that is billed, as the first invoice takes them.",
    )
    overridden = models.CharField(
        "completed all the same, because",
        max_length=500,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Where something compulsory was left out.",
    )
    unbilled = models.CharField(
        "no first invoice, because",
        max_length=500,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Where a person decided that there is nothing to invoice.",
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = person()
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        permissions = [
            ("schedule_jobcard", "Can schedule jobs and surveys"),
            ("do_jobcard", "Can carry out jobs that are theirs"),
            ("do_any_jobcard", "Can carry out anybody's jobs"),
            ("override_jobcard", "Can complete jobs without what is compulsory"),
            ("export_jobcards", "Can export large lists of job cards"),
        ]
        indexes = [
            models.Index(fields=["technician", "starts_at"], name="jobs_of_technician"),
            models.Index(fields=["state", "state_since", "id"], name="jobs_by_state"),
            models.Index(fields=["starts_at", "id"], name="jobs_by_time"),
            models.Index(fields=["area", "starts_at"], name="jobs_of_area"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=Q(state__in=["new", "scheduled", "started"]),
                name="one_open_job_of_a_lead",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "started"])
                | Q(starts_at__isnull=False, ends_at__isnull=False, technician__isnull=False),
                name="scheduled_job_has_time_and_technician",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="job_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | Q(fail_reason__isnull=False), name="failed_job_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="completed") | Q(ended_at__isnull=False), name="completed_job_has_its_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"JOB{self.pk:05d}"


class JobCheck(models.Model):
    """One thing of the checklist on one card, copied when the card is made."""

    job = models.ForeignKey(JobCard, on_delete=models.CASCADE, related_name="checks")
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    text = models.CharField(max_length=200)
    kind = models.CharField(max_length=5, choices=ChecklistItem.Kind.choices)
    compulsory = models.BooleanField(default=True, db_default=True)
    answer = models.CharField(max_length=500, blank=True, default="", db_default="")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = person()

    class Meta:
        ordering = ["position", "id"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.text


class JobMaterial(models.Model):
    """What was used on a job."""

    job = models.ForeignKey(JobCard, on_delete=models.CASCADE, related_name="materials")
    product = models.ForeignKey(
        "reference.Product", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    text = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    billed = models.BooleanField("the customer pays for it", default=False, db_default=False)
    item = models.ForeignKey(
        "billing.RecurringItem",
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        help_text="What it is billed by, once.",
    )

    class Meta:
        ordering = ["id"]
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="material_has_a_quantity")]

    def __str__(self) -> str:
        return self.text


class JobEquipment(models.Model):
    """Equipment put in on a job; it stands in the customer's asset register (`asset`)."""

    job = models.ForeignKey(JobCard, on_delete=models.CASCADE, related_name="equipment")
    asset = models.OneToOneField("customers.Asset", on_delete=models.CASCADE, related_name="+")
    made_here = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="The register has it from this job; else it stood there before.",
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.asset_id}"


class JobSending(models.Model):
    """Something a technician's phone sent, perhaps later and perhaps twice: known by its key, done once."""

    key = models.UUIDField(primary_key=True)
    job = models.ForeignKey(JobCard, on_delete=models.CASCADE, null=True, related_name="sendings")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, null=True, related_name="sendings")
    kind = models.CharField(max_length=12)
    made_at = models.DateTimeField("on the phone at", null=True)
    received_at = models.DateTimeField(db_default=Now())
    by = person()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(survey__isnull=False, job__isnull=True)
                | Q(survey__isnull=True, job__isnull=False),
                name="sending_for_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.job_id or self.survey_id}"


class Photo(models.Model):
    """A picture of a site: of a survey or of a job, re-encoded without what the camera wrote into it."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, null=True, related_name="photos")
    job = models.ForeignKey(JobCard, on_delete=models.CASCADE, null=True, related_name="photos")
    check_item = models.ForeignKey(JobCheck, on_delete=models.SET_NULL, null=True, related_name="photos")
    file = models.FileField(upload_to="photos/%Y/%m", max_length=200)
    caption = models.CharField(max_length=200, blank=True, default="", db_default="")
    size = models.PositiveBigIntegerField(help_text="In octets.")
    sha256 = models.CharField(max_length=64)
    taken_by = person()
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["id"]
        default_permissions = ("view", "add", "delete")
        constraints = [
            models.CheckConstraint(
                condition=Q(survey__isnull=False, job__isnull=True)
                | Q(survey__isnull=True, job__isnull=False),
                name="photo_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.caption or f"Photo {self.pk}"


class Absence(models.Model):
    """When a technician cannot be sent anywhere."""

    technician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("from")
    ends_on = models.DateField("until")
    why = models.CharField(max_length=100, blank=True, default="", db_default="")

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.technician_id} from {self.starts_on}"
