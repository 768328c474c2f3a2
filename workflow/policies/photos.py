"""Which pictures are kept, and how large."""

from __future__ import annotations

LARGEST = 15_000_000  # octets, as they come from the camera
MOST = 40  # of one job or survey
EDGE = 2000  # pixels of the longer side, as it is kept

_SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
)


def content_type(content: bytes) -> str | None:
    """What picture this is by its first octets; None for anything else."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _SIGNATURES if content.startswith(beginning)), None)
