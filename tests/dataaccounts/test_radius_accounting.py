"""What a real FreeRADIUS writes of sessions, and that a database that is away cuts nobody off and loses nothing."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from dataaccounts.models import NasReload, Session
from dataaccounts.services import radius_secrets
from tests.dataaccounts.radius import Line, Router
from tests.factories import make_customer
from tests.factories.data import make_account

pytestmark = pytest.mark.django_db(transaction=True)
ALICE = "alice@isp.example"
PASSWORD = "rabbit-hole-4471"
NOON = datetime.fromtimestamp(1796000000, UTC)


@pytest.fixture
def tower(router: Callable[..., Router]) -> Router:
    account = make_account(make_customer("Alice Liddel", code="ALI001"), ALICE)
    radius_secrets.set_password(account_id=account.pk, password=PASSWORD, actor=None)
    return router()


def octets(session: Session) -> tuple[int | None, int | None]:
    return session.input_octets, session.output_octets


def test_a_session_is_written_from_start_to_stop(tower: Router) -> None:
    assert tower.report("Start", ALICE).code == "Accounting-Response"
    session = Session.objects.get()
    assert (session.username, session.nas_address, session.ip_address) == (ALICE, "127.0.0.2", "100.64.0.10")
    assert (session.started_at, session.stopped_at, octets(session)) == (NOON, None, (0, 0))
    tower.report(
        "Interim-Update",
        ALICE,
        at=300,
        Acct_Session_Time=300,
        Acct_Input_Octets=1000,
        Acct_Output_Octets=705032704,
        Acct_Output_Gigawords=1,
    )
    session.refresh_from_db()
    assert octets(session) == (1000, 5_000_000_000)
    assert (session.updated_at, session.interval) == (NOON + timedelta(seconds=300), 300)
    tower.report("Stop", ALICE, at=450, Acct_Session_Time=450, Acct_Terminate_Cause=b"User-Request")
    session.refresh_from_db()
    assert (session.stopped_at, session.seconds) == (NOON + timedelta(seconds=450), 450)
    assert session.terminate_cause == "User-Request"
    assert octets(session) == (1000, 5_000_000_000), "a stop without counters takes nothing back"


def test_reports_that_come_late_twice_or_without_a_start_are_answered_and_lose_nothing(tower: Router) -> None:
    more = {"Acct_Session_Time": 600, "Acct_Input_Octets": 50, "Acct_Output_Octets": 500}
    less = {"Acct_Session_Time": 300, "Acct_Input_Octets": 20, "Acct_Output_Octets": 200}
    tower.report("Interim-Update", ALICE, at=600, **more)
    for _ in range(2):
        assert tower.report("Interim-Update", ALICE, at=300, **less).code == "Accounting-Response"
    assert tower.report("Start", ALICE).code == "Accounting-Response"
    session = Session.objects.get()
    assert octets(session) == (50, 500)
    assert (session.started_at, session.updated_at) == (NOON, NOON + timedelta(seconds=600))
    for _ in range(2):
        assert tower.report("Stop", ALICE, at=700, **more).code == "Accounting-Response"
    assert tower.report("Interim-Update", ALICE, at=650, **more).code == "Accounting-Response"
    session.refresh_from_db()
    assert (session.stopped_at, octets(session)) == (NOON + timedelta(seconds=700), (50, 500))
    tower.report("Stop", ALICE, "81600002", at=900, **less)
    lost = Session.objects.get(session_id="81600002")
    assert (lost.started_at, lost.stopped_at) == (
        NOON + timedelta(seconds=600),
        NOON + timedelta(seconds=900),
    )


def test_a_router_that_restarts_ends_its_own_sessions_and_nobody_elses(
    tower: Router, router: Callable[..., Router]
) -> None:
    other = router("Tower 2", "127.0.0.3")
    tower.report("Start", ALICE)
    other.report("Start", ALICE, NAS_IP_Address=b"127.0.0.2")
    assert tower.restarted(at=900).code == "Accounting-Response"
    ended, up = Session.objects.get(nas_address="127.0.0.2"), Session.objects.get(nas_address="127.0.0.3")
    assert (ended.terminate_cause, ended.seconds) == ("NAS-Reboot", 900)
    assert up.stopped_at is None
    assert NasReload.objects.get().nas_address == "127.0.0.2"
    assert tower.restarted(at=901).code == "Accounting-Response"


def test_a_clock_that_is_wrong_by_years_is_not_believed(tower: Router) -> None:
    tower.report("Start", ALICE, at=-1796000000 + 86400)
    assert abs(Session.objects.get().started_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_while_the_database_is_away_nobody_is_rejected_and_no_report_is_lost(
    tower: Router, line: Line
) -> None:
    assert tower.login(ALICE, PASSWORD).accepted
    tower.report("Start", ALICE)
    line.cut()
    assert tower.login(ALICE, PASSWORD).code == ""
    assert tower.login(ALICE, "wrong").code == ""
    assert tower.report("Interim-Update", ALICE, at=300, Acct_Input_Octets=7).code == "", (
        "it will be sent again"
    )
    line.mend()
    until = time.monotonic() + 20
    while not (answer := tower.login(ALICE, PASSWORD)).code and time.monotonic() < until:
        time.sleep(0.2)
    assert answer.accepted
    assert tower.report("Interim-Update", ALICE, at=300, Acct_Input_Octets=7).code == "Accounting-Response"
    assert Session.objects.get().input_octets == 7
