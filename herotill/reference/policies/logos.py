"""A logo as documents and screens can carry it."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from herotill import pictures

# On paper a logo is at most 6 cm wide; this is 250 dots an inch.
WIDEST, HIGHEST = 600, 300
TYPES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


def logo_of(content: bytes) -> bytes | None:
    """The picture drawn anew as a PNG of at most 600 by 300 pixels; None if it is no PNG, JPEG or WebP."""
    content_type = next((name for mark, name in TYPES.items() if content.startswith(mark)), "")
    clean = pictures.drawn_anew(content, content_type) if content_type else None
    return _as_png(clean) if clean else None


def _as_png(content: bytes) -> bytes:
    with Image.open(BytesIO(content)) as picture:
        small = picture.convert("RGBA" if _is_see_through(picture) else "RGB")
    small.thumbnail((WIDEST, HIGHEST))
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _is_see_through(picture: Image.Image) -> bool:
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
