"""HTML as a row of tags and text, in one pass whatever is in it.

The parser of the standard library raises on some of it, takes quadratic time on some, and reads it differently from
version to version; and a tree as browsers build it leaves out tags that have to be told of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

VOID = frozenset("area base br col embed frame hr img input keygen link meta param source track wbr".split())
_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=][^\s/>=]*|=[^\s/>=]*)")
_EQUALS = re.compile(r"\s*=\s*")
_BARE_VALUE = re.compile(r"[^\s>]*")
_RAW = frozenset("script style iframe noembed noframes xmp".split())
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW | {"title", "textarea"}}


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    """Decoded, unless it is the text of a script or style."""


@dataclass(frozen=True, slots=True)
class Start:
    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    """As they stand; of two with one name browsers take the first."""
    closed: bool = False

    def get(self, name: str) -> str:
        return next((value for called, value in self.attributes if called == name), "")

    def has(self, name: str) -> bool:
        return any(called == name for called, _value in self.attributes)


@dataclass(frozen=True, slots=True)
class End:
    name: str


Token = Text | Start | End


def tokens(html: str) -> Iterator[Token]:
    """Tags and text in order; comments, doctype and processing instructions left out."""
    place = 0
    while place < len(html):
        begin = html.find("<", place)
        if begin < 0:
            yield Text(unescape(html[place:]))
            return
        if begin > place:
            yield Text(unescape(html[place:begin]))
        follows = html[begin + 1 : begin + 2]
        if follows in ("!", "?"):
            place = _after_comment(html, begin)
        elif follows == "/" or (follows.isascii() and follows.isalpha()):
            found, place = _tag(html, begin)
            yield from found
        else:
            yield Text("<")
            place = begin + 1


def _after_comment(html: str, begin: int) -> int:
    if not html.startswith("<!--", begin):
        return _after(html, ">", begin)
    if html.startswith(("<!-->", "<!--->"), begin):
        return html.index(">", begin) + 1
    end = re.compile(r"--!?>").search(html, begin + 4)
    return end.end() if end else len(html)


def _after(html: str, mark: str, place: int) -> int:
    found = html.find(mark, place)
    return len(html) if found < 0 else found + len(mark)


def _tag(html: str, begin: int) -> tuple[list[Token], int]:
    ends = html[begin + 1] == "/"
    name = _NAME.match(html, begin + 2 if ends else begin + 1)
    if not name:
        return [], _after(html, ">", begin)
    attributes, closed, place = _attributes(html, name.end())
    if place < 0:
        return [], len(html)
    called = name.group().lower()
    if ends:
        return [End(called)], place
    start = Start(called, attributes, closed)
    if called not in _RAW_ENDS:
        return [start], place
    return _with_raw_text(html, start, place)


def _with_raw_text(html: str, start: Start, place: int) -> tuple[list[Token], int]:
    end = _RAW_ENDS[start.name].search(html, place)
    text = html[place : end.start() if end else len(html)]
    shown = Text(text if start.name in _RAW else unescape(text))
    if not end:
        return [start, shown], len(html)
    return [start, shown, End(start.name)], _after(html, ">", end.end())


def _attributes(html: str, place: int) -> tuple[tuple[tuple[str, str], ...], bool, int]:
    """The attributes of a tag; whether it closes itself; where it ends, -1 if nowhere."""
    found: list[tuple[str, str]] = []
    while name := _ATTRIBUTE.match(html, place):
        value, place = _value(html, name.end())
        found.append((name.group(1).lower(), value))
    end = html.find(">", place)
    return tuple(found), html[place:end].endswith("/"), end + 1 if end >= 0 else -1


def _value(html: str, place: int) -> tuple[str, int]:
    equals = _EQUALS.match(html, place)
    if not equals:
        return "", place
    begin = equals.end()
    quote = html[begin : begin + 1]
    if quote in ('"', "'") and (end := html.find(quote, begin + 1)) >= 0:
        return unescape(html[begin + 1 : end]), end + 1
    bare = _BARE_VALUE.match(html, begin)
    return (unescape(bare.group()), bare.end()) if bare else ("", begin)
