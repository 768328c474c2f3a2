"""Killed while it speaks to a router, and two workers at once: every session gets its order, none too fast."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from dataaccounts.models import Nas, SessionOrder
from dataaccounts.services import radius_secrets, session_orders, session_work
from herotill.integrations.radius.standin import NasStandIn
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas, make_session

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2018, 8, 22, 12, tzinfo=UTC)
SECRET = "tower-one-secret"
WORKER = """
import django, sys
django.setup()
from datetime import datetime, UTC
from django.conf import settings
from django.db import connections
settings.DATABASES["default"]["NAME"] = sys.argv[1]
connections["default"].settings_dict["NAME"] = sys.argv[1]
from dataaccounts.services import session_work
session_work.carry_out(datetime(2018, 8, 22, 12, tzinfo=UTC))
"""


@pytest.fixture(autouse=True)
def _nobody_works_at_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_orders, "nudge", lambda name: None)


def towers(per_second: int, sessions: int, *there: NasStandIn) -> None:
    """A router for each stand-in, and so many sessions of Alice's on each, owed to be cut."""
    alice = make_account(make_customer("Alice Liddel", "ALI001"))
    for place, tower in enumerate(there):
        nas = make_nas(f"Tower {place}", tower.address, coa_port=tower.port, coa_per_second=per_second)
        radius_secrets.set_secret(nas_id=nas.pk, secret=SECRET, actor=None)
        for number in range(sessions):
            make_session(alice, nas, f"{place}-{number}")
    session_orders.owe(account_ids=[alice.pk], why="Test", kind="disconnect", actor=None, now=NOW)


def cut(tower: NasStandIn) -> Counter[str]:
    return Counter(one["Acct-Session-Id"] for one in tower.cuts())


def test_what_a_killed_worker_had_is_done_when_its_turn_has_run_out() -> None:
    with NasStandIn(SECRET.encode()) as tower:
        towers(10, 40, tower)
        database = str(connection.settings_dict["NAME"])
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        process = subprocess.Popen([sys.executable, "-c", WORKER, database], cwd=ROOT, env=environment)
        _wait_until(lambda: len(tower.asked) >= 5)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
        assert SessionOrder.objects.filter(state="owed").count() == 40
        Nas.objects.update(coa_per_second=1000)

        assert session_work.carry_out(NOW + timedelta(seconds=5)) == ""
        assert session_work.carry_out(NOW + timedelta(minutes=3)) == "Done: 40"
    assert set(cut(tower)) == {f"0-{number}" for number in range(40)}


def test_two_workers_share_routers_and_cut_each_session_once() -> None:
    with (
        NasStandIn(SECRET.encode(), address="127.0.0.1") as one,
        NasStandIn(SECRET.encode(), address="127.0.0.2") as two,
    ):
        towers(50, 60, one, two)
        _side_by_side(lambda: session_work.carry_out(NOW), 2)

    assert set(cut(one).values()) | set(cut(two).values()) == {1}
    assert (len(cut(one)), len(cut(two))) == (60, 60)
    assert one.times[-1] - one.times[0] >= 1.0  # sixty at fifty a second, whoever sends them
    assert SessionOrder.objects.filter(state="done").count() == 120


def _side_by_side(deed: Callable[[], object], times: int) -> None:
    def once() -> None:
        try:
            deed()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=once) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _wait_until(there: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.02)
