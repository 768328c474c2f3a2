"""Building, updating and sending as runs: long work that goes on where it was left."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date

from django.db import transaction

from billing.collecting import channels
from billing.models import CollectionBatch
from billing.selectors.batch_pages import draft_or_later
from billing.services.batches import building, sending
from customers.models import BillingGroup
from herotill import runs
from herotill.clock import stamp
from herotill.errors import DomainError, IntegrationError
from herotill.models import Run
from herotill.runs import Progress
from herotill.users.models import User

State = CollectionBatch.State
WAITS = (2, 5, 15)  # seconds until it is asked whether it was loaded; afterwards the job asks
BUILD, UPDATE, SEND = "collection-build", "collection-update", "collection-send"


def start_build(*, group: BillingGroup, action_date: date, due_upto: date, channel: str, actor: User) -> Run:
    """Have a batch built."""
    params = {
        "group": group.pk,
        "action_date": action_date.isoformat(),
        "due_upto": due_upto.isoformat(),
        "channel": channel,
    }
    title = f"Batch of {group.name} for {action_date}"
    return runs.start(
        kind=BUILD, params=params, actor=actor, title=title, once=f"{group.pk} {action_date} {channel}"
    )


def start(*, kind: str, batch: CollectionBatch, actor: User) -> Run:
    """Have a batch updated or sent."""
    words = {UPDATE: "updated", SEND: "sent"}[kind]
    return runs.start(
        kind=kind,
        params={"batch": batch.pk},
        actor=actor,
        title=f"{batch.name} {words}",
        once=str(batch.pk),
    )


def build(run: Run, progress: Progress) -> None:
    """The run: everything in one transaction, so that it is there or not."""
    if progress.cursor.get("batch"):
        return
    given = run.params
    with transaction.atomic():
        made = building.build(
            group=BillingGroup.objects.get(pk=given["group"]),
            action_date=date.fromisoformat(given["action_date"]),
            due_upto=date.fromisoformat(given["due_upto"]),
            method=channels[given["channel"]].method,
            channel=given["channel"],
            actor=run.started_by,
            now=stamp(),
        )
        progress.advance(made.lines, lines=made.lines)
        progress.checkpoint(batch=made.pk)


def update(run: Run, progress: Progress) -> None:
    """The run: a draft worked out anew."""
    if progress.cursor.get("batch"):
        return
    with transaction.atomic():
        batch = building.update(batch=_of(run), actor=run.started_by, now=stamp())
        progress.advance(batch.lines, lines=batch.lines)
        progress.checkpoint(batch=batch.pk)


def send(run: Run, progress: Progress) -> None:
    """The run: a released batch handed over, and whether it was loaded, if that is known soon.

    Begun again it does nothing to one that is on its way.
    """
    batch = _of(run)
    if batch.state == State.RELEASED:
        batch = sending.send(batch=batch, actor=run.started_by, now=stamp())
    progress.advance(batch.lines, lines=batch.lines)
    for seconds in WAITS:
        if batch.state != State.SENT:
            return
        time.sleep(seconds)
        with suppress(DomainError, IntegrationError):  # it stands on the batch, and the job asks again
            batch = sending.ask(batch=batch, actor=run.started_by, now=stamp())


def _of(run: Run) -> CollectionBatch:
    return CollectionBatch.objects.get(pk=run.params["batch"])


def built(run: Run) -> CollectionBatch | None:
    """The batch a run was about."""
    if "batch" in run.params:
        return CollectionBatch.objects.filter(pk=run.params["batch"]).first()
    channel = channels.get(run.params["channel"])
    group = BillingGroup.objects.filter(pk=run.params["group"]).first()
    if channel is None or group is None:
        return None
    day = date.fromisoformat(run.params["action_date"])
    return draft_or_later(group=group, action_date=day, method=channel.method)
