"""The network that sessions come over: routers that speak RADIUS, and the sectors of a highsite."""

from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from herotill.audit import audited
from herotill.folding import name_key
from herotill.secrets import EncryptedField


@audited()
class VendorTemplate(models.Model):
    """A make of router: which RADIUS attributes it wants for what a package promises."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    slug = models.SlugField(max_length=30, db_collation="C")
    can_change_speed = models.BooleanField(
        "changes the speed of a session that is up",
        default=True,
        db_default=True,
        help_text="By CoA. Otherwise the session is cut and comes back with the new speed.",
    )
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for new routers."
    )

    class Meta:
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="vendor_name_once"),
            models.UniqueConstraint(fields=["slug"], name="vendor_slug_once"),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class VendorAttribute(models.Model):
    """One attribute of a make. `value` may hold fields in braces; a row whose field is empty is left out."""

    class Answers(models.TextChoices):
        SERVICE = "service", "Every session that is let in"
        SUSPENDED = "suspended", "Suspended accounts in the walled garden"

    vendor = models.ForeignKey(VendorTemplate, on_delete=models.CASCADE, related_name="attributes")
    answers = models.CharField(max_length=9, choices=Answers.choices, default=Answers.SERVICE)
    attribute = models.CharField(
        max_length=64, validators=[RegexValidator(r"^[A-Za-z0-9-]+\Z", "Letters, figures and - only.")]
    )
    value = models.CharField(max_length=200)
    changes_live = models.BooleanField(
        "may be changed by CoA", default=False, db_default=False, help_text="While the session is up."
    )

    class Meta:
        ordering = ["vendor", "answers", "id"]
        constraints = [
            models.UniqueConstraint(fields=["vendor", "answers", "attribute"], name="vendor_attribute_once"),
        ]

    def __str__(self) -> str:
        return self.attribute


@audited()
class Nas(models.Model):
    """A router that asks RADIUS and reports usage. Its secret stands apart, see `services.radius_secrets`."""

    name = models.CharField(max_length=60)
    name_key = name_key()
    address = models.GenericIPAddressField("IP address", help_text="From which its RADIUS packets come.")
    vendor = models.ForeignKey(VendorTemplate, on_delete=models.PROTECT, related_name="routers")
    highsite = models.ForeignKey(
        "reference.Highsite", on_delete=models.PROTECT, null=True, blank=True, related_name="routers"
    )
    require_message_authenticator = models.BooleanField(
        "requires Message-Authenticator",
        default=True,
        db_default=True,
        help_text="Untick only for a router that cannot send it: without it answers can be forged.",
    )
    swap_directions = models.BooleanField(
        "counts the wrong way round",
        default=False,
        db_default=False,
        help_text="It reports download as upload and upload as download.",
    )
    coa_port = models.PositiveIntegerField(
        "port for CoA", default=3799, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )
    coa_per_second = models.PositiveSmallIntegerField(
        "CoA requests a second", default=50, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    interim_seconds = models.PositiveIntegerField(
        "seconds between usage reports",
        default=300,
        validators=[MinValueValidator(60), MaxValueValidator(3600)],
    )
    web_url = models.URLField("its web page", blank=True, default="", db_default="")
    api_port = models.PositiveIntegerField(
        "port of its API", null=True, blank=True, validators=[MaxValueValidator(65535)]
    )
    api_user = models.CharField("user of its API", max_length=60, blank=True, default="", db_default="")
    api_password_last_four = models.CharField(
        max_length=4, blank=True, default="", db_default="", editable=False
    )
    api_password = EncryptedField(
        "password of its API",
        last_four="api_password_last_four",
        permission="dataaccounts.change_nas",
    )
    snmp_community_last_four = models.CharField(
        max_length=4, blank=True, default="", db_default="", editable=False
    )
    snmp_community = EncryptedField(
        "SNMP community",
        last_four="snmp_community_last_four",
        permission="dataaccounts.change_nas",
    )
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer answered, and not offered."
    )

    class Meta:
        verbose_name = "NAS"
        verbose_name_plural = "NASes"
        ordering = ["name_key"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], name="nas_name_once"),
            models.UniqueConstraint(fields=["address"], name="nas_address_once"),
        ]

    def __str__(self) -> str:
        return self.name


@audited()
class Sector(models.Model):
    """A radio of a highsite that serves one direction."""

    highsite = models.ForeignKey("reference.Highsite", on_delete=models.PROTECT, related_name="sectors")
    name = models.CharField(max_length=60)
    name_key = name_key()
    nas = models.ForeignKey(
        Nas, on_delete=models.PROTECT, null=True, blank=True, related_name="sectors", verbose_name="NAS"
    )
    retired = models.BooleanField(
        default=False, db_default=False, help_text="No longer offered for accounts."
    )

    class Meta:
        ordering = ["highsite", "name_key"]
        constraints = [
            models.UniqueConstraint(fields=["highsite", "name_key"], name="sector_name_once_a_highsite")
        ]

    def __str__(self) -> str:
        return self.name


@audited(exclude=("noted_at", "edition"))
class Outage(models.Model):
    """Trouble or maintenance at a NAS, a highsite or a sector, as the customers there are told it."""

    class Kind(models.TextChoices):
        OUTAGE = "outage", "Outage"
        MAINTENANCE = "maintenance", "Planned maintenance"

    kind = models.CharField(max_length=11, choices=Kind.choices, default=Kind.OUTAGE)
    nas = models.ForeignKey(Nas, on_delete=models.PROTECT, null=True, blank=True, related_name="outages")
    highsite = models.ForeignKey(
        "reference.Highsite", on_delete=models.PROTECT, null=True, blank=True, related_name="outages"
    )
    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, null=True, blank=True, related_name="outages"
    )
    headline = models.CharField(max_length=100)
    text = models.TextField("what customers read", max_length=1000)
    starts_at = models.DateTimeField("from")
    ends_at = models.DateTimeField("until", null=True, blank=True, help_text="Empty: not known yet.")
    ended_at = models.DateTimeField(null=True, editable=False)
    edition = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        editable=False,
        help_text="Rises when what customers read changes: so each is told each edition once.",
    )
    noted_by = models.ForeignKey(
        "users.User", on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ("view", "add", "change")
        permissions = [("tell_outage", "Can tell customers of outages")]
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")), name="outage_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(kind="outage") | Q(ends_at__isnull=False), name="maintenance_has_an_end"
            ),
            models.CheckConstraint(
                condition=Q(nas__isnull=False, highsite=None, sector=None)
                | Q(nas=None, highsite__isnull=False, sector=None)
                | Q(nas=None, highsite=None, sector__isnull=False),
                name="outage_at_one_place",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="outages_not_ended", condition=Q(ended_at=None)),
            models.Index(fields=["starts_at", "id"], name="outages_by_start"),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def place(self) -> str:
        """Where it is: a router, a highsite, or a sector with its highsite."""
        return f"{self.sector.highsite}, {self.sector}" if self.sector else str(self.nas or self.highsite)

    @property
    def place_key(self) -> str:
        """The same for a form: `nas-3`, `highsite-2`, `sector-7`."""
        return next(
            f"{kind}-{pk}" for kind in ("nas", "highsite", "sector") if (pk := getattr(self, f"{kind}_id"))
        )

    def lasts(self, now: datetime) -> bool:
        """Whether it is not over: an outage until somebody ends it, maintenance no longer than planned."""
        planned = self.ends_at if self.kind == self.Kind.MAINTENANCE else None
        return self.ended_at is None and not (planned and planned <= now)
