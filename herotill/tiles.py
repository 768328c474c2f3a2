"""The start page: tiles of what waits and what needs attention, registered by apps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from herotill.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


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
    """One card of the portal's home. `context` gets the customer the page is about; None leaves the card out.

    Staff who look as the customer see it only if they hold `permission`. `private` keeps it from a master at a
    sub-account that has not agreed.
    """

    name: str
    title: str | _StrPromise
    template_name: str
    context: Callable[[Any], dict[str, Any] | None]
    order: int = 100
    permission: str = ""
    private: bool = False


portal_cards: Registry[PortalCard] = Registry("portal card")
