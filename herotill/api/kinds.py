"""The kinds of facts that programs may hear of."""

from __future__ import annotations

from dataclasses import dataclass

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of fact that programs may hear of. `label` says it in words.

    `holds` names what of its data is told: ids, codes and figures. What people wrote, who may have named somebody,
    is not among it.
    """

    name: str
    label: str
    holds: tuple[str, ...] = ()
    order: int = 100


offers: Registry[Offer] = Registry("webhook offer")
