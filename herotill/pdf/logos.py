"""A logo as documents carry it: few colours on white, small enough to be in every file."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, UnidentifiedImageError

from herotill.errors import DomainError

OCTETS = 4_000  # of the picture inside a document
PIXELS = 25_000_000  # a picture with more is refused before it is unpacked
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
SIZES = ((480, 160), (360, 120), (270, 90), (200, 66), (150, 50))
COLOURS = (64, 32, 16, 8)  # the least of the smallest always fits


@dataclass(frozen=True, slots=True)
class Logo:
    """Pixels as places in a palette of RGB triples, compressed."""

    width: int
    height: int
    palette: bytes
    content: bytes

    def fitted(self, width: float, height: float) -> tuple[float, float]:
        """Its width and height in points within a box."""
        scale = min(width / self.width, height / self.height)
        return self.width * scale, self.height * scale


@lru_cache(maxsize=64)
def read(content: bytes) -> Logo:
    """A picture as documents carry it: as large and as rich as is small enough.

    Raises DomainError where it is no picture.
    """
    for drawn in _attempts(_opened(content)):
        packed = zlib.compress(drawn.tobytes(), 9)
        if len(packed) <= OCTETS:
            break
    return Logo(drawn.width, drawn.height, bytes(drawn.getpalette() or []), packed)


def _opened(content: bytes) -> Image.Image:
    no = DomainError("This cannot be read as a picture. Use PNG, JPEG or WebP.", field="logo")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > PIXELS:
                raise DomainError("This picture has too many pixels for a logo.", field="logo")
            return _on_white(picture)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as trouble:
        raise no from trouble


def _on_white(picture: Image.Image) -> Image.Image:
    layer = picture.convert("RGBA")
    white = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(white, layer).convert("RGB")


def _attempts(picture: Image.Image) -> Iterator[Image.Image]:
    """Ever smaller, and at each size with ever fewer colours."""
    for size in SIZES:
        small = picture.copy()
        small.thumbnail(size, Image.Resampling.LANCZOS)
        for colours in COLOURS:
            yield small.quantize(colours, dither=Image.Dither.NONE)
