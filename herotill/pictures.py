"""Pictures drawn anew, so that only what can be seen of them is kept."""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 60_000_000
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def drawn_anew(content: bytes, content_type: str) -> bytes | None:
    """The picture in the same format without anything beside its pixels; None if it is none or too large.

    A phone's note of which way is up is applied; places, cameras and whatever else was written along is gone.
    """
    try:
        with (
            warnings.catch_warnings(),
            Image.open(BytesIO(content), formats=[_FORMATS[content_type]]) as picture,
        ):
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            if picture.width * picture.height > MOST_PIXELS:
                return None
            return _drawn(ImageOps.exif_transpose(picture), _FORMATS[content_type])
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return None


def _drawn(picture: Image.Image, form: str) -> bytes:
    clean = Image.new(picture.mode, picture.size)
    if picture.mode == "P" and (palette := picture.getpalette()):
        clean.putpalette(palette)
    clean.paste(picture)
    out = BytesIO()
    clean.save(out, form, **({"quality": 90} if form != "PNG" else {}))
    return out.getvalue()
