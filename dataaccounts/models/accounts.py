"""A customer's data accounts: the user names RADIUS knows, what each has from when to when, and its price."""

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import MoneyField

from .packages import Package

USERNAME = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?\Z",
    "Small letters, figures and . _ @ - only, up to 64; it begins and ends with a letter or figure.",
)


@audited(customer="customer", words=("username",), exclude=("created_at", "capped_at"))
class DataAccount(models.Model):
    """One user name. Its password stands apart, see `services.radius_secrets`.

    What it has is the newest `ServiceSpan` that has begun, kept in `package` and `prepaid` too, since RADIUS
    asks for it at each log-in. `capped_at` says since when its allowance is used up.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Not active yet"
        ACTIVE = "active", "Active"
        SUSPENDED = "suspended", "Suspended"
        CANCELLED = "cancelled", "Cancelled"

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="data_accounts")
    username = models.CharField(max_length=64, db_collation="C", validators=[USERNAME])
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="accounts")
    prepaid = models.BooleanField(default=False, db_default=False)
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.WAITING, db_default=State.WAITING, db_collation="C"
    )
    state_since = models.DateTimeField(db_default=Now(), editable=False)
    state_reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    expires_at = models.DateTimeField(
        "expires", null=True, blank=True, help_text="Not let in from this moment on."
    )
    capped_at = models.DateTimeField(null=True, editable=False)
    static_ip = models.GenericIPAddressField("fixed IP address", null=True, blank=True)
    address = models.ForeignKey(
        "customers.Address", on_delete=models.SET_NULL, null=True, blank=True, related_name="data_accounts"
    )
    highsite = models.ForeignKey(
        "reference.Highsite", on_delete=models.PROTECT, null=True, blank=True, related_name="data_accounts"
    )
    sector = models.ForeignKey(
        "dataaccounts.Sector", on_delete=models.PROTECT, null=True, blank=True, related_name="data_accounts"
    )
    text = models.CharField("note", max_length=200, blank=True, default="", db_default="")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = "data account"
        ordering = ["username"]
        permissions = [
            ("activate_dataaccount", "Can activate data accounts"),
            ("suspend_dataaccount", "Can suspend and restore data accounts"),
            ("cancel_dataaccount", "Can cancel data accounts"),
            ("reveal_password", "Can see the password of a data account"),
            ("export_dataaccounts", "Can export large lists of data accounts"),
            ("import_dataaccounts", "Can import packages, data accounts and old user names"),
            ("see_usage_reports", "Can see reports of usage"),
        ]
        indexes = [
            models.Index(fields=["customer", "username"], name="accounts_of_customer"),
            models.Index(fields=["username", "id"], name="accounts_by_name"),
            models.Index(fields=["state", "username", "id"], name="accounts_by_state"),
            models.Index(fields=["package", "username", "id"], name="accounts_of_package", include=["state"]),
            models.Index(
                fields=["highsite", "username", "id"], name="accounts_of_highsite", include=["state"]
            ),
            models.Index(fields=["sector", "username", "id"], name="accounts_of_sector"),
            models.Index(fields=["expires_at", "id"], name="accounts_by_expiry"),
            models.Index(
                fields=["ends_on"],
                name="accounts_to_end",
                condition=Q(ends_on__isnull=False) & ~Q(state="cancelled"),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["username"], name="data_account_username_once"),
            models.UniqueConstraint(
                fields=["static_ip"],
                condition=Q(static_ip__isnull=False) & ~Q(state="cancelled"),
                name="fixed_address_once",
            ),
            models.CheckConstraint(
                condition=Q(username__regex=r"^[a-z0-9]([a-z0-9._@-]{0,62}[a-z0-9])?$"),
                name="data_account_username_radius_accepts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "active", "suspended", "cancelled"]),
                name="data_account_state_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="data_account_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(prepaid=False) | Q(expires_at__isnull=False), name="prepaid_lasts_until"
            ),
        ]

    def __str__(self) -> str:
        return self.username


class ServiceSpan(models.Model):
    """The package an account has from a day to a day: what is billed, under this row's id, month by month.

    Its own history: a span is ended and a new one begun, never changed. Prepaid spans are not billed monthly.
    No day has two (`one_span_a_day`, made in SQL).
    """

    account = models.ForeignKey(DataAccount, on_delete=models.PROTECT, related_name="spans")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="+")
    prepaid = models.BooleanField(default=False, db_default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    bill_from = models.DateField(
        "billed here from", null=True, blank=True, help_text="Days before this were billed elsewhere."
    )

    class Meta:
        ordering = ["account", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="span_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} from {self.starts_on}"


@audited(customer="account__customer")
class AccountPrice(models.Model):
    """A price of an account's own from a day on, in its product's terms; without an amount, the list price."""

    account = models.ForeignKey(DataAccount, on_delete=models.CASCADE, related_name="prices")
    starts_on = models.DateField("from")
    amount = MoneyField(null=True, blank=True, validators=[MinValueValidator(0)])
    agreed = models.BooleanField(
        "the customer agreed", default=False, db_default=False, help_text="Asked for it or agreed to it."
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "custom price"
        constraints = [
            models.UniqueConstraint(fields=["account", "starts_on"], name="account_price_once_a_day"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="account_price_no_less_than_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} from {self.starts_on}"


class PackageChange(models.Model):
    """A change of package, or between prepaid and monthly, for a day: asked for, then applied or withdrawn.

    The new package is billed at its list price, unless it gets a price of its own or keeps that of the account.
    """

    account = models.ForeignKey(DataAccount, on_delete=models.PROTECT, related_name="changes")
    from_package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="+")
    to_package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="+")
    from_prepaid = models.BooleanField(default=False, db_default=False)
    to_prepaid = models.BooleanField(default=False, db_default=False)
    takes_effect_on = models.DateField("takes effect on")
    price = MoneyField(
        "price of its own from then on", null=True, blank=True, validators=[MinValueValidator(0)]
    )
    keeps_price = models.BooleanField("keeps the price of its own", default=False, db_default=False)
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    applied_at = models.DateTimeField(null=True, editable=False)
    refused = models.CharField(max_length=200, blank=True, default="", db_default="", editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["-takes_effect_on", "-id"]
        indexes = [
            models.Index(
                fields=["takes_effect_on", "id"],
                name="package_changes_to_come",
                condition=Q(applied_at=None, withdrawn_at=None, refused=""),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "takes_effect_on"],
                condition=Q(applied_at=None, withdrawn_at=None, refused=""),
                name="one_package_change_a_day",
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(withdrawn_at=None),
                name="package_change_applied_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.takes_effect_on}"


@audited(customer="customer", exclude=("noted_at",))
class IdentityCheck(models.Model):
    """That a customer's identity or address was checked against a document, by whom and when."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", "Identity"
        ADDRESS = "address", "Address"

    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.CASCADE, related_name="identity_checks"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    document = models.CharField("document seen", max_length=100)
    attachment = models.ForeignKey(
        "customers.Attachment", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    checked_on = models.DateField("checked on")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    noted_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["customer", "kind", "-checked_on"]
        indexes = [models.Index(fields=["customer", "kind"], name="identity_checks_of_customer")]

    def __str__(self) -> str:
        return self.document


@audited()
class NetworkRules(models.Model):
    """How the company runs its data accounts; one row."""

    class Suspended(models.TextChoices):
        REJECT = "reject", "Are not let in"
        GARDEN = "garden", "Are let into the walled garden"

    class PortalChanges(models.TextChoices):
        HIDDEN = "hidden", "Are not offered"
        ASKED = "asked", "Are asked for, and somebody decides"
        AT_ONCE = "at_once", "Are made as customers choose them"

    class PortalPassword(models.TextChoices):
        HIDDEN = "hidden", "Is not shown"
        SHOWN = "shown", "Is shown, on record"
        RENEWED = "renewed", "Is shown, on record, and may be replaced by a new one"

    only = models.BooleanField(default=True, db_default=True, editable=False)
    suspended = models.CharField(
        "suspended accounts", max_length=6, choices=Suspended.choices, default="reject", db_default="reject"
    )
    checks_required = models.BooleanField(
        "identity and address are checked first",
        default=True,
        db_default=True,
        help_text="No data account becomes active before both are checked against a document (RICA).",
    )
    archive_after_days = models.PositiveSmallIntegerField(
        "days closed sessions stay at hand", default=35, db_default=35, validators=[MinValueValidator(2)]
    )
    archive_kept_months = models.PositiveSmallIntegerField(
        "months old sessions are kept", default=60, db_default=60
    )
    journal_kept_days = models.PositiveSmallIntegerField(
        "days usage reports are kept", default=14, db_default=14
    )
    hours_kept_days = models.PositiveSmallIntegerField(
        "days usage by the hour is kept", default=14, db_default=14
    )
    logins_kept_days = models.PositiveSmallIntegerField(
        "days log-in answers are kept", default=35, db_default=35
    )
    counters_kept_days = models.PositiveSmallIntegerField(
        "days counters of ended sessions are kept",
        default=90,
        db_default=90,
        validators=[MinValueValidator(2)],
        help_text="So long a report that comes late is told from a new session.",
    )
    portal_changes = models.CharField(
        "package changes in the portal",
        max_length=7,
        choices=PortalChanges.choices,
        default=PortalChanges.ASKED,
        db_default=PortalChanges.ASKED,
        db_collation="C",
    )
    portal_password = models.CharField(
        "connection password in the portal",
        max_length=7,
        choices=PortalPassword.choices,
        default=PortalPassword.SHOWN,
        db_default=PortalPassword.SHOWN,
        db_collation="C",
    )
    portal_on_account = models.BooleanField(
        "toppings in the portal may be paid with the next invoice",
        default=False,
        db_default=False,
        help_text="By customers who owe nothing overdue. Otherwise they are paid by card.",
    )

    class Meta:
        verbose_name = "network rules"
        constraints = [
            models.UniqueConstraint(fields=["only"], name="one_row_of_network_rules"),
            models.CheckConstraint(condition=Q(only=True), name="network_rules_row_is_the_row"),
            models.CheckConstraint(
                condition=Q(
                    portal_changes__in=["hidden", "asked", "at_once"],
                    portal_password__in=["hidden", "shown", "renewed"],
                ),
                name="portal_rules_known",
            ),
        ]

    def __str__(self) -> str:
        return "Network rules"
