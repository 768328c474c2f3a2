"""Voice lines: adding, changing, activating, suspending, restoring and ending them. One is a set of one.

The telephone system is told by a person: what stands here is what is billed, and whose calls are whose.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from customers.models import Customer
from dataaccounts.models import VoiceLine, VoiceTerm
from dataaccounts.policies.voice_numbers import line_number
from dataaccounts.services import calls, identity_checks, voice_facts
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.models import Fact
from herotill.users.models import User

State = VoiceLine.State
TERMS = {"package", "rental"}


@transaction.atomic
def add(
    *, customer: Customer, values: Mapping[str, Any], activate: bool, actor: User | None, now: datetime
) -> VoiceLine:
    """Give a customer a number. Raises DomainError where it is somebody's on these days already.

    With `activate` its identity and address have to be checked where the rules ask for it (rule 29).
    """
    if activate:
        identity_checks.insist({customer.pk})
    line = VoiceLine(customer=customer, created_by=actor, state_since=now, **values)
    line.number = line_number(values["number"])
    line.state = State.ACTIVE if activate else State.WAITING
    again = VoiceLine.objects.filter(customer=customer, number=line.number).exists()
    if again:
        calls.hold_sources()
    made = _kept(line)
    if again:
        calls.give_from(first=made.starts_on.replace(day=1), line=made.pk)
    voice_facts.tell("activated", now, [made.pk])
    return made


@transaction.atomic
def change(*, line: VoiceLine, values: Mapping[str, Any], now: datetime) -> VoiceLine:
    """Change what a line is sold as, where its calls come from, its channels, rental or note.

    Another package or rental counts from today: days before are billed, and their calls rated, as they were. Calls
    of today that nobody charged are priced anew. A line that waits is as if it had been so from the start.
    """
    if "package" in values and values["package"].pk != line.package_id:
        calls.hold_sources()
    held = VoiceLine.objects.select_for_update().get(pk=line.pk)
    if held.state == State.CANCELLED:
        raise DomainError("It is cancelled.")
    package = held.package_id
    _remember(held, values, local_day(now))
    for name, value in values.items():
        setattr(held, name, value)
    kept = _kept(held)
    if kept.package_id != package:
        calls.rate_line(line=kept, first=_sold_so_since(kept, local_day(now)))
    return kept


def _remember(line: VoiceLine, values: Mapping[str, Any], today: date) -> None:
    """Keep what a line was sold as until yesterday, where that changes."""
    yesterday = today - timedelta(days=1)
    before = {"package": line.package, "rental": line.rental}
    if line.state == State.WAITING or line.starts_on > yesterday:
        return
    if any(before[name] != values[name] for name in TERMS & set(values)):
        VoiceTerm.objects.get_or_create(line=line, ends_on=yesterday, defaults=before)


def _sold_so_since(line: VoiceLine, today: date) -> date:
    return line.starts_on if line.state == State.WAITING else max(line.starts_on, today)


def _kept(line: VoiceLine) -> VoiceLine:
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError as no:
        if "voice_number_once_a_day" in str(no):
            raise DomainError(
                f"+{line.number} is somebody's on these days already.", field="number"
            ) from None
        if "voice_account_once_a_day" in str(no):
            raise DomainError(
                f"{line.account} is another line's account at {line.source} on these days.", field="account"
            ) from None
        raise
    return line


@transaction.atomic
def activate(*, lines: Collection[int], now: datetime) -> int:
    """Begin to bill waiting lines, from today or from their first day if that is still to come; how many.

    Raises DomainError where identity or address is not checked and the rules ask for it (rule 29).
    """
    again = _had_before(lines)
    held = list(VoiceLine.objects.select_for_update().filter(pk__in=lines, state=State.WAITING))
    identity_checks.insist({one.customer_id for one in held})
    for one in held:
        one.starts_on = max(one.starts_on, local_day(now))
        one.state, one.state_since, one.state_reason = State.ACTIVE, now, ""
        one.save(update_fields=["starts_on", "state", "state_since", "state_reason"])
    _give_anew(again)
    voice_facts.tell("activated", now, [one.pk for one in held])
    return len(held)


def _had_before(lines: Collection[int]) -> list[VoiceLine]:
    """Those that wait and whose number their customer had already; sources are held where there are any."""
    other = VoiceLine.objects.filter(customer=OuterRef("customer"), number=OuterRef("number"))
    waiting = VoiceLine.objects.filter(pk__in=lines, state=State.WAITING).order_by("pk")
    if found := list(waiting.filter(Exists(other.exclude(pk=OuterRef("pk"))))):
        calls.hold_sources()
    return found


def _give_anew(again: Sequence[VoiceLine]) -> None:
    """Give the minutes of numbers anew, from the month in which a line of theirs that waited was to begin."""
    for one in again:
        calls.give_from(first=one.starts_on.replace(day=1), line=one.pk)


@transaction.atomic
def suspend(*, lines: Collection[int], reason: str, now: datetime) -> int:
    """Mark active lines as suspended; how many. They go on being billed."""
    return _moved(lines, State.ACTIVE, State.SUSPENDED, reason, now)


@transaction.atomic
def restore(*, lines: Collection[int], reason: str, now: datetime) -> int:
    """Mark suspended lines as active again; how many."""
    return _moved(lines, State.SUSPENDED, State.ACTIVE, reason, now)


def _moved(lines: Collection[int], was: str, state: str, reason: str, now: datetime) -> int:
    found = VoiceLine.objects.filter(pk__in=lines, state=was)
    count = found.update(state=state, state_since=now, state_reason=reason.strip()[:200])
    voice_facts.tell("suspended" if state == State.SUSPENDED else "restored", now, lines)
    return count


@transaction.atomic
def cancel(*, lines: Collection[int], last_day: date, reason: str, now: datetime) -> int:
    """End lines with a day, after which their number is free; how many. Billing ends with it.

    Calls up to that day are still charged; those after it are anybody's again. Raises DomainError for a day before
    a line began, and where calls after it are charged. Waiting lines end at once and cost nothing.
    """
    again = _had_before(lines)
    if last_day < local_day(now):
        calls.hold_sources()
    held = list(VoiceLine.objects.select_for_update().filter(pk__in=lines).exclude(state=State.CANCELLED))
    for one in held:
        if one.state != State.WAITING and last_day < one.starts_on:
            raise DomainError(f"+{one.number} began on {one.starts_on}.", field="last_day")
        one.ends_on, one.state_reason = max(last_day, one.starts_on), reason.strip()[:200]
        if last_day < local_day(now) or one.state == State.WAITING:
            one.never_active = one.state == State.WAITING
            one.state, one.state_since = State.CANCELLED, now
        one.save(update_fields=["ends_on", "state", "state_since", "state_reason", "never_active"])
    if last_day < local_day(now):
        calls.give_back_after(lines=[one.pk for one in held])
    _give_anew(again)
    voice_facts.tell("cancelled", now, [one.pk for one in held])
    return len(held)


@transaction.atomic
def end_with(*, customer: int, last_day: date, reason: str, now: datetime) -> dict[int, date | None]:
    """End the lines of a customer who leaves that would go on after a day; the ends they had, for `keep`."""
    going_on = VoiceLine.objects.exclude(state=State.CANCELLED).exclude(ends_on__lte=last_day)
    before = dict(going_on.filter(customer=customer).order_by("pk").values_list("pk", "ends_on"))
    cancel(lines=list(before), last_day=last_day, reason=reason, now=now)
    return before


@transaction.atomic
def keep(*, before: Mapping[int, date | None], last_day: date) -> None:
    """Give lines back the ends they had before `end_with`, unless somebody changed them since or they have ended."""
    held = VoiceLine.objects.select_for_update().filter(pk__in=before, ends_on=last_day)
    for one in held.exclude(state=State.CANCELLED).order_by("pk"):
        one.ends_on, one.state_reason = before[one.pk], ""
        _kept(one)


WITH_CUSTOMER = "The customer is suspended"


def follow(facts: Sequence[Fact]) -> None:
    """Mark the lines of customers who are suspended, and bring back those that nothing else suspended."""
    for fact in facts:
        lines = VoiceLine.objects.filter(customer=fact.customer_id)
        now = fact.at
        if fact.kind == "customer.suspended":
            active = list(lines.filter(state=State.ACTIVE).values_list("pk", flat=True))
            suspend(lines=active, reason=WITH_CUSTOMER, now=now)
        else:
            down = lines.filter(state=State.SUSPENDED, state_reason=WITH_CUSTOMER)
            restore(lines=list(down.values_list("pk", flat=True)), reason="", now=now)


@transaction.atomic
def end_due(*, now: datetime) -> int:
    """Cancel the lines that had their last day before today; how many. May be called twice and late."""
    due = VoiceLine.objects.filter(ends_on__lt=local_day(now)).exclude(state=State.CANCELLED)
    unused = due.filter(state=State.WAITING).update(state=State.CANCELLED, state_since=now, never_active=True)
    ended = unused + due.update(state=State.CANCELLED, state_since=now)
    if ended:
        voice_facts.tell("cancelled", now)
    return ended
