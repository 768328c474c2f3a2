from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, GeneratedField, Q, Value
from django.db.models.functions import Concat, Now, Trim
from django.urls import reverse

from herotill.audit import audited, audited_links
from herotill.folding import Key
from herotill.money import ZERO, MoneyField
from herotill.reference.models import Highsite

from .doubts import Doubts
from .groups import BillingGroup, CustomerGroup
from .tags import Category, Label

_NAME = models.Case(
    models.When(kind="company", then=F("company_name")),
    default=Trim(Concat(F("first_names"), Value(" "), F("surname"))),
)


def _key() -> models.CharField:
    """A sort key that a database trigger keeps; nobody else writes it."""
    return models.CharField(max_length=200, default="", db_default="", db_collation="C", editable=False)


@audited(
    customer="pk",
    # Triggers derive these, so they are no news.
    exclude=(
        "contact_name",
        "contact_email",
        "contact_phone",
        "group_key",
        "billing_group_key",
        "highsite_key",
        "master_key",
        "created_at",
        "version",
    ),
    words=("name",),
    code="code",
    sensitive={
        "id_number": "customers.see_id_numbers",
        "registration_number": "customers.see_id_numbers",
    },
)
class Customer(models.Model):
    """A person or company that the ISP bills, known by its code.

    The code never changes once it is given (trigger `customer_code_is_forever`). `contact_…` copy the
    primary contact and `…_key` the names of what the row points at; triggers keep them, so that a list
    can sort by any of them through an index.
    """

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", "Individual"
        COMPANY = "company", "Company"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        CANCELLED = "cancelled", "Cancelled"

    class PaymentMethod(models.TextChoices):
        UNKNOWN = "", "Not set"
        DEBIT_ORDER = "debit_order", "Debit order"
        EFT = "eft", "EFT"
        CREDIT_CARD = "credit_card", "Credit card"
        CASH = "cash", "Cash"

    code = models.CharField("account code", max_length=12, db_collation="C")
    kind = models.CharField("type", max_length=10, choices=Kind.choices, default=Kind.INDIVIDUAL)
    company_name = models.CharField(max_length=200, blank=True, default="", db_default="")
    first_names = models.CharField(max_length=200, blank=True, default="", db_default="")
    surname = models.CharField(max_length=200, blank=True, default="", db_default="")
    name = GeneratedField(expression=_NAME, output_field=models.CharField(max_length=401), db_persist=True)
    name_key = GeneratedField(
        expression=Key(_NAME),
        output_field=models.CharField(max_length=200, db_collation="C"),
        db_persist=True,
    )
    id_number = models.CharField("ID or passport number", blank=True, default="", db_default="")
    registration_number = models.CharField(
        "company registration number", blank=True, default="", db_default=""
    )
    vat_number = models.CharField("VAT number", blank=True, default="", db_default="")

    group = models.ForeignKey(
        CustomerGroup, on_delete=models.PROTECT, related_name="customers", db_index=False
    )
    billing_group = models.ForeignKey(
        BillingGroup,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="customers",
        db_index=False,
    )
    categories = models.ManyToManyField(Category, blank=True, related_name="customers")
    labels = models.ManyToManyField(Label, blank=True, related_name="customers")
    status = models.CharField(
        max_length=10,
        choices=Status.choices,
        default=Status.ACTIVE,
        db_default=Status.ACTIVE,
        db_collation="C",
    )
    payment_method = models.CharField(
        max_length=12,
        choices=PaymentMethod.choices,
        blank=True,
        default=PaymentMethod.UNKNOWN,
        db_default="",
        db_collation="C",
    )
    prepaid = models.BooleanField(
        default=False, db_default=False, help_text="Pays before use; no monthly invoice."
    )
    verified_on = models.DateField(
        "details verified on",
        null=True,
        blank=True,
        help_text="The day somebody checked identity and address.",
    )
    master = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="subs", db_index=False
    )
    is_reseller = models.BooleanField(
        "reseller", default=False, db_default=False, help_text="Its sub-accounts are its own clients."
    )
    highsite = models.ForeignKey(
        Highsite, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    customer_since = models.DateField(null=True, blank=True)
    anonymised_on = models.DateField(null=True, editable=False)

    contact_name = models.CharField(max_length=200, default="", db_default="", editable=False)
    contact_email = models.CharField(
        max_length=254, default="", db_default="", db_collation="C", editable=False
    )
    contact_phone = models.CharField(
        max_length=20, default="", db_default="", db_collation="C", editable=False
    )
    group_key = _key()
    billing_group_key = _key()
    highsite_key = _key()
    master_key = _key()
    doubts = GeneratedField(
        expression=Doubts("id_number", "registration_number", "vat_number", "contact_phone"),
        output_field=ArrayField(models.CharField(max_length=20)),
        db_persist=True,
    )

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="customer_code_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9]{3,12}$"), name="customer_code_form"),
            models.CheckConstraint(
                condition=Q(kind__in=["individual", "company"]), name="customer_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "suspended", "cancelled"]), name="customer_status_known"
            ),
            models.CheckConstraint(
                condition=Q(payment_method__in=["", "debit_order", "eft", "credit_card", "cash"]),
                name="customer_payment_method_known",
            ),
            models.CheckConstraint(
                condition=(Q(kind="company") & ~Q(company_name=""))
                | (Q(kind="individual") & ~Q(first_names="", surname="")),
                name="customer_has_a_name",
            ),
            models.CheckConstraint(condition=~Q(master=F("id")), name="customer_not_its_own_master"),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="customer_by_name"),
            models.Index(fields=["contact_email", "id"], name="customer_by_email"),
            models.Index(fields=["contact_phone", "id"], name="customer_by_phone"),
            models.Index(fields=["group_key", "id"], name="customer_by_group"),
            models.Index(fields=["billing_group_key", "id"], name="customer_by_billing_group"),
            models.Index(fields=["highsite_key", "id"], name="customer_by_highsite"),
            models.Index(fields=["status", "id"], name="customer_by_status"),
            models.Index(fields=["kind", "id"], name="customer_by_kind"),
            models.Index(fields=["payment_method", "id"], name="customer_by_payment_method"),
            models.Index(fields=["customer_since", "id"], name="customer_by_since"),
            models.Index(fields=["master_key", "id"], name="customer_by_master"),
            models.Index(fields=["status", "name_key", "id"], name="customer_by_status_name"),
            models.Index(fields=["group", "name_key", "id"], name="customer_by_group_name"),
            models.Index(fields=["billing_group", "name_key", "id"], name="customer_by_run_name"),
            models.Index(fields=["kind", "name_key", "id"], name="customer_by_kind_name"),
            models.Index(
                fields=["highsite", "name_key"],
                name="customer_of_highsite",
                condition=Q(highsite__isnull=False),
            ),
            models.Index(
                fields=["master", "name_key"], name="customer_of_master", condition=Q(master__isnull=False)
            ),
            models.Index(fields=["name_key"], name="customer_resellers", condition=Q(is_reseller=True)),
            GinIndex(fields=["doubts"], name="customer_by_doubts"),
            models.Index(fields=["prepaid", "id"], name="customer_by_prepaid"),
            models.Index(fields=["verified_on", "id"], name="customer_by_verified"),
            models.Index(fields=["is_reseller", "id"], name="customer_by_reseller"),
            models.Index(fields=["id_number"], name="customer_of_id_number", condition=~Q(id_number="")),
            models.Index(
                fields=["registration_number"],
                name="customer_of_registration",
                condition=~Q(registration_number=""),
            ),
        ]
        permissions = [
            ("see_id_numbers", "Can see ID, passport and registration numbers"),
            ("change_id_numbers", "Can change ID, passport and registration numbers"),
            ("see_customer_balance", "Can see balances"),
            ("verify_customer", "Can mark a customer's details as verified"),
            ("change_customer_status", "Can change a customer's status"),
            ("change_master", "Can make a customer a sub-account, a master or a reseller"),
            ("label_customers", "Can put labels on many customers at once"),
            ("group_customers", "Can move many customers to another group at once"),
            ("export_customers", "Can export the customer list"),
            ("import_customers", "Can import customers"),
            ("import_opening_balances", "Can import opening balances"),
            ("roll_back_import", "Can roll back an import"),
            ("see_audit_trail", "Can see the audit trail of a customer"),
            ("manage_portal_login", "Can send portal log-in links and end portal log-ins"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"

    def get_absolute_url(self) -> str:
        return reverse("customers:profile", args=[self.code])

    @property
    def is_company(self) -> bool:
        return self.kind == self.Kind.COMPANY

    @property
    def listed_name(self) -> str:
        """The name as lists show it: a company with its contact in brackets."""
        if self.is_company and self.contact_name:
            return f"{self.name} ({self.contact_name})"
        return self.name


class CustomerBalance(models.Model):
    """What a customer owes in rand, kept by the database; below zero is credit.

    A narrow row of its own, so that a run over everybody does not rewrite the customers.
    """

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="balance"
    )
    amount = MoneyField(default=ZERO, db_default=ZERO)

    class Meta:
        indexes = [models.Index(fields=["amount", "customer"], name="customer_by_balance")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.amount}"


@audited(customer="customer", sensitive={"amount": "customers.see_customer_balance"})
class OpeningBalance(models.Model):
    """What a customer owed on the day they came over; posted once, when there is a ledger to post to."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="opening_balance")
    amount = MoneyField()
    as_at = models.DateField()
    source = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.amount} as at {self.as_at}"


@audited(customer="customer")
class PortalLogin(models.Model):
    """The log-in by which a customer uses the portal; its name is the customer code."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="portal_login")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="portal_login"
    )

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.user_id}"


CustomerCategoriesAudit = audited_links(
    Customer,
    "categories",
    app_label="customers",
    customer="customer",
    noun="category",
    permission="customers.view_customer",
)
CustomerLabelsAudit = audited_links(
    Customer,
    "labels",
    app_label="customers",
    customer="customer",
    noun="label",
    permission="customers.view_customer",
)
