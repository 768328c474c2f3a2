"""What webhooks may be told of: the facts that apps offer."""

from __future__ import annotations

from dataclasses import dataclass

from herotill import events
from herotill.api.services import owing
from herotill.registry import Registry

CONSUMER = "webhooks"


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of fact that programs may hear of. `label` says it in words."""

    name: str
    label: str
    order: int = 100


offers: Registry[Offer] = Registry("webhook offer")


def offer(name: str, label: str, *, order: int = 100) -> None:
    """Let webhooks hear of facts of this kind."""
    offers.register(Offer(name, label, order))
    events.consumers.unregister(CONSUMER)
    kinds = frozenset(each.name for each in offers)
    events.consumers.register(events.Consumer(CONSUMER, kinds, owing.consume, order=90))
