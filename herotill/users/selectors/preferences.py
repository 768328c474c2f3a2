"""What a person chose for the screens, read once a request."""

from __future__ import annotations

from typing import Any

from herotill.users.models import Preference


def everything(*, user: Any) -> dict[str, Any]:
    """All of the person's preferences by key; one query, kept on the user."""
    known: dict[str, Any] | None = getattr(user, "_preferences", None)
    if known is None:
        known = dict(Preference.objects.filter(user_id=user.pk).values_list("key", "value"))
        user._preferences = known
    return known


def one(*, user: Any, key: str, default: Any = None) -> Any:
    """The person's choice for `key`, or `default`."""
    return everything(user=user).get(key, default)
