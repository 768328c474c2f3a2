"""Prints the timetable, for people or for cron."""

from __future__ import annotations

import shlex
import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from herotill import schedules
from herotill.clock import local
from herotill.timetable import showing
from herotill.timetable.showing import Line

HERE = f"cd {shlex.quote(str(settings.BASE_DIR))} && {shlex.quote(sys.executable)} manage.py"


class Command(BaseCommand):
    help = "Prints every job: when it is carried out, how it stands, when it comes next."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cron", action="store_true", help="as lines of a crontab, in place of beat")
        parser.add_argument("--command", default=HERE, help="what cron calls in place of manage.py")

    def handle(self, *, cron: bool, command: str, **options: object) -> None:
        lines = showing.lines(timezone.now())
        for text in crontab(lines, command) if cron else table(lines):
            self.stdout.write(text)


def table(lines: list[Line]) -> list[str]:
    """A line for each job, in columns."""
    rows = [("JOB", "WHEN", "QUEUE", "STATE", "NEXT")]
    rows += [
        (one.job.name, one.words, str(one.job.queue), one.standing or "Not yet", _next(one)) for one in lines
    ]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _next(line: Line) -> str:
    return f"{local(line.next):%Y-%m-%d %H:%M}" if line.next else "-"


def crontab(lines: list[Line], command: str) -> list[str]:
    """What cron carries out; a paused job is left by the command itself, so that it can go on again."""
    timed = [(schedules.as_cron(one.words), one.job.name) for one in lines]
    return [
        f"CRON_TZ={settings.TIME_ZONE}",
        *(f"{when} {command} job {name}" for when, name in timed if when),
    ]
