"""Raw bytes to a message and its headers, whatever is in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from email import message_from_bytes, policy
from email.errors import MessageError
from email.headerregistry import AddressHeader, HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from typing import Any

_SURROGATES = re.compile("[\ud800-\udfff]")
_EMPTY_LINE = re.compile(rb"(?:\A|\r\n|\n|\r(?!\n))(?=[\r\n])")
_LOOSE = re.compile(r"[^\s<>@,;:\"()]+@[^\s<>@,;:\"()]+")
DEEPEST, MOST_PARTS, MOST_LINES = 100, 5_000, 500_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_WORD = r"[^\s<>@\x00-\x1f\x7f]+"
_ADDRESS = re.compile(rf"(?:{_WORD}|\"[^\"\x00-\x1f\x7f]*\")@{_WORD}")


class _Tolerant(HeaderRegistry):
    """A header as the registry reads it; where that breaks, its text as it stands.

    What hostile headers raise differs between versions of Python, so any error means: the plainer way.
    """

    def __call__(self, name: str, value: str) -> Any:
        for kind in (name, "X-Text"):
            try:
                header = super().__call__(kind, value)
                str(header).encode()
                return header
            except Exception:
                continue
        return _SURROGATES.sub("\ufffd", value)


_tolerant = _Tolerant()
_POLICY = policy.default.clone(header_factory=_tolerant)
_AS_IT_IS = _POLICY.clone(refold_source="none")


def parse(raw: bytes) -> EmailMessage:
    """The message; one whose parts are too many or nested beyond reading has no parts but its text."""
    if _takes_too_long(raw):
        return only_headers(raw)
    try:
        return message_from_bytes(raw, policy=_POLICY)
    except (RecursionError, MessageError, ValueError, LookupError, AttributeError, AssertionError):
        return only_headers(raw)


def _takes_too_long(raw: bytes) -> bool:
    """Whether somebody made it to keep us busy: each line is held against the boundary of each part it is in."""
    lines = raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")
    parts = raw.count(b"\n--") + raw.count(b"\r--")
    depth = 1 + raw.lower().count(b"multipart/")
    return depth > DEEPEST or parts > MOST_PARTS or lines > MOST_LINES or lines * depth > MOST_LINES * 20


def only_headers(raw: bytes) -> EmailMessage:
    return BytesHeaderParser(policy=_POLICY).parsebytes(raw)


def header_block(raw: bytes) -> int:
    """How many bytes stand before the first empty line."""
    found = _EMPTY_LINE.search(raw)
    return found.end() if found else len(raw)


def text_of(message: EmailMessage, name: str) -> str | None:
    """The unfolded, decoded text of the first header of this name; None without one."""
    texts = all_texts(message, name)
    return texts[0] if texts else None


def all_texts(message: EmailMessage, name: str) -> list[str]:
    return [str(_tolerant("X-Text", value)) for value in as_they_are(message, name)]


def as_they_are(message: EmailMessage, name: str) -> list[str]:
    """The headers of a name on one line each, not yet decoded."""
    wanted = name.lower()
    return [re.sub(r"[\r\n]+", "", value) for key, value in message.raw_items() if key.lower() == wanted]


def addresses(message: EmailMessage, name: str) -> Sequence[str]:
    """The addresses in all headers of a name, from the top and from left to right.

    What stands in an encoded name is no address, so they are read before anything is decoded.
    """
    found = (address for text in as_they_are(message, name) for _name, address in _named(text))
    return [address for address in found if is_address(address)]


def is_address(text: str) -> bool:
    """Whether a text has the form local@domain."""
    return _ADDRESS.fullmatch(text) is not None


def sender_of(message: EmailMessage) -> tuple[str, str] | None:
    """Name and address, in lower case, of who wrote it; None if the first address is not one."""
    for text in as_they_are(message, "From")[:1]:
        for name, address in _named(text)[:1]:
            return (name, address.lower()) if is_address(address) else None
    return None


def _named(text: str) -> list[tuple[str, str]]:
    header = _tolerant("To", text)
    if isinstance(header, AddressHeader):
        return [(_called(each.display_name), storable(each.addr_spec)) for each in header.addresses]
    return [("", storable(address)) for address in _LOOSE.findall(text)]


def _called(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", storable(text)).split())


def storable(text: str) -> str:
    """A text with bytes as they came in it, as UTF-8 where it is that, and with a mark where nobody can tell."""
    with suppress(UnicodeEncodeError):
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _SURROGATES.sub("\ufffd", text)


def without_controls(text: str) -> str:
    return _CONTROLS.sub("", text)


def plain(text: str) -> str:
    """A parameter's text: encoded words in it decoded, nothing in it that cannot be stored."""
    decoded = str(_tolerant("X-Text", re.sub(r"[\r\n]+", "", text))) if "=?" in text else text
    return _SURROGATES.sub("\ufffd", decoded)


def written(message: EmailMessage) -> bytes:
    """A message that stands in another, as bytes; empty where it cannot be written."""
    try:
        return message.as_bytes(policy=_AS_IT_IS)
    except Exception:
        return b""
