"""The paper of an electronic mandate: what was agreed, by whom, when and from where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billing.pdf import parts
from billing.pdf.sheets import Party
from billing.policies.mandate_words import Terms
from herotill.pdf import fonts
from herotill.pdf.letterhead import Letterhead
from herotill.pdf.paper import GREY, LEFT, PALE, RIGHT, About, Paper

NAMES = 170
BOX = 66
ZONE = "%Y-%m-%d %H:%M:%S %Z"


@dataclass(frozen=True, slots=True)
class MandateSheet:
    """What was signed, and the signature: a typed name, the time, and the address it came from."""

    letterhead: Letterhead
    party: Party
    terms: Terms
    signed_by: str
    signed_at: datetime
    signed_from: str


def render(sheet: MandateSheet) -> bytes:
    """The PDF of a signed mandate."""
    name, subject = sheet.terms.reference, f"{sheet.party.code} {sheet.party.name}"
    about = About(f"Mandate {name}", sheet.letterhead.name, subject, sheet.signed_at.date())
    paper = Paper(about)
    y = parts.head(paper, sheet.letterhead, "Debit-order mandate", name, [])
    rows = [("Customer code", sheet.party.code), ("Signed on", sheet.signed_at.date().isoformat())]
    y = min(parts.facts(paper, rows, y), 692)
    y = min(parts.party(paper, sheet.party, "Given by", sheet.letterhead.below - 10), y) - 14
    y = _agreed(paper, sheet.terms, y)
    y = _sentences(paper, sheet.terms, y - 12)
    _signature(paper, sheet, y - 18)
    paper.numbered(sheet.letterhead.foot)
    return paper.file()


def _agreed(paper: Paper, terms: Terms, y: float) -> float:
    for name, value in terms.facts:
        paper.text(LEFT, y - 12, name, 9, colour=GREY)
        for line in fonts.wrapped(value, RIGHT - LEFT - NAMES, 10, bold=True, at_most=3):
            y -= 14
            paper.text(LEFT + NAMES, y + 2, line, 10, bold=True)
        paper.rule(LEFT, y - 3, RIGHT)
        y -= 4
    return y


def _sentences(paper: Paper, terms: Terms, y: float) -> float:
    for sentence in terms.authority:
        y = parts.paragraph(paper, sentence, y, size=9.5) - 5
    return y


def _signature(paper: Paper, sheet: MandateSheet, y: float) -> None:
    paper.box(LEFT, y - BOX, RIGHT - LEFT, BOX, PALE)
    paper.text(LEFT + 12, y - 16, "Agreed electronically by", 8.5, colour=GREY)
    size = fonts.fitting(sheet.signed_by, RIGHT - LEFT - 24, 14, bold=True)
    paper.text(LEFT + 12, y - 35, fonts.plain(sheet.signed_by), size, bold=True)
    place = f" from {sheet.signed_from}" if sheet.signed_from else ""
    told = f"{sheet.signed_at.strftime(ZONE)}{place}"
    paper.text(LEFT + 12, y - 54, told, 8.5)
