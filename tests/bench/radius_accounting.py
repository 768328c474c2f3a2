"""What the journal costs FreeRADIUS: interim updates a second with radacct's trigger, against those without."""

from __future__ import annotations

import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

from dataaccounts.services import radius_secrets
from herotill import embedded
from herotill.integrations.radius.server import MISSING, PROGRAM, FreeRadius
from tests.bench.data import scratch
from tests.dataaccounts.radius import RADCLIENT
from tests.factories.data import make_nas

ROLE, ADDRESS = "herotill_radius", "127.0.0.2"
SESSIONS, ROUNDS, ABREAST = 4000, 5, 64
BEGAN = 1_790_000_000


@dataclass(frozen=True)
class AccountingBench:
    """Rounds of an interim update for each session, with the trigger and without in turn."""

    name: str = "radius.accounting"

    def run(self, size: int) -> dict[str, Any]:
        if not PROGRAM or not RADCLIENT:
            return {"bench": self.name, "n": 0, "seconds": 0, "missing": MISSING}
        with scratch(), tempfile.TemporaryDirectory() as folder:
            secret, password = _settled()
            database = f"host={connection.settings_dict['HOST']} dbname={connection.settings_dict['NAME']} user={ROLE}"
            with FreeRadius(database=database, password=password, user=embedded.account()) as server:
                send = Sender(server.acct_port, secret, Path(folder))
                send.round()
                send.round()
                noted, bare = [], []
                for _ in range(ROUNDS):
                    noted.append(send.round())
                    _trigger("DISABLE")
                    bare.append(send.round())
                    _trigger("ENABLE")
            _checked()
        seconds, least = median(noted), median(bare)
        return {
            "bench": self.name,
            "n": SESSIONS,
            "seconds": round(seconds, 3),
            "per_second": round(SESSIONS / seconds),
            "floor_seconds": round(least, 3),
            "ratio": round(seconds / least, 2),
            "kept": f"{least / seconds:.0%}",
        }


class Sender:
    """A router with many sessions, which all report at once."""

    def __init__(self, port: int, secret: str, folder: Path) -> None:
        self.port, self.secret, self.file, self.number = port, secret, folder / "packets", 0

    def round(self) -> float:
        """Seconds until every session's report is answered."""
        self.number += 1
        self.file.write_text("\n".join(self._packet(session) for session in range(SESSIONS)))
        started = time.perf_counter()
        done = subprocess.run(
            [
                RADCLIENT,
                "-q",
                "-p",
                str(ABREAST),
                "-t",
                "5",
                "-f",
                str(self.file),
                f"127.0.0.1:{self.port}",
                "acct",
                self.secret,
            ],
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"Not every report was answered.\n{done.stderr[-1000:]}")
        return time.perf_counter() - started

    def _packet(self, session: int) -> str:
        said = {
            "Packet-Src-IP-Address": ADDRESS,
            "User-Name": f'"user{session}@isp.example"',
            "NAS-IP-Address": ADDRESS,
            "NAS-Identifier": '"tower1"',
            "NAS-Port": session,
            "Acct-Session-Id": f'"{session:08x}"',
            "Acct-Status-Type": "Interim-Update",
            "Event-Timestamp": BEGAN + 300 * self.number,
            "Acct-Session-Time": 300 * self.number,
            "Acct-Input-Octets": 1_000_000 * self.number,
            "Acct-Output-Octets": 10_000_000 * self.number,
            "Framed-IP-Address": "100.64.0.10",
        }
        return "\n".join(f"{name} = {value}" for name, value in said.items()) + "\n"


def _settled() -> tuple[str, str]:
    """A router that may ask, and the role that FreeRADIUS is."""
    password = embedded.login(ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT radius_let_in(%s)", [ROLE])
    nas = make_nas("Tower 1", ADDRESS, require_message_authenticator=False)
    return radius_secrets.set_secret(nas_id=nas.pk, secret=None, actor=None), password


def _trigger(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE radacct {word} TRIGGER radacct_note_update")


def _checked() -> None:
    """That all of it was written down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dataaccounts_journal")
        if cursor.fetchone() != (SESSIONS * (ROUNDS + 2),):
            raise RuntimeError("The journal does not hold every report.")
