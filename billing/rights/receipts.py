"""The rights about receipts, bank statements and refunds: what each lets a person do, and who holds it."""

from __future__ import annotations

from billing.rights.documents import BOOKS, CHIEF, OFFICE
from herotill.users.grants import right

RECEIPTS, BANK, REFUNDS = "Receipts", "Bank statements", "Refunds"

right("billing.view_receipt", "see receipts", screen=RECEIPTS, to=OFFICE)
right("billing.add_receipt", "capture receipts", screen=RECEIPTS, to=BOOKS, money=True)
right("billing.reverse_receipt", "reverse receipts", screen=RECEIPTS, to=BOOKS, money=True)
right("billing.move_receipt", "move a receipt to another customer", screen=RECEIPTS, to=CHIEF, money=True)
right("billing.export_receipts", "export large lists of receipts", screen=RECEIPTS, to=BOOKS, sensitive=True)

right("billing.see_statements", "see bank statements", screen=BANK, to=BOOKS, sensitive=True)
right("billing.import_statements", "import bank statements", screen=BANK, to=BOOKS, money=True)
right("billing.match_rows", "say whose money a bank row is", screen=BANK, to=BOOKS, money=True)
right(
    "billing.take_back_statements", "take an imported bank statement back", screen=BANK, to=CHIEF, money=True
)
right("billing.sign_reconciliation", "sign off days of a bank account", screen=BANK, to=BOOKS)

right("billing.view_refund", "see refunds", screen=REFUNDS, to=OFFICE)
right("billing.refund", "ask for refunds", screen=REFUNDS, to=BOOKS, money=True)
right("billing.approve_refund", "be the second person for refunds", screen=REFUNDS, to=CHIEF, money=True)
