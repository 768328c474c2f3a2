"""Reading the receipts of the books kept elsewhere: by window several times a day, all of them every night.

A window begins where the last reading came to, by their clock, with an hour and more to spare; what it misses
the next night finds. One reads at a time. A reading may be killed anywhere: the next begins where it
began; one of all goes on behind what was booked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta

from billing.models import BooksReading
from billing.selectors import books_receipts as selecting
from billing.services.books import connecting, owing
from billing.services.books_receipts import setting_up
from billing.services.books_receipts.booking import AT_ONCE, Taken, gone, take, take_again
from herotill import jobs
from herotill.clock import stamp
from herotill.errors import DomainError, IntegrationError
from herotill.integrations import books as port
from herotill.integrations.books.errors import Denied, Stopped
from herotill.timetable import locks

WHOLE_JOB, SET_UP_JOB = "books-receipts-whole", "books-set-up"
OVERLAP = timedelta(hours=1)
FEW, PART_GONE = 10, 2  # so many receipts, or per cent of them, are taken as deleted at once
_READS = "books-reading"


class Busy(DomainError):
    """Somebody else reads at this moment."""


def read(
    *,
    books: port.Books,
    company: str,
    cut_over: date,
    now: datetime,
    whole: bool = False,
    also_many: bool = False,
) -> BooksReading:
    """Read what changed since the last time, or all, and book it. `also_many` reverses however many are gone.

    Raises Busy while somebody else reads, and what the books raise; what was told by then is booked.
    """
    with _alone():
        known = selecting.last_reading(company)
        since = None if whole or known is None or known.upto is None else min(known.upto, now) - OVERLAP
        broken = selecting.broken_off(company, now) if since is None else None
        made = BooksReading.objects.create(
            company=company,
            whole=since is None,
            since=since,
            started_at=now,
            upto=known.upto if known else None,
            last_id=broken.last_id if broken else "",
            missing=broken.missing if broken else [],
        )
        try:
            _read(made, books, cut_over, broken.began if broken else stamp(), also_many)
        except (DomainError, IntegrationError) as no:
            made.trouble = str(no)[:300]
            if isinstance(no, TooMany):
                made.last_id, made.missing = "", []
            made.finished_at = stamp()
            made.save()
            raise
        return made


def _read(made: BooksReading, books: port.Books, cut_over: date, oldest: datetime, also_many: bool) -> None:
    """Book what is told, part by part. `oldest` is when what this one goes on with was begun."""
    began, total = stamp(), Taken()
    total.add(take_again(company=made.company, cut_over=cut_over))
    total.told = 0
    newest: datetime | None = None
    most = None if also_many else _most(made.company)
    for told in _batches(books.receipts(since=made.since, after=made.last_id)):
        total.add(take(told=told, company=made.company, cut_over=cut_over))
        stamps = [one.changed for one in told if one.changed]
        newest = max([newest, *stamps] if newest else stamps, default=None)
        if made.whole:
            _note_missing(made, told, told[-1].id, most)
            made.last_id = told[-1].id
            made.save(update_fields=["last_id", "missing"])
    if made.whole:
        _note_missing(made, [], "", most)
        total.add(_reverse_missing(made, books, cut_over))
    made.finished_at = stamp()
    if newest:
        made.upto = min(newest, began, oldest) - (made.finished_at - began)
    for name, count in asdict(total).items():
        setattr(made, name, count)
    made.save()


def _batches(pages: Iterator[Sequence[port.Receipt]]) -> Iterator[list[port.Receipt]]:
    """Pages put together, so that some thousand are booked at once. What came before an error is booked too."""
    held: list[port.Receipt] = []
    try:
        for page in pages:
            held += page
            if len(held) >= AT_ONCE:
                yield held
                held = []
    except IntegrationError:
        if held:
            yield held
        raise
    if held:
        yield held


class TooMany(DomainError):
    """More is gone there than people delete."""


def _note_missing(made: BooksReading, told: Sequence[port.Receipt], upto: str, most: int | None) -> None:
    """Note what was told of once behind `last_id` and is not among these. Raises TooMany."""
    shown = {one.id for one in told}
    between = selecting.told_between(made.company, made.last_id, upto)
    made.missing += [pk for pk in between if pk not in shown]
    if most is not None and len(made.missing) > most:
        raise TooMany(
            f"SageOne no longer shows {len(made.missing):,} receipts; so many are not taken as deleted, and nothing"
            " was reversed. If they were: manage.py sync_sageone --full --also-many-deleted."
        )


def _most(company: str) -> int:
    """So many at most are taken as deleted at once."""
    return max(FEW, selecting.standing_there(company) * PART_GONE // 100)


def _reverse_missing(made: BooksReading, books: port.Books, cut_over: date) -> Taken:
    """What was not among all: each is asked for by itself before it is taken as deleted."""
    if not made.missing:
        return Taken()
    there = books.receipts_of(made.missing)
    found = take(told=there, company=made.company, cut_over=cut_over)
    absent = set(made.missing) - {one.id for one in there}
    found.gone = gone(their_ids=absent, company=made.company)
    made.missing = []
    return found


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else reads meanwhile; whoever dies lets go."""
    with locks.hold() as held:
        if not held.alone(_READS):
            raise Busy("Its receipts are being read at this moment.")
        yield


def by_the_hour(now: datetime) -> str:
    """The job: what changed since the last time."""
    return _job(now, whole=False)


def every_night(now: datetime) -> str:
    """The job: all of them, which finds what was deleted."""
    return _job(now, whole=True)


def all_of_them(now: datetime) -> str:
    """As every night, and however many are gone there are reversed: a person said so."""
    return _job(now, whole=True, also_many=True)


def _job(now: datetime, *, whole: bool, also_many: bool = False) -> str:
    used = selecting.connected()
    if used is None or used.starts_on is None:
        return "SageOne is not in use."
    try:
        books = connecting.books()
        made = read(
            books=books,
            company=used.company_id,
            cut_over=used.starts_on,
            now=now,
            whole=whole,
            also_many=also_many,
        )
    except Busy as no:
        return str(no)
    except Stopped as no:
        if selecting.is_overdue(used.company_id, now):
            raise
        return f"{no} It goes on then."
    except Denied as no:
        connecting.note_trouble(str(no), at=now)
        raise
    jobs.count(told=made.told, booked=made.booked, changed=made.answered, deleted=made.gone)
    return said(made)


def look_again(now: datetime) -> str:
    """The job: the company, its bank accounts and kinds of VAT; and what no trigger saw is owed from now on."""
    if selecting.connected() is None:
        return "SageOne is not in use."
    missed = owing.catch_up()
    made = setting_up.look(books=connecting.books(), now=now)
    return f"{made.name}: asked. {missed:,} documents were missed." if missed else f"{made.name}: asked."


def said(made: BooksReading) -> str:
    """What a reading came to, in words."""
    parts = [f"{made.told:,} receipts told, {made.booked:,} booked"]
    for count, what in ((made.answered, "changed"), (made.gone, "deleted"), (made.waiting, "waiting")):
        if count:
            parts.append(f"{count:,} {what}")
    return ", ".join(parts) + "."
