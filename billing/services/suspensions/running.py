"""The collections day: who is listed, warned, suspended and reset, in turns of some thousand customers.

What is due is asked of everybody once, then again of each turn under the locks of its accounts: a payment that
came meanwhile counts, and two runs at once do the same as one. A turn is one transaction, so a run that dies
leaves whole turns behind and the next goes on from what is so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from billing.models import SuspensionCase
from billing.policies.suspending import Deed
from billing.selectors.suspensions.facts import Planned, plan
from billing.services.suspensions import family
from billing.services.suspensions.steps import Moment, Step, end, open_cases, stop_billing, take
from billing.services.suspensions.taking_over import take_over
from herotill import runs
from herotill.clock import local_day, stamp
from herotill.errors import DomainError
from herotill.models import Run
from herotill.users.models import User

RUN = "suspensions"
AT_ONCE = 4_000
COUNTED = {
    Deed.LIST: "listed",
    Deed.WARN: "warned",
    Deed.WARN_TWICE: "warned_twice",
    Deed.SUSPEND: "suspended",
    Deed.RESUME: "suspended_again",
    Deed.RESET: "reset",
    Deed.STOP_BILLING: "billing_stopped",
}


def run(day: date, now: datetime) -> Counter[str]:
    """Do the collections day; what was done how often. Safe to repeat, to run twice at once and to kill.

    Raises DomainError for a day that has not come.
    """
    _refuse_future(day, now)
    done: Counter[str] = Counter()
    if taken := take_over(day=day):
        done["taken_over"] = taken
    for turn in turns(due(day, now)):
        done.update(act(turn, day=day, now=now, actor=None))
    return done


def _refuse_future(day: date, now: datetime) -> None:
    if day > local_day(now):
        raise DomainError("That day has not come; ask for the preview.")


def due(day: date, now: datetime) -> list[int]:
    """The customers to whom something is to be done, by id."""
    return [one.known.customer_id for one in plan(day=day, now=now) if one.deed]


def turns(customers: Sequence[int]) -> list[Sequence[int]]:
    """The customers, some thousand at a time."""
    return [customers[first : first + AT_ONCE] for first in range(0, len(customers), AT_ONCE)]


@transaction.atomic
def act(
    customers: Collection[int], *, day: date, now: datetime, actor: User | None, only: Deed | None = None
) -> Counter[str]:
    """Do what is due to these customers, as it is found under their locks."""
    family.hold(customers, day)
    found = plan(day=day, now=now, customers=customers)
    by_deed: dict[Deed, list[Planned]] = defaultdict(list)
    for one in found:
        if one.deed and only in (None, one.deed):
            by_deed[one.deed].append(one)
    for deed, some in by_deed.items():
        _do(deed, some, Moment(day, now, actor))
    return Counter({COUNTED[deed]: len(some) for deed, some in by_deed.items()})


def _do(deed: Deed, some: Sequence[Planned], at: Moment) -> None:
    steps = [Step(one.known, one.why) for one in some]
    if deed is Deed.LIST:
        open_cases(steps, at)
    elif deed is Deed.RESET:
        end(steps, at)
    elif deed is Deed.STOP_BILLING:
        stop_billing(steps, at)
    else:
        take(deed, steps, at)


def settle(now: datetime) -> int:
    """End every case whose customer owes too little by now; how many. The job that follows payments."""
    day = local_day(now)
    people = list(
        SuspensionCase.objects.exclude(state=SuspensionCase.State.ENDED)
        .order_by("customer_id")
        .values_list("customer_id", flat=True)
    )
    paid = [
        one.known.customer_id
        for one in plan(day=day, now=now, customers=people, cases_only=True)
        if one.deed is Deed.RESET
    ]
    return sum(act(turn, day=day, now=now, actor=None, only=Deed.RESET)["reset"] for turn in turns(paid))


def begin(*, day: date, actor: User | None, now: datetime, here: bool = False) -> Run:
    """Start the collections day as a run; the same day is never run twice at once. `here`: and do it now."""
    _refuse_future(day, now)
    what: dict[str, Any] = {"kind": RUN, "params": {"day": str(day)}, "actor": actor}
    what |= {"title": f"Collections of {day}", "once": str(day)}
    return runs.perform(**what) if here else runs.start(**what)


def carry_out(run: Run, progress: runs.Progress) -> None:
    """What the run does: turn by turn, each kept with where it had come to."""
    day, now = date.fromisoformat(run.params["day"]), stamp()
    with transaction.atomic():
        progress.advance(0, taken_over=take_over(day=day))
        progress.checkpoint(**progress.cursor)
    waiting = [pk for pk in due(day, now) if pk > progress.cursor.get("last", 0)]
    progress.expect(progress.done + len(waiting))
    for turn in turns(waiting):
        with transaction.atomic():
            done = act(turn, day=day, now=now, actor=None)
            progress.advance(len(turn), **done)
            progress.checkpoint(last=turn[-1])
