"""E-mail addresses: one form for screens and imports."""

from __future__ import annotations

import re

LONGEST = 254
_GOOD = re.compile(r"[a-z0-9_%+'-]+(?:\.[a-z0-9_%+'-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def is_email(text: str) -> bool:
    """Whether `text`, in lower case, can be an e-mail address."""
    return len(text) <= LONGEST and _GOOD.fullmatch(text) is not None
