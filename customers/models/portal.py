"""What concerns the portal besides log-ins: staff who look at it, sub-accounts that show their master all."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill.audit import audited

from .customers import Customer


@audited(customer="customer", exclude=("token_hash", "session"), permission="customers.see_audit_trail")
class PortalLook(models.Model):
    """A member of staff looks at the portal as the customer sees it, for a quarter of an hour at most.

    The browser holds a token for the portal's paths only, and the row its SHA-256. The look ends with the
    log-in of the person, too: `session` is that log-in.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    session = models.ForeignKey("users.Session", on_delete=models.SET_NULL, null=True, related_name="+")
    began_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        permissions = [("look_at_portal", "Can look at the portal as a customer")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("began_at")), name="look_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} as {self.customer_id}"


@audited(customer="customer", permission="customers.view_customer")
class SharedWithMaster(models.Model):
    """A sub-account agreed that its master sees what is private: ID number, bank details, tickets.

    It was given to this master; another one asks anew.
    """

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="shared_with_master")
    master = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    agreed_at = models.DateTimeField(db_default=Now())
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=~Q(customer=F("master")), name="shared_with_another_customer")
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} with {self.master_id}"
