"""The rights about what is owed by age, statements and reports, and who holds them from the start."""

from __future__ import annotations

from herotill.users.grants import right

OWED, REPORTS = "Age analysis and statements", "Reports"
OFFICE = ("manager", "accounts", "collections")
BOOKS = ("manager", "accounts")

right("billing.see_age_analysis", "see what everybody owes by age", screen=OWED, to=OFFICE, sensitive=True)
right(
    "billing.export_age_analysis",
    "export large age analyses and reports",
    screen=OWED,
    to=BOOKS,
    sensitive=True,
    changes=False,
)
right("billing.send_statements", "mail statements, to one or to everybody", screen=OWED, to=OFFICE)
right("billing.see_reports", "see reports about money", screen=REPORTS, to=BOOKS, sensitive=True)
right("billing.view_takeover", "see the debtors that were taken over", screen=REPORTS, to=BOOKS)
right(
    "billing.sign_take_over",
    "upload the old system's age analysis and sign the debtors taken over",
    screen=REPORTS,
    to=("manager",),
    money=True,
)
