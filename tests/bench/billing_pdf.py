"""One-page tax invoices with logo and table, against a bare canvas that puts the same strings on a page."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from billing.pdf import documents
from billing.pdf.sheets import DocumentSheet
from herotill.pdf.paper import HEIGHT, WIDTH, Paper
from tests.billing.sheets import ordinary

MOST, AT_ONCE = 4_000, 100
FONTS = {False: "Helvetica", True: "Helvetica-Bold"}
String = tuple[float, float, str, float, bool]


@dataclass(frozen=True)
class PdfBench:
    """Hundreds in turn; seconds are those of one core's own work."""

    name: str = "billing.pdf"

    def run(self, size: int) -> dict[str, Any]:
        count = min(size, MOST)
        sheets = [_invoice(number) for number in range(count)]
        pages = [_strings(sheet) for sheet in sheets[:AT_ONCE]]
        documents.render(sheets[0])
        seconds = floor = 0.0
        for start in range(0, count, AT_ONCE):
            some = sheets[start : start + AT_ONCE]
            seconds += _taken(lambda some=some: [documents.render(sheet) for sheet in some])
            floor += _taken(lambda some=some: [_bare(page) for page in pages[: len(some)]])
        return {
            "bench": self.name,
            "n": count,
            "seconds": round(seconds, 3),
            "per_second": round(count / seconds),
            "floor_seconds": round(floor, 3),
            "ratio": round(seconds / floor, 2),
        }


def _invoice(number: int) -> DocumentSheet:
    """Each to somebody else, with a number of its own."""
    one = ordinary(name=f"INV{number:05}")
    return replace(one, party=replace(one.party, name=f"Customer {number}", code=f"CUS{number:03}"))


def _taken(work: Callable[[], Any]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _strings(sheet: DocumentSheet) -> list[String]:
    """Every string of a print, and where it stands."""
    with _listening() as heard:
        documents.render(sheet)
    return heard


@contextmanager
def _listening() -> Iterator[list[String]]:
    heard: list[String] = []
    text = Paper.text

    def listen(paper: Paper, x: float, y: float, words: str, size: float = 9, **more: Any) -> None:
        heard.append((x, y, words, size, more.get("bold", False)))
        text(paper, x, y, words, size, **more)

    Paper.text = listen  # type: ignore[assignment, method-assign]
    try:
        yield heard
    finally:
        Paper.text = text  # type: ignore[method-assign]


def _bare(strings: list[String]) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), pageCompression=1)
    for x, y, words, size, bold in strings:
        canvas.setFont(FONTS[bold], size)
        canvas.drawString(x, y, words)
    canvas.showPage()
    canvas.save()
    return file.getvalue()
