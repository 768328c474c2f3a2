"""Carries out one job of the timetable here and now, as cron or a person wants it."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from herotill.errors import DomainError, IntegrationError
from herotill.jobs import carry_out, jobs, nudge


class Command(BaseCommand):
    help = "Carries out one registered job now, recorded as any other call; `timetable` names them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what the timetable calls it, such as messages-mail")

    def handle(self, *, name: str, **options: object) -> None:
        if name not in jobs:
            raise CommandError(f"There is no job {name!r}. manage.py timetable names them all.")
        if jobs[name].of_workers:
            nudge(name)
            self.stdout.write("A worker is asked.")
            return
        try:
            said = carry_out(name, now=timezone.now())
        except (DomainError, IntegrationError) as no:
            raise CommandError(str(no)) from no
        self.stdout.write(said or "Done; there was nothing to say.")
