"""What the books are still to get: everything, some, once more, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from billing.models import BooksConnection, BooksCustomer, BooksOwed
from customers.models import Customer
from herotill import jobs
from herotill.bulk import array_of_ids
from herotill.errors import DomainError
from herotill.users.models import User

State = BooksOwed.State
JOB = "books-push"

# What a trigger would have owed; a customer of such a document is owed where there is no link yet.
_MISSING = """
    SELECT d.id, d.customer_id, d.issued_at, d.kind, d.number FROM billing_document d
    JOIN billing_booksconnection b ON b.is_on AND d.document_date >= b.starts_on
    WHERE d.status = 'issued' AND NOT d.before AND (%(documents)s::bigint[] IS NULL OR d.id = ANY (%(documents)s))
        AND NOT EXISTS (SELECT FROM billing_booksdocument k WHERE k.document_id = d.id)
"""
_PEOPLE = f"""
INSERT INTO billing_booksowed (customer_id)
SELECT DISTINCT m.customer_id FROM ({_MISSING}) m
WHERE NOT EXISTS (SELECT FROM billing_bookscustomer k WHERE k.customer_id = m.customer_id)
ORDER BY m.customer_id ON CONFLICT (customer_id) WHERE document_id IS NULL DO NOTHING
"""
_DOCUMENTS = f"""
INSERT INTO billing_booksowed (customer_id, document_id)
SELECT customer_id, id FROM ({_MISSING}) m ORDER BY customer_id, issued_at, kind DESC, number ON CONFLICT DO NOTHING
"""
_CUSTOMERS = """
INSERT INTO billing_booksowed AS o (customer_id)
SELECT id FROM unnest(%(customers)s::bigint[]) AS id WHERE EXISTS (SELECT FROM billing_booksconnection WHERE is_on) ORDER BY id
ON CONFLICT (customer_id) WHERE document_id IS NULL DO UPDATE SET version = o.version + 1
"""


_LINKED = """
INSERT INTO billing_booksowed (customer_id)
SELECT k.customer_id FROM billing_bookscustomer k JOIN customers_customer c ON c.id = k.customer_id
WHERE c.anonymised_on IS NULL ORDER BY 1 ON CONFLICT (customer_id) WHERE document_id IS NULL DO NOTHING
"""


def owe_linked() -> None:
    """Owe the details of everybody who is linked; those of whom nothing changed cost no call."""
    with connection.cursor() as cursor:
        cursor.execute(_LINKED)


def catch_up(documents: Sequence[int] | None = None) -> int:
    """Owe issued documents from the cut-over day on that are neither there nor owed; how many. All, or these."""
    given = {"documents": None if documents is None else list(documents)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PEOPLE, given)
        cursor.execute(_DOCUMENTS, given)
        return int(cursor.rowcount)


def push_documents(*, documents: Sequence[int], actor: User, now: datetime) -> int:
    """Have these documents sent next; what was refused is tried again, what was left out stays so. How many."""
    _want_on()
    with transaction.atomic():
        catch_up(documents)
        wanted = BooksOwed.objects.filter(document__in=list(documents)).exclude(state=State.LEFT)
        count = _again(wanted, actor=actor, now=now)
        jobs.nudge(JOB)
    return count


def push_customer(*, customer: Customer, actor: User, now: datetime) -> None:
    """Have a customer's details sent next, though nothing of them changed. Raises DomainError where left out."""
    _want_on()
    with transaction.atomic():
        if BooksOwed.objects.filter(customer=customer, document=None, state=State.LEFT).exists():
            raise DomainError("These details were left out; Billing, SageOne: waiting sends them again.")
        BooksCustomer.objects.filter(customer=customer).update(sent="")
        with connection.cursor() as cursor:
            cursor.execute(_CUSTOMERS, {"customers": array_of_ids([customer.pk])})
        _again(BooksOwed.objects.filter(customer=customer, document=None), actor=actor, now=now)
        jobs.nudge(JOB)


def push_all(*, actor: User, now: datetime) -> int:
    """Have everything sent that waits; what was refused waits for a person. How many that is."""
    _want_on()
    with transaction.atomic():
        catch_up()
        waiting = BooksOwed.objects.filter(state__in=[State.WAITS, State.UNKNOWN])
        count = waiting.filter(state=State.WAITS).update(next_try_at=now)
        count += waiting.filter(state=State.UNKNOWN).count()
        jobs.nudge(JOB)
    return count


def retry(*, owed: QuerySet[Any], actor: User, now: datetime) -> int:
    """Send again what was refused or left out. How many."""
    _want_on()
    with transaction.atomic():
        count = _again(owed.filter(state__in=[State.REFUSED, State.LEFT, State.WAITS]), actor=actor, now=now)
        jobs.nudge(JOB)
    return count


@transaction.atomic
def leave_out(*, owed: QuerySet[Any], actor: User) -> int:
    """Never send these, until a person says otherwise. What is being sent or may be there is not among them."""
    some = owed.filter(state__in=[State.WAITS, State.REFUSED]).order_by("pk").select_for_update()
    ids = list(some.values_list("pk", flat=True))
    return BooksOwed.objects.filter(pk__in=ids).update(state=State.LEFT, decided_by=actor)


def _again(owed: QuerySet[Any], *, actor: User, now: datetime) -> int:
    """What is being sent keeps its lease; one without an answer keeps its wait."""
    ids = list(owed.order_by("pk").select_for_update().values_list("pk", flat=True))
    some = BooksOwed.objects.filter(pk__in=ids)
    some.filter(state__in=[State.WAITS, State.REFUSED, State.LEFT]).update(
        state=State.WAITS, next_try_at=now, tries=0, decided_by=actor
    )
    return len(ids)


def _want_on() -> None:
    if not BooksConnection.objects.filter(is_on=True).exists():
        raise DomainError("SageOne is switched off; Setup, SageOne.")
