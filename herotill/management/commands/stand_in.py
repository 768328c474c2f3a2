"""One of the servers that stand in for partners, as the demo runs it."""

from __future__ import annotations

import signal
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from herotill.demo import stand_ins


class Command(BaseCommand):
    help = "Runs a server that stands in for a partner of the demo until it is ended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--port", type=int, required=True)

    def handle(self, *, name: str, port: int, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("Nothing stands in for a partner but in the demo.")
        if name not in stand_ins:
            raise CommandError(
                f"There is none of this name; there are {', '.join(sorted(one.name for one in stand_ins))}."
            )
        with stand_ins[name].serve(port):
            signal.sigwait({signal.SIGTERM, signal.SIGINT})
