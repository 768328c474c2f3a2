from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from .roles import Role


class AppliedGrant(models.Model):
    """A default grant that was made once; what the matrix did to it since stays."""

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")
    permission = models.ForeignKey(Permission, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="default_grant_made_once")]

    def __str__(self) -> str:
        return f"{self.role_id} {self.permission_id}"


class RightsRequest(models.Model):
    """A grant that takes a second person: a money right for a role, or a role that holds one for a person."""

    class Outcome(models.TextChoices):
        PENDING = "pending", "Waiting"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="requests")
    permission = models.ForeignKey(Permission, on_delete=models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=Now(), editable=False)
    outcome = models.CharField(
        max_length=8, choices=Outcome.choices, default=Outcome.PENDING, db_default=Outcome.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(permission=None, user__isnull=False) | Q(permission__isnull=False, user=None),
                name="request_is_for_a_right_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", decided_by=None, decided_at=None)
                | Q(outcome__in=["approved", "refused"], decided_by__isnull=False, decided_at__isnull=False),
                name="decided_request_names_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["pending", "refused"])
                | (~Q(decided_by=F("requested_by")) & (Q(user=None) | ~Q(decided_by=F("user")))),
                name="approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(user=None) | ~Q(requested_by=F("user")), name="nobody_asks_for_themselves"
            ),
            models.UniqueConstraint(
                fields=["role", "permission"],
                condition=Q(outcome="pending", user=None),
                name="right_asked_once",
            ),
            models.UniqueConstraint(
                fields=["role", "user"],
                condition=Q(outcome="pending", permission=None),
                name="role_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.permission or self.user}"
