"""A call in one go: what was said, what comes next, and what was promised."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import DebtorNote
from billing.services import debtor_notes, promises, work_list
from customers.models import Customer
from herotill.users.models import User


@transaction.atomic
def save(
    *,
    customer: Customer,
    text: str,
    way: str,
    now: datetime,
    actor: User,
    next_on: date | None = None,
    mail: bool = False,
    amount: Decimal | None = None,
    by_day: date | None = None,
) -> DebtorNote:
    """Note a call, with a promise where one was made; colleagues may call the customer again. All or nothing."""
    if amount and by_day:
        promises.make(customer=customer, amount=amount, by_day=by_day, now=now, actor=actor)
    note = debtor_notes.add(
        customer=customer, text=text, way=way, next_on=next_on, mail=mail, now=now, actor=actor
    )
    work_list.let_go(customer=customer, actor=actor)
    return note
