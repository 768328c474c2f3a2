from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class AccessLink(models.Model):
    """A mailed link by which somebody sets a password, once.

    Its mail stands in the outbox; sending that makes the token, which nobody stores: the row keeps its
    SHA-256. A row without `user` is what a stranger typed at a door, known or not; sending answers it.
    Setting a password ends every other link of the person (trigger `password_ends_links`).
    """

    class Door(models.TextChoices):
        STAFF = "staff", "Staff"
        PORTAL = "portal", "Portal"

    door = models.CharField(max_length=6, choices=Door.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="access_links"
    )
    asked_for = models.CharField(max_length=254, blank=True, default="", db_default="")
    email = models.CharField(max_length=254, blank=True, default="", db_default="")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField(db_default=Now(), editable=False)
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 - unique
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None)
                | Q(token_hash__isnull=False, expires_at__isnull=False, user__isnull=False) & ~Q(email=""),
                name="sent_link_has_a_token_and_an_end",
            ),
            models.CheckConstraint(condition=Q(door__in=["staff", "portal"]), name="link_door_known"),
        ]
        indexes = [
            models.Index(fields=["id"], name="links_owed", condition=Q(sent_at=None, ended_at=None)),
            models.Index(fields=["user"], name="links_open", condition=Q(used_at=None, ended_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.door} link of {self.user_id or self.asked_for}"
