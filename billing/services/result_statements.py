"""Statements of debit-order results: given as a file or fetched from the service, kept as they came, and booked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import transaction

from billing.collecting import Channel, ResultRow, Teller, channels, told_in
from billing.models import CollectionBatch, ResultStatement
from billing.services import collection_results
from herotill import runs, storing
from herotill.clock import local, local_day, stamp
from herotill.errors import DomainError, IntegrationError
from herotill.imports.uploads import clean_name
from herotill.jobs import count
from herotill.models import Run
from herotill.progress import Progress
from herotill.secrets.keys import renewed, sealed, unsealed
from herotill.users.models import User

RUN, FETCH = "result-statement", "result-fetch"
FOLDER = "results"
COMPLETE_AT = time(8, 30)  # of the day after, a day's statement is whole
FURTHEST = 45  # days that are caught up with at once
State, Source = ResultStatement.State, ResultStatement.Source


def receive(*, channel: str, name: str, data: bytes, actor: User | None) -> Run:
    """Take a statement file in; the run that books it. Raises DomainError for what is none."""
    known = channels.get(channel)
    if known is None:
        raise DomainError("There is no such way to collect.", field="channel")
    known.parse_results(data)  # all of it is read before anything is kept
    return _kept_and_begun(channel, clean_name(name), data, Source.FILE, actor)


def ask(*, channel: str, day: date, actor: User, now: datetime) -> Run:
    """Have the results of a day asked for. Raises DomainError for a day to come, and a channel that tells nothing."""
    _teller(channel, day, now)
    params = {"channel": channel, "day": day.isoformat()}
    return runs.start(
        kind=FETCH, params=params, actor=actor, title=f"Results of {day} asked for", once=f"{channel} {day}"
    )


def ask_now(run: Run, progress: Progress) -> None:
    """The run that asks; what it gets is booked by another."""
    day = date.fromisoformat(run.params["day"])
    came = fetch(channel=run.params["channel"], day=day, actor=run.started_by, now=stamp())
    progress.say("The statement has come." if came else "Nothing new stands on it.")


def fetch(*, channel: str, day: date, actor: User | None, now: datetime) -> Run | None:
    """Ask the service for the results of a day and book them; none where nothing is new.

    Raises DomainError for a day to come or a channel that tells nothing, IntegrationError while it is not ready.
    """
    today, teller = local_day(now), _teller(channel, day, now)
    data = teller.fetch(day if day < today else None)
    if data is None:
        raise IntegrationError(f"{teller.title} has not made the statement ready yet. Ask again later.")
    if not data:
        return None
    name = f"{teller.title} {day}" + ("" if day < today else f", {local(now):%H:%M}")
    return _kept_and_begun(channel, name, data, Source.SERVICE, actor, day=day, whole=day < today)


def _teller(channel: str, day: date, now: datetime) -> Teller:
    if day > local_day(now):
        raise DomainError("That day has not come yet.", field="day")
    known = channels.get(channel)
    if not isinstance(known, Teller):
        raise DomainError("Its results come as a file.", field="channel")
    if why := channels[channel].closed():
        raise DomainError(why)
    return known


def _kept_and_begun(
    channel: str,
    name: str,
    data: bytes,
    source: str,
    actor: User | None,
    *,
    day: date | None = None,
    whole: bool = True,
) -> Run:
    """Keep a statement and have it booked: both or neither, or its day would pass for fetched and never be booked."""
    path = f"{FOLDER}/{channel}-{uuid4().hex}"
    storing.keep({path: sealed(data)})
    with transaction.atomic():
        kept = ResultStatement.objects.create(
            channel=channel,
            source=source,
            name=name[:200],
            path=path,
            sha256=hashlib.sha256(data).hexdigest(),
            day=day,
            whole=whole,
            made_by=actor,
        )
        return start(statement=kept, actor=actor)


@transaction.atomic
def start(*, statement: ResultStatement, actor: User | None) -> Run:
    """Book a statement that is kept, or that was not taken in before."""
    once, params = f"statement-{statement.pk}", {"statement": statement.pk}
    title = f"Results {statement.name}"
    run = runs.start(kind=RUN, params=params, actor=actor, title=title[:200], once=once)
    ResultStatement.objects.filter(pk=statement.pk).update(run=run, state=State.WAITING, trouble="")
    return run


def work(run: Run, progress: Progress) -> None:
    """The run: read, take in what is not known, book. It goes on wherever it was left."""
    statement = ResultStatement.objects.get(pk=run.params["statement"])
    try:
        rows = channels[statement.channel].parse_results(contents(statement))
        if not progress.cursor:
            _take(statement, rows, run, progress)
        booked = collection_results.finish(
            channel=statement.channel, now=stamp(), actor=run.started_by, run_id=run.pk, progress=progress
        )
    except DomainError as no:
        ResultStatement.objects.filter(pk=statement.pk).update(state=State.REFUSED, trouble=str(no)[:300])
        raise
    ResultStatement.objects.filter(pk=statement.pk).update(state=State.BOOKED)
    progress.say(f"{booked.collected:,} collected, {booked.unpaid:,} unpaid.")


@transaction.atomic
def _take(statement: ResultStatement, rows: Sequence[ResultRow], run: Run, progress: Progress) -> None:
    new = collection_results.take(channel=statement.channel, rows=rows, run_id=run.pk, now=stamp())
    statement.rows, statement.known = len(rows), len(rows) - new
    statement.first = min((row.day for row in rows), default=None)
    statement.last = max((row.day for row in rows), default=None)
    statement.save(update_fields=["rows", "known", "first", "last"])
    progress.advance(len(rows), new=new, known=len(rows) - new)
    progress.checkpoint(taken=True)


def contents(statement: ResultStatement) -> bytes:
    """A statement as it came. Raises DomainError where it is not what was kept."""
    with default_storage.open(statement.path) as stored:
        data = unsealed(stored.read())
    if hashlib.sha256(data).hexdigest() != statement.sha256:
        raise DomainError("The kept statement is not what came.")
    return data


def missing(channel: str, now: datetime) -> list[date]:
    """The days whose statement was not fetched yet, from the first batch that was sent on."""
    last = local_day(now) - timedelta(days=1)
    if local(now).time() < COMPLETE_AT:
        last -= timedelta(days=1)
    fetched = ResultStatement.objects.filter(channel=channel, source=Source.SERVICE, whole=True)
    newest = fetched.exclude(state=State.REFUSED).order_by("-day").values_list("day", flat=True).first()
    sent = CollectionBatch.objects.filter(channel__in=told_in(channel), sent_at__isnull=False).order_by(
        "action_date"
    )
    first = newest + timedelta(days=1) if newest else sent.values_list("action_date", flat=True).first()
    if first is None:
        return []
    return [first + timedelta(days=n) for n in range(min((last - first).days + 1, FURTHEST))]


def fetch_missing(now: datetime) -> str:
    """The job: the days that are missing, of every service that tells; what failed is asked for again next time."""
    told, trouble = 0, ""
    for teller in tellers():
        for day in missing(teller.name, now):
            try:
                fetch(channel=teller.name, day=day, actor=None, now=now)
            except (DomainError, IntegrationError) as no:
                trouble = f" {day}: {no}"
                break
            told += 1
    count(days=told)
    return (f"{told} days fetched.{trouble}" if told else trouble).strip()


def takers() -> list[Channel]:
    """The channels whose results come in as statements."""
    return [one for one in channels if one.method == CollectionBatch.Method.DEBIT_ORDER]


def tellers() -> list[Teller]:
    """The channels that can be asked for their results now."""
    return [one for one in channels if isinstance(one, Teller) and not channels[one.name].closed()]


def renewals() -> Iterator[int]:
    """Bring every statement under the newest key; yields how many changed, file by file."""
    for pk in ResultStatement.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            kept = ResultStatement.objects.select_for_update(of=("self",)).get(pk=pk)
            with default_storage.open(kept.path) as stored:
                token = bytes(stored.read())
            new = renewed(token.decode()).encode()
            if new != token:
                storing.keep({kept.path: new})
        yield int(new != token)
