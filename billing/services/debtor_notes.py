"""Debtor notes: what was said or agreed about a debt. They are added, followed up, and never changed."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from billing.models import DebtorNote
from billing.selectors import debtor_notes as reading
from billing.selectors.work_list import overdue
from billing.services import work_list
from customers.models import Customer, Purpose
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.money import rand
from herotill.users.models import User

REMINDER = "debtor_reminder"


@transaction.atomic
def add(
    *,
    customer: Customer,
    text: str,
    now: datetime,
    actor: User | None,
    way: str = DebtorNote.Way.NOTE,
    next_on: date | None = None,
    mail: bool = False,
) -> DebtorNote:
    """Note something. With `mail` a reminder goes out and is tracked.

    A contact does what was to be done by today; a next action takes the place of those before it.
    Raises DomainError for a next action on a day gone by, or a reminder of nothing.
    """
    day = local_day(now)
    if next_on and next_on < day:
        raise DomainError("The next action is today or later.", field="next_on")
    message = _remind(customer, now, actor) if mail else None
    way = DebtorNote.Way.EMAIL if mail else way
    waiting = DebtorNote.objects.filter(customer=customer, next_on__isnull=False, next_done_at=None)
    if next_on or way != DebtorNote.Way.NOTE:
        (waiting if next_on else waiting.filter(next_on__lte=day)).update(next_done_at=now)
    note = DebtorNote.objects.create(
        customer=customer,
        text=text.strip(),
        way=way,
        next_on=next_on,
        message_id=message,
        author=actor,
        written_at=now,
    )
    work_list.renew(now=now, customers=[customer.pk])
    return note


def _remind(customer: Customer, now: datetime, actor: User | None) -> int | None:
    owed = overdue(customer=customer, day=local_day(now))
    if not owed.amount:
        raise DomainError("Nothing is overdue, so there is nothing to remind of.", field="mail")
    if not customer.contacts.filter(purposes__contains=[Purpose.DEBT]).exclude(email="").exists():
        raise DomainError("Nobody at this customer gets notices about debts by mail.", field="mail")
    key = f"debtor-note/{uuid4()}"
    outbox.queue(
        template=REMINDER,
        customer_id=customer.pk,
        context={
            "name": customer.name,
            "code": customer.code,
            "amount": rand(owed.amount),
            "oldest": f"{owed.since:%Y-%m-%d}",
        },
        key=key,
        actor_id=actor.pk if actor else None,
        now=now,
    )
    return reading.mail_of(key)
