"""The rights about receipts of the books kept elsewhere."""

from __future__ import annotations

from billing.rights.documents import BOOKS, OFFICE
from herotill.users.grants import right

SCREEN = "SageOne: receipts"
right("billing.view_booksreceipt", "see the receipts that SageOne told of", screen=SCREEN, to=BOOKS)
right("billing.sync_books", "ask SageOne for receipts", screen=SCREEN, to=OFFICE)
right(
    "billing.settle_booksreceipt",
    "say whose a receipt from SageOne is, or leave it out",
    screen=SCREEN,
    to=BOOKS,
    money=True,
)
right("billing.view_booksaccount", "see the bank accounts in SageOne", screen=SCREEN, to=BOOKS)
right(
    "billing.change_booksaccount",
    "say which bank account in SageOne is which of ours",
    screen=SCREEN,
    to=BOOKS,
    money=True,
)
right("billing.view_booksageing", "see our debtors beside SageOne's", screen=SCREEN, to=BOOKS)
