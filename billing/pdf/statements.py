"""Statements of account and transaction reports."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from billing.pdf import parts, words
from billing.pdf.sheets import StatementSheet, Transaction, TransactionSheet
from herotill.money import rand
from herotill.pdf.paper import About, Paper
from herotill.pdf.tables import Column, Table, columns_of

BOTTOM = 56
ENTRIES = columns_of(
    (
        Column("Date", 60),
        Column("Document", 82),
        Column("Description", 0),
        Column("Charged", 72, True),
        Column("Paid or credited", 78, True),
        Column("Balance", 76, True),
    )
)
TRANSACTIONS = columns_of(
    (
        Column("Transaction", 0),
        Column("Date", 58),
        Column("Number", 76),
        Column("Amount", 72, True),
        Column("Open", 68, True),
        Column("Balance", 74, True),
    )
)


def statement(sheet: StatementSheet) -> bytes:
    """The PDF of a statement: opening balance, each entry with the balance after it, ages, where to pay."""
    paper, table = _begun(sheet, "Statement", ENTRIES, "Balance due", sheet.closing)
    _balance(table, "Balance brought forward", sheet.first.isoformat(), sheet.opening, 2)
    for entry in sheet.entries:
        charged, paid = (words.amount(v) if v is not None else "" for v in (entry.debit, entry.credit))
        day, balance = entry.day.isoformat(), words.amount(entry.balance)
        table.row([day, entry.name, entry.text, charged, paid, balance])
    table.need(_foot_height(sheet) + 24)
    _balance(table, "Closing balance", sheet.last.isoformat(), sheet.closing, 2)
    _statement_foot(paper, sheet)
    paper.numbered(sheet.letterhead.foot)
    return paper.file()


def transactions(sheet: TransactionSheet) -> bytes:
    """The PDF of a transaction report: each entry, what it was set off against, what of it is open."""
    paper, table = _begun(sheet, "Transaction Report", TRANSACTIONS, "Balance", sheet.closing)
    _balance(table, "Balance brought forward", sheet.first.isoformat(), sheet.opening, 1)
    for found in sheet.transactions:
        figures = [words.amount(found.amount), words.amount(found.open), words.amount(found.balance)]
        text = f"{found.kind}: {found.text}" if found.text else found.kind
        table.row([text, found.day.isoformat(), found.name, *figures], below=_settled(found))
    _balance(table, "Closing balance", sheet.last.isoformat(), sheet.closing, 1)
    _sums_by_kind(paper, sheet, table)
    paper.numbered(sheet.letterhead.foot)
    return paper.file()


def _begun(
    sheet: StatementSheet | TransactionSheet,
    title: str,
    columns: tuple[Column, ...],
    label: str,
    due: Decimal,
) -> tuple[Paper, Table]:
    period = words.days(sheet.first, sheet.last)
    subject = f"{sheet.party.code} {sheet.party.name}"
    paper = Paper(About(f"{title} {subject}, {period}", sheet.letterhead.name, subject, sheet.last))
    y = parts.head(paper, sheet.letterhead, title, "", [])
    known = [
        ("Date", sheet.last.isoformat()),
        ("Period", period),
        ("Customer code", sheet.party.code),
    ]
    y = min(parts.facts(paper, known, y), 692)
    right = parts.highlight(paper, sheet.letterhead, label, due, f"As at {sheet.last.isoformat()}", y - 4)
    y = min(parts.party(paper, sheet.party, "To", sheet.letterhead.below - 10), right) - 4
    y = parts.paragraph(paper, sheet.stamp, y) if sheet.stamp else y
    turn = partial(parts.turned, paper, sheet.letterhead, f"{title}  ·  {subject}  ·  {period}")
    return paper, Table(paper, columns, accent=sheet.letterhead.accent, y=y - 8, turn=turn)


def _balance(table: Table, label: str, day: str, value: Decimal, at: int) -> None:
    """A row that says only the balance, its label in column `at` after the day."""
    cells = [""] * len(table.columns)
    cells[0 if at == 2 else 1] = day
    cells[at if at == 2 else 0] = label
    cells[-1] = words.amount(value)
    table.row(cells, bold=True, tint=True)


def _settled(found: Transaction) -> str:
    """How it was settled, in one line."""
    verb = "Settled by" if found.amount >= 0 else "Set off against"
    told = ", ".join(f"{one.name} {one.day.isoformat()} {rand(one.amount)}" for one in found.settled)
    return f"{verb} {told}" if told else ""


def _foot_height(sheet: StatementSheet) -> float:
    deposits = 14 if sheet.deposits else 0
    return (60 if sheet.letterhead.bank else 0) + (52 if sheet.ageing else 0) + deposits


def _statement_foot(paper: Paper, sheet: StatementSheet) -> None:
    """The deposits held apart, where to pay and what is owed by age, at the foot of the last page."""
    y = BOTTOM + _foot_height(sheet)
    if sheet.deposits:
        parts.paragraph(paper, words.deposits_held(sheet.deposits), y + 4)
        y -= 14
    if sheet.letterhead.bank:
        parts.banking(paper, sheet.letterhead, sheet.party.code, y - 4)
        y -= 60
    if sheet.ageing:
        parts.ageing_strip(paper, sheet.letterhead, sheet.ageing, sheet.last, y - 2)


def _sums_by_kind(paper: Paper, sheet: TransactionSheet, table: Table) -> None:
    """How many of each kind, and their sum."""
    kinds = list(dict.fromkeys(found.kind for found in sheet.transactions))
    rows = []
    for kind in kinds:
        amounts = [found.amount for found in sheet.transactions if found.kind == kind]
        rows.append([kind, f"{len(amounts):,}", words.amount(sum(amounts, Decimal(0)))])
    if not rows:
        return
    if table.y - 30 - 13 * len(rows) < BOTTOM:
        table.y = parts.turned(paper, sheet.letterhead, f"Transaction Report  ·  {sheet.party.code}")
    parts.small_table(paper, ("By kind", "Number", "Sum (R)"), rows, (130, 50, 80), table.y - 8)
