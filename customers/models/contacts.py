from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from herotill.audit import audited

from .customers import Customer


class Purpose(models.TextChoices):
    """What a message is about; each goes to the contacts that hold its purpose."""

    INVOICES = "invoices", "Invoices"
    STATEMENTS = "statements", "Statements"
    DEBT = "debt", "Suspension and debt notices"
    USAGE = "usage", "Usage notices"
    TICKETS = "tickets", "Tickets"
    SALES = "sales", "Sales"
    OUTAGES = "outages", "Outages and maintenance"
    PORTAL = "portal", "Portal access"


ALL_PURPOSES: list[str] = list(Purpose.values)


@audited(customer="customer")
class Contact(models.Model):
    """A person at the customer. Every purpose is held by at least one of them.

    The deferred trigger `every_purpose_is_held` refuses a commit that leaves a purpose without a contact.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    position = models.CharField("role", max_length=100, blank=True, default="", db_default="")
    email = models.CharField(max_length=254, blank=True, default="", db_default="", db_collation="C")
    other_emails = ArrayField(models.CharField(max_length=254), blank=True, default=list, db_default=[])
    phone = models.CharField(
        "cell number", max_length=20, blank=True, default="", db_default="", db_collation="C"
    )
    other_phone = models.CharField(
        "other number", max_length=20, blank=True, default="", db_default="", db_collation="C"
    )
    purposes = ArrayField(
        models.CharField(max_length=20, choices=Purpose.choices), blank=True, default=list, db_default=[]
    )
    is_primary = models.BooleanField("primary contact", default=False, db_default=False)
    email_verified_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(is_primary=True), name="one_primary_contact"
            ),
            models.CheckConstraint(
                condition=Q(purposes__contained_by=ALL_PURPOSES), name="contact_purposes_known"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_a_name"),
            models.CheckConstraint(
                condition=Q(is_primary=False) | (~Q(email="") & ~Q(phone="")),
                name="primary_contact_can_be_reached",
            ),
        ]

    def __str__(self) -> str:
        return self.name
