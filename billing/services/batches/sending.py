"""A released batch on its way: sent, loaded, authorised, processed; what goes wrong comes back to a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from billing.collecting import Carrier, Channel, Sent, channels
from billing.models import BatchFile, CollectionBatch, CollectionLine
from billing.services.batches import building, checking, files
from billing.services.batches.releasing import refuse_broken
from herotill.clock import local
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.http import Uncertain
from herotill.jobs import count
from herotill.users.models import User

State, LineState = CollectionBatch.State, CollectionLine.State
IN_THE_ACT = timedelta(minutes=3)  # a call that was begun has an answer by then, or never
UNSURE_FOR = timedelta(minutes=30)  # what arrived is seen there by then
MAYBE = "It may have arrived all the same; it is looked up before anything is sent again."
UNDER_WAY = (State.SENT, State.LOADED, State.AUTHORISED)
_ORDER = [State.RELEASED, State.SENT, State.LOADED, State.AUTHORISED, State.PROCESSED]


def send(*, batch: CollectionBatch, actor: User | None, now: datetime) -> CollectionBatch:
    """Hand a released batch to the bank or gateway. A missed cut-off is said and waits for a person (rule 18).

    It is claimed before it leaves the house. Where nobody knows whether it arrived it stays claimed: it is looked
    up, and sent again only by a person, after a while, and where it is not there.
    """
    batch.refresh_from_db()
    if batch.state != State.RELEASED:
        raise DomainError(f"{batch.name} is {batch.get_state_display().lower()}.")
    channel = checking.channel_of(batch)
    carrier = _carrier(channel)
    if batch.sent_at:
        batch = _looked_up(batch, channel, carrier, actor, now)
        if batch.state != State.RELEASED:
            return batch
    if late := missed(batch, channel, now):
        _trouble(batch, late)
        raise DomainError(late)
    made = _claimed(batch, actor, now)
    try:
        content = files.contents(made)
        said = carrier.send(checking.bill(batch), checking.out_lines(batch), content, now)
    except Uncertain as no:
        _trouble(batch, f"{no} {MAYBE}")
        raise
    except (DomainError, IntegrationError) as no:
        _let_go(batch, str(no))
        raise
    return take(batch=batch, said=said, actor=actor, now=now)


def _looked_up(
    batch: CollectionBatch, channel: Channel, carrier: Carrier, actor: User | None, now: datetime
) -> CollectionBatch:
    """A batch that may have arrived: as it stands there, or free to be sent again."""
    again = (batch.sent_at or now) + UNSURE_FOR
    if now < again:
        at = f"{local(again):%H:%M}"
        raise DomainError(
            f"It may have reached {channel.title}. It is looked up; send it again from {at} on."
        )
    if said := carrier.status(checking.bill(batch), now):
        return take(batch=batch, said=said, actor=actor, now=now)
    _let_go(batch, "")
    if batch.sent_at:
        raise DomainError(f"{batch.name} is being sent already.")
    return batch


@transaction.atomic
def _claimed(batch: CollectionBatch, actor: User | None, now: datetime) -> BatchFile:
    """The file that goes out now, and by nobody else."""
    made = files.prepared(batch=batch, actor=actor, now=now)
    if not CollectionBatch.objects.filter(pk=batch.pk, state=State.RELEASED, sent_at=None).update(
        sent_at=now, trouble=""
    ):
        raise DomainError(f"{batch.name} is being sent already.")
    batch.refresh_from_db()
    return made


def _let_go(batch: CollectionBatch, words: str) -> None:
    """Nothing left the house, or nothing arrived: it can be sent, taken back or cancelled again.

    Of this claim alone: somebody else may send it by one of their own meanwhile.
    """
    claim = CollectionBatch.objects.filter(pk=batch.pk, state=State.RELEASED, sent_at=batch.sent_at)
    claim.update(sent_at=None, trouble=words[:300])
    batch.refresh_from_db()


def missed(batch: CollectionBatch, channel: Channel, now: datetime) -> str:
    """That the hour has passed by which its date is still taken; empty while it has not."""
    if (
        batch.sent_at
        or batch.state not in (State.DRAFT, State.RELEASED)
        or batch.action_date >= (earliest := channel.earliest(now))
    ):
        return ""
    return (
        f"It is too late for {batch.action_date}; the first date still taken is {earliest}."
        " Cancel this batch and build one for a later date; it is never moved by itself."
    )


def _carrier(channel: Channel) -> Carrier:
    if channel.carrier is None:
        raise DomainError(f"{channel.title} takes files by hand: download the file and upload it there.")
    return channel.carrier


def _trouble(batch: CollectionBatch, words: str) -> None:
    CollectionBatch.objects.filter(pk=batch.pk).update(trouble=words[:300])
    batch.trouble = words[:300]


@transaction.atomic
def take(*, batch: CollectionBatch, said: Sent, actor: User | None, now: datetime) -> CollectionBatch:
    """Keep what the other side said of a batch; a state never goes back."""
    found = CollectionBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if said.raw:
        files.keep(batch=found, kind=BatchFile.Kind.REPORT, content=said.raw, actor=actor)
    for one in said.refused:
        CollectionLine.objects.filter(
            pk=one.line or 0, batch=found, state__in=[LineState.PLANNED, LineState.SENT]
        ).update(state=LineState.REFUSED, withdrawn_why=one.text[:200])
    if found.state == State.RELEASED:
        found.sent_at = found.sent_at or now
        CollectionLine.objects.filter(batch=found, state=LineState.PLANNED).update(state=LineState.SENT)
    found.file_token = said.file_token or found.file_token
    found.bank_reference = said.bank_reference or found.bank_reference
    found.trouble = said.trouble[:300]
    before, found.state = found.state, _further(found.state, said.state)
    if found.state != before:
        building.touch(found, actor, str(found.get_state_display()), is_hand=False)
    found.save(update_fields=["sent_at", "file_token", "bank_reference", "trouble", "state"])
    found.refresh_from_db()
    return found


def _place(state: str) -> int:
    return [str(one) for one in _ORDER].index(state)


def _further(state: str, said: str) -> str:
    if said == State.REJECTED:
        return said if state in (State.RELEASED, *UNDER_WAY) else state
    if said not in _ORDER or state not in _ORDER:
        return state
    return max(state, said, key=_place)


def mark_sent(*, batch: CollectionBatch, actor: User, now: datetime) -> CollectionBatch:
    """Say that a person uploaded the file by hand. Raises DomainError before one was downloaded."""
    refuse_broken(batch)
    if not BatchFile.objects.filter(batch=batch, kind=BatchFile.Kind.SENT).exists():
        raise DomainError("Download the file first; it is what was uploaded.")
    if batch.state != State.RELEASED:
        raise DomainError(f"{batch.name} is {batch.get_state_display().lower()}.")
    return take(batch=batch, said=Sent(State.SENT), actor=actor, now=now)


def ask(*, batch: CollectionBatch, actor: User | None, now: datetime) -> CollectionBatch:
    """Ask what became of a batch that was sent: whether it was loaded, then its status."""
    channel = checking.channel_of(batch)
    carrier = _carrier(channel)
    asked = carrier.report if batch.state == State.SENT else carrier.status
    try:
        said = asked(checking.bill(batch), now)
    except (DomainError, IntegrationError) as no:
        _trouble(batch, str(no))
        raise
    if said is None and batch.state == State.RELEASED:
        _trouble(batch, f"{channel.title} does not know this batch. If it is not there, send it again.")
    return take(batch=batch, said=said, actor=actor, now=now) if said else batch


def authorise(*, batch: CollectionBatch, actor: User, now: datetime) -> CollectionBatch:
    """Let a loaded batch go. Raises DomainError for one that is not loaded, or not what was released."""
    refuse_broken(batch)
    if batch.state != State.LOADED:
        raise DomainError(f"{batch.name} is {batch.get_state_display().lower()}.")
    carrier = _carrier(checking.channel_of(batch))
    try:
        said = carrier.authorise(checking.bill(batch), now)
    except (DomainError, IntegrationError) as no:
        _trouble(batch, str(no))
        raise
    return take(batch=batch, said=said, actor=actor, now=now)


def ask_all(now: datetime) -> str:
    """The job: ask about what is under way, and say which released batches have missed their hour."""
    asked = failed = 0
    for batch in CollectionBatch.objects.filter(Q(state__in=UNDER_WAY) | Q(state=State.RELEASED)):
        channel = channels.get(batch.channel)
        if channel is None:
            continue
        if batch.state == State.RELEASED and (batch.sent_at is None or now < batch.sent_at + IN_THE_ACT):
            if (late := missed(batch, channel, now)) and batch.trouble != late:
                _trouble(batch, late)
        elif channel.carrier is not None:
            asked += 1
            try:
                ask(batch=batch, actor=None, now=now)
            except (DomainError, IntegrationError):
                failed += 1
    count(asked=asked, without_an_answer=failed)
    return f"Asked about {asked}, {failed} without an answer." if asked else ""
