"""What webhooks are owed: a row for each fact and each webhook that wants to hear of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from herotill.api.codes import codes_of
from herotill.api.models import Delivery, Webhook
from herotill.clock import stamp
from herotill.jobs import nudge
from herotill.models import Fact

SENDS = "webhooks-send"
"""The job that tells them."""
WORDS = frozenset({"reason"})
"""What of a fact's data people wrote, who may have named somebody."""


def consume(facts: Sequence[Fact]) -> None:
    """Owe these facts to the webhooks that want them; what happened before a webhook was set up is not told it."""
    hooks = list(Webhook.objects.all())
    wanted = [
        (hook, fact)
        for fact in facts
        for hook in hooks
        if fact.kind in hook.kinds and fact.at >= hook.made_at
    ]
    if not wanted:
        return
    called = codes_of(sorted({fact.customer_id for _, fact in wanted if fact.customer_id}))
    now = stamp()
    Delivery.objects.bulk_create(
        [
            Delivery(
                webhook=hook,
                fact_id=fact.pk,
                kind=fact.kind,
                body=json.dumps(body(fact, called)),
                next_at=now,
            )
            for hook, fact in wanted
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )
    nudge(SENDS)


def body(fact: Fact, called: dict[int, str]) -> dict[str, Any]:
    """What is told: ids and figures, no words. `id` is the same whenever the same fact is told again."""
    return {
        "id": fact.pk,
        "kind": fact.kind,
        "at": fact.at.isoformat(),
        "customer": called.get(fact.customer_id or 0),
        "subject": {"kind": fact.subject_kind, "id": fact.subject_id},
        "data": {name: value for name, value in fact.data.items() if name not in WORDS},
    }
