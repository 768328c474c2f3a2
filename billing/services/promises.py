"""Promises to pay: taken down, withdrawn, and decided by what came in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, Sum

from billing.models import DebtorNote, OpenItem, Promise
from billing.policies import promising
from billing.services import locks, work_list
from customers.models import Customer
from herotill.bulk import array_of_ids
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.money import ZERO, rand
from herotill.users.models import User

LONGEST = 92  # days ahead

# What stands of the receipts that came in from the day of the promise to its day; what is still open of what was
# posted then and falls due by its day, less credit; and that without what is disputed.
_SINCE = """
SELECT p.id, p.amount, p.by_day, coalesce(r.came, 0), coalesce(o.owed, 0), coalesce(o.undisputed, 0)
FROM billing_promise p
LEFT JOIN LATERAL (
    SELECT sum(r.amount) AS came FROM billing_receipt r
    WHERE r.customer_id = p.customer_id AND r.receipt_date BETWEEN p.made_on AND p.by_day
        AND r.captured_at >= p.made_at AND NOT EXISTS (SELECT FROM billing_reversal v WHERE v.receipt_id = r.id)
) r ON true
LEFT JOIN LATERAL (
    SELECT sum(i.open) AS owed, sum(i.open) FILTER (WHERE i.open < 0 OR NOT EXISTS (
        SELECT FROM billing_dispute d WHERE d.document_id = i.document_id AND d.answered_at IS NULL)) AS undisputed
    FROM billing_openitem i WHERE i.customer_id = p.customer_id
        AND (i.open < 0 OR i.accounting_date <= p.made_on AND i.due_date <= p.by_day)
) o ON true
WHERE p.id = ANY (%(promises)s::bigint[])
"""


@transaction.atomic
def make(*, customer: Customer, amount: Decimal, by_day: date, now: datetime, actor: User | None) -> Promise:
    """Take a promise down; one is open at a time.

    Raises DomainError for a day gone by or far off, and where nothing is owed that is due by then.
    """
    day = local_day(now)
    if not 0 <= (by_day - day).days <= LONGEST:
        raise DomainError(f"A promise is for today or one of the next {LONGEST} days.", field="by_day")
    if amount <= 0:
        raise DomainError("Promise an amount above zero.", field="amount")
    locks.hold([customer.pk])
    owed = OpenItem.objects.filter(Q(open__lt=0) | Q(accounting_date__lte=day, due_date__lte=by_day))
    if (owed.filter(customer=customer).aggregate(sum=Sum("open"))["sum"] or ZERO) <= 0:
        raise DomainError("Nothing is owed that is due by then.", field="by_day")
    try:
        with transaction.atomic():
            made = Promise.objects.create(
                customer=customer, amount=amount, by_day=by_day, made_on=day, made_by=actor
            )
    except IntegrityError as trouble:
        if "one_open_promise" not in str(trouble):
            raise
        raise DomainError("A promise of this customer is open already. Withdraw it first.") from None
    work_list.renew(now=now, customers=[customer.pk])
    return made


@transaction.atomic
def withdraw(*, promise: Promise, reason: str, now: datetime, actor: User | None) -> None:
    """End a promise that counts no longer, as if it had not been made. Raises DomainError once it is decided."""
    locks.hold([promise.customer_id])
    held = Promise.objects.select_for_update().get(pk=promise.pk)
    if held.state != Promise.State.OPEN:
        raise DomainError(f"This promise is {held.get_state_display().lower()} already.")
    held.state, held.decided_on = Promise.State.WITHDRAWN, local_day(now)
    held.save(update_fields=["state", "decided_on"])
    DebtorNote.objects.create(
        customer_id=held.customer_id,
        text=f"Promise of {rand(held.amount)} by {held.by_day} withdrawn: {reason.strip()}"[:1000],
        author=actor,
        written_at=now,
    )
    work_list.renew(now=now, customers=[held.customer_id])


def decide(*, day: date, customers: Collection[int] | None = None) -> dict[str, int]:
    """Say of open promises whether they are kept or broken, as at `day`; returns how many of each.

    What is neither stays open (see `policies.promising`).
    """
    decided = {promising.KEPT: 0, promising.BROKEN: 0}
    waiting = Promise.objects.filter(state=Promise.State.OPEN)
    if customers is not None:
        waiting = waiting.filter(customer__in=list(customers))
    found = dict(waiting.values_list("pk", "customer_id"))
    with transaction.atomic():
        locks.hold(set(found.values()))
        states = _states(found, day)
        for state in decided:
            named = [pk for pk, told in states.items() if told == state]
            decided[state] = waiting.filter(pk__in=named).update(state=state, decided_on=day)
    return decided


def _states(promises: Collection[int], day: date) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"promises": array_of_ids(promises)})
        return {
            pk: promising.decided(amount, by_day, promising.Since(*since), day)
            for pk, amount, by_day, *since in cursor.fetchall()
        }


def confirm(*, promise: Promise, now: datetime, actor: User | None) -> bool:
    """Mail the customer what was promised, once."""
    return outbox.queue(
        template="promise_noted",
        customer_id=promise.customer_id,
        context={
            "name": promise.customer.name,
            "code": promise.customer.code,
            "amount": rand(promise.amount),
            "day": f"{promise.by_day:%Y-%m-%d}",
        },
        subject_kind="promise",
        subject_id=promise.pk,
        key=f"promise/{promise.pk}",
        actor_id=actor.pk if actor else None,
        now=now,
    )
