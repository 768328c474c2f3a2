"""Attachments: under which name they are kept, and which are refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from . import parsing
from .known import Attachment, House
from .parts import Part

_DIRECTIONS = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_EXTENSIONS = {
    "text/plain": "txt",
    "text/html": "html",
    "text/calendar": "ics",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "application/pdf": "pdf",
    "message/rfc822": "eml",
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")


def sorted_out(
    leaves: Sequence[Part], *, bodies: Sequence[str], house: House
) -> tuple[tuple[Attachment, ...], tuple[tuple[str, str], ...]]:
    """Those kept, and name and reason of those refused. `bodies` are the HTML bodies, which may show some."""
    kept: list[Attachment] = []
    refused: list[tuple[str, str]] = []
    for number, part in enumerate(leaves, 1):
        name = name_of(part, number, longest=house.limits.name_chars)
        if reason := _refusal(part, name, len(kept), house):
            refused.append((name, reason))
        else:
            kept.append(_kept(part, name, bodies))
    return tuple(kept), tuple(refused)


def name_of(part: Part, number: int, *, longest: int) -> str:
    name = re.split(r"[/\\]", part.filename)[-1]
    name = " ".join(_DIRECTIONS.sub("", name).split()).strip(". ")
    return _fitting(name, longest) or f"attachment-{number}.{_EXTENSIONS.get(part.content_type, 'bin')}"


def _fitting(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    stem, dot, extension = name.rpartition(".")
    return (stem[: max(longest - len(extension) - 1, 0)] + dot + extension)[:longest]


def _refusal(part: Part, name: str, kept: int, house: House) -> str:
    """Why it is not kept; empty if it is."""
    if kept >= house.limits.attachments:
        return "too_many"
    if part.content_type != "message/rfc822":
        if not part.content:
            return "empty"
        if len(part.content) > house.limits.attachment_bytes:
            return "too_large"
    if reason := _by_name(name, house.blocked_extensions, house.document_extensions):
        return reason
    program = part.content_type != "message/rfc822" and part.content.startswith(_PROGRAMS)
    return "executable_content" if program else ""


def _by_name(name: str, blocked: Collection[str], documents: Collection[str]) -> str:
    _first, *others = [piece.strip() for piece in name.lower().split(".")]
    if not others:
        return ""
    between, last = others[:-1], others[-1]
    if any(piece in blocked for piece in between):
        return "double_extension"
    if last not in blocked:
        return ""
    return "double_extension" if between and between[-1] in documents else "blocked_type"


def _kept(part: Part, name: str, bodies: Sequence[str]) -> Attachment:
    named = parsing.text_of(part.message, "Content-ID") or ""
    content_id = parsing.without_controls(named).strip().removeprefix("<").removesuffix(">")
    return Attachment(
        name=name,
        content_type=parsing.without_controls(part.content_type),
        content=part.content,
        size=len(part.content) if part.encoding == "base64" else None,
        content_id=content_id,
        inline=bool(content_id) and any(f"cid:{content_id}" in body for body in bodies),
    )
