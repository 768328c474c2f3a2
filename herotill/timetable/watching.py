"""What is done about trouble: lost workers, calls nobody took, jobs that are late or fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models.functions import Now

from herotill import schedules
from herotill.clock import local, local_day
from herotill.jobs import Job, jobs, nudge
from herotill.messages.services import outbox
from herotill.models import JobCall, JobSetting, JobState
from herotill.timetable import calls, locks
from herotill.timetable.saying import ALARM
from herotill.timetable.setting import words_of
from herotill.users.selectors.people import administrators

State = JobCall.State
TRIES = 3  # workers that one call may lose in a row
OFTEN_FAILS = 3  # in a row, of what comes again soon, before anybody is told
UNTAKEN = timedelta(minutes=5)
FORGOTTEN = timedelta(days=7)  # after which somebody is asked whether a pause was forgotten


def watch(now: datetime) -> str:
    """Take up what lost its worker, call again for what nobody took, and tell of what is late or fails."""
    lost, untaken = _take_up_lost(), _call_again(now)
    late = late_jobs(now)
    for job, _ in late:
        if calls.owe(job.name):
            nudge(job.name)
    troubles = [*_failing(), *(Trouble(job, "late", _late_says(due)) for job, due in late)]
    told = _tell([*troubles, *_forgotten(now)], now)
    said = {"taken up": lost, "called again": untaken, "late": len(late), "mails owed": told}
    return ", ".join(f"{count} {what}" for what, count in said.items() if count)


def _take_up_lost() -> int:
    """Calls whose worker is gone are owed again, unless that has happened too often.

    A call that ends now has written so before its lock went, so only what still runs is marked.
    """
    running = list(JobCall.objects.filter(state=State.RUNNING))
    alive = locks.held() if running else set()
    gone = [call for call in running if call.lock not in alive]
    return sum(_take_up(call) for call in gone)


def _take_up(call: JobCall) -> int:
    again = call.tries + 1 < TRIES and call.name in jobs
    says = "Its worker was lost. " + ("It is called again." if again else "It is not called again by itself.")
    ended = {"state": State.LOST, "said": says, "finished_at": Now()}
    if not JobCall.objects.filter(pk=call.pk, state=State.RUNNING).update(**ended):
        return 0
    if again:
        calls.owe(call.name, actor=call.asked_by, tries=call.tries + 1)
        nudge(call.name)
    else:
        JobState.objects.filter(name=call.name).update(failed=True, failures=TRIES, said=says)
    return 1


def _call_again(now: datetime) -> int:
    waiting = JobCall.objects.filter(state=State.WAITING, nudged_at__lt=now - UNTAKEN)
    names = [name for name in waiting.values_list("name", flat=True) if name in jobs]
    JobCall.objects.filter(state=State.WAITING, name__in=names).update(nudged_at=now)
    for name in names:
        nudge(name)
    return len(names)


def late_jobs(now: datetime) -> list[tuple[Job, datetime]]:
    """The jobs whose time has passed and that nobody has begun since, with that time."""
    settings = {one.name: one for one in JobSetting.objects.all()}
    states = JobState.objects.in_bulk()
    at_work = set(JobCall.objects.filter(state=State.RUNNING).values_list("name", flat=True))
    return [(job, due) for job, due in _due(states, settings, now) if job.name not in at_work]


def _due(
    states: Mapping[str, JobState], settings: Mapping[str, JobSetting], now: datetime
) -> Iterator[tuple[Job, datetime]]:
    for job in jobs:
        state, setting = states.get(job.name), settings.get(job.name)
        if not state or (setting and setting.paused):
            continue
        counted = (state.started_at, state.known_since, setting.set_at if setting else None)
        since = max(at for at in counted if at)
        words = words_of(job, setting)
        if since + schedules.patience(words) >= now:
            continue
        due = schedules.next_after(words, since)
        if due and due + schedules.patience(words) < now:
            yield job, due


@dataclass(frozen=True, slots=True)
class Trouble:
    """One job that people are told of: `kind` is failed, late or paused."""

    job: Job
    kind: str
    says: str


def _failing() -> list[Trouble]:
    failing = JobState.objects.filter(failed=True)
    settings = {one.name: one for one in JobSetting.objects.all()}
    return [
        Trouble(jobs[state.name], "failed", state.said)
        for state in failing
        if state.name in jobs and _is_worth_telling(state, settings.get(state.name))
    ]


def _forgotten(now: datetime) -> Iterator[Trouble]:
    """What was paused long ago, and so does nothing and fails at nothing; told on each seventh day of it."""
    for setting in JobSetting.objects.filter(paused=True, set_at__lte=now - FORGOTTEN):
        if setting.name in jobs and (now - setting.set_at).days % FORGOTTEN.days == 0:
            says = f"It was paused on {local(setting.set_at):%Y-%m-%d}, and nothing of it is done."
            yield Trouble(jobs[setting.name], "paused", says)


def _is_worth_telling(state: JobState, setting: JobSetting | None) -> bool:
    if setting and setting.paused:
        return False
    often = schedules.is_often(words_of(jobs[state.name], setting))
    return state.failures >= (OFTEN_FAILS if often else 1)


def _late_says(due: datetime) -> str:
    return f"It was due on {local(due):%Y-%m-%d at %H:%M} and nobody has begun it."


def _tell(troubles: Sequence[Trouble], now: datetime) -> int:
    """A mail to each administrator, once a day for each job and kind of trouble."""
    to = [person for person in administrators() if person.email] if troubles else []
    day = local_day(now)
    owed = [
        outbox.New(
            to=person.email,
            context={"job": one.job.title, "queue": str(one.job.queue), "what": one.kind, "says": one.says},
            key=f"job:{one.job.name}:{one.kind}:{day}:{person.pk}",
        )
        for one in troubles
        for person in to
    ]
    return outbox.queue_many(owed, template=ALARM, now=now) if owed else 0
