"""Who a person is and what they may do, each with one query."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import BooleanField, JSONField
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils import timezone

from herotill.users import grants, identities
from herotill.users.models import User

DEMO_PASSWORD = "demo"
# Asked for every page: as text, since Django needs several milliseconds to make such SQL of its expressions.
_FACTOR = "EXISTS (SELECT FROM mfa_authenticator f WHERE f.user_id = users_user.id AND f.type = 'totp')"
_DEMANDED = """EXISTS (
    SELECT FROM users_user_groups g JOIN users_role r ON r.group_ptr_id = g.group_id
    WHERE g.user_id = users_user.id AND r.second_factor_required
)"""
_CHOSEN = """(
    SELECT coalesce(jsonb_object_agg(p.key, p.value), '{}') FROM users_preference p WHERE p.user_id = users_user.id
)"""
_RIGHTS = """
SELECT coalesce(array_agg(DISTINCT t.app_label || '.' || p.codename), '{}')
FROM users_user_groups g
JOIN auth_group_permissions h USING (group_id)
JOIN auth_permission p ON p.id = h.permission_id
JOIN django_content_type t ON t.id = p.content_type_id
WHERE g.user_id = %s
"""


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
            user._preferences = user.chosen  # type: ignore[attr-defined]
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
    return User.objects.annotate(
        has_second_factor=RawSQL(_FACTOR, [], BooleanField()),
        needs_second_factor=RawSQL(_DEMANDED, [], BooleanField()),
        chosen=RawSQL(_CHOSEN, [], JSONField()),
    )


def _of_roles(user: User) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, [user.pk])
        held: set[str] = set(cursor.fetchone()[0])
    blocked = user.money_rights_blocked_until
    if blocked and blocked > timezone.now():  # noqa: TID251 - asked wherever a right is asked
        held -= grants.money_rights()
    return held
