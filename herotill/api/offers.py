"""What webhooks may be told of: the facts that apps offer."""

from __future__ import annotations

from herotill import events
from herotill.api.kinds import Offer, offers
from herotill.api.services import owing

CONSUMER = "webhooks"


def offer(name: str, label: str, *holds: str, order: int = 100) -> None:
    """Let webhooks hear of facts of this kind, and of what `holds` names in their data."""
    offers.register(Offer(name, label, holds, order))
    events.consumers.unregister(CONSUMER)
    kinds = frozenset(each.name for each in offers)
    events.consumers.register(events.Consumer(CONSUMER, kinds, owing.consume, order=90))
