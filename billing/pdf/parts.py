"""The pieces that documents, statements and receipts have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from billing.pdf.sheets import Ageing, Party
from herotill.money import rand
from herotill.pdf import fonts
from herotill.pdf.letterhead import TOP, Letterhead
from herotill.pdf.paper import GREY, HEIGHT, INK, LEFT, PALE, RIGHT, WHITE, Paper

ROOM = RIGHT - LEFT
BUCKETS = ("120 Days+", "90 Days", "60 Days", "30 Days", "Current")
FACTS_LEFT = 350
Facts = Sequence[tuple[str, str]]


def head(paper: Paper, letterhead: Letterhead, title: str, name: str, marks: Sequence[str]) -> float:
    """Begin a page with the letterhead and the document's title at its right; returns the height below that."""
    paper.page()
    letterhead.draw(paper)
    y = TOP - 17
    paper.right(RIGHT, y, title, 21, bold=True, colour=letterhead.accent)
    y -= 19
    if name:
        paper.right(RIGHT, y, name, fonts.fitting(name, 250, 13), bold=True)
        y -= 6
    return _marks(paper, marks, y)


def _marks(paper: Paper, marks: Sequence[str], y: float) -> float:
    """Copy, Corrected: framed words that nobody overlooks."""
    right = float(RIGHT)
    for mark in marks:
        width = fonts.width(mark.upper(), True) * 10 + 14
        paper.frame(right - width, y - 17, width, 17, INK)
        paper.centre(right - width / 2, y - 12, mark.upper(), 10, bold=True)
        right -= width + 6
    return y - 23 if marks else y


def facts(paper: Paper, rows: Facts, y: float) -> float:
    """What is known of the document, as names and values at the right; returns the height below."""
    for name, value in rows:
        y -= 12.5
        paper.text(FACTS_LEFT, y, name, 8.5, colour=GREY)
        room = RIGHT - FACTS_LEFT - fonts.width(name) * 8.5 - 8
        paper.right(RIGHT, y, fonts.shortened(fonts.plain(value), room, 8.5), 8.5)
    return y - 6


def party(paper: Paper, to: Party, label: str, y: float) -> float:
    """Name, address and VAT number of whom it is for, at the left; returns the height below."""
    paper.text(LEFT, y - 10, label.upper(), 7, bold=True, colour=GREY)
    y -= 23
    for line in fonts.wrapped(to.name, 280, 10.5, bold=True, at_most=9):
        paper.text(LEFT, y, line, 10.5, bold=True)
        y -= 12.5
    lines = [*to.address[:10], *([f"VAT number {to.vat_number}"] if to.vat_number else [])]
    for part in (part for line in lines for part in fonts.wrapped(line, 280, 8.5, at_most=3)):
        paper.text(LEFT, y, part, 8.5)
        y -= 11
    return y


def highlight(
    paper: Paper, letterhead: Letterhead, label: str, amount: Decimal, below: str, y: float
) -> float:
    """The amount that matters, at the right; returns the height below."""
    height = 48
    paper.box(FACTS_LEFT, y - height, RIGHT - FACTS_LEFT, height, PALE)
    paper.box(FACTS_LEFT, y - height, 3, height, letterhead.accent)
    paper.text(FACTS_LEFT + 14, y - 14, label, 8.5, colour=GREY)
    words = rand(amount)
    paper.text(
        FACTS_LEFT + 14, y - 30, words, fonts.fitting(words, 180, 16, bold=True), bold=True, colour=INK
    )
    paper.text(FACTS_LEFT + 14, y - 42, below, 8, colour=GREY)
    return y - height


def totals(paper: Paper, letterhead: Letterhead, rows: Sequence[tuple[str, Decimal]], y: float) -> float:
    """Sums at the right, the last of them the one that counts; returns the height below."""
    left = FACTS_LEFT
    for name, value in rows[:-1]:
        y -= 14
        paper.text(left + 5, y, name, 8.5, colour=GREY)
        paper.right(RIGHT - 5, y, rand(value), 8.5)
    name, value = rows[-1]
    y -= 26
    paper.box(left, y, RIGHT - left, 20, letterhead.accent)
    paper.text(left + 8, y + 6.5, name, 9.5, bold=True, colour=WHITE)
    paper.right(RIGHT - 5, y + 6.5, rand(value), 10.5, bold=True, colour=WHITE)
    return y


def small_table(
    paper: Paper, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], y: float
) -> float:
    """A little table at the left without colours, its first column words and the others amounts."""
    edges = [LEFT + sum(widths[: n + 1]) for n in range(len(widths))]
    for place, line in enumerate([headings, *rows]):
        y -= 13
        bold, colour = not place, INK if place else GREY
        paper.text(LEFT, y, line[0], 8, bold=bold, colour=colour)
        for edge, words in zip(edges[1:], line[1:], strict=True):
            paper.right(edge, y, words, 8, bold=bold, colour=colour)
        if not place:
            paper.rule(LEFT, y - 4, edges[-1])
            y -= 2
    return y


def ageing_strip(paper: Paper, letterhead: Letterhead, ageing: Ageing, day: date, y: float) -> None:
    """What the account owes by age, from `y` down 46 points."""
    paper.text(LEFT, y - 8, f"Your account as at {day.isoformat()}", 8, bold=True)
    cell, top = ROOM / 6, y - 14
    paper.box(LEFT, top - 32, ROOM - cell, 32, PALE)
    paper.box(RIGHT - cell, top - 32, cell, 32, letterhead.accent)
    shown = [*zip(BUCKETS, ageing, strict=True), ("Total due", sum(ageing, Decimal(0)))]
    for n, (bucket, value) in enumerate(shown):
        colours = (WHITE, WHITE) if n == len(BUCKETS) else (GREY, INK)
        x, words = LEFT + cell * (n + 1) - 6, rand(value)
        paper.right(x, top - 12, bucket, 7.5, colour=colours[0])
        size = fonts.fitting(words, cell - 10, 9.5, bold=True)
        paper.right(x, top - 25, words, size, bold=True, colour=colours[1])


def banking(paper: Paper, letterhead: Letterhead, code: str, y: float) -> None:
    """Where to pay and with which reference, from `y` down 52 points."""
    bank = letterhead.bank
    if not bank:
        return
    paper.frame(LEFT, y - 52, ROOM, 52)
    paper.text(
        LEFT + 10, y - 13, "Banking details for payments by EFT", 8, bold=True, colour=letterhead.accent
    )
    pairs = (
        ("Bank", bank.bank, "Account number", bank.number),
        ("Account holder", bank.holder, "Branch code", bank.branch_code),
    )
    for n, (name, value, second, other) in enumerate(pairs):
        base = y - 28 - 14 * n
        paper.text(LEFT + 10, base, name, 8, colour=GREY)
        paper.text(LEFT + 74, base, fonts.shortened(fonts.plain(value), 118, 8.5), 8.5)
        paper.text(LEFT + 200, base, second, 8, colour=GREY)
        paper.text(LEFT + 266, base, fonts.shortened(fonts.plain(other), 88, 8.5), 8.5, bold=True)
    paper.box(RIGHT - 148, y - 52, 148, 52, PALE)
    paper.text(RIGHT - 138, y - 16, "Your payment reference", 8, colour=GREY)
    paper.text(RIGHT - 138, y - 36, code, fonts.fitting(code, 128, 16, bold=True), bold=True)


def turned(paper: Paper, letterhead: Letterhead, words: str) -> float:
    """Begin a further page of the same document; returns the height to go on at."""
    paper.page()
    paper.box(0, HEIGHT - 6, 595, 6, letterhead.accent)
    paper.text(LEFT, HEIGHT - 32, fonts.shortened(fonts.plain(words), ROOM, 9, bold=True), 9, bold=True)
    return HEIGHT - 46


def paragraph(paper: Paper, words: str, y: float, *, room: float = ROOM, size: float = 8) -> float:
    """Plain words over as many lines as they need; returns the height below."""
    for line in fonts.wrapped(words, room, size, at_most=8):
        y -= size + 2.5
        paper.text(LEFT, y, line, size, colour=GREY)
    return y
