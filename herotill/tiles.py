"""The start page: tiles of what waits and what needs attention, registered by apps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile. `context` gets the person and returns what the template shows; None leaves the tile out."""

    name: str
    title: str
    permission: str
    template_name: str
    context: Callable[[Any], dict[str, Any] | None]
    order: int = 100


tiles: Registry[Tile] = Registry("tile")


@dataclass(frozen=True, slots=True)
class Hint:
    """Something an installation has yet to set up, shown to whoever may until `needed` says no."""

    name: str
    what: str
    why: str
    url_name: str
    permission: str
    needed: Callable[[], bool]
    order: int = 100


hints: Registry[Hint] = Registry("setup hint")


@dataclass(frozen=True, slots=True)
class PortalCard:
    """One card of the portal's home. `context` gets the customer who is logged in."""

    name: str
    title: str
    template_name: str
    context: Callable[[Any], dict[str, Any] | None]
    order: int = 100


portal_cards: Registry[PortalCard] = Registry("portal card")
