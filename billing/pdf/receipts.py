"""Receipts: proof that a payment came in, and what it paid."""

from __future__ import annotations

from functools import partial

from billing.pdf import parts, words
from billing.pdf.sheets import ReceiptSheet
from herotill.money import ZERO
from herotill.pdf.paper import About, Paper
from herotill.pdf.tables import Column, Table, columns_of

PAID = columns_of((Column("Paid", 0), Column("Dated", 110), Column("Amount", 110, True)))


def render(sheet: ReceiptSheet) -> bytes:
    """The PDF of a receipt. One that was reversed says so and why."""
    subject = f"{sheet.party.code} {sheet.party.name}"
    paper = Paper(About(f"Receipt {sheet.name}", sheet.letterhead.name, subject, sheet.day))
    y = parts.head(paper, sheet.letterhead, "Receipt", sheet.name, _marks(sheet))
    y = min(parts.facts(paper, _facts(sheet), y), 692)
    below = f"Received on {sheet.day.isoformat()}"
    right = parts.highlight(paper, sheet.letterhead, "Amount received", sheet.amount, below, y - 4)
    y = min(parts.party(paper, sheet.party, "Received from", sheet.letterhead.below - 10), right) - 4
    if sheet.reversed_on:
        why = f"Reversed on {sheet.reversed_on.isoformat()}: {sheet.reversed_why}"
        y = parts.paragraph(paper, why, y, size=8.5)
    _paid(paper, sheet, y - 8)
    paper.numbered(sheet.letterhead.foot)
    return paper.file()


def _marks(sheet: ReceiptSheet) -> list[str]:
    return (["Reversed"] if sheet.reversed_on else []) + (["Copy"] if sheet.copy else [])


def _facts(sheet: ReceiptSheet) -> list[tuple[str, str]]:
    rows = [("Date", sheet.day.isoformat()), ("Customer code", sheet.party.code), ("Paid by", sheet.method)]
    return [*rows, ("Reference", sheet.reference)] if sheet.reference else rows


def _paid(paper: Paper, sheet: ReceiptSheet, y: float) -> None:
    again = partial(parts.turned, paper, sheet.letterhead, f"Receipt {sheet.name}  ·  {sheet.party.code}")
    table = Table(paper, PAID, accent=sheet.letterhead.accent, y=y, turn=again)
    for paid in sheet.paid:
        table.row([paid.name, paid.day.isoformat(), words.amount(paid.amount)])
    if sheet.unallocated != ZERO:
        table.row(["Held as credit for your next invoice", "", words.amount(sheet.unallocated)])
    table.need(80)
    rows = [("Amount received", sheet.amount)]
    parts.totals(paper, sheet.letterhead, rows, table.y - 4)
    if sheet.balance is not None and sheet.balance_day:
        told = f"Balance of your account as at {sheet.balance_day.isoformat()}: {words.rands(sheet.balance)}"
        parts.paragraph(paper, told, table.y - 8, room=280, size=8.5)
