"""Times in words, for people who read the timetable and for Celery's beat."""

from __future__ import annotations

import re
from collections.abc import Callable

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
