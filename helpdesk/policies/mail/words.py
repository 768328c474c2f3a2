"""The text of a message's tree of parts, and the HTML it came with."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from . import html
from .parts import Part
from .quoting import Line, cleaned, lines_of, unflowed, unquoted

_INVISIBLE = re.compile("[\u200b\ufeff]")


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of a part, and whether they came from text/plain."""

    lines: Sequence[Line] = ()
    plain: bool = False
    html: str = ""

    @property
    def blank(self) -> bool:
        return not any(line.text.strip() for line in self.lines)


def shown(root: Part, *, reply_marker: str) -> tuple[str, str]:
    """The text without quotes, a line as a line; and the HTML it was taken from, if it was."""
    words = of_tree(root)
    lines = [replace(line, text=cleaned(line.text)) for line in words.lines]
    text = _INVISIBLE.sub("", unquoted(lines, reply_marker=reply_marker))
    return text.strip(), words.html


def of_tree(part: Part) -> Words:
    if not part.children:
        return _of_leaf(part) if part.is_body else Words()
    return _OF_MULTIPART.get(part.subtype, _joined)([of_tree(child) for child in part.children])


def _of_leaf(part: Part) -> Words:
    text = part.decoded.text
    if part.content_type == "text/html":
        return Words(html.lines_of(text), html=text)
    if part.says("format") == "flowed":
        return Words(unflowed(text, delsp=part.says("delsp") == "yes"), plain=True)
    return Words(lines_of(text), plain=True)


def _alternative(children: Sequence[Words]) -> Words:
    """The first plain text, else what says most: the last."""
    filled = [child for child in children if not child.blank]
    plain = [child for child in filled if child.plain]
    return plain[0] if plain else filled[-1] if filled else Words()


def _first(children: Sequence[Words]) -> Words:
    return children[0]


def _joined(children: Sequence[Words]) -> Words:
    filled = [child for child in children if not child.blank]
    lines = [line for child in children for line in child.lines or [Line("")]]
    return Words(
        lines,
        plain=all(child.plain for child in filled),
        html=filled[0].html if len(filled) == 1 else "",
    )


_OF_MULTIPART: dict[str, Callable[[Sequence[Words]], Words]] = {
    "alternative": _alternative,
    "related": _first,
    "signed": _first,
}
