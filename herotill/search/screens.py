"""Screens by name: entries of the navigation that a person may open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from herotill.access import may
from herotill.folding import fold
from herotill.menu import MenuEntry, menu


@dataclass(frozen=True, slots=True)
class Screen:
    """A place in the workbench; `label` names what it stands under too."""

    label: str
    url: str
    icon: str


def screens(user: Any, words: Sequence[str]) -> list[Screen]:
    """Screens in whose name each of the folded `words` begins a word."""
    if not words:
        return []
    found = (
        Screen(label, entry.url, entry.icon or "window")
        for entry, label in _named()
        if _meant(label, words, user, entry)
    )
    return list({screen.url: screen for screen in found}.values())


def _named() -> list[tuple[MenuEntry, str]]:
    parents = {entry.name: entry.label for entry in menu}
    return [(entry, " › ".join(filter(None, (parents.get(entry.parent), entry.label)))) for entry in menu]


def _meant(label: str, words: Sequence[str], user: Any, entry: MenuEntry) -> bool:
    names = fold(label).split()
    begun = all(any(name.startswith(word) for name in names) for word in words)
    return begun and may(user, entry.permission)
