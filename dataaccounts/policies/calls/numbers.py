"""Numbers as call records write them, made one: E.164 figures, a short code, or a number inside the system."""

from __future__ import annotations

import re
from collections.abc import Iterable

E164, SHORT, INTERNAL, NOTHING = "e164", "short", "internal", ""
Number = tuple[str, str]  # its kind, and its figures
NONE: Number = (NOTHING, "")

_DRESS = str.maketrans("", "", " -()./")
_SHORT = re.compile(r"112|107|116|10[0-9]{3}")
_KEPT = 100_000


class Numbers:
    """Reads numbers of one system, which may put something before them; remembers the last it has read."""

    def __init__(self, strip_prefixes: Iterable[str] = ()) -> None:
        self._strip = tuple(prefix for prefix in strip_prefixes if prefix)
        self._known: dict[str, Number] = {}

    def read(self, text: str) -> Number:
        """The kind and the figures of a number; `NONE` where it is none."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            found = self._known[text] = self._read(text)
        return found

    def _read(self, text: str) -> Number:
        plain = _undressed(text.strip(), self._strip)
        if plain[:1] in ("*", "#"):
            return INTERNAL, plain[:15]
        figures = plain.removeprefix("+")
        if not (figures.isascii() and figures.isdigit()):
            return NONE
        if figures == plain and len(figures) <= 5:
            return (
                SHORT if _SHORT.fullmatch(figures) else INTERNAL if len(figures) > 1 else NOTHING
            ), figures
        return _international(figures, plain.startswith("+"))


def _undressed(text: str, strip: tuple[str, ...]) -> str:
    for prefix in strip:
        if text.startswith(prefix):
            text = text[len(prefix) :]
            break
    if text.isalnum():  # as most are: nothing to take off
        return text
    for scheme in ("sip:", "tel:"):
        if text.startswith(scheme):
            text = text[4:]
            break
    return text.partition("@")[0].translate(_DRESS)


def _international(figures: str, plus: bool) -> Number:
    if not plus:
        figures = _with_country(figures)
    if len(figures) == 12 and figures.startswith("270"):
        figures = f"27{figures[3:]}"
    if not 8 <= len(figures) <= 15 or (figures.startswith("27") and len(figures) != 11):
        return NONE
    return E164, figures


def _with_country(figures: str) -> str:
    """Figures without + led by their country: 082… and 27 82… are one; nothing where no rule fits."""
    if figures.startswith("00"):
        return figures[2:]
    if figures.startswith("09") and len(figures) >= 11:
        return figures[2:]
    if figures.startswith("0"):
        return f"27{figures[1:]}" if len(figures) == 10 else ""
    if len(figures) == 9:  # a spreadsheet ate the zero
        return f"27{figures}"
    return figures if 10 <= len(figures) <= 15 else ""
