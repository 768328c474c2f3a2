"""Times in words, for people who read the timetable and for Celery's beat."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from celery.schedules import crontab

DAYS = ("sundays", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays")
NEVER = "only when asked"
EXAMPLES = '"every 5 minutes", "every hour at :15", "daily at 02:30", "weekdays at 06:00", "monthly on day 1 at 03:00"'


def _minutes(found: re.Match[str]) -> crontab:
    return crontab(minute=f"*/{_at_most(found['n'] or 1, 59)}")


def _hours(found: re.Match[str]) -> crontab:
    return crontab(minute=str(_at_most(found["m"] or 0, 59)), hour=f"*/{_at_most(found['n'] or 1, 23)}")


def _days(found: re.Match[str]) -> crontab:
    days = {"daily": "*", "weekdays": "1-5"} | {day: str(number) for number, day in enumerate(DAYS)}
    return crontab(**_clock(found), day_of_week=days[found["day"]])


def _months(found: re.Match[str]) -> crontab:
    return crontab(**_clock(found), day_of_month=str(_at_most(found["n"], 28)))


def _clock(found: re.Match[str]) -> dict[str, str]:
    return {"hour": str(_at_most(found["h"], 23)), "minute": str(_at_most(found["m"], 59))}


def _at_most(number: str | int, limit: int) -> int:
    if int(number) > limit:
        raise ValueError(f"{number} is more than {limit}.")
    return int(number)


FORMS: tuple[tuple[str, Callable[[re.Match[str]], crontab]], ...] = (
    (r"every (?:(?P<n>[1-9]\d?) )?minutes?", _minutes),
    (r"every (?:(?P<n>[1-9]\d?) )?hours?(?: at :(?P<m>\d\d))?", _hours),
    (rf"(?P<day>daily|weekdays|{'|'.join(DAYS)}) at (?P<h>\d\d):(?P<m>\d\d)", _days),
    (r"monthly on day (?P<n>[1-9]\d?) at (?P<h>\d\d):(?P<m>\d\d)", _months),
)


def parse(words: str) -> crontab | None:
    """The schedule these words mean, in the house's time zone; None for "only when asked".

    Raises ValueError where they mean nothing. A day of the month is at most 28, so that every month has it.
    """
    if words == NEVER:
        return None
    for form, make in FORMS:
        if found := re.fullmatch(form, words):
            return make(found)
    raise ValueError(f"{words!r} is no schedule. Say it like {EXAMPLES}.")


def next_after(words: str, moment: datetime) -> datetime | None:
    """The first time after `moment` that these words mean; None for "only when asked"."""
    if not (schedule := parse(words)):
        return None
    schedule.nowfun = lambda: moment
    last, ahead, _ = schedule.remaining_delta(moment)
    return last + ahead


def is_often(words: str) -> bool:
    """Whether it comes again within the hour."""
    return words.startswith("every") and "minute" in words


def patience(words: str) -> timedelta:
    """How long after its time something is late."""
    return timedelta(minutes=10 if is_often(words) else 30)


def as_cron(words: str) -> str:
    """The five fields of cron; empty for "only when asked"."""
    if not (schedule := parse(words)):
        return ""
    return " ".join(fields(schedule).values())


def fields(schedule: crontab) -> dict[str, str]:
    """What a crontab says, field by field, in cron's order."""
    return {
        "minute": schedule._orig_minute,
        "hour": schedule._orig_hour,
        "day_of_month": schedule._orig_day_of_month,
        "month_of_year": schedule._orig_month_of_year,
        "day_of_week": schedule._orig_day_of_week,
    }
