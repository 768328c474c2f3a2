"""What people decide about cases: approve, pause, reset, suspend at once, keep what was taken over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from billing.models import CaseStep, SuspensionCase, SuspensionRules
from billing.policies.suspending import Deed, Known
from billing.selectors import cutover
from billing.selectors.suspensions import facts
from billing.services.suspensions import family
from billing.services.suspensions.steps import Moment, Step, end, move, open_cases, take
from billing.services.suspensions.taking_down import bring_back, claim
from customers.models import Customer
from dataaccounts.models import DataAccount
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.money import rand
from herotill.users.models import User

State = SuspensionCase.State
Kind = CaseStep.Kind
LONGEST_PAUSE = 90
MOVED_AWAY = "A receipt was moved to another customer; a first warning is due again."
NAMED = 8


@transaction.atomic
def approve(*, cases: Collection[int], actor: User, now: datetime) -> int:
    """Let the next run warn the customers of these cases, and suspend them in the end; how many waited for it."""
    steps = _steps(cases, "", now, {State.LISTED})
    if steps:
        move(Kind.APPROVED, steps, Moment(local_day(now), now, actor))
    return len(steps)


@transaction.atomic
def keep(*, cases: Collection[int], actor: User, now: datetime) -> int:
    """Go on with customers who were taken over as suspended: suspended until what is overdue is paid; how many.

    What is suspended of theirs now is what the end of the case brings back.
    """
    steps = _steps(cases, "Taken over as suspended; stays so until it is paid.", now, {State.TAKEN_OVER})
    if steps:
        _claimed(steps, Moment(local_day(now), now, actor))
    return len(steps)


def _claimed(steps: list[Step], at: Moment) -> None:
    claim([one.known.case_id for one in steps if one.known.case_id], now=at.now)
    move(Kind.SUSPENDED, steps, at)


@transaction.atomic
def pause(*, cases: Collection[int], days: int, actor: User, now: datetime, why: str = "") -> int:
    """Leave these customers alone for so many days; who is suspended gets service back for as long. How many.

    Raises DomainError for a length that is none.
    """
    if not 1 <= days <= LONGEST_PAUSE:
        raise DomainError(f"A pause has 1 to {LONGEST_PAUSE} days.", field="days")
    at, until = Moment(local_day(now), now, actor), local_day(now) + timedelta(days=days)
    steps = _steps(cases, f"Until {until}. {why}".strip(), now, set(State) - {State.ENDED, State.TAKEN_OVER})
    if steps:
        move(Kind.PAUSED, steps, at, until=until)
        bring_back([one.known.case_id for one in steps if one.known.case_id], now=now, actor=actor)
    return len(steps)


@transaction.atomic
def reset(*, cases: Collection[int], reason: str, actor: User, now: datetime) -> int:
    """End these cases and bring back what they took down, for a reason; how many."""
    if not reason.strip():
        raise DomainError("Say why.", field="reason")
    steps = _steps(cases, reason.strip(), now, set(State) - {State.ENDED})
    taken = [one.known.case_id for one in steps if one.known.case_id and one.known.state == State.TAKEN_OVER]
    if taken:
        claim(taken, now=now)
    if steps:
        end(steps, Moment(local_day(now), now, actor))
    return len(steps)


@transaction.atomic
def suspend_at_once(*, customer: Customer, reason: str, actor: User, now: datetime) -> SuspensionCase:
    """Suspend a customer now, without waiting for warnings, for a reason.

    Raises DomainError where nobody may be suspended now, and where this customer may not: too little is
    overdue, suspension is disabled, another pays.
    """
    if not reason.strip():
        raise DomainError("Say why.", field="reason")
    at = Moment(local_day(now), now, actor)
    family.hold([customer.pk], at.day)
    known = _refused(customer, at)
    if known.case_id is None:
        open_cases([Step(known, f"{rand(known.overdue)} overdue.")], at)
    case = SuspensionCase.objects.exclude(state=State.ENDED).get(customer=customer)
    known = known._replace(case_id=case.pk)
    SuspensionCase.objects.filter(pk=case.pk).update(by_hand=True, approved_by=actor, approved_at=now)
    take(Deed.SUSPEND, [Step(known, reason.strip())], at)
    case.refresh_from_db()
    return case


def why_not_at_once(*, customer: Customer, now: datetime) -> str:
    """Why this customer cannot be suspended now; empty where it can."""
    try:
        _refused(customer, Moment(local_day(now), now))
    except DomainError as no:
        return str(no)
    return ""


def would_lose(*, customer: Customer, day: date) -> str:
    """What suspending this customer takes down, in words."""
    people = [one for _, one in family.members([customer.pk], day)]
    names = list(
        DataAccount.objects.filter(customer__in=people, state=DataAccount.State.ACTIVE)
        .order_by("username")
        .values_list("username", flat=True)
    )
    shown = ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
    accounts = f"{len(names)} data account{'' if len(names) == 1 else 's'}" + (f" ({shown})" if names else "")
    subs = f" and {len(people) - 1} sub-accounts billed to it" if len(people) > 1 else ""
    return f"This suspends {customer.name}{subs}: {accounts}. Sessions are cut, and the customer is told by mail."


def _refused(customer: Customer, at: Moment) -> Known:
    rules, signed = SuspensionRules.objects.get(), cutover.signed()
    frame = facts.frame(day=at.day, now=at.now, rules=rules, signed=signed)
    if not signed:
        raise DomainError("Collections stay off until the debtors taken over are signed.")
    if not frame.may_suspend:
        raise DomainError(
            f"Customers are suspended on business days within the hours only; next on {frame.suspends_next}."
        )
    known = _known(customer.pk, at)
    if known is None or known.counts_from is None:
        raise DomainError(f"Less than {rand(frame.minimum)} is overdue.")
    if known.disabled:
        raise DomainError("Suspension is disabled for this customer.")
    if known.state in (State.SUSPENDED, State.TAKEN_OVER) or known.status == Customer.Status.CANCELLED:
        raise DomainError(f"{customer.name} is suspended already or has left.")
    return known


def _known(customer: int, at: Moment) -> Known | None:
    found = facts.of_one(customer=customer, day=at.day, now=at.now)
    return found.known if found else None


@transaction.atomic
def report_payment(*, customer: Customer, now: datetime) -> bool:
    """Hold the customer's case for the set hours, as a card payment was reported; once a case.

    False where there is no case, or it was held so before.
    """
    family.hold([customer.pk], local_day(now))
    until = now + timedelta(hours=SuspensionRules.objects.get().reported_hours)
    cases = SuspensionCase.objects.filter(customer=customer, reported_until=None).exclude(state=State.ENDED)
    return bool(cases.update(reported_until=until))


@transaction.atomic
def begin_anew(*, customers: Collection[int], now: datetime) -> int:
    """End the cases of customers who were warned before they lost a receipt to another: a first warning is due again.

    Who is suspended stays so. How many.
    """
    warned = {State.WARNED, State.WARNED_TWICE}
    cases = SuspensionCase.objects.filter(customer__in=list(customers), state__in=warned)
    steps = _steps(list(cases.values_list("pk", flat=True)), MOVED_AWAY, now, warned)
    if steps:
        end(steps, Moment(local_day(now), now))
    return len(steps)


def with_subs(cases: Collection[int]) -> list[int]:
    """These cases and the open ones of their customers' sub-accounts that pay for themselves."""
    customers = SuspensionCase.objects.filter(pk__in=cases).values("customer")
    subs = SuspensionCase.objects.filter(customer__master__in=customers).exclude(state=State.ENDED)
    return sorted({*cases, *subs.values_list("pk", flat=True)})


def _steps(cases: Collection[int], why: str, now: datetime, states: Collection[str]) -> list[Step]:
    """The cases that are in one of these states once their customers are held, as steps to take."""
    people = list(SuspensionCase.objects.filter(pk__in=cases).values_list("customer_id", flat=True))
    day: date = local_day(now)
    family.hold(people, day)
    found = facts.plan(day=day, now=now, customers=people, cases_only=True)
    of = [one.known for one in found]
    return [Step(one, why) for one in of if one.case_id in cases and one.state in states]
