"""Whether customers want marketing, as they choose it themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from customers.models import Customer
from customers.selectors.own_things import Choice
from herotill.messages.services import consent
from herotill.users.models import User

HOW = "in the portal"


@transaction.atomic
def choose(
    *, customer: Customer, choices: Sequence[Choice], wanted: Collection[str], actor: User, now: datetime
) -> int:
    """Record what is different by now: a yes where none was said last, a no where a yes was; returns how many.

    `wanted` are keys of `choices`. A no is recorded as well where nobody ever said anything, so that it is known.
    """
    said = [one for one in choices if one.wanted is not (one.key in wanted)]
    for one in said:
        consent.record(
            channel=one.channel,
            address=one.address,
            wanted=one.key in wanted,
            how=HOW,
            customer_id=customer.pk,
            actor_id=actor.pk,
            now=now,
        )
    return len(said)
