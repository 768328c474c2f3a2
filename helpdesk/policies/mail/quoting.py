"""What the writer added: the lines of a text without what they quote, their signature and old mail below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FORWARD = re.compile(r"-{2,}\s*forwarded\s+message\s*-{2,}|begin forwarded message:", re.IGNORECASE)
_ORIGINAL = re.compile(r"-{2,}\s*original\s+message\s*-{2,}", re.IGNORECASE)
_RULE = re.compile(r"_{5,}")
_WROTE = {"On ": "wrote:", "Op ": "geskryf:"}


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    flowed: bool = False
    """From a flowed part, where what was quoted is gone already."""
    spare: bool = False
    """Blank, only because blocks of HTML begin and end; it counts where quotes are looked for, and is not shown."""


def cleaned(text: str) -> str:
    """Line breaks as LF, and no control characters but those and tabs."""
    return _CONTROLS.sub("", _with_lf(text))


def _with_lf(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def lines_of(text: str) -> list[Line]:
    return [Line(each) for each in _with_lf(text).split("\n")]


def unflowed(text: str, *, delsp: bool) -> list[Line]:
    """The lines of a text with format=flowed, joined where they were broken, without those quoted."""
    joined: list[tuple[int, list[str]]] = []
    open_at = -1
    for line in cleaned(text).split("\n"):
        depth, words, soft = _flowed(line, delsp=delsp)
        if depth == open_at:
            joined[-1][1].append(words)
        else:
            joined.append((depth, [words]))
        open_at = depth if soft else -1
    return [Line("".join(words), flowed=True) for depth, words in joined if depth == 0]


def _flowed(line: str, *, delsp: bool) -> tuple[int, str, bool]:
    words = line.lstrip(">")
    depth = len(line) - len(words)
    words = words.removeprefix(" ")
    soft = words.endswith(" ") and words != "-- "
    return depth, words[:-1] if soft and delsp else words, soft


def unquoted(lines: Sequence[Line], *, reply_marker: str) -> str:
    """What is left of a text after its quotes, with what was forwarded as it stands."""
    kept, forwarded = _above(lines, reply_marker)
    kept = [line for line in kept if line.flowed or not line.text.lstrip(" ").startswith(">")]
    kept = list(takewhile(lambda line: line.text not in ("--", "-- "), kept))
    return "\n".join(line.text for line in [*kept, *forwarded] if not line.spare)


def _above(lines: Sequence[Line], reply_marker: str) -> tuple[Sequence[Line], Sequence[Line]]:
    trimmed = [line.text.strip() for line in lines]
    for place, line in enumerate(trimmed):
        if _FORWARD.fullmatch(line):
            return lines[:place], lines[place:]
        if reply_marker in lines[place].text or _begins_quote(trimmed, place):
            return lines[: _end(trimmed, place)], []
    return lines, []


def _begins_quote(lines: Sequence[str], place: int) -> bool:
    line = lines[place]
    if _ORIGINAL.fullmatch(line):
        return True
    if line.startswith("From:"):
        after = lines[place + 1 : place + 5]
        dated = any(each.startswith(("Sent:", "Date:")) for each in after)
        return dated and any(each.startswith("Subject:") for each in after)
    wrote = _WROTE.get(line[:3])
    return bool(wrote) and any(
        " ".join(lines[place : place + count]).endswith(wrote or "") for count in (1, 2, 3)
    )


def _end(lines: Sequence[str], place: int) -> int:
    """Where the text ends above a cut: blank lines go, and then one line of underscores."""
    while place and not lines[place - 1]:
        place -= 1
    return place - 1 if place and _RULE.fullmatch(lines[place - 1]) else place
