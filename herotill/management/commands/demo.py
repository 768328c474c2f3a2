"""Everything a person needs to try HeroTill, from an empty database to a page that answers."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from herotill import serving
from herotill.demo import stand_ins
from herotill.serving import Program

LOCAL = "127.0.0.1"
QUEUES = "money,network,messages,reports"


class Command(BaseCommand):
    help = "Migrates, makes demo data the first time, and runs web server, worker and beat until Ctrl-C."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="an address of this machine only")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--customers", type=int, default=300)
        parser.add_argument("--months", type=int, default=24)
        parser.add_argument("--seed", type=int, default=1)

    def handle(
        self, *, host: str, port: int, customers: int, months: int, seed: int, **options: object
    ) -> None:
        url = os.environ["SITE_URL"] = f"http://{host}:{port}"  # the programs put it into links
        folder = settings.RUN_DIR / "demo"
        try:
            self.refuse_strangers(host)
            with serving.only_one(folder / "lock", f"The demo runs already: {url}/"):
                serving.must_be_free(host, port)
                self.prepare(customers, months, seed)
                with serving.group(folder) as group:
                    group.start([*standing_in(), *programs(host, port)])
                    group.wait(until=lambda: serving.answers(f"{url}/login/"))
                    if not group.asked_to_end.is_set():
                        self.stdout.write(welcome(url))
                        self.stdout.flush()
                    group.wait()
        except serving.Refused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            "Web server, worker and beat have ended; `make stop` ends PostgreSQL and Redis too."
        )

    def refuse_strangers(self, host: str) -> None:
        if not settings.DEMO:
            raise CommandError("This makes log-ins with known passwords. Say DEMO=1, or `make demo`.")
        serving.must_be_loopback(host)

    def prepare(self, customers: int, months: int, seed: int) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("demo_data", customers=customers, months=months, seed=seed)
        call_command("collectstatic", verbosity=0, interactive=False)


def standing_in() -> Sequence[Program]:
    """The servers that stand in for partners; the programs started after them find them by the environment."""
    made = []
    for one in stand_ins:
        port = serving.free_port()
        os.environ.update(one.environment(f"http://{LOCAL}:{port}"))
        words = [sys.executable, "-m", "django", "stand_in", one.name, f"--port={port}"]
        made.append(Program(one.name, words))
    if made:
        os.environ["OUTBOUND_ALLOW"] = LOCAL
    return made


def programs(host: str, port: int) -> Sequence[Program]:
    """What the demo runs beside the embedded servers."""
    celery = [sys.executable, "-m", "celery", "--app", "herotill.celery"]
    schedule = settings.RUN_DIR / "demo" / "beat-schedule"
    return [
        Program(
            "web",
            [sys.executable, "-m", "gunicorn", "herotill.wsgi", "--workers=2", f"--bind={host}:{port}"],
        ),
        Program("worker", [*celery, "worker", f"--queues={QUEUES}", "--concurrency=2", "--loglevel=INFO"]),
        Program("beat", [*celery, "beat", f"--schedule={schedule}", "--pidfile=", "--loglevel=INFO"]),
    ]


def welcome(url: str) -> str:
    staff = get_user_model().objects.filter(kind="staff", is_active=True).order_by("pk")[:12]
    names = ", ".join(staff.values_list("username", flat=True))
    return (
        f"\n  HeroTill is at {url}/\n\n"
        f"  Staff     {url}/login/         {names}\n"
        f"  Customers {url}/portal/login/  any customer code, such as ALI001\n"
        f"  Password  demo\n\n"
        f"  Ctrl-C ends it. Logs are in .run/demo/.\n"
    )
