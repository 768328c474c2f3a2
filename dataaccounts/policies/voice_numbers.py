"""Numbers of voice lines as people type and read them. Pure."""

from __future__ import annotations

import re

from herotill.errors import DomainError

DRESS = re.compile(r"[\s().\-/]+")


def line_number(text: str) -> str:
    """A number with its country, in figures: `087 820 1234` and `+27 87 820 1234` are 27878201234.

    Raises DomainError for what is none.
    """
    plain = DRESS.sub("", text)
    if plain.startswith("+"):
        plain = plain[1:]
    elif plain.startswith("00"):
        plain = plain[2:]
    elif plain.startswith("0") and len(plain) == 10:
        plain = f"27{plain[1:]}"
    if not re.fullmatch(r"[1-9][0-9]{7,14}", plain):
        raise DomainError("This is no number. It looks like 087 820 1234 or +27878201234.", field="number")
    return plain


def masked(number: str, hidden: int = 4) -> str:
    """A number called without its last digits: `+2782123••••`. Short codes stay, they are nobody's."""
    return number if len(number) <= hidden + 1 else f"{number[:-hidden]}{'•' * hidden}"


def shown(number: str, *, whole: bool = True) -> str:
    """A number called as people read it: with + where it has a country."""
    said = f"+{number}" if len(number) > 5 else number
    return said if whole else masked(said)
