"""A document of A4 pages, drawn in points from the bottom left.

What is drawn is written in the page's own language straight away, since a call of the canvas for each string
takes three times as long; reportlab makes the file. The same drawing gives the same bytes.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase import pdfdoc

from herotill.pdf import fonts
from herotill.pdf.logos import Logo

WIDTH, HEIGHT = 595, 842
LEFT, RIGHT = 42, 553
BLACK, INK, GREY, PALE, HAIR, WHITE = "#000000", "#1d2430", "#667085", "#f3f5f8", "#d5dae1", "#ffffff"
LANGUAGE = "en-ZA"
FACES = {False: "/F1", True: "/F2"}
SHARED = "Shared"
_embedding = threading.Lock()  # a face that is being embedded serves one document at a time


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself."""

    title: str
    author: str
    subject: str
    day: date


class Ready(pdfdoc.PDFObject):
    """A part of the file whose bytes are known."""

    __RefOnly__ = 1

    def __init__(self, content: bytes) -> None:
        self.content = content

    def format(self, document: pdfdoc.PDFDocument) -> bytes:
        return self.content


@lru_cache(maxsize=64)
def ink(colour: str) -> str:
    """#rrggbb as the page's language has it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    return " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in parts)


class Paper:
    """Pages under the pencil. `page()` begins one, `numbered()` ends a document, `file()` is the PDF."""

    def __init__(self, about: About) -> None:
        self.about = about
        self._logos: dict[Logo, str] = {}
        self._pages: list[list[str]] = []
        self._doc = _document(about)
        self._wide = False
        self._ended = 0

    def page(self) -> None:
        """Begin a page."""
        self._pages.append([])
        self._turned_to(self._pages[-1])

    def _turned_to(self, page: list[str]) -> None:
        self._page, self._put = page, page.append
        self._pen: tuple[bool, float, str] | None = None

    def text(
        self, x: float, y: float, words: str, size: float = 9, *, bold: bool = False, colour: str = INK
    ) -> None:
        """Words that begin at `x`; control characters in them are spaces."""
        words = fonts.plain(words)
        if not words:
            return
        if not fonts.is_standard(words):
            self._wide_text(x, y, words, size, bold, colour)
            return
        if self._pen != (bold, size, colour):
            self._pen = (bold, size, colour)
            self._put(f"{FACES[bold]} {size:g} Tf {ink(colour)} rg")
        self._put(f"BT {x:.2f} {y:.2f} Td ({fonts.literal(words)}) Tj ET")

    def _wide_text(self, x: float, y: float, words: str, size: float, bold: bool, colour: str) -> None:
        """The letters that the standard faces lack in the embedded one, with drawn outlines for bold."""
        self._wide, self._pen = True, None
        parts = []
        for standard, run in fonts.runs(words):
            if standard:
                parts.append(f"0 Tr {FACES[bold]} {size:g} Tf ({fonts.literal(run)}) Tj")
            else:
                parts += [f"{2 if bold else 0} Tr", *self._embedded(run, size)]
        pen = f"{ink(colour)} rg {ink(colour)} RG {size / 32:.2f} w"
        self._put(f"q {pen} BT {x:.2f} {y:.2f} Td {' '.join(parts)} ET Q")

    def _embedded(self, words: str, size: float) -> list[str]:
        font = fonts.wide()
        return [
            f"{font.getSubsetInternalName(subset, self._doc)} {size:g} Tf ({fonts.octets(code)}) Tj"
            for subset, code in font.splitString(words, self._doc)
        ]

    def right(
        self, x: float, y: float, words: str, size: float = 9, *, bold: bool = False, colour: str = INK
    ) -> None:
        """Words that end at `x`."""
        self.text(x - fonts.width(words, bold) * size, y, words, size, bold=bold, colour=colour)

    def centre(
        self, x: float, y: float, words: str, size: float = 9, *, bold: bool = False, colour: str = INK
    ) -> None:
        """Words around `x`."""
        self.text(x - fonts.width(words, bold) * size / 2, y, words, size, bold=bold, colour=colour)

    def rule(self, x: float, y: float, to: float, *, colour: str = HAIR, width: float = 0.5) -> None:
        """A level line."""
        self._put(f"{width:g} w {ink(colour)} RG {x:.2f} {y:.2f} m {to:.2f} {y:.2f} l S")

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled box."""
        self._pen = None
        self._put(f"{ink(colour)} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def frame(self, x: float, y: float, width: float, height: float, colour: str = HAIR) -> None:
        """An empty box."""
        self._put(f"0.6 w {ink(colour)} RG {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S")

    def picture(self, logo: Logo, x: float, y: float, width: float, height: float) -> None:
        """A logo; however often it is drawn, it is in the file once."""
        name = self._logos.setdefault(logo, f"Logo{len(self._logos) + 1}")
        self._put(f"q {width:.2f} 0 0 {height:.2f} {x:.2f} {y:.2f} cm /{name} Do Q")

    def replay(self, drawn: tuple[str, ...]) -> None:
        """Put down again what `sketch` kept."""
        self._pen = None
        self._page.extend(drawn)

    def numbered(self, foot: Callable[[Paper, int, int], None]) -> None:
        """End a document: `foot(paper, number, of)` is called on each page since the last one ended."""
        pages = self._pages[self._ended :]
        for number, page in enumerate(pages, 1):
            self._turned_to(page)
            foot(self, number, len(pages))
        self._ended = len(self._pages)

    def file(self) -> bytes:
        """The pages as a PDF. Nothing can be drawn afterwards."""
        for page in self._pages:
            self._doc.addPage(_page(page))
        self._doc.Reference(_resources(self._doc, self._logos), SHARED)
        if not self._wide:
            return self._doc.GetPDFData(None)
        with _embedding:
            return self._doc.GetPDFData(None)


def sketch(draw: Callable[[Paper], None]) -> tuple[str, ...] | None:
    """What `draw` puts on a page, to be replayed on many; None where it needs an embedded face."""
    paper = Paper(About("", "", "", date(2000, 1, 1)))
    paper.page()
    draw(paper)
    return None if paper._wide else tuple(paper._pages[0])


def _document(about: About) -> Any:  # reportlab's types name not all of its parts
    document: Any = pdfdoc.PDFDocument(compression=1, invariant=1, lang=LANGUAGE)
    document.Catalog.ViewerPreferences = Ready(b"<< /DisplayDocTitle true >>")
    document._timeStamp = _moment(about.day)
    document.setTitle(fonts.plain(about.title))
    document.setAuthor(fonts.plain(about.author))
    document.setSubject(fonts.plain(about.subject))
    document.setCreator("HeroTill")
    for name, face in (("F1", "Helvetica"), ("F2", "Helvetica-Bold")):
        document.fontMapping[face] = f"/{name}"
        document.Reference(_face(name, face), name)
        document.idToObject[pdfdoc.BasicFonts].dict[name] = pdfdoc.PDFObjectReference(name)
    return document


def _face(name: str, face: str) -> Ready:
    described = (
        f"<< /BaseFont /{face} /Encoding /WinAnsiEncoding /Name /{name} /Subtype /Type1 /Type /Font >>"
    )
    return Ready(described.encode())


def _moment(day: date) -> TimeStamp:
    """The morning of a day, as the file's date."""
    moment = TimeStamp(invariant=1)
    moment.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
    moment.dhh = 2
    return moment


def _page(drawn: list[str]) -> pdfdoc.PDFPage:
    page = pdfdoc.PDFPage()
    page.pagewidth, page.pageheight = WIDTH, HEIGHT
    page.Contents = Ready(_stream("\n".join(drawn)))
    page.Resources = pdfdoc.PDFObjectReference(SHARED)
    return page


def _stream(drawn: str) -> bytes:
    content = zlib.compress(drawn.encode("ascii"))
    head = f"<< /Filter /FlateDecode /Length {len(content)} >>\nstream\n"
    return head.encode() + content + b"\nendstream\n"


def _resources(document: pdfdoc.PDFDocument, logos: dict[Logo, str]) -> pdfdoc.PDFDictionary:
    found: dict[str, pdfdoc.PDFObject] = {"Font": pdfdoc.PDFObjectReference(pdfdoc.BasicFonts)}
    if logos:
        drawn = {name: document.Reference(Ready(_picture(logo)), name) for logo, name in logos.items()}
        found["XObject"] = pdfdoc.PDFDictionary(drawn)
    return pdfdoc.PDFDictionary(found)


@lru_cache(maxsize=64)
def _picture(logo: Logo) -> bytes:
    head = (
        f"<< /Type /XObject /Subtype /Image /Width {logo.width} /Height {logo.height} /BitsPerComponent 8 "
        f"/ColorSpace [/Indexed /DeviceRGB {len(logo.palette) // 3 - 1} <{logo.palette.hex()}>] "
        f"/Filter /FlateDecode /Length {len(logo.content)} >>\nstream\n"
    )
    return head.encode() + logo.content + b"\nendstream\n"
