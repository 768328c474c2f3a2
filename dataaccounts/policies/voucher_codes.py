"""The codes of vouchers: read aloud and typed on a phone, so without letters that look alike."""

from __future__ import annotations

import re
from hashlib import sha256

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH, GROUP = 12, 4


def normal(typed: str) -> str:
    """A code as it is kept, however it was typed: capitals, without hyphens and spaces."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def grouped(code: str) -> str:
    """`ABCD-EFGH-JKMN`."""
    return "-".join(code[place : place + GROUP] for place in range(0, len(code), GROUP))


def hashed(code: str) -> str:
    """By what a code is found: some 59 random bits need no salt."""
    return sha256(normal(code).encode()).hexdigest()
