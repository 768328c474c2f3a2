"""The rights about documents and the books: what each lets a person do, and who holds it from the start."""

from __future__ import annotations

from herotill.users.grants import right

OFFICE = ("manager", "accounts", "collections", "sales", "support")
BOOKS = ("manager", "accounts")
CHIEF = ("manager",)

DOCUMENTS, PERIODS, SETUP = "Documents", "Accounting periods", "Setup: billing"

right("billing.view_document", "see invoices and other documents", screen=DOCUMENTS, to=OFFICE)
right("billing.add_document", "make draft invoices", screen=DOCUMENTS, to=BOOKS)
right("billing.change_document", "change drafts", screen=DOCUMENTS, to=BOOKS)
right("billing.delete_document", "delete drafts", screen=DOCUMENTS, to=BOOKS)
right("billing.issue_invoices", "issue invoices", screen=DOCUMENTS, to=BOOKS)
right("billing.issue_credit_notes", "issue credit notes", screen=DOCUMENTS, to=BOOKS, money=True)
right("billing.issue_debit_notes", "issue debit notes", screen=DOCUMENTS, to=BOOKS)
right("billing.issue_adjustments", "issue adjustments", screen=DOCUMENTS, to=CHIEF, money=True)
right("billing.issue_write_offs", "write debts off", screen=DOCUMENTS, to=CHIEF, money=True)
right(
    "billing.approve_credits",
    "be the second person for credits over a limit",
    screen=DOCUMENTS,
    to=CHIEF,
    money=True,
)
right(
    "billing.correct_document", "correct name, address or VAT number on documents", screen=DOCUMENTS, to=BOOKS
)
right("billing.allocate", "say what a receipt or credit pays, and undo it", screen=DOCUMENTS, to=BOOKS)
right(
    "billing.export_documents", "export large lists of documents", screen=DOCUMENTS, to=BOOKS, sensitive=True
)

right("billing.view_accountingperiod", "see accounting periods", screen=PERIODS, to=BOOKS)
right("billing.close_period", "close accounting periods", screen=PERIODS, to=CHIEF)
right("billing.reopen_period", "reopen closed periods, with a second person", screen=PERIODS, money=True)
right(
    "billing.take_audit_pack",
    "take the audit pack of a period",
    screen=PERIODS,
    to=CHIEF,
    sensitive=True,
    changes=False,
)

right("billing.view_series", "see number series", screen=SETUP, to=BOOKS)
right("billing.change_series", "change number series", screen=SETUP, to=CHIEF)
right("billing.view_rules", "see how we bill", screen=SETUP, to=BOOKS)
right("billing.change_rules", "change how we bill", screen=SETUP, to=CHIEF)
right("billing.view_limit", "see limits on credits", screen=SETUP, to=BOOKS)
right("billing.change_limit", "change limits on credits", screen=SETUP, money=True)
right("billing.view_adjustmentreason", "see reasons for adjustments", screen=SETUP, to=BOOKS)
right("billing.add_adjustmentreason", "add reasons for adjustments", screen=SETUP, to=CHIEF)
right("billing.change_adjustmentreason", "change reasons for adjustments", screen=SETUP, to=CHIEF)
right("billing.delete_adjustmentreason", "delete reasons for adjustments", screen=SETUP, to=CHIEF)
