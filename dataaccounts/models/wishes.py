"""Packages that customers ask for in the portal, where the ISP decides on each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from herotill.audit import audited
from herotill.money import MoneyField

from .accounts import DataAccount, PackageChange
from .packages import Package


@audited(customer="account__customer", exclude=("asked_at", "decided_at"))
class PackageWish(models.Model):
    """A change of package that a customer asked for: it waits, then is accepted, refused or withdrawn, once.

    `price` is what a month of it costs with VAT as the customer was shown; accepting plans `change`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for an answer"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    account = models.ForeignKey(DataAccount, on_delete=models.PROTECT, related_name="wishes", db_index=False)
    to_package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="+")
    takes_effect_on = models.DateField("wanted from")
    price = MoneyField("a month, with VAT")
    state = models.CharField(
        max_length=9, choices=State.choices, default=State.WAITING, db_default=State.WAITING, db_collation="C"
    )
    answer = models.CharField(max_length=200, blank=True, default="", db_default="")
    change = models.OneToOneField(
        PackageChange, on_delete=models.PROTECT, null=True, related_name="wish", editable=False
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "package asked for"
        verbose_name_plural = "packages asked for"
        default_permissions = ()
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="package_wishes_of_account"),
            models.Index(fields=["id"], name="package_wishes_waiting", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="waiting"), name="one_package_wish_an_account"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | Q(state__in=["accepted", "refused", "withdrawn"], decided_at__isnull=False),
                name="package_wish_waits_or_was_decided",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", change__isnull=False) | ~Q(state="accepted") & Q(change=None),
                name="accepted_wish_has_its_change",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="package_wish_price_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.to_package_id} from {self.takes_effect_on}"
