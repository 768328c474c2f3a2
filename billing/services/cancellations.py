"""Cancellations: asked by staff or customer, approved, confirmed by the customer, and carried out on their day."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from billing.models import Cancellation, CancellationReason, CancelledAccount, RecurringItem
from billing.policies import cancelling
from billing.selectors import cancellations as reading
from billing.selectors.cancellations import Consequences, Fee
from billing.services import contracts, locks, own_month, recurring
from customers.models import Customer
from customers.services import facts
from dataaccounts.models import DataAccount
from dataaccounts.services import accounts as data_accounts
from dataaccounts.services import voice_lines
from herotill import links
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.events import record
from herotill.messages.models import Message
from herotill.messages.services import outbox
from herotill.months import Month
from herotill.users.models import User

log = logging.getLogger(__name__)
State = Cancellation.State
TEMPLATE, SUBJECT = "cancellation_confirm", "cancellation"
VOICE = "voice line "
AT_ONCE = 200
OVER = "This has been answered already, or the time for it is over."


@transaction.atomic
def ask(
    *,
    customer: Customer,
    reason: CancellationReason,
    comment: str,
    last_day: date,
    actor: User | None,
    now: datetime,
    accounts: Collection[int] | None = None,
) -> Cancellation:
    """Have somebody approve that a customer, or only these of their data accounts, ends with a day.

    Raises DomainError for a day gone by, without accounts to end, and while the customer ends already.
    """
    if last_day < local_day(now):
        raise DomainError("This day has gone by.", field="last_day")
    locks.hold([customer.pk])
    theirs = _live(customer, accounts) if accounts is not None else []
    if reading.running(customer=customer) and _ends_already(customer, theirs):
        raise DomainError("A cancellation of this is on its way already; withdraw that first.")
    made = Cancellation(
        customer=customer,
        whole=accounts is None,
        reason=reason,
        comment=comment,
        last_day=last_day,
        asked_by=actor,
        asked_at=now,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as trouble:
        if "one_cancellation_of_a_customer" not in str(trouble):
            raise
        raise DomainError("A cancellation of this customer is on its way already.") from None
    CancelledAccount.objects.bulk_create([CancelledAccount(cancellation=made, account=one) for one in theirs])
    return made


def _live(customer: Customer, accounts: Collection[int]) -> list[DataAccount]:
    found = DataAccount.objects.filter(customer=customer, pk__in=accounts)
    live = list(found.exclude(state=DataAccount.State.CANCELLED).order_by("pk"))
    if not live:
        raise DomainError("Choose the data accounts that end.", field="accounts")
    return live


def _ends_already(customer: Customer, theirs: Collection[DataAccount]) -> bool:
    open_ones = Cancellation.objects.filter(customer=customer, state__in=Cancellation.OPEN)
    if not theirs:
        return open_ones.exists()
    return (
        open_ones.filter(whole=True).exists()
        or CancelledAccount.objects.filter(cancellation__in=open_ones, account__in=theirs).exists()
    )


def consequences(*, cancellation: Cancellation) -> Consequences:
    """What it ends, and what ending early costs."""
    told, last = reading.told_on(cancellation), cancellation.last_day
    fees = [
        Fee(contract, contracts.penalty(contract=contract, told_on=told, last=last))
        for contract in reading.contracts_of(cancellation)
    ]
    return reading.consequences(cancellation, fees)


def _held(cancellation: Cancellation, *states: str) -> Cancellation:
    """It as it stands, for us alone; only in one of these states. Its customer is held before it."""
    locks.hold([cancellation.customer_id])
    found = (
        Cancellation.objects.select_for_update(of=("self",))
        .select_related("customer", "reason")
        .filter(pk=cancellation.pk, state__in=states)
        .first()
    )
    if found is None:
        raise DomainError("It is not open for this any more; somebody else was first.")
    return found


@transaction.atomic
def approve(*, cancellation: Cancellation, actor: User, now: datetime) -> Cancellation:
    """Agree, and ask the customer to confirm by a link. Raises DomainError where an account began after the day."""
    held, today = _held(cancellation, State.ASKED), local_day(now)
    if held.last_day < today:
        raise DomainError("Its last day has gone by; ask anew with a later one.")
    held.state, held.approved_by, held.approved_at = State.APPROVED, actor, now
    held.answer_by = cancelling.answer_by(today, held.last_day)
    held.save(update_fields=["state", "approved_by", "approved_at", "answer_by"])
    outbox.queue(
        template=TEMPLATE,
        customer_id=held.customer_id,
        subject_kind=SUBJECT,
        subject_id=held.pk,
        context=_words(held),
        key=f"cancellation-{held.pk}",
        now=now,
        actor_id=actor.pk,
    )
    return held


def _words(cancellation: Cancellation) -> dict[str, str]:
    what = "your account with us"
    if not cancellation.whole:
        what = ", ".join(reading.accounts_of(cancellation).values_list("username", flat=True))
    return {
        "customer": cancellation.customer.name,
        "what": what,
        "last_day": str(cancellation.last_day),
        "answer_by": str(cancellation.answer_by),
    }


@transaction.atomic
def seal(message: Message, now: datetime) -> Mapping[str, str]:
    """The link by which the customer answers, made as the mail goes out."""
    found = Cancellation.objects.select_for_update().filter(pk=message.subject_id or 0).first()
    if found is None or found.state != State.APPROVED:
        raise DomainError("This was answered or withdrawn before the mail was sent.")
    token = links.new()
    Cancellation.objects.filter(pk=found.pk).update(token_hash=links.hashed(token))
    return {"link": links.address("cancellation-answer", token)}


@transaction.atomic
def refuse(*, cancellation: Cancellation, why: str, actor: User, now: datetime) -> Cancellation:
    """Say no to what was asked."""
    held = _held(cancellation, State.ASKED)
    held.state, held.answer, held.approved_by, held.answered_at = State.REFUSED, why, actor, now
    held.save(update_fields=["state", "answer", "approved_by", "answered_at"])
    return held


def find(*, token: str, now: datetime) -> Cancellation | None:
    """The cancellation that a link asks about, while it may be answered."""
    return (
        Cancellation.objects.select_related("customer")
        .filter(token_hash=links.hashed(token), state=State.APPROVED, answer_by__gte=local_day(now))
        .first()
    )


def answer(*, token: str, confirms: bool, text: str, address: str | None, now: datetime) -> Cancellation:
    """The customer's word by the link. Raises DomainError where it was answered already."""
    found = find(token=token, now=now)
    if found is None:
        raise DomainError(OVER)
    return answer_known(cancellation=found, confirms=confirms, text=text, address=address, now=now)


@transaction.atomic
def answer_known(
    *, cancellation: Cancellation, confirms: bool, text: str, address: str | None, now: datetime
) -> Cancellation:
    """The customer's word: the cancellation counts, or it does not and whoever approved is told.

    Raises DomainError where it was answered already, or the day to answer by has gone.
    """
    try:
        held = _held(cancellation, State.APPROVED)
    except DomainError:
        raise DomainError(OVER) from None
    if held.answer_by is None or held.answer_by < local_day(now):
        raise DomainError(OVER)
    held.state = State.CONFIRMED if confirms else State.DENIED
    held.answer, held.answered_at, held.answered_from, held.token_hash = text, now, address, ""
    held.save(update_fields=["state", "answer", "answered_at", "answered_from", "token_hash"])
    _tell("confirmed" if confirms else "denied", held, {"text": text})
    return held


@transaction.atomic
def confirm_by_hand(*, cancellation: Cancellation, why: str, actor: User, now: datetime) -> Cancellation:
    """The customer confirmed by a letter or in person; `why` says by what."""
    held = _held(cancellation, State.APPROVED)
    held.state, held.answered_at, held.token_hash = State.CONFIRMED, now, ""
    held.answer = f"{why} (noted by {actor})"
    held.save(update_fields=["state", "answer", "answered_at", "token_hash"])
    _tell("confirmed", held, {"text": why})
    return held


def _tell(what: str, cancellation: Cancellation, data: Mapping[str, Any]) -> None:
    record(
        kind=f"cancellation.{what}",
        key=f"cancellation.{what}-{cancellation.pk}",
        customer_id=cancellation.customer_id,
        subject_kind=SUBJECT,
        subject_id=cancellation.pk,
        data={"approver": cancellation.approved_by_id, "last_day": str(cancellation.last_day), **data},
    )


@transaction.atomic
def withdraw(*, cancellation: Cancellation, why: str, actor: User, now: datetime) -> Cancellation:
    """The customer stays: what was set to end goes on as before. Not once it has ended."""
    held = _held(cancellation, *Cancellation.OPEN)
    if held.applied_at:
        _undo(held, actor, now)
    held.state, held.answer, held.token_hash = State.WITHDRAWN, why, ""
    held.save(update_fields=["state", "answer", "token_hash"])
    return held


def _undo(cancellation: Cancellation, actor: User, now: datetime) -> None:
    """Items, accounts and voice lines get back the ends they had, unless somebody changed them since."""
    data_accounts.keep(
        accounts=list(reading.accounts_of(cancellation).values_list("pk", flat=True)), actor=actor, now=now
    )
    before: dict[str, str | None] = cancellation.undo
    lines = {
        int(name.removeprefix(VOICE)): date.fromisoformat(was) if was else None
        for name, was in before.items()
        if name.startswith(VOICE)
    }
    voice_lines.keep(before=lines, last_day=cancellation.last_day)
    held = [int(name) for name in before if not name.startswith(VOICE)]
    items = RecurringItem.objects.select_for_update(no_key=True).filter(pk__in=held)
    for item in items.filter(ends_on=cancellation.last_day).order_by("pk"):
        was = before[str(item.pk)]
        item.ends_on = date.fromisoformat(was) if was else None
        item.save(update_fields=["ends_on"])


def lapse_due(*, now: datetime) -> int:
    """Cancellations that the customer did not answer in time lapse; service goes on. How many."""
    due = Cancellation.objects.filter(state=State.APPROVED, answer_by__lt=local_day(now)).order_by("pk")
    lapsed = 0
    for one in due[:AT_ONCE]:
        with transaction.atomic():
            lapsed += _lapse(one)
    return lapsed


def _lapse(cancellation: Cancellation) -> bool:
    """Let one lapse, unless the customer answers just now."""
    try:
        held = _held(cancellation, State.APPROVED)
    except DomainError:
        return False
    held.state, held.token_hash = State.LAPSED, ""
    held.save(update_fields=["state", "token_hash"])
    _tell("lapsed", held, {})
    return True


def apply_due(*, now: datetime) -> int:
    """Set the ends of what was confirmed: accounts stop being let in, items stop being billed. How many."""
    waiting = Cancellation.objects.filter(state=State.CONFIRMED, applied_at=None, trouble="").order_by("pk")
    return sum(_tried(one, _apply, now) for one in waiting[:AT_ONCE])


def finish_due(*, now: datetime) -> int:
    """End what had its last day: contracts with what that costs, the final invoice as a draft. How many."""
    over = Cancellation.objects.filter(
        state=State.CONFIRMED, applied_at__isnull=False, last_day__lt=local_day(now), trouble=""
    ).order_by("last_day", "pk")
    return sum(_tried(one, _finish, now) for one in over[:AT_ONCE])


def _tried(cancellation: Cancellation, do: Any, now: datetime) -> bool:
    """Do one by itself; what stands in the way is kept for a person to read."""
    try:
        with transaction.atomic():
            do(_held(cancellation, State.CONFIRMED), now)
    except DomainError as no:
        return _stands(cancellation, str(no))
    except Exception as trouble:  # a mistake of ours at one keeps nobody else here
        log.exception("Cancellation %s could not be carried out.", cancellation.pk)
        return _stands(
            cancellation, f"The program met an error ({type(trouble).__name__}). The log tells more."
        )
    return True


def _stands(cancellation: Cancellation, why: str) -> bool:
    Cancellation.objects.filter(pk=cancellation.pk).update(trouble=why[:300])
    return False


@transaction.atomic
def try_again(*, cancellation: Cancellation, now: datetime) -> None:
    """Somebody put right what stood in the way: the next run takes it up again."""
    held = _held(cancellation, State.CONFIRMED)
    held.trouble = ""
    held.save(update_fields=["trouble"])


def _apply(cancellation: Cancellation, now: datetime) -> None:
    ids = list(reading.accounts_of(cancellation).values_list("pk", flat=True))
    data_accounts.cancel(
        accounts=ids, last_day=cancellation.last_day, reason=cancellation.reason.name, actor=None, now=now
    )
    undo = _lines_ended(cancellation, now) if cancellation.whole else {}
    for item in reading.items_of(cancellation):
        undo[str(item.pk)] = item.ends_on.isoformat() if item.ends_on else None
        _end(item, cancellation.last_day)
    cancellation.undo, cancellation.applied_at = undo, now
    cancellation.save(update_fields=["undo", "applied_at"])


def _lines_ended(cancellation: Cancellation, now: datetime) -> dict[str, str | None]:
    """The voice lines of a customer end with the rest; the ends they had, named apart from those of items."""
    last, why = cancellation.last_day, cancellation.reason.name
    before = voice_lines.end_with(customer=cancellation.customer_id, last_day=last, reason=why, now=now)
    return {f"{VOICE}{pk}": day.isoformat() if day else None for pk, day in before.items()}


def _end(item: RecurringItem, last_day: date) -> None:
    try:
        recurring.end(item=item, last_day=last_day, actor=None)
    except DomainError as no:
        raise DomainError(f"{item}: {no} End or delete it first.") from None


def _finish(cancellation: Cancellation, now: datetime) -> None:
    told, actor = reading.told_on(cancellation), cancellation.approved_by
    for contract in reading.contracts_of(cancellation):
        contracts.end(
            contract=contract,
            told_on=told,
            last=max(cancellation.last_day, contract.starts_on),
            reason=cancellation.reason.name,
            actor=actor,
        )
    if cancellation.whole:
        _end_customer(cancellation, now)
    cancellation.state, cancellation.ended_at = State.DONE, now
    cancellation.save(update_fields=["state", "ended_at", "equipment", "final_draft"])
    _tell("done", cancellation, {"whole": cancellation.whole, "equipment": cancellation.equipment})


def _end_customer(cancellation: Cancellation, now: datetime) -> None:
    """The last month's charges become a draft; the customer is cancelled; what is ours is to be collected."""
    customer, month = cancellation.customer, Month.of(cancellation.last_day)
    try:
        with transaction.atomic():
            if own_month.generate(customer=customer, month=month, actor=cancellation.approved_by):
                cancellation.final_draft = own_month.draft(
                    customer=customer, month=month, day=local_day(now), actor=cancellation.approved_by
                )
    except DomainError:
        cancellation.final_draft = None  # Nothing of its own to bill: prepaid, or the master pays.
    equipment = [str(asset) for asset in reading.equipment_of(customer.pk)]
    cancellation.equipment = ", ".join(equipment)[:500]
    customer.status = Customer.Status.CANCELLED
    customer.save(update_fields=["status"])
    facts.changed({customer.pk: ["status"]})
    facts.cancelled([customer.pk])
