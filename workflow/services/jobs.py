"""Job cards: opened, scheduled, started, done, failed, called off and booked again. Each deed moves the lead along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.services import locks
from customers.models import Customer
from dataaccounts.models import DataAccount
from herotill.access import may
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.events import record
from herotill.users.models import User
from workflow.models import Area, ChecklistItem, FailReason, JobCard, JobCheck, JobType, Lead
from workflow.policies import jobs as rules
from workflow.selectors import jobs as reading
from workflow.services import beginning, first_invoices, moving

State = JobCard.State
OVERRIDE = "workflow.override_jobcard"
COMPLETED, FAILED = "job.completed", "job.failed"


@transaction.atomic
def open_for(leads: Sequence[int], now: datetime, actor: User | None = None) -> list[JobCard]:
    """The installation card of each of these leads that has none open; after a failed one, instead of that."""
    held = Lead.objects.select_for_update(of=("self",), no_key=True)
    theirs = held.filter(pk__in=leads, customer__isnull=False).select_related("area")
    found = list(theirs.order_by("pk"))
    busy = set(JobCard.objects.filter(lead__in=found, state__in=rules.OPEN).values_list("lead_id", flat=True))
    wanted = [lead for lead in found if lead.pk not in busy]
    if not wanted:
        return []
    before = reading.newest_of([lead.pk for lead in wanted])
    return _write([_card_of(lead, before.get(lead.pk), now, actor) for lead in wanted])


def _card_of(lead: Lead, before: JobCard | None, now: datetime, actor: User | None) -> JobCard:
    assert lead.customer_id
    again = before if before and before.state in rules.BOOKED_AGAIN else None
    return JobCard(
        job_type=again.job_type if again else reading.installation(),
        lead=lead,
        customer_id=lead.customer_id,
        account_id=reading.waiting_account(lead) or (again.account_id if again else None),
        area=lead.area,
        address=again.address if again else reading.address_of_lead(lead),
        instructions=again.instructions if again else lead.directions,
        instead_of=again,
        state_since=now,
        created_by=actor,
    )


def _write(cards: list[JobCard]) -> list[JobCard]:
    """Save new cards, each with a copy of its type's checklist."""
    made = JobCard.objects.bulk_create(cards)
    lists: dict[int, list[ChecklistItem]] = {}
    for item in ChecklistItem.objects.filter(job_type__in={card.job_type_id for card in made}):
        lists.setdefault(item.job_type_id, []).append(item)
    JobCheck.objects.bulk_create(
        JobCheck(job=card, position=item.position, text=item.text, kind=item.kind, compulsory=item.compulsory)
        for card in made
        for item in lists.get(card.job_type_id, [])
    )
    return made


@transaction.atomic
def open_card(
    *,
    customer: Customer,
    job_type: JobType,
    actor: User | None,
    now: datetime,
    account: DataAccount | None = None,
    area: Area | None = None,
    address: str = "",
    instructions: str = "",
) -> JobCard:
    """A job at a customer who is there already: a repair, a collection."""
    if job_type.retired:
        raise DomainError(f"{job_type} is no longer offered.", field="job_type")
    if account and account.customer_id != customer.pk:
        raise DomainError("That data account is another customer's.", field="account")
    card = JobCard(
        job_type=job_type,
        customer=customer,
        account=account,
        area=area,
        address=address or reading.address_of(customer.pk),
        instructions=instructions,
        state_since=now,
        created_by=actor,
    )
    return _write([card])[0]


def held(job: JobCard, state: str, deed: str) -> JobCard:
    """The card as it stands, for us alone, where it may come to `state`; its lead is held before it."""
    if job.lead_id:
        Lead.objects.select_for_update(no_key=True).filter(pk=job.lead_id).first()
    cards = JobCard.objects.select_for_update(of=("self",), no_key=True)
    found = cards.select_related("job_type", "customer", "lead").get(pk=job.pk)
    if found.state not in rules.MAY_COME[state]:
        raise DomainError(rules.NOT_OPEN.format(state=found.get_state_display().lower(), deed=deed))
    return found


def _come_to(job: JobCard, state: str, now: datetime, actor: User | None, why: str, *fields: str) -> None:
    """Write a card's new state, and bring its lead where that belongs."""
    job.state, job.state_since, job.version = state, now, job.version + 1
    job.save(update_fields=["state", "state_since", "version", *fields])
    if job.lead_id:
        moving.move(leads=[job.lead_id], to=rules.PLACES[state], actor=actor, now=now, why=why, deed=True)


@transaction.atomic
def schedule(
    job: JobCard, technician: User, starts_at: datetime, ends_at: datetime, actor: User | None, now: datetime
) -> JobCard:
    """Give a card its technician and time, or others. What stands against them warns, it does not refuse."""
    card = held(job, State.SCHEDULED, "scheduled")
    if ends_at <= starts_at:
        raise DomainError("It ends before it begins.", field="ends")
    if not reading.may_be_sent(technician):
        raise DomainError(f"{technician} cannot be sent to jobs.", field="technician")
    card.technician, card.starts_at, card.ends_at = technician, starts_at, ends_at
    _come_to(card, State.SCHEDULED, now, actor, "", "technician", "starts_at", "ends_at")
    return card


@transaction.atomic
def start(job: JobCard, actor: User | None, now: datetime) -> JobCard:
    """The technician is there."""
    card = held(job, State.STARTED, "started")
    card.started_at = now
    _come_to(card, State.STARTED, now, actor, "", "started_at")
    return card


@transaction.atomic
def check(item: JobCheck, answer: str, actor: User | None, now: datetime) -> JobCheck:
    """Tick a thing of the checklist, write it down, or take that back with an empty answer.

    A photo is answered by the photo alone (`workflow.services.photos`).
    """
    if item.kind == rules.PHOTO:
        raise DomainError(f"“{item.text}” is answered by a photo.", field="answer")
    card = JobCard.objects.select_for_update(of=("self",), no_key=True).get(pk=item.job_id)
    if card.state not in rules.OPEN:
        raise DomainError(f"The job is {card.get_state_display().lower()}; its checklist stands as it is.")
    item.answer = answer.strip()[:500]
    item.done_at, item.done_by = (now, actor) if item.answer else (None, None)
    item.save(update_fields=["answer", "done_at", "done_by"])
    return item


@transaction.atomic
def complete(job: JobCard, values: Mapping[str, Any], actor: User | None, now: datetime) -> JobCard:
    """The job is done. `values`: report, signed_by, signature (strokes), tested, starts_service_on, override (why
    it is completed without what is compulsory; takes a right).

    An installation begins services on `starts_service_on`, today without one, and its lead goes to Invoicing.
    Raises DomainError for what is missing, and where a service may not begin yet (rule 29).
    """
    _alone(job)
    card = held(job, State.COMPLETED, "completed")
    began = card.starts_service_on if card.begun else None
    fields = ["report", "signed_by", "signature", "tested", "starts_service_on"]
    for name in fields:
        if values.get(name) not in (None, ""):
            setattr(card, name, values[name])
    _insist(card, str(values.get("override") or "").strip(), actor)
    day = began or card.starts_service_on or local_day(now)
    card.starts_service_on = day if card.job_type.installs else None
    card.begun = beginning.begin(job=card, day=day, actor=actor, now=now)
    card.started_at = card.started_at or now
    card.ended_at, card.ended_by = now, actor
    fields += ["overridden", "begun", "started_at", "ended_at", "ended_by"]
    _come_to(card, State.COMPLETED, now, actor, "", *fields)
    _tell(COMPLETED, card)
    return card


def _insist(card: JobCard, override: str, actor: User | None) -> None:
    """Raise DomainError for what a card lacks, unless somebody with the right says why it goes without."""
    lacking = rules.lacking(reading.done(card))
    if not lacking:
        return
    if not override:
        raise DomainError(" ".join(lacking))
    if actor is None or not may(actor, OVERRIDE):
        raise DomainError(f"{' '.join(lacking)} Completing it without takes a right that you do not hold.")
    card.overridden = override[:500]


def _tell(kind: str, card: JobCard) -> None:
    record(
        kind=kind,
        key=f"{kind}-{card.pk}",
        customer_id=card.customer_id,
        subject_kind="job",
        subject_id=card.pk,
        data={"technician": card.technician_id, "job_type": card.job_type_id, "lead": card.lead_id},
    )


@transaction.atomic
def fail(job: JobCard, reason: FailReason, words: str, actor: User | None, now: datetime) -> JobCard:
    """It could not be done; it is booked again as a new card."""
    _alone(job)
    card = held(job, State.FAILED, "marked as failed")
    card.fail_reason, card.fail_words = reason, words.strip()[:500]
    _come_to_nothing(card, State.FAILED, reason.name, actor, now)
    _tell(FAILED, card)
    return card


@transaction.atomic
def call_off(job: JobCard, why: str, actor: User | None, now: datetime) -> JobCard:
    """Nobody drives out; its lead waits among the failed ones until the job is booked again or the lead lost."""
    if not why.strip():
        raise DomainError("Say why it is called off.", field="why")
    _alone(job)
    card = held(job, State.CALLED_OFF, "called off")
    card.fail_words = why.strip()[:500]
    _come_to_nothing(card, State.CALLED_OFF, card.fail_words[:300], actor, now)
    return card


def _alone(job: JobCard) -> None:
    """Have nobody bill the customer of a job until the transaction ends; before the card is held."""
    first_invoices.take_turns(job.customer_id, job.customer.master_id)
    locks.hold([job.customer_id])


def _come_to_nothing(card: JobCard, state: str, why: str, actor: User | None, now: datetime) -> None:
    """End a card without its work done; accounts that it let in wait again."""
    beginning.take_back(job=card, actor=actor, now=now)
    card.begun, card.ended_at, card.ended_by = [], now, actor
    _come_to(card, state, now, actor, why, "fail_reason", "fail_words", "begun", "ended_at", "ended_by")


@transaction.atomic
def call_off_of(*, leads: Sequence[int], why: str, actor: User | None, now: datetime) -> int:
    """Call off the open cards of leads that came to nothing, who stay where they are; how many."""
    theirs = JobCard.objects.filter(lead__in=leads, state__in=rules.OPEN).select_related("customer")
    for connected in theirs.exclude(begun=[]).order_by("customer"):
        _alone(connected)
    found = list(theirs.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for card in found:
        beginning.take_back(job=card, actor=actor, now=now)
        card.state, card.state_since, card.fail_words, card.begun = State.CALLED_OFF, now, why, []
        card.ended_at, card.ended_by, card.version = now, actor, card.version + 1
        card.save()
    return len(found)


@transaction.atomic
def connect(job: JobCard, actor: User | None, now: datetime) -> JobCard:
    """Let the customer's waiting accounts in while the technician is there, so that they can be tested.

    Billing begins today. Raises DomainError where identity or address is not checked (rule 29).
    """
    _alone(job)
    card = held(job, State.FAILED, "connected")
    if not card.job_type.installs:
        raise DomainError("This type of job installs no service.")
    if not card.begun:
        card.starts_service_on = local_day(now)
    day = card.starts_service_on or local_day(now)
    card.begun = card.begun + beginning.let_in(job=card, day=day, actor=actor, now=now)
    card.save(update_fields=["begun", "starts_service_on"])
    return card


@transaction.atomic
def book_again(job: JobCard, actor: User | None, now: datetime) -> JobCard:
    """A new card instead of one that failed or was called off; its lead is back among the new jobs."""
    if job.lead_id:
        Lead.objects.select_for_update(no_key=True).filter(pk=job.lead_id).first()
    old = JobCard.objects.select_for_update(of=("self",), no_key=True).get(pk=job.pk)
    if old.state not in rules.BOOKED_AGAIN or JobCard.objects.filter(instead_of=old).exists():
        raise DomainError("It is not failed, or it is booked again already.")
    if old.lead_id and JobCard.objects.filter(lead=old.lead_id, state__in=rules.OPEN).exists():
        raise DomainError("This lead has another job that is open.")
    card = JobCard(
        job_type_id=old.job_type_id,
        lead_id=old.lead_id,
        customer_id=old.customer_id,
        account_id=old.account_id,
        area_id=old.area_id,
        address=old.address,
        instructions=old.instructions,
        instead_of=old,
        state_since=now,
        created_by=actor,
    )
    made = _write([card])[0]
    if made.lead_id:
        moving.move(
            leads=[made.lead_id], to=rules.PLACES[State.NEW], actor=actor, now=now, why="Booked again"
        )
    return made
