"""The importer may be killed at any statement, and run twice at the same time: what was used counts once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from dataaccounts.models import UsageDay
from dataaccounts.services import archiving, usage_import
from herotill.clock import stamp
from tests.dataaccounts.radius_sql import Line
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas
from tests.house.workers import database_url

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
BEGAN = 1_534_932_000
SESSIONS = 40

# Children that die before their n-th statement, one for each n asked, one after another.
PROGRAM = """
import os, signal, sys
import django; django.setup()
from django.db import connection
from herotill.clock import stamp
from dataaccounts.services import archiving, usage_import
def dies_at(number):
    left = iter(range(number - 1, -1, -1))
    def count(execute, *arguments):
        if next(left, 0) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)
    connection.execute_wrappers.append(count)
deeds = {"import": lambda: usage_import.run(now=stamp(), at_once=30), "archive": lambda: archiving.archive(now=stamp(), at_once=15)}
codes = []
for number in range(1, int(sys.argv[2]), 3):
    child = os.fork()
    if not child:
        dies_at(number)
        deeds[sys.argv[1]]()
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(codes.count(-9), codes.count(0))
"""


def environment() -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
    }


def child(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def fill() -> None:
    make_nas()
    make_account(make_customer("Alice Liddel", "ALI001"))
    for number in range(SESSIONS):
        line = Line(BEGAN + number * 900, session=str(number))
        for packet in range(1, 4):
            line.send("interim", line.began + packet * 3000, packet * 10, packet * 100)
        line.send("interim", line.began + 6000, 20, 200)  # once more, late
        line.send("stop", line.began + 9500, 40, 400)


def used() -> tuple[int, int]:
    rows = UsageDay.objects.values_list("download", "upload")
    return sum(down for down, _ in rows), sum(up for _, up in rows)


def test_killed_at_any_statement_it_counts_once() -> None:
    fill()
    killer = child("import", "120")
    killed = int(killer.communicate(timeout=300)[0].split()[0])
    assert killer.returncode == 0
    assert killed > 10
    usage_import.run(now=stamp())
    assert used() == (SESSIONS * 400, SESSIONS * 40)


def test_two_at_once_count_once() -> None:
    fill()
    threads = [threading.Thread(target=importer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert used() == (SESSIONS * 400, SESSIONS * 40)


def importer() -> None:
    usage_import.run(now=stamp(), at_once=7)
    connections.close_all()


def test_who_is_still_writing_is_waited_for_and_nothing_is_passed_over() -> None:
    fill()
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Line(BEGAN, session="slow").send("stop", BEGAN + 60, 1, 7)
            written.set()
            go_on.wait(20)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(20)
    Line(BEGAN, session="quick").send("stop", BEGAN + 60, 1, 7)
    usage_import.PATIENCE, patience = 0.2, usage_import.PATIENCE
    try:
        assert usage_import.run(now=stamp()).packets == 0
    finally:
        usage_import.PATIENCE = patience
        go_on.set()
        thread.join()
    usage_import.run(now=stamp())
    assert used() == (SESSIONS * 400 + 14, SESSIONS * 40 + 2)


def test_the_mover_may_be_killed_anywhere() -> None:
    fill()
    killer = child("archive", "24")
    killer.communicate(timeout=300)
    assert killer.returncode == 0
    archiving.archive(now=stamp())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT acctuniqueid) FROM radacct_all")
        assert cursor.fetchone() == (SESSIONS, SESSIONS)
        cursor.execute("SELECT count(*) FROM radacct_archive")
        assert cursor.fetchone() == (SESSIONS,)
