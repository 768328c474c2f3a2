"""Leads: people and companies who may become customers."""

from django.conf import settings
from django.db import models
from django.db.models import F, GeneratedField, Q, Value
from django.db.models.functions import Concat, Left, Now, NullIf, Trim

from billing.models.people import person
from herotill import coordinates
from herotill.audit import audited
from herotill.folding import Fold, Key

from .steps import ENDS, WITH_CUSTOMER, Area, LostReason, Place, Source, Step

_NAME = models.Case(
    models.When(kind="company", then=F("company_name")),
    default=Trim(Concat(F("first_names"), Value(" "), F("surname"))),
)


def _text(label: str, length: int = 200) -> models.CharField:
    return models.CharField(label, max_length=length, blank=True, default="", db_default="")


@audited(
    exclude=("step", "step_since", "created_at", "version"),
    words=("name",),
    sensitive={
        "id_number": "customers.see_id_numbers",
        "registration_number": "customers.see_id_numbers",
    },
)
class Lead(models.Model):
    """Somebody who may become a customer, in the sub-list `step` since `step_since`.

    Only `services.moving` writes where a lead is; it adds a `Move` in the same transaction. From *Active* on
    a lead has its customer; merged leads point at the one that goes on.
    """

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", "Individual"
        COMPANY = "company", "Company"

    class Origin(models.TextChoices):
        STAFF = "staff", "Staff"
        FORM = "form", "Sign-up form"
        IMPORT = "import", "Import"

    kind = models.CharField("type", max_length=10, choices=Kind.choices, default=Kind.INDIVIDUAL)
    company_name = _text("company name")
    first_names = _text("first names")
    surname = _text("surname")
    name = GeneratedField(expression=_NAME, output_field=models.CharField(max_length=401), db_persist=True)
    name_key = GeneratedField(
        expression=Key(_NAME),
        output_field=models.CharField(max_length=200, db_collation="C"),
        db_persist=True,
    )
    contact_name = _text("contact name")
    email = models.CharField(max_length=254, blank=True, default="", db_default="", db_collation="C")
    phone = models.CharField(
        "cell number", max_length=20, blank=True, default="", db_default="", db_collation="C"
    )
    other_phone = models.CharField(
        "other number", max_length=20, blank=True, default="", db_default="", db_collation="C"
    )
    id_number = _text("ID or passport number", 40)
    registration_number = _text("company registration number", 40)
    vat_number = _text("VAT number", 20)

    lines = models.TextField("street", blank=True, default="", db_default="")
    suburb = _text("suburb", 100)
    town = _text("town", 100)
    postal_code = _text("postal code", 20)
    directions = models.TextField(
        blank=True, default="", db_default="", help_text="Gate, dogs, how to find it."
    )
    address_key = GeneratedField(
        expression=NullIf(Left(Fold(Trim(Concat(F("lines"), Value(" "), F("suburb")))), 200), Value("")),
        output_field=models.CharField(max_length=200, null=True, db_collation="C"),
        db_persist=True,
    )
    latitude = coordinates.latitude()
    longitude = coordinates.longitude()

    wants = models.TextField("what they want", blank=True, default="", db_default="")
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="leads", db_index=False
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="leads", db_index=False
    )
    highsite = models.ForeignKey(
        "reference.Highsite",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        db_index=False,
    )
    next_action = _text("next action")
    next_action_on = models.DateField("on", null=True, blank=True)
    marketing = models.BooleanField(
        "agreed to marketing", default=False, db_default=False, help_text="Ticked by themselves, on the form."
    )
    tell_when_covered = models.BooleanField(
        "tell them once we reach them", default=False, db_default=False, help_text="Asked for on the form."
    )

    step = models.ForeignKey(
        Step,
        on_delete=models.PROTECT,
        related_name="leads",
        default=Place.LEAD_NEW,
        db_index=False,
        editable=False,
    )
    step_since = models.DateTimeField(db_default=Now(), editable=False)
    lost_reason = models.ForeignKey(
        LostReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    lost_words = _text("more about it", 500)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    customer = models.ForeignKey(
        "customers.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        editable=False,
    )
    draft = models.ForeignKey(
        "billing.Document",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        editable=False,
        db_index=False,
    )

    origin = models.CharField(
        max_length=6, choices=Origin.choices, default=Origin.STAFF, db_default=Origin.STAFF, editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    created_by = person()
    forgotten_on = models.DateField(
        null=True, editable=False, help_text="When what was personal of it was blanked."
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        permissions = [
            ("move_lead", "Can move leads on"),
            ("lose_lead", "Can mark leads as lost and bring them back"),
            ("merge_leads", "Can merge leads"),
            ("assign_leads", "Can give leads to another person"),
            ("import_leads", "Can import leads"),
            ("export_leads", "Can export large lists of leads"),
            ("see_sales_reports", "Can see the figures of sales"),
            ("link_customer", "Can link a lead to a customer who is there already"),
        ]
        indexes = [
            models.Index(fields=["step", "step_since", "id"], name="leads_by_step"),
            models.Index(fields=["name_key", "id"], name="leads_by_name"),
            models.Index(fields=["created_at", "id"], name="leads_by_creation"),
            models.Index(fields=["step", "name_key", "id"], name="leads_by_step_name"),
            models.Index(fields=["owner", "step", "step_since"], name="leads_of_owner"),
            models.Index(fields=["area", "step", "step_since"], name="leads_of_area"),
            models.Index(fields=["source", "step", "step_since"], name="leads_of_source"),
            models.Index(fields=["phone"], name="leads_by_phone", condition=~Q(phone="")),
            models.Index(fields=["other_phone"], name="leads_by_other_phone", condition=~Q(other_phone="")),
            models.Index(fields=["email"], name="leads_by_email", condition=~Q(email="")),
            models.Index(fields=["id_number"], name="leads_by_id_number", condition=~Q(id_number="")),
            models.Index(
                fields=["address_key"], name="leads_by_address", condition=Q(address_key__isnull=False)
            ),
            models.Index(
                fields=["next_action_on", "id"], name="leads_to_do", condition=Q(next_action_on__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="company") & ~Q(company_name=""))
                | (Q(kind="individual") & ~Q(first_names="", surname="")),
                name="lead_has_a_name",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | ~Q(step__in=[place.value for place in WITH_CUSTOMER]),
                name="lead_has_a_customer_from_active_on",
            ),
            models.CheckConstraint(
                condition=Q(lost_reason__isnull=False) | ~Q(step="lost") | Q(merged_into__isnull=False),
                name="lost_lead_says_why",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="lead_coordinates_are_two",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="lead_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(step="lost"), name="merged_lead_is_lost"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (L{self.pk})"

    @property
    def place(self) -> str:
        """The key of the list it waits in."""
        return str(self.step_id)

    @property
    def is_open(self) -> bool:
        return self.place not in ENDS


class LeadNote(models.Model):
    """What was said with a lead: a call, a visit, an agreement. Never changed."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    by = person()

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ("view", "add")

    def __str__(self) -> str:
        return self.text[:60]
