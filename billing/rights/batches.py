"""The rights about collection batches and their results."""

from __future__ import annotations

from herotill.users.grants import right

OFFICE, BOOKS, CHIEF = ("manager", "accounts", "collections"), ("manager", "accounts"), ("manager",)
BATCHES, RESULTS, SETUP = "Debit batches", "Debit-order results", "Setup: debit batches"

right("billing.view_collectionbatch", "see debit batches and their lines", screen=BATCHES, to=OFFICE)
right("billing.add_collectionbatch", "build and update debit batches", screen=BATCHES, to=BOOKS)
right(
    "billing.change_collectionline",
    "change amounts and leave lines out of a draft batch",
    screen=BATCHES,
    to=BOOKS,
)
right(
    "billing.release_batch",
    "release debit batches that somebody else built",
    screen=BATCHES,
    to=CHIEF,
    money=True,
)
right("billing.send_batch", "send released batches and authorise them", screen=BATCHES, to=BOOKS, money=True)
right(
    "billing.download_batch",
    "download the file of a released batch, with account numbers",
    screen=BATCHES,
    to=BOOKS,
    money=True,
    sensitive=True,
)
right("billing.view_collectionresult", "see results of debit orders", screen=RESULTS, to=OFFICE)
right(
    "billing.import_collection_results",
    "import results of debit orders and settle those in doubt",
    screen=RESULTS,
    to=BOOKS,
    money=True,
)
right("billing.view_collectionrules", "see the rules of debit batches", screen=SETUP, to=BOOKS)
right(
    "billing.change_collectionrules", "change the rules of debit batches", screen=SETUP, to=CHIEF, money=True
)
