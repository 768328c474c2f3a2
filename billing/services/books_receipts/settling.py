"""What a person says of a receipt of the books that waits: whose it is, or that it is left out."""

from __future__ import annotations

from django.db import transaction

from billing.models import BooksReceipt
from billing.selectors import books_receipts as selecting
from billing.services.books_receipts.booking import decide_again, hold
from customers.models import Customer
from herotill.errors import DomainError
from herotill.users.models import User

State = BooksReceipt.State


@transaction.atomic
def give(*, row: BooksReceipt, customer: Customer, actor: User) -> BooksReceipt:
    """Say whose a receipt is; it is booked to them. Raises DomainError where something else keeps it waiting."""
    held = _held(row)
    held.given_to, held.decided_by, held.decided_why, held.undone = customer, actor, "", False
    held.save(update_fields=["given_to", "decided_by", "decided_why", "undone"])
    connection = selecting.connected()
    if connection is None or connection.starts_on is None:
        raise DomainError("The connection to SageOne is off.")
    decide_again(row=held, cut_over=connection.starts_on, actor=actor)
    held.refresh_from_db()
    if held.state == State.WAITS:
        raise DomainError(held.trouble)
    return held


@transaction.atomic
def leave(*, row: BooksReceipt, why: str, actor: User) -> BooksReceipt:
    """Leave a receipt out: nothing is booked for it unless it changes there. Raises DomainError without a reason."""
    if not why.strip():
        raise DomainError("Say why.", field="why")
    held = _held(row)
    held.state, held.trouble, held.payer, held.payer_code = State.LEFT, "", "", ""
    held.decided_by, held.decided_why = actor, why.strip()[:300]
    held.save(update_fields=["state", "trouble", "payer", "payer_code", "decided_by", "decided_why"])
    return held


def _held(row: BooksReceipt) -> BooksReceipt:
    hold()
    held = BooksReceipt.objects.get(pk=row.pk)
    if held.state != State.WAITS:
        raise DomainError("Somebody has dealt with it already.")
    return held
