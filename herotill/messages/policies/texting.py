"""What an SMS costs before it is sent: its alphabet and its parts."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")  # two places each
# What word processors put in place of plain characters, each of which would double the price.
_PLAINER = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\t", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        "…": "...",
        "•": "-",
    }
)


@dataclass(frozen=True, slots=True)
class Size:
    """How long a text is: places taken, parts sent, and whether every character costs double."""

    places: int
    parts: int
    unicode: bool


def normalised(text: str) -> str:
    """`text` with quotes, dashes and spaces that every phone knows, and controls taken out."""
    text = text.replace("\r\n", "\n").translate(_PLAINER)
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) != "Cc").strip()


def size(text: str) -> Size:
    """What `text` takes: 160 places alone and 153 in a part, or 70 and 67 where a character is not GSM's."""
    if all(one in _BASIC or one in _EXTENDED for one in text):
        places = sum(2 if one in _EXTENDED else 1 for one in text)
        return Size(places, _parts(places, 160, 153), unicode=False)
    places = len(text.encode("utf-16-be")) // 2
    return Size(places, _parts(places, 70, 67), unicode=True)


def _parts(places: int, alone: int, each: int) -> int:
    return 1 if places <= alone else math.ceil(places / each)
