"""A file may be taken in twice at once, and whoever takes it in may be killed at any statement: it counts once."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connections

from dataaccounts.models import Call, CallFile, CallProfile, CallRow
from tests.dataaccounts.callfiles import HEADING, take_in
from tests.dataaccounts.test_usage_killed import ROOT, environment
from tests.factories.calls import make_deck, make_line, make_profile

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = tuple(f"alice,2026-03-02 08:00:{n:02},0821234567,60,id{n}" for n in range(20))

# Children that die before their n-th statement, one for each n asked, one after another.
PROGRAM = """
import os, signal, sys
import django; django.setup()
from django.db import connection
from dataaccounts.models import CallProfile
from dataaccounts.services import calls
from herotill.clock import stamp
def dies_at(number):
    left = iter(range(number - 1, -1, -1))
    def count(execute, *arguments):
        if next(left, 0) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*arguments)
    connection.execute_wrappers.append(count)
codes = []
for number in range(1, 60, 3):
    child = os.fork()
    if not child:
        dies_at(number)
        with open(sys.argv[1], "rb") as file:
            calls.import_file(profile=CallProfile.objects.get(), file=file, name="x", actor=None, now=stamp())
        os._exit(0)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(codes.count(-9), codes.count(0))
"""


@pytest.fixture
def profile() -> CallProfile:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.2")])
    return make_profile(make_line("27871110001", account="alice").source)


def test_killed_at_any_statement_a_file_counts_once(profile: CallProfile, tmp_path: Path) -> None:
    file = tmp_path / "march.csv"
    bodies = [row.split(",") for row in ROWS]
    file.write_text(
        "\n".join([HEADING, *(f"{one[0]},{one[1]},,{one[2]},{one[3]},0.10,out,{one[4]}" for one in bodies)])
    )
    killer = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(file)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    killed, done = map(int, killer.stdout.split())
    assert killed > 8
    take_in(profile, *ROWS)
    assert Call.objects.count() == len(ROWS)
    assert CallFile.objects.count() == done + 1
    assert CallRow.objects.exclude(outcome="duplicate").count() == len(ROWS)


def test_two_at_once_take_in_each_call_once(profile: CallProfile) -> None:
    def take() -> None:
        take_in(profile, *ROWS)
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Call.objects.count() == len(ROWS)
    assert CallRow.objects.filter(outcome="duplicate").count() == len(ROWS)
