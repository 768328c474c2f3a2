"""What a person chose for the screens, kept."""

from __future__ import annotations

import json
from typing import Any

from herotill.errors import DomainError
from herotill.typed import can_be_kept
from herotill.users import choices
from herotill.users.models import Preference, User


def keep(*, user: User, key: str, value: Any) -> None:
    """Keep a choice; None forgets it. Raises DomainError for a key that is not registered or a wrong value."""
    known = choices.find(key)
    if known is None or len(key) > 100 or not can_be_kept(key):
        raise DomainError("There is no such preference.")
    if value is None:
        Preference.objects.filter(user=user, key=key).delete()
        return
    text = json.dumps(value, ensure_ascii=False)
    text.encode()  # half a letter is refused here, as a ValueError
    # PostgreSQL keeps no NUL in JSON.
    if len(text) > choices.LARGEST or "\\u0000" in text or not known.accepts(value):
        raise DomainError("This preference cannot have that value.")
    Preference.objects.update_or_create(user=user, key=key, defaults={"value": value})
