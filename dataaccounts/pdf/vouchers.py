"""Sheets of vouchers to print and cut: 24 on a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from herotill.pdf import fonts
from herotill.pdf.paper import About, Paper

ACROSS, DOWN = 3, 8
WIDTH, HEIGHT, LEFT, TOP = 182.0, 98.0, 24.5, 813.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """What stands on one voucher."""

    number: str
    code: str
    gives: str


def render(company: str, title: str, tickets: Sequence[Ticket], until: date, day: date) -> bytes:
    """The PDF of a batch."""
    paper = Paper(About(f"Vouchers {title}", company, title, day))
    for count, ticket in enumerate(tickets):
        place = count % (ACROSS * DOWN)
        if place == 0:
            paper.page()
        row, column = divmod(place, ACROSS)
        _draw(paper, LEFT + column * WIDTH, TOP - row * HEIGHT, company, ticket, until)
    return paper.file()


def _draw(paper: Paper, x: float, y: float, company: str, ticket: Ticket, until: date) -> None:
    room = WIDTH - 20
    paper.frame(x, y - HEIGHT, WIDTH, HEIGHT)
    paper.text(x + 10, y - 18, fonts.shortened(company, room, 9, bold=True), 9, bold=True)
    paper.text(x + 10, y - 32, fonts.shortened(ticket.gives, room, 8), 8)
    paper.centre(x + WIDTH / 2, y - 60, ticket.code, 14, bold=True)
    paper.text(x + 10, y - HEIGHT + 10, f"Until {until.isoformat()}", 7)
    paper.right(x + WIDTH - 10, y - HEIGHT + 10, ticket.number, 7)
