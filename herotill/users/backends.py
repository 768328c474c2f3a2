"""Who a person is and what they may do, each with one query."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Concat, JSONObject
from django.http import HttpRequest
from django.utils import timezone

from herotill.users import grants, identities
from herotill.users.models import Preference, Role, User

DEMO_PASSWORD = "demo"


class HouseBackend(BaseBackend):
    """One table of people, two doors, and rights that come from roles alone."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        door: str = User.Kind.STAFF,
        **_: Any,
    ) -> User | None:
        """The person, if name and password are right at this door. Every no takes the same time."""
        if not username or password is None:
            return None
        user = find(username, door)
        if user is None:
            make_password(password)
            return None
        right = user.check_password(password) and not (password == DEMO_PASSWORD and not settings.DEMO)
        return user if right and user.kind == door and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        """The person with their preferences, and whether they need a second factor and have one."""
        user: User | None = _with_everything().filter(pk=user_id, is_active=True).first()
        if user is not None:
            user._preferences = {pair["key"]: pair["value"] for pair in user.chosen}  # type: ignore[attr-defined]
        return user

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """What the person's roles hold, less money rights while these are blocked."""
        if not user_obj.is_active or user_obj.is_anonymous or user_obj.kind != User.Kind.STAFF:
            return set()
        held: set[str] | None = getattr(user_obj, "_rights", None)
        if held is None:
            held = user_obj._rights = _of_roles(user_obj)
        return held

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(name.startswith(f"{app_label}.") for name in self.get_all_permissions(user_obj))


def find(name: str, door: str) -> User | None:
    """Somebody by the name typed at a door: a customer's email serves where it belongs to one customer."""
    if door == User.Kind.PORTAL and "@" in name:
        found = identities.identity().by_email(name.strip())
        return found[0] if len(found) == 1 else None
    try:
        return User.objects.get_by_natural_key(name.strip())
    except User.DoesNotExist:
        return None


def _with_everything() -> Any:
    mine = Preference.objects.filter(user=OuterRef("pk"))
    return User.objects.annotate(
        has_second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk"), type="totp")),
        needs_second_factor=Exists(Role.objects.filter(user=OuterRef("pk"), second_factor_required=True)),
        chosen=ArraySubquery(mine.values(pair=JSONObject(key="key", value="value"))),
    )


def _of_roles(user: User) -> set[str]:
    name = Concat(F("content_type__app_label"), Value("."), F("codename"))
    found = (
        Permission.objects.filter(group__user=user).order_by().aggregate(names=ArrayAgg(name, distinct=True))
    )
    held = set(found["names"] or ())
    blocked = user.money_rights_blocked_until
    if blocked and blocked > timezone.now():  # noqa: TID251 - asked wherever a right is asked
        held -= grants.money_rights()
    return held
