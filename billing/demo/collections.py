"""Debit batches of the demo: one whose results are in, with unpaids; one released; one that is being checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from billing.collecting import Channel, ResultRow, Sent, channels, line_reference
from billing.demo.netcash import statement
from billing.demo.runs import LARGEST, last_run
from billing.models import CollectionBatch, CollectionLine
from billing.policies import batches as policy
from billing.services import batches, collection_results, result_statements
from customers.models import BillingGroup
from herotill.clock import moment
from herotill.demo import DemoOrder
from herotill.errors import DomainError
from herotill.months import Month
from herotill.users.models import User

CODES = ("02", "02", "04", "02", "12", "22", "30")
EVERY = 6  # so many collections, one comes back
OUT = 7  # so many lines, one was left out by hand


def make_collections(order: DemoOrder) -> None:
    """A batch in each state, once, where there are people to release what others built."""
    channel = channels.get("netcash")
    clerk, chief = (User.objects.filter(username=name).first() for name in ("accounts", "manager"))
    if not (channel and clerk and chief) or order.customers > LARGEST or CollectionBatch.objects.exists():
        return
    groups = BillingGroup.objects.filter(retired=False).order_by("run_day")[:3]
    for group in sorted(groups, key=lambda one: last_run(one.run_day, order.today)):
        with suppress(DomainError):  # nobody of it is collected by batches
            _processed(group, channel, order.today, clerk, chief)
    _coming(groups, channel, order.today, clerk, chief)
    _give_statement(channel, order.today, clerk)
    order.say(f"{CollectionBatch.objects.count()} debit batches")


def _at(day: date) -> datetime:
    return moment(day, time(9))


def _built(
    group: BillingGroup, channel: Channel, action_date: date, due_upto: date, clerk: User, now: datetime
) -> CollectionBatch:
    return batches.build(
        group=group,
        action_date=action_date,
        due_upto=due_upto,
        method=channel.method,
        channel=channel.name,
        actor=clerk,
        now=now,
    )


@transaction.atomic
def _processed(group: BillingGroup, channel: Channel, today: date, clerk: User, chief: User) -> None:
    """The last run that is over: carried out, and some of it came back."""
    action_date = last_run(group.run_day, today)
    now = _at(action_date - timedelta(days=10))
    batch = _built(group, channel, action_date, Month.of(action_date).last, clerk, now)
    for line in CollectionLine.objects.filter(batch=batch).order_by("pk")[OUT - 1 :: OUT]:
        batches.withdraw_line(line=line, why="Changes banks; again next month", actor=clerk, now=now)
    batches.release(batch=batch, actor=chief, now=now)
    batches.prepared(batch=batch, actor=clerk, now=now)
    batches.take(batch=batch, said=Sent("authorised", "demo", "demo"), actor=clerk, now=now)
    collection_results.book(
        channel=channel.name,
        rows=list(_told(batch, action_date)),
        run_id=None,
        now=_at(action_date + timedelta(days=5)),
        actor=clerk,
    )


def _told(batch: CollectionBatch, day: date) -> Iterator[ResultRow]:
    lines = CollectionLine.objects.filter(batch=batch, state__in=("sent", "collected", "unpaid"))
    for place, line in enumerate(lines.order_by("pk")):
        shared: dict[str, Any] = {
            "amount": line.amount,
            "reference": line.reference,
            "line_reference": line_reference(line.pk),
        }
        text = f"{line.reference} {batch.name}"
        yield ResultRow(f"D{line.pk}", "TDD", "collected", day, text=text, **shared)
        if place % EVERY == EVERY - 1:
            code = CODES[place // EVERY % len(CODES)]
            back = day + timedelta(days=3)
            text = f"{line.reference} Debit order unpaid - Code:{code}"
            yield ResultRow(f"D{line.pk}", "DRU", "unpaid", back, code=code, text=text, **shared)


def _coming(groups: Iterable[BillingGroup], channel: Channel, today: date, clerk: User, chief: User) -> None:
    """The runs to come: the fullest is a draft that somebody works on, the next was released."""
    made = [batch for group in groups if (batch := _draft(group, channel, today, clerk))]
    made.sort(key=lambda batch: (-batch.lines, batch.action_date))
    if made:
        _work_on(made[0], clerk, _at(today))
    if len(made) > 1:
        batches.release(batch=made[1], actor=chief, now=_at(today))


def _draft(group: BillingGroup, channel: Channel, today: date, clerk: User) -> CollectionBatch | None:
    now = _at(today)
    action_date = policy.next_date(group.run_day, channel.earliest(now))
    with transaction.atomic():
        made = _built(group, channel, action_date, action_date, clerk, now)
        made.refresh_from_db()
        if made.lines:
            return made
        transaction.set_rollback(True)
    return None


def _work_on(batch: CollectionBatch, clerk: User, now: datetime) -> None:
    lines = list(CollectionLine.objects.filter(batch=batch).order_by("pk")[:2])
    if len(lines) == len(("lowered", "left out")):
        half = round(lines[0].amount / 2, 2)
        batches.edit_line(line=lines[0], amount=half, why="Pays in two parts", actor=clerk, now=now)
        batches.withdraw_line(line=lines[1], why="Pays by EFT this once", actor=clerk, now=now)


def _give_statement(channel: Channel, today: date, clerk: User) -> None:
    """The statement of the newest run, given as a file too; on it is a debit that is none of ours."""
    batch = CollectionBatch.objects.filter(state="processed").order_by("-action_date").first()
    if batch is None:
        return
    day = batch.action_date
    stray = ResultRow("T4711", "TDD", "collected", day, Decimal("199.00"), "KOP0777", text="KOP0777 by hand")
    content = statement([*_told(batch, day), stray])
    result_statements.receive(channel=channel.name, name=f"netcash-{day}.txt", data=content, actor=clerk)
