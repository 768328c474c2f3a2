from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Lower, Now
from django.db.models.lookups import Exact

from herotill.audit import audited


class UserManager(BaseUserManager["User"]):
    """Finds people by their name, whatever its case."""

    def by_name(self, username: str) -> models.QuerySet[User]:
        """The one person of this name, or nobody; served by the index on the lower-case name."""
        return self.filter(Exact(Lower("username"), Lower(Value(username))))

    def get_by_natural_key(self, username: str | None) -> User:
        return self.by_name(username or "").get()

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@audited(
    exclude=("last_login", "date_joined", "is_superuser"), words=("name", "username"), secret=("password",)
)
class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in: staff, or a customer at the portal. The two never use each other's door."""

    class Kind(models.TextChoices):
        STAFF = "staff", "Staff"
        PORTAL = "portal", "Portal"

    username = models.CharField(max_length=150)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.STAFF, db_default=Kind.STAFF)
    name = models.CharField(max_length=200, blank=True, default="", db_default="")
    email = models.EmailField(max_length=254, blank=True, default="", db_default="")
    mobile = models.CharField("cell phone", max_length=16, blank=True, default="", db_default="")
    is_active = models.BooleanField("may log in", default=True, db_default=True)
    date_joined = models.DateTimeField(db_default=Now(), editable=False)
    money_rights_blocked_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Set for 24 hours when somebody else resets the password or second factor.",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="username_once"),
            models.UniqueConstraint(Lower("username"), name="username_once_in_any_case"),
            models.CheckConstraint(condition=Q(kind__in=["staff", "portal"]), name="user_kind_known"),
            models.CheckConstraint(condition=~Q(username=""), name="user_has_a_username"),
            models.CheckConstraint(condition=Q(is_superuser=False), name="nobody_stands_above_the_rights"),
        ]
        permissions = [
            ("end_logins", "Can end the log-ins of others"),
            ("reset_credentials", "Can reset the password or second factor of others"),
            ("grant_rights", "Can give rights to roles and roles to people"),
            ("approve_rights", "Can approve money rights that somebody else gave"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def is_staff_member(self) -> bool:
        return self.kind == self.Kind.STAFF

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()
