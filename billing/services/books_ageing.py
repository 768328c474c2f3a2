"""What customers owe by the books kept elsewhere: asked for as at a day, and kept beside ours."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from tempfile import TemporaryFile

from django.db import connection, transaction

from billing.models import BooksAgeing, BooksCompany
from billing.services.books import connecting
from billing.services.books_receipts import setting_up
from herotill import runs
from herotill.bulk import copy_rows
from herotill.clock import local_day, stamp
from herotill.errors import DomainError
from herotill.integrations import books as port
from herotill.models import Run
from herotill.progress import Progress
from herotill.users.models import User

RUN = "books-ageing"
KEPT = 24  # of them, the newest
COLUMNS = ("their_customer", "name", "code", "days120", "days90", "days60", "days30", "current")
_LISTED = ", ".join(COLUMNS)
_STAGE = f"""
CREATE TEMP TABLE books_told AS SELECT {_LISTED} FROM billing_booksaged WITH NO DATA;
ALTER TABLE books_told ADD place bigint GENERATED ALWAYS AS IDENTITY
"""
_TAKE = f"""
INSERT INTO billing_booksaged (ageing_id, {_LISTED})
SELECT DISTINCT ON (their_customer) %s::bigint, {_LISTED} FROM books_told ORDER BY their_customer, place DESC
"""
# Whoever was forgotten here stands there under the old name, which does not come back.
_FORGET = """
UPDATE billing_booksaged a SET name = '•••' FROM billing_bookscustomer k JOIN customers_customer c ON c.id = k.customer_id
WHERE a.ageing_id = %s AND k.their_id = a.their_customer AND c.anonymised_on IS NOT NULL
"""


def ask(*, as_at: date, actor: User, now: datetime) -> Run:
    """Have the books asked what customers owed on a day. Raises DomainError for a day to come."""
    if as_at > local_day(now):
        raise DomainError("That day has not come yet.", field="as_at")
    title = f"Debtors in SageOne as at {as_at}"
    return runs.start(
        kind=RUN, params={"as_at": as_at.isoformat()}, actor=actor, title=title, once=f"{as_at}"
    )


def carry_out(run: Run, progress: Progress) -> None:
    """The run: ask, and keep what is told."""
    as_at = date.fromisoformat(run.params["as_at"])
    made = take(books=connecting.books(), as_at=as_at, actor=run.started_by, now=stamp())
    progress.say(f"{made.rows.count():,} customers owe there, or are owed.")


def take(*, books: port.Books, as_at: date, actor: User | None, now: datetime) -> BooksAgeing:
    """Ask what customers owed there on a day, and keep it with how age is counted there.

    It comes by pages, for as long as that takes: into a file, and from there into the database at once.
    """
    company = setting_up.note_company(books.company(), now)
    with TemporaryFile("w+", encoding="utf-8", newline="") as told:
        csv.writer(told).writerows(_cells(one) for one in books.ageing(as_at, from_due=company.ages_from_due))
        told.seek(0)
        return _keep(company, as_at, csv.reader(told), actor, now)


def _cells(one: port.Ageing) -> tuple[object, ...]:
    """A row as COLUMNS have it."""
    name = one.customer[:200]
    code = one.code[:40]
    return (one.customer_id, name, code, one.days120, one.days90, one.days60, one.days30, one.current)


@transaction.atomic
def _keep(
    company: BooksCompany, as_at: date, told: Iterable[Sequence[str]], actor: User | None, now: datetime
) -> BooksAgeing:
    """Keep what was told, of each customer what was told last."""
    made = BooksAgeing.objects.create(
        company=company.their_id,
        as_at=as_at,
        by_months=company.ages_by_month,
        from_due=company.ages_from_due,
        asked_by=actor,
        asked_at=now,
    )
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        copy_rows("books_told", COLUMNS, told)
        cursor.execute(_TAKE, [made.pk])
        cursor.execute(_FORGET, [made.pk])
        cursor.execute("DROP TABLE books_told")
    kept = BooksAgeing.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT]
    BooksAgeing.objects.exclude(pk__in=list(kept)).delete()
    return made
