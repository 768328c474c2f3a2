"""What the books told of a receipt, as it is kept beside what was booked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from billing.models import BooksReceipt, Receipt
from billing.policies.books_receipts import Money
from herotill.integrations import books as port

METHODS = frozenset(Receipt.Method.values)
TOLD = (
    "their_customer",
    "their_account",
    "day",
    "amount",
    "reference",
    "text",
    "method",
    "changed",
)
PAYER = ("payer", "payer_code")  # who it is there: kept while it waits and is nobody's here
KEPT = (*TOLD, *PAYER, "state", "trouble", "receipt", "edition", "given_to", "confirmed", "undone")
COLUMNS = ("company", "their_id", *KEPT)


def facts(one: port.Receipt) -> dict[str, Any]:
    """What is kept of a receipt as it was told."""
    method = one.method if one.method in METHODS else Receipt.Method.EFT
    return {
        "their_customer": one.customer_id,
        "their_account": one.bank_account_id,
        "day": one.day,
        "amount": one.amount,
        "reference": (one.reference or one.number)[:100],
        "text": one.description[:100],
        "method": str(method),
        "changed": one.changed,
        "payer": one.customer[:200],
        "payer_code": one.code[:40],
    }


def of_row(row: BooksReceipt) -> dict[str, Any]:
    """What is kept of a receipt, as it was told last."""
    return {name: getattr(row, name) for name in (*TOLD, *PAYER)}


def money(facts: Mapping[str, Any]) -> Money:
    """What makes it other money when it changes."""
    return Money(facts["their_customer"], facts["their_account"], facts["day"], facts["amount"])


def was(row: BooksReceipt) -> Money:
    """The money of a receipt as it was told last."""
    return money(of_row(row))


def says_other(row: BooksReceipt, facts: Mapping[str, Any]) -> bool:
    """Whether it was changed there. Words that were blanked here by law do not come back of themselves."""
    if row.changed is not None and row.changed == facts["changed"]:
        return False
    return any(getattr(row, name) != facts[name] for name in TOLD)


def put(row: Any, facts: Mapping[str, Any]) -> Any:
    """The row with what was told."""
    for name in TOLD:
        setattr(row, name, facts[name])
    return row


def cells(row: Any) -> tuple[Any, ...]:
    """A row as COLUMNS have it."""
    told = (getattr(row, name) for name in (*TOLD, *PAYER))
    return (
        row.company,
        row.their_id,
        *told,
        row.state,
        row.trouble,
        row.receipt_id,
        row.edition,
        row.given_to_id,
        row.confirmed,
        row.undone,
    )
