"""manage.py simulate_nas: sessions and usage for the demo, by a router that is played."""

import contextlib
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from dataaccounts.services import radius_role, simulation
from herotill import embedded
from herotill.integrations.radius.server import MISSING, PROGRAM, FreeRadius


class Command(BaseCommand):
    """Each run dials in accounts that are not on; killed, it leaves sessions without an end, as a router would."""

    help = (
        "Play a router: accounts log in, use their lines and partly log out. Speaks RADIUS to a FreeRADIUS that"
        " it starts on this machine, or writes the same rows where FreeRADIUS is not installed. Demo only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sessions", type=int, default=50, help="how many accounts log in")
        parser.add_argument("--minutes", type=int, default=60, help="for how long, up to now")
        parser.add_argument("--every", type=int, default=300, help="seconds between reports of usage")
        parser.add_argument("--leave", type=int, default=80, help="how many in a hundred stay on")
        parser.add_argument("--live", action="store_true", help="from now on, second by second")
        parser.add_argument("--rows", action="store_true", help="write rows even if FreeRADIUS is installed")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Usage that nobody had belongs into a demo: set DEMO=1.")
        with self._voice(rows=options["rows"]) as voice:
            self._play(voice, options, Random(options["seed"]))

    @contextlib.contextmanager
    def _voice(self, *, rows: bool) -> Iterator[simulation.Voice]:
        nas = simulation.router()
        if rows or not PROGRAM or not settings.EMBEDDED:
            self.stdout.write("Writing rows." if rows else f"Writing rows. {MISSING}")
            yield simulation.Rows(nas)
            return
        with self._freeradius() as server:
            self.stdout.write("Speaking RADIUS to FreeRADIUS.")
            packets = simulation.Packets(nas, server.auth_port, server.acct_port)
            with contextlib.closing(packets):
                yield packets

    def _freeradius(self) -> FreeRadius:
        password = embedded.login(radius_role.ROLE)
        radius_role.let_in()
        known = connection.settings_dict
        database = f"host={known['HOST']} dbname={known['NAME']} user={radius_role.ROLE} connect_timeout=3"
        return FreeRadius(database=database, password=password, user=embedded.account())

    def _play(self, voice: simulation.Voice, options: dict[str, Any], chance: Random) -> None:
        now = timezone.now()
        length, step = timedelta(minutes=options["minutes"]), timedelta(seconds=options["every"])
        moment, end = (now, now + length) if options["live"] else (now - length, now)
        lines = simulation.dial(voice, simulation.subscribers(options["sessions"], chance), moment, chance)
        while moment + step <= end:
            moment += step
            self._wait_for(moment)
            simulation.use(voice, lines, moment, options["every"], chance)
        staying = len(lines) * options["leave"] // 100
        simulation.hang_up(voice, lines[staying:], moment)
        used = sum(line.input + line.output for line in lines)
        self.stdout.write(f"{len(lines)} sessions, {staying} still on, {used / 10**9:.1f} GB used.")

    def _wait_for(self, moment: datetime) -> None:
        time.sleep(max(0.0, (moment - timezone.now()).total_seconds()))
