"""The rights about how customers pay, their bank accounts and their mandates."""

from __future__ import annotations

from billing.rights.documents import BOOKS, CHIEF, OFFICE
from herotill.users.grants import right

MANDATES = "Debit orders: accounts and mandates"
DEBITS = ("manager", "accounts", "collections")

right("billing.view_debitdetail", "see debit-order details, numbers masked", screen=MANDATES, to=OFFICE)
right(
    "billing.add_debitdetail",
    "capture and change debit-order details",
    screen=MANDATES,
    to=DEBITS,
    money=True,
)
right(
    "billing.reveal_account_number",
    "see customers' account numbers, on record",
    screen=MANDATES,
    to=BOOKS,
    sensitive=True,
)
right(
    "billing.override_account_check",
    "keep an account number that fails its bank's rule",
    screen=MANDATES,
    to=CHIEF,
    money=True,
)
right("billing.view_mandate", "see mandates", screen=MANDATES, to=OFFICE)
right(
    "billing.add_mandate", "ask for mandates and capture signed ones", screen=MANDATES, to=DEBITS, money=True
)
right("billing.block_mandate", "block, unblock and cancel mandates", screen=MANDATES, to=DEBITS)
right("billing.export_mandates", "export large lists of mandates", screen=MANDATES, to=BOOKS, sensitive=True)
right(
    "billing.import_debit_orders",
    "import debit-order accounts and mandates",
    screen="Import and export",
    to=BOOKS,
    money=True,
)

BANKS = "Setup: banks of customers"
right("billing.view_payerbank", "see banks of customers", screen=BANKS, to=OFFICE)
right("billing.add_payerbank", "add banks of customers", screen=BANKS, to=CHIEF)
right("billing.change_payerbank", "change and retire banks of customers", screen=BANKS, to=CHIEF)
right("billing.delete_payerbank", "delete banks that nothing uses", screen=BANKS, to=CHIEF)
