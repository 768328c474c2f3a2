"""Which files are kept: decided by their content and their name together."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePath

_ZIP = b"PK\x03\x04"
_SIGNATURES = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".jpg": ("image/jpeg", b"\xff\xd8\xff"),
    ".jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    ".png": ("image/png", b"\x89PNG\r\n\x1a\n"),
}
# A document in a ZIP archive has a part by which it is known.
_ARCHIVES = {
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "word/document.xml"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xl/workbook.xml"),
    ".odt": ("application/vnd.oasis.opendocument.text", "content.xml"),
}
_TEXT = {".txt": "text/plain", ".csv": "text/csv"}
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|\?xml|iframe|body|img)", re.IGNORECASE)
_MACROS = re.compile(r"vbaProject\.bin$|^Basic/|^Scripts/")
_LONGEST = 180  # octets: a disk takes 255, and storage may add to the name


def clean_name(name: str) -> str:
    """The file's name without folders and without what a header or a disk could stumble over."""
    base = PurePath(name.replace("\\", "/")).name
    plain = re.sub(r"[^\w .()\-]", "_", base).strip(" .") or "file"
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix[:20]
    room = _LONGEST - len(suffix.encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}{suffix}"


def content_type(*, name: str, content: bytes) -> str | None:
    """The type under which a file of this name and content is kept; None: not at all."""
    suffix = PurePath(name).suffix.lower()
    if suffix == ".webp":
        return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
    if suffix in _SIGNATURES:
        kind, beginning = _SIGNATURES[suffix]
        return kind if content.startswith(beginning) else None
    if suffix in _ARCHIVES:
        kind, part = _ARCHIVES[suffix]
        return kind if _is_archive_with(content, part) else None
    if suffix in _TEXT:
        return _TEXT[suffix] if _is_plain_text(content[:65536]) else None
    return None


def _is_archive_with(content: bytes, part: str) -> bool:
    """Whether it is the document it says, without macros."""
    if not content.startswith(_ZIP):
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return part in names and not any(_MACROS.search(name) for name in names)


def _is_plain_text(start: bytes) -> bool:
    return bool(start) and b"\x00" not in start and not _MARKUP.search(start)
