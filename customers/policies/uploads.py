"""Which files are kept: decided by their first bytes and their name together."""

from __future__ import annotations

import re
from pathlib import PurePath

_ZIP = b"PK\x03\x04"
_SIGNATURES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (_ZIP,)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (_ZIP,)),
    ".odt": ("application/vnd.oasis.opendocument.text", (_ZIP,)),
}
_TEXT = {".txt": "text/plain", ".csv": "text/csv"}
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|\?xml|iframe|body|img)", re.IGNORECASE)
_LONGEST = 120


def clean_name(name: str) -> str:
    """The file's name without folders and without what a header or a disk could stumble over."""
    base = PurePath(name.replace("\\", "/")).name
    plain = re.sub(r"[^\w .()\-]", "_", base).strip(" .") or "file"
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix
    return f"{stem[: _LONGEST - len(suffix)]}{suffix}"


def content_type(*, name: str, start: bytes) -> str | None:
    """The type under which a file of this name that starts with these bytes is kept; None: not at all."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ".webp":
        return "image/webp" if start[:4] == b"RIFF" and start[8:12] == b"WEBP" else None
    if suffix in _SIGNATURES:
        kind, beginnings = _SIGNATURES[suffix]
        return kind if start.startswith(beginnings) else None
    if suffix in _TEXT:
        return _TEXT[suffix] if _is_plain_text(start) else None
    return None


def _is_plain_text(start: bytes) -> bool:
    return bool(start) and b"\x00" not in start and not _MARKUP.search(start)
