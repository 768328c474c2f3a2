"""Second factors under the newest key, as `reencrypt` asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from herotill.secrets.keys import renewed
from herotill.secrets.rotation import BATCH, quietly

ENCRYPTED = ("secret", "seed", "migrated_codes")


def second_factors() -> Iterator[int]:
    """Renew what authenticators and recovery codes hold encrypted, a batch in each transaction."""
    last = 0
    while True:
        with transaction.atomic(), quietly():
            rows = list(Authenticator.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:BATCH])
            if not rows:
                return
            changed = [row for row in rows if _renew(row.data)]
            Authenticator.objects.bulk_update(changed, ["data"])
        last = rows[-1].pk
        yield len(changed)


def _renew(data: dict[str, Any]) -> bool:
    before = dict(data)
    for name in ENCRYPTED:
        if isinstance(data.get(name), list):
            data[name] = [renewed(token) for token in data[name]]
        elif data.get(name):
            data[name] = renewed(data[name])
    return data != before
