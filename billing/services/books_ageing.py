"""What customers owe by the books kept elsewhere: asked for as at a day, and kept beside ours."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from billing.models import BooksAged, BooksAgeing
from billing.services.books import connecting
from billing.services.books_receipts import setting_up
from herotill import runs
from herotill.bulk import copy_rows
from herotill.clock import local_day, stamp
from herotill.errors import DomainError
from herotill.integrations import sageone as port
from herotill.models import Run
from herotill.progress import Progress
from herotill.users.models import User

RUN = "books-ageing"
KEPT = 24  # of them, the newest


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
    """Ask what customers owed there on a day, and keep it with how age is counted there."""
    company = setting_up.note_company(books.company(), now)
    told = {one.customer_id: one for one in books.ageing(as_at, from_due=company.ages_from_due)}
    with transaction.atomic():
        made = BooksAgeing.objects.create(
            company=company.their_id,
            as_at=as_at,
            by_months=company.ages_by_month,
            from_due=company.ages_from_due,
            asked_by=actor,
            asked_at=now,
        )
        copy_rows(
            BooksAged,
            ("ageing", "their_customer", "name", "days120", "days90", "days60", "days30", "current"),
            (
                (
                    made.pk,
                    one.customer_id,
                    one.customer[:200],
                    one.days120,
                    one.days90,
                    one.days60,
                    one.days30,
                    one.current,
                )
                for one in told.values()
            ),
        )
        kept = BooksAgeing.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT]
        BooksAgeing.objects.exclude(pk__in=list(kept)).delete()
    return made
