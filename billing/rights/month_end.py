"""The rights about the month-end."""

from __future__ import annotations

from herotill.users.grants import right

BOOKS = ("manager", "accounts")
SCREEN = "Month-end"

right("billing.view_monthend", "see month-ends", screen=SCREEN, to=BOOKS)
right("billing.run_month_end", "run the month-end up to drafts", screen=SCREEN, to=BOOKS)
right("billing.sign_preview", "sign the preview of a month-end", screen=SCREEN, to=("manager",))
