"""The HTML of a mail as text, and what in it has to be told of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .quoting import Line
from .tags import VOID, End, Start, Text, tokens

_DROPPED = frozenset("script style head title template noscript iframe object svg math blockquote".split())
_BREAKS = frozenset(
    "address article aside br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav "
    "ol p pre section table td th tr ul".split()
)
_BLOCKS = (_BREAKS | _DROPPED) - {"br"} | frozenset(
    "html body center details summary dir menu hgroup search tbody thead tfoot caption colgroup "
    "select button textarea applet marquee".split()
)
_FOREIGN = ("svg", "math")
_IN_HEAD = frozenset("title meta link style script base noscript template basefont bgsound".split())
_CLOSES = {
    "li": {"li"},
    "dd": {"dd", "dt"},
    "dt": {"dd", "dt"},
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"td", "th", "tr"},
    "tbody": {"td", "th", "tr", "tbody", "thead", "tfoot"},
    "tfoot": {"td", "th", "tr", "tbody", "thead", "tfoot"},
}
_UNSAFE = frozenset("script iframe object embed form input button base svg math".split())
_BAD_LINKS = ("javascript:", "vbscript:", "data:text/html")
_LINKS = ("href", "src", "action", "formaction")
_PICTURES = ("src", "srcset", "background")
_REMOTE = ("http://", "https://", "//")
_REMOTE_STYLE = re.compile(r"url\([\"']?(?:https?:)?//")
_NO_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")


@dataclass(slots=True)
class _Block:
    """An open block element, with the elements of running text that are open in it."""

    name: str
    dropped: bool
    running: list[tuple[str, bool]] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)

    def drops(self) -> int:
        return self.dropped + sum(dropped for _name, dropped in self.running)


class _Reader:
    """Follows the tags and keeps the text that is not within something dropped."""

    def __init__(self) -> None:
        self.open = [_Block("", False)]
        self.names: Counter[str] = Counter()
        self.dropping = 0
        self.lines: list[list[str]] = [[]]
        self.spare: set[int] = set()

    def read(self, html: str) -> list[Line]:
        for token in tokens(html):
            if isinstance(token, Text):
                if not self.dropping:
                    self.lines[-1].append(token.text)
            elif isinstance(token, End):
                self.end(token.name)
            elif not self.start(token):
                break
        texts = (" ".join("".join(line).split()) for line in self.lines)
        return [Line(text, spare=number in self.spare) for number, text in enumerate(texts)]

    def start(self, tag: Start) -> bool:
        """An element begins; False where all that follows is dropped."""
        self.close_before(tag.name)
        if tag.get("id") == "divRplyFwdMsg" and not self.dropping:
            return False
        self.line_break(tag.name, shown=tag.name == "br")
        if tag.name in VOID:
            self.line_break(tag.name)
        elif not (tag.closed and tag.name in _FOREIGN):
            self.push(tag.name, _is_dropped(tag))
        return True

    def push(self, name: str, dropped: bool) -> None:
        self.dropping += dropped
        if name in _BLOCKS:
            self.open.append(_Block(name, dropped))
            self.names[name] += 1
        else:
            self.open[-1].running.append((name, dropped))
            self.open[-1].names[name] += 1

    def end(self, name: str) -> None:
        if name not in _BLOCKS:
            self.end_running(name)
        elif self.names[name]:
            while self.pop() != name:
                pass
        else:
            self.line_break(name)

    def end_running(self, name: str) -> None:
        block = self.open[-1]
        if not block.names[name]:
            return
        while True:
            called, dropped = block.running.pop()
            block.names[called] -= 1
            self.dropping -= dropped
            if called == name:
                return

    def pop(self) -> str:
        """The innermost block ends; its name."""
        block = self.open.pop()
        self.names[block.name] -= 1
        self.dropping -= block.drops()
        self.line_break(block.name)
        return block.name

    def close_before(self, name: str) -> None:
        """What an element ends by beginning, as a paragraph does the one before."""
        if self.open[-1].name == "head" and name not in _IN_HEAD:
            self.end("head")
        if self.open[-1].name == "p" and name in _BLOCKS:
            self.end("p")
        ended = _CLOSES.get(name, set())
        while self.open[-1].name in ended:
            self.end(self.open[-1].name)

    def line_break(self, name: str, *, shown: bool = False) -> None:
        """One before and one after a block, also one that is dropped; a blank line that only this makes is not shown."""
        if self.dropping or name not in _BREAKS:
            return
        if not shown and not any(each.strip() for each in self.lines[-1]):
            self.spare.add(len(self.lines) - 1)
        self.lines.append([])


def _is_dropped(tag: Start) -> bool:
    if tag.name in _DROPPED or tag.has("hidden"):
        return True
    if tag.name == "div" and "gmail_quote" in tag.get("class").split():
        return True
    return "display:none" in _NO_SPACE.sub("", tag.get("style")).lower()


def lines_of(html: str) -> list[Line]:
    """What a reader sees of it, with a line break before and after every block."""
    return _Reader().read(html)


def flags_of(html: str) -> frozenset[str]:
    """`sanitised` if something in it could do harm, `remote_images_blocked` if it fetches pictures."""
    return frozenset(_flags(html))


def _flags(html: str) -> Iterator[str]:
    in_style = False
    for token in tokens(html):
        if isinstance(token, Start):
            in_style = token.name == "style"
            if _is_unsafe(token):
                yield "sanitised"
            if _is_remote(token):
                yield "remote_images_blocked"
        elif isinstance(token, Text) and in_style and _styled_remotely(token.text):
            yield "remote_images_blocked"


def _is_unsafe(tag: Start) -> bool:
    if tag.name in _UNSAFE:
        return True
    if tag.name == "meta" and tag.get("http-equiv").strip().lower() == "refresh":
        return True
    return any(
        name.startswith("on") or (name in _LINKS and _NO_SPACE.sub("", value).lower().startswith(_BAD_LINKS))
        for name, value in tag.attributes
    )


def _is_remote(tag: Start) -> bool:
    pictures = _PICTURES if tag.name == "img" else ("background",)
    return any(
        (name in pictures and value.strip().lower().startswith(_REMOTE))
        or (name == "style" and _styled_remotely(value))
        for name, value in tag.attributes
    )


def _styled_remotely(style: str) -> bool:
    return bool(_REMOTE_STYLE.search(re.sub(r"\s+", "", style).lower()))
