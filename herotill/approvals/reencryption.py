"""Secrets of requests under the newest key, as `reencrypt` asks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction

from herotill.approvals.kinds import kinds
from herotill.models import ApprovalRequest
from herotill.secrets.keys import renewed
from herotill.secrets.rotation import BATCH, quietly


def payloads() -> Iterator[int]:
    """Renew what requests hold encrypted, a batch in each transaction."""
    last, with_secrets = 0, [kind.name for kind in kinds if kind.secret]
    while True:
        with transaction.atomic(), quietly():
            found = ApprovalRequest.objects.select_for_update().filter(pk__gt=last, kind__in=with_secrets)
            rows = list(found.order_by("pk")[:BATCH])
            if not rows:
                return
            changed = [row for row in rows if _renew(row)]
            ApprovalRequest.objects.bulk_update(changed, ["payload"])
        last = rows[-1].pk
        yield len(changed)


def _renew(row: ApprovalRequest) -> bool:
    before = dict(row.payload)
    for name in kinds[row.kind].secret & row.payload.keys():
        if row.payload[name]:
            row.payload[name] = renewed(row.payload[name])
    return bool(row.payload != before)
