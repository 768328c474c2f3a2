"""What Alice used falls to the right days and hours, whatever way her router's packets come."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from dataaccounts.models import DataAccount, LoadHour, Nas, UsageDay, UsageHour, UsageName
from dataaccounts.services import usage_import
from dataaccounts.usage_hooks import UsageHook, usage_hooks
from tests.dataaccounts.radius_sql import Line, account
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 12, tzinfo=UTC)
NOON = int(datetime(2018, 8, 22, 10, tzinfo=UTC).timestamp())
MIDNIGHT = int(datetime(2018, 8, 31, 22, tzinfo=UTC).timestamp())  # where August ends in South Africa
GB = 10**9


@pytest.fixture
def alice() -> DataAccount:
    make_nas()
    return make_account(make_customer("Alice Liddel", "ALI001"))


def imported(at_once: int = 1000) -> int:
    return usage_import.run(now=NOW, at_once=at_once).packets


def days() -> dict[date, tuple[int, int]]:
    """Download and upload by day."""
    return {row.day: (row.download, row.upload) for row in UsageDay.objects.all()}


def hours() -> dict[int, int]:
    return {int(row.hour.timestamp()): row.download for row in UsageHour.objects.all()}


def asked(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def test_counts_what_counters_grew_by(alice: DataAccount) -> None:
    line = Line(NOON)
    line.send("start", NOON)
    line.send("interim", NOON + 300, 100, 1000)
    line.send("interim", NOON + 600, 150, 3000)
    line.send("stop", NOON + 700, 160, 3100)
    imported()
    assert days() == {date(2018, 8, 22): (3100, 160)}
    assert hours() == {NOON: 3100}


def test_a_difference_over_midnight_falls_to_both_days_and_months(alice: DataAccount) -> None:
    line = Line(MIDNIGHT - 100)
    line.send("start", MIDNIGHT - 100)
    line.send("interim", MIDNIGHT + 200, 30, 1000)
    imported()
    assert days() == {date(2018, 8, 31): (333, 10), date(2018, 9, 1): (667, 20)}


def test_a_day_without_packets_falls_to_its_hours(alice: DataAccount) -> None:
    line = Line(NOON)
    line.send("start", NOON)
    line.send("stop", NOON + 86400, 0, 24 * GB + 5)
    imported()
    assert sum(hours().values()) == 24 * GB + 5
    assert set(hours().values()) <= {GB, GB + 1}
    assert sum(down for down, _ in days().values()) == 24 * GB + 5
    assert days()[date(2018, 8, 22)][0] == 12 * GB + 2


def test_counters_go_on_beyond_32_bits(alice: DataAccount) -> None:
    line = Line(NOON)
    line.send("interim", NOON + 300, 2**32 - 1, 5 * 2**32)
    line.send("interim", NOON + 600, 2**32 + 9, 5 * 2**32 + 7)
    imported()
    assert days() == {date(2018, 8, 22): (5 * 2**32 + 7, 2**32 + 9)}


def test_a_lost_start_is_made_up_from_the_session_time(alice: DataAccount) -> None:
    Line(MIDNIGHT - 300).send("interim", MIDNIGHT + 300, 0, 600)
    imported()
    assert days() == {date(2018, 8, 31): (300, 0), date(2018, 9, 1): (300, 0)}


def test_a_start_that_comes_late_adds_nothing(alice: DataAccount) -> None:
    line = Line(NOON)
    line.send("interim", NOON + 300, 10, 100)
    line.send("start", NOON)
    line.send("interim", NOON + 600, 20, 200)
    imported()
    assert days() == {date(2018, 8, 22): (200, 20)}


@pytest.mark.parametrize("at_once", [1000, 1])
def test_a_reset_counts_from_nothing(alice: DataAccount, at_once: int) -> None:
    line = Line(NOON)
    line.send("start", NOON)
    line.send("interim", NOON + 300, 500, 1000)
    line.send("interim", NOON + 600, 20, 40)
    line.send("interim", NOON + 900, 30, 60)
    imported(at_once)
    assert days() == {date(2018, 8, 22): (1060, 530)}
    assert asked("SELECT kind, times FROM dataaccounts_trouble") == [("reset", 1)]


@pytest.mark.parametrize("at_once", [1000, 1])
def test_a_stop_without_counters_loses_nothing(alice: DataAccount, at_once: int) -> None:
    line = Line(NOON)
    line.send("interim", NOON + 300, 500, 1000)
    line.send("stop", NOON + 400)
    imported(at_once)
    assert days() == {date(2018, 8, 22): (1000, 500)}


@pytest.mark.parametrize("at_once", [1000, 1])
@pytest.mark.parametrize("seconds", [True, False])
def test_packets_out_of_order_and_twice_count_once(alice: DataAccount, at_once: int, seconds: bool) -> None:
    line = Line(MIDNIGHT - 300)
    line.send("start", MIDNIGHT - 300)
    line.send("interim", MIDNIGHT + 300, 50, 900, seconds=seconds)
    line.send("interim", MIDNIGHT, 10, 200, seconds=seconds)
    line.send("interim", MIDNIGHT, 10, 200, seconds=seconds)
    line.send("interim", MIDNIGHT + 300, 50, 900, seconds=seconds)
    line.send("stop", MIDNIGHT + 600, 60, 1000, seconds=seconds)
    imported(at_once)
    assert days() == {date(2018, 8, 31): (200, 10), date(2018, 9, 1): (800, 50)}


def test_a_late_packet_that_says_no_time_of_its_own_is_known_by_its_session_time(alice: DataAccount) -> None:
    line = Line(NOON)
    line.send("interim", NOON + 600, 60, 600)
    account("interim", NOON + 601, input=30, output=300, seconds=300)
    line.send("interim", NOON + 900, 90, 900)
    imported()
    assert days() == {date(2018, 8, 22): (900, 90)}


def test_a_router_that_restarts_ends_its_sessions_without_using_anything(alice: DataAccount) -> None:
    line = Line(NOON)
    line.send("start", NOON)
    line.send("interim", NOON + 300, 10, 100)
    line.send("restart", NOON + 900)
    Line(NOON + 1000, session="81600002").send("interim", NOON + 1300, 5, 50)
    imported()
    assert days() == {date(2018, 8, 22): (150, 15)}


def test_a_session_that_outlives_the_restart_goes_on(alice: DataAccount) -> None:
    line = Line(NOON)
    line.send("interim", NOON + 300, 10, 100)
    line.send("restart", NOON + 400)
    line.send("interim", NOON + 600, 20, 200)
    imported()
    assert days() == {date(2018, 8, 22): (200, 20)}
    assert asked("SELECT count(*) FROM radacct WHERE acctstoptime IS NULL") == [(1,)]


def test_a_key_used_again_counts_again(alice: DataAccount) -> None:
    line = Line(NOON)
    line.send("interim", NOON + 600, 100, 1000)
    line.send("restart", NOON + 700)
    again = Line(NOON + 900)
    again.send("start", NOON + 900)
    again.send("interim", NOON + 1200, 7, 70)
    again.send("stop", NOON + 1500, 9, 90)
    imported()
    assert days() == {date(2018, 8, 22): (1090, 109)}


def test_a_clock_that_was_never_set_is_not_believed(alice: DataAccount) -> None:
    Line(0).send("interim", 600, 10, 100)
    imported()
    assert list(days().values()) == [(100, 10)]
    assert min(days()).year >= 2026
    assert asked("SELECT kind FROM dataaccounts_trouble") == [("clock",)]


def test_a_router_that_counts_the_wrong_way_round(alice: DataAccount) -> None:
    Nas.objects.update(swap_directions=True)
    Line(NOON).send("interim", NOON + 300, 900, 50)
    imported()
    assert days() == {date(2018, 8, 22): (900, 50)}


def test_load_by_router_and_sector(alice: DataAccount) -> None:
    line = Line(NOON)
    line.send("interim", NOON + 300, 10, 100)
    Line(NOON, user="nobody").send("interim", NOON + 300, 1, 2)
    imported()
    assert [(row.nas_address, row.sector_id, row.download, row.upload) for row in LoadHour.objects.all()] == [
        ("10.1.0.1", 0, 102, 11)
    ]


def test_importing_twice_changes_nothing(alice: DataAccount) -> None:
    Line(NOON).send("interim", NOON + 300, 10, 100)
    assert imported() == 1
    before = days()
    assert imported() == 0
    assert days() == before


def test_an_unknown_name_is_kept_aside_until_it_is_somebodys(alice: DataAccount) -> None:
    Line(NOON, user="bob@isp.example").send("interim", NOON + 300, 10, 100)
    Line(NOON, user="ALICE", session="2").send("interim", NOON + 300, 1, 5)
    imported()
    assert days() == {}
    assert asked("SELECT username, download, upload FROM dataaccounts_unknownusage ORDER BY username") == [
        ("ALICE", 5, 1),
        ("bob@isp.example", 100, 10),
    ]
    bob = make_account(make_customer("Bob", "BOB001"), "bob@isp.example")
    UsageName.objects.create(username="ALICE", account=alice)
    imported()
    assert {(row.account_id, row.download) for row in UsageDay.objects.all()} == {
        (bob.pk, 100),
        (alice.pk, 5),
    }
    assert asked("SELECT count(*) FROM dataaccounts_unknownusage") == [(0,)]
    Line(NOON, user="ALICE", session="2").send("interim", NOON + 600, 2, 7)
    imported()
    assert UsageDay.objects.get(account=alice).download == 7


def test_hooks_are_told_whose_usage_changed(alice: DataAccount) -> None:
    told: list[list[int]] = []
    usage_hooks.register(UsageHook("test", lambda accounts, now: told.append(list(accounts))))
    try:
        Line(NOON).send("interim", NOON + 300, 10, 100)
        imported()
        Line(NOON).send("interim", NOON + 600, 10, 100)
        imported()
    finally:
        usage_hooks.unregister("test")
    assert told == [[alice.pk]]


def test_old_hours_are_not_written(alice: DataAccount) -> None:
    Line(NOON - 40 * 86400).send("stop", NOON - 40 * 86400 + 60, 10, 100)
    imported()
    assert hours() == {}
    assert sum(down for down, _ in days().values()) == 100


def test_work_that_was_undone_on_this_connection_does_not_stop_the_importer(alice: DataAccount) -> None:
    with suppress(ZeroDivisionError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE somebody_elses (id integer)")
        cursor.execute("INSERT INTO somebody_elses VALUES (1)")
        raise ZeroDivisionError
    Line(NOON).send("interim", NOON + 300, 10, 100)
    assert imported() == 1
    assert days() == {date(2018, 8, 22): (100, 10)}


@pytest.mark.parametrize("octets", [2**63 - 1, 2**62, -(2**40), -(2**63)])
@pytest.mark.parametrize("at_once", [1000, 1])
def test_counters_that_cannot_be_are_not_billed_and_stop_nobody_elses(
    alice: DataAccount, octets: int, at_once: int
) -> None:
    line = Line(NOON)
    line.send("interim", NOON + 300, 10, 100)
    for number in range(3):
        _report(f"mad-{number}", octets)
    with connection.cursor() as cursor:
        mad = "UPDATE radacct SET acctinputoctets = %s, acctoutputoctets = %s, acctupdatetime = to_timestamp(%s)"
        cursor.execute(f"{mad} WHERE acctuniqueid LIKE 'alice%%'", [octets, octets, NOON + 500])
    line.send("interim", NOON + 600, 20, 200)
    imported(at_once)
    assert days() == {date(2018, 8, 22): (200, 20)}


def test_counters_that_go_to_the_end_again_and_again_stop_nobody_elses(alice: DataAccount) -> None:
    for number in range(200):
        _report(f"mad-{number}", 2**56)
    imported()
    _report("mad", 2**56)
    imported()
    assert days() == {date(2018, 8, 22): (2**50, 2**50)}


def _report(session: str, octets: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,"
            " acctsessiontime, acctinputoctets, acctoutputoctets) VALUES (%(key)s, %(key)s, 'alice@isp.example',"
            " '10.1.0.1', to_timestamp(%(at)s), to_timestamp(%(at)s), 300, %(octets)s, %(octets)s)",
            {"key": session, "at": NOON + 300, "octets": octets},
        )
