"""What webhooks are owed: a row for each fact and each webhook that wants to hear of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from herotill.api.codes import codes_of
from herotill.api.kinds import offers
from herotill.api.models import Delivery, Webhook
from herotill.clock import stamp
from herotill.jobs import nudge
from herotill.models import Fact

SENDS = "webhooks-send"
"""The job that tells them."""


def wanted(kinds: Collection[str]) -> bool:
    """Whether any webhook wants to hear of one of these kinds. One that is paused does, later."""
    return Webhook.objects.filter(kinds__overlap=list(kinds)).exists()


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
    """What is told: ids, codes and figures. `id` is the same whenever the same fact is told again."""
    holds = offers[fact.kind].holds
    return {
        "id": fact.pk,
        "kind": fact.kind,
        "at": fact.at.isoformat(),
        "customer": called.get(fact.customer_id or 0),
        "subject": {"kind": fact.subject_kind, "id": fact.subject_id},
        "data": {name: fact.data[name] for name in holds if name in fact.data},
    }
