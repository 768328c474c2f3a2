"""The navigation at the left; apps register their entries, people see those they may open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import get_urlconf, reverse

from herotill.registry import Registry


@cache
def _address(url_name: str, urlconf: str | None) -> str:
    """Where an entry leads. Every page asks for all of them, and a reverse() each would cost it 2 ms."""
    return reverse(url_name, urlconf)


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the navigation. `parent` names the entry it stands under.

    `counter` says how much work waits, given the person; it must not cost a query on every page,
    so it reads a cached figure. `key` is the letter that goes there after `g`. An entry that only gathers
    others (`gathers`) is there for whoever may open one of them, and leads to the first where its own page is
    not for them. `about` is a sentence for the page that gathers it.
    """

    name: str
    label: str
    url_name: str
    permission: str
    icon: str = ""
    order: int = 100
    parent: str = ""
    counter: Callable[[Any], int] | None = None
    key: str = ""
    gathers: bool = False
    about: str = ""

    @property
    def url(self) -> str:
        return _address(self.url_name, get_urlconf())


menu: Registry[MenuEntry] = Registry("menu entry")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of Setup, over the entries from its `order` up to that of the next."""

    name: str
    label: str
    order: int


setup_sections: Registry[Section] = Registry("section of Setup")
