"""A checklist as lines of text, the way people write one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

TICK, TEXT, PHOTO = "tick", "text", "photo"
BEGINS = {"write:": TEXT, "photo:": PHOTO}
MAY = "(optional)"
LONGEST = 200


class Item(NamedTuple):
    """One thing to do, to write down or to take a photo of."""

    text: str
    kind: str = TICK
    compulsory: bool = True


def read(text: str) -> list[Item]:
    """The things that are written, a line each; empty lines are left out."""
    return [_item(line.strip()) for line in text.splitlines() if line.strip()]


def _item(line: str) -> Item:
    kind = TICK
    for beginning, meant in BEGINS.items():
        if line.lower().startswith(beginning):
            line, kind = line[len(beginning) :].strip(), meant
    compulsory = not line.lower().endswith(MAY)
    return Item(line if compulsory else line[: -len(MAY)].strip(), kind, compulsory)


def written(items: Iterable[Item]) -> str:
    """The same as lines."""
    words = {kind: beginning for beginning, kind in BEGINS.items()}
    return "\n".join(
        f"{words.get(item.kind, '')} {item.text}{'' if item.compulsory else f' {MAY}'}".strip()
        for item in items
    )
