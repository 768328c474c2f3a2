"""The tree of a message's parts: which are its body, which are attachments, and what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.errors import (
    CloseBoundaryNotFoundDefect,
    NoBoundaryInMultipartDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import EmailMessage
from functools import cached_property
from typing import cast

from . import parsing

_BROKEN = (CloseBoundaryNotFoundDefect, NoBoundaryInMultipartDefect, StartBoundaryNotFoundDefect)
_WINDOWS = frozenset({"iso-8859-1", "latin1", "windows-1252", "cp1252"})
_NO_LABEL = frozenset({"", "us-ascii", "ascii"})
_SURROGATES = re.compile("[\ud800-\udfff]")
_BODY = frozenset({"text/plain", "text/html"})
MOST_TEXT = 2_000_000  # octets of all that is shown of a message; what is beyond it is a file


@dataclass(frozen=True)
class Part:
    """One part. `children` are those of a multipart in which the parser found some; it is a leaf otherwise."""

    message: EmailMessage
    content_type: str
    children: tuple[Part, ...] = ()
    bare: bool = False
    """A multipart without parts: plain text, all that is there."""
    malformed: bool = False
    too_long: bool = False
    """Text too long to be shown: an attachment."""

    @property
    def subtype(self) -> str:
        return self.content_type.partition("/")[2]

    def leaves(self) -> Iterator[Part]:
        waiting = [self]
        while waiting:
            part = waiting.pop()
            if part.children:
                waiting.extend(reversed(part.children))
            else:
                yield part

    def any_malformed(self) -> bool:
        return self.malformed or any(child.any_malformed() for child in self.children)

    @cached_property
    def filename(self) -> str:
        return _filename(self.message)

    @cached_property
    def is_body(self) -> bool:
        shown = self.content_type in _BODY and not self.children and not self.too_long
        return shown and _word(self.message, "Content-Disposition") != "attachment" and not self.filename

    @cached_property
    def encoding(self) -> str:
        return _word(self.message, "Content-Transfer-Encoding")

    @cached_property
    def content(self) -> bytes:
        """The bytes after the transfer encoding; of a message in a message those that stand there."""
        return _decoded(self.message, self.encoding)

    @cached_property
    def decoded(self) -> Decoded:
        label = "" if self.bare else parameter(self.message, "charset")
        return decode(self.content, label)

    def says(self, name: str) -> str:
        """A parameter of the Content-Type in lower case."""
        return "" if self.bare else parameter(self.message, name)


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    flags: frozenset[str] = field(default_factory=frozenset)


def tree(message: EmailMessage) -> Part:
    """The parts of a message; what is nested beyond reading is a leaf."""
    content_type = _content_type(message)
    if not content_type.startswith("multipart/"):
        return Part(message, content_type)
    malformed = any(isinstance(defect, _BROKEN) for defect in message.defects)
    payload = message.get_payload()
    if isinstance(payload, list) and payload:
        children = tuple(tree(cast(EmailMessage, one)) for one in payload)
        return Part(message, content_type, children, malformed=malformed)
    return Part(message, "text/plain", bare=True, malformed=True)


def shortened(root: Part) -> Part:
    """The same tree, where only so much of its text is a body as somebody may read."""
    left = MOST_TEXT

    def within(part: Part) -> Part:
        nonlocal left
        if part.children:
            return replace(part, children=tuple(within(child) for child in part.children))
        if not part.is_body:
            return part
        left -= len(part.content)
        return part if left >= 0 else replace(part, too_long=True)

    return within(root)


def flat(message: EmailMessage) -> Part:
    """The message as one leaf of text, for when its tree cannot be walked."""
    return Part(message, "text/plain", bare=True, malformed=True)


def decode(content: bytes, label: str) -> Decoded:
    """Text of a body part by the label of its charset, with the flags that this gives."""
    flags: set[str] = set()
    if label in _WINDOWS:
        text = content.decode("cp1252", "replace")
    elif label in _NO_LABEL:
        text = _guessed(content)
    else:
        try:
            text = content.decode(label)
        except Exception:
            text = _guessed(content)
            flags.add("charset_fallback")
    if "\0" in text:
        text = text.replace("\0", "")
        flags.add("nul_removed")
    return Decoded(_SURROGATES.sub("\ufffd", text), frozenset(flags))


def _guessed(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _content_type(message: EmailMessage) -> str:
    try:
        return message.get_content_type()
    except Exception:
        return "text/plain"


def _word(message: EmailMessage, name: str) -> str:
    """The first word of a header in lower case."""
    return (parsing.text_of(message, name) or "").partition(";")[0].strip().lower()


def parameter(message: EmailMessage, name: str) -> str:
    """A parameter of the Content-Type in lower case; empty without one."""
    try:
        found = message.get_param(name, "")
        text = found[2] if isinstance(found, tuple) else str(found)
    except Exception:
        return ""
    return text.strip().lower()


def _filename(message: EmailMessage) -> str:
    try:
        name = message.get_filename("") or ""
    except Exception:
        return ""
    return parsing.plain(name)


def _decoded(message: EmailMessage, encoding: str) -> bytes:
    payload = message.get_payload()
    if isinstance(payload, list):
        return _inner(message, encoding)
    if (message["Content-Transfer-Encoding"] or "").lower() != encoding:
        message.replace_header("Content-Transfer-Encoding", encoding)
    try:
        return cast(bytes, message.get_payload(decode=True)) or b""
    except Exception:
        return str(payload).encode("ascii", "replace")


def _inner(message: EmailMessage, encoding: str) -> bytes:
    """A message in a message as it stands there; one that was encoded after all is decoded."""
    inner = b"\n".join(parsing.written(cast(EmailMessage, one)) for one in message.get_payload())
    if encoding not in ("base64", "quoted-printable"):
        return inner
    carrier = EmailMessage()
    carrier["Content-Transfer-Encoding"] = encoding
    carrier.set_payload(inner.decode("ascii", "surrogateescape").lstrip("\r\n"))
    return cast(bytes, carrier.get_payload(decode=True)) or b""
