"""Letters: the two standard faces for what they can write, and an embedded subset of Arimo for other names.

Arimo has Helvetica's widths and, beyond it, all Latin letters, Greek, Cyrillic and Hebrew. Text is plain: no
character of it is ever an instruction.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

STANDARD = {False: "Helvetica", True: "Helvetica-Bold"}
SPECIAL = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)"})
ENCODING = "cp1252"  # PDF's WinAnsiEncoding


def plain(words: str) -> str:
    """`words` on one line: whatever does not print, such as TAB, CR LF or a mark of direction, is a space."""
    if words.isprintable():
        return words
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def is_standard(words: str) -> bool:
    """Whether the standard faces have all its letters."""
    if words.isascii():
        return True
    try:
        words.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def runs(words: str) -> list[tuple[bool, str]]:
    """`words` cut where the face changes: whether the standard faces have a stretch, and the stretch."""
    return [(standard, "".join(letters)) for standard, letters in groupby(words, key=is_standard)]


def literal(words: str) -> str:
    """`words` as a string of the page's language, for a standard face."""
    if words.isascii():
        return words.translate(SPECIAL)
    return octets(words.encode(ENCODING))


def octets(code: bytes) -> str:
    """Bytes of any face as a string of the page's language."""
    return "".join(chr(n).translate(SPECIAL) if 32 <= n < 127 else f"\\{n:03o}" for n in code)


@cache
def wide() -> TTFont:
    """Arimo, read once in each process; only the letters a document uses are embedded."""
    path = files("fontpkg_arimo") / "files" / "Arimo[wght].ttf"
    return TTFont("Arimo", str(path), asciiReadable=False, shapable=False)


@cache
def _widths(bold: bool) -> dict[str, float]:
    """How wide each letter is at size 1."""
    known = pdfmetrics.getFont(STANDARD[bold]).widths
    return {bytes([n]).decode(ENCODING, "ignore"): width / 1000 for n, width in enumerate(known)}


@lru_cache(maxsize=20_000)
def width(words: str, bold: bool = False) -> float:
    """How wide `words` are at size 1, in points."""
    known = _widths(bold)
    try:
        return sum([known[letter] for letter in words])
    except KeyError:
        return sum(known.get(letter) or float(wide().stringWidth(letter, 1)) for letter in words)


def wrapped(words: str, room: float, size: float, *, bold: bool = False, at_most: int = 99) -> list[str]:
    """`words` in lines that fit `room` points; beyond `at_most` lines they end in an ellipsis."""
    found = [line for part in words.splitlines() for line in _lines(plain(part), room / size, bold)]
    if len(found) <= at_most:
        return found
    return [*found[: at_most - 1], shortened(found[at_most - 1] + " …", room, size, bold=bold)]


def _lines(words: str, room: float, bold: bool) -> list[str]:
    if width(words, bold) <= room:
        return [words] if words.strip() else []
    lines, line = [], ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if width(longer, bold) <= room:
            line = longer
            continue
        lines += [line] if line else []
        *whole, line = _pieces(word, room, bold)
        lines += whole
    return [*lines, line]


def _pieces(word: str, room: float, bold: bool) -> list[str]:
    """A word that may be longer than a line, cut where the line ends."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def shortened(words: str, room: float, size: float, *, bold: bool = False) -> str:
    """`words`, cut with an ellipsis where they do not fit `room` points."""
    if width(words, bold) * size <= room:
        return words
    kept = words.rstrip(" …")
    while kept and width(f"{kept}…", bold) * size > room:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def fitting(words: str, room: float, size: float, *, bold: bool = False, least: float = 5) -> float:
    """The size, at most `size`, at which `words` fit `room` points: an amount is never cut."""
    needed = width(words, bold) * size
    return size if needed <= room else max(least, int(size * room / needed * 10) / 10)
