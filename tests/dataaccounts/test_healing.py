"""Sessions that a router lost end by themselves, and nothing is lost by it; old ones go to the archive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from dataaccounts.models import AnySession, ArchivedSession, DataAccount, NetworkRules, Session, UsageDay
from dataaccounts.services import archiving, healing, partitions, retention, usage_import
from tests.dataaccounts.radius_sql import Line, account
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)
AGO = int(NOW.timestamp()) - 3600


@pytest.fixture
def alice() -> DataAccount:
    make_nas()
    return make_account(make_customer("Alice Liddel", "ALI001"))


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def counted() -> int:
    usage_import.run(now=NOW)
    return sum(UsageDay.objects.values_list("download", flat=True))


def the_session() -> Session:
    return Session.objects.get(session_id="81600001")


def heard_of_others() -> None:
    """Somebody else reports, so RADIUS is there."""
    account("start", int(NOW.timestamp()), user="carol@isp.example", session="9")


def test_a_session_that_is_not_heard_of_ends_where_it_was_last_heard_of(alice: DataAccount) -> None:
    Line(AGO).send("interim", AGO + 300, 10, 100)
    heard_of_others()
    assert healing.heal(now=NOW) == 1
    ended = the_session()
    assert ended.terminate_cause == "Stale-Session"
    assert ended.stopped_at == datetime.fromtimestamp(AGO + 300, UTC)
    assert counted() == 100
    assert not Session.objects.filter(username=alice.username, stopped_at=None).exists()


def test_one_that_reports_is_left_alone_also_when_its_clock_is_wrong(alice: DataAccount) -> None:
    now = int(NOW.timestamp())
    Line(now - 300).send("interim", now, 10, 100)
    Line(0, session="81600002").send("interim", 600, 10, 100)
    usage_import.run(now=NOW)
    assert healing.heal(now=NOW) == 0


def test_nobody_is_ended_while_radius_hears_nobody(alice: DataAccount) -> None:
    Line(AGO).send("interim", AGO + 300, 10, 100)
    assert healing.heal(now=later(60)) == 0
    assert the_session().stopped_at is None


def test_one_that_is_heard_of_after_all_is_up_again_and_all_counts(alice: DataAccount) -> None:
    line = Line(AGO)
    line.send("interim", AGO + 300, 10, 100)
    heard_of_others()
    healing.heal(now=NOW)
    counted()
    line.send("interim", AGO + 3000, 90, 900)
    assert the_session().stopped_at is None
    assert the_session().terminate_cause is None
    assert counted() == 900
    line.send("stop", AGO + 3300, 100, 1000)
    assert counted() == 1000
    assert the_session().terminate_cause == "User-Request"


def test_the_stop_of_one_that_was_ended_counts(alice: DataAccount) -> None:
    line = Line(AGO)
    line.send("interim", AGO + 300, 10, 100)
    heard_of_others()
    healing.heal(now=NOW)
    line.send("stop", AGO + 3300, 100, 1000)
    assert counted() == 1000
    assert the_session().stopped_at == datetime.fromtimestamp(AGO + 3300, UTC)


def test_a_late_report_opens_nothing(alice: DataAccount) -> None:
    line = Line(AGO)
    line.send("interim", AGO + 600, 20, 200)
    line.send("stop", AGO + 900, 30, 300)
    line.send("interim", AGO + 300, 10, 100)
    line.send("interim", AGO + 1200, 30, 300)
    assert the_session().stopped_at == datetime.fromtimestamp(AGO + 900, UTC)
    assert counted() == 300


def test_somebody_may_end_a_session_by_hand(alice: DataAccount) -> None:
    Line(AGO).send("interim", AGO + 300, 10, 100)
    assert healing.close(unique_ids=[the_session().unique_id]) == 1
    assert healing.close(unique_ids=[the_session().unique_id]) == 0


def test_old_sessions_go_to_the_archive_and_are_read_there(alice: DataAccount) -> None:
    for number, days in enumerate((100, 40, 36, 34)):
        began = AGO - days * 86400
        Line(began, session=str(number)).send("stop", began + 600, 10, 100)
    Line(AGO, session="up").send("start", AGO)
    assert archiving.archive(now=NOW, at_once=2) == 3
    assert archiving.archive(now=NOW) == 0
    assert sorted(ArchivedSession.objects.values_list("session_id", flat=True)) == ["0", "1", "2"]
    assert sorted(Session.objects.values_list("session_id", flat=True)) == ["3", "up"]
    newest = AnySession.objects.filter(username=alice.username).order_by("-started_at")
    assert [one.session_id for one in newest] == ["up", "3", "2", "1", "0"]
    assert counted() == 400


def test_a_report_of_an_archived_session_counts_once(alice: DataAccount) -> None:
    line = Line(AGO - 40 * 86400)
    line.send("stop", AGO - 40 * 86400 + 600, 10, 100)
    assert counted() == 100
    archiving.archive(now=NOW)
    line.send("stop", AGO - 40 * 86400 + 600, 10, 100)
    assert counted() == 100


def parts(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = %s::regclass ORDER BY 1",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def test_room_is_made_ahead_and_the_spare_part_loses_nothing(alice: DataAccount) -> None:
    far = int(later(20 * 1440).timestamp())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dataaccounts_usagehour SELECT 1, to_timestamp(%s), 7, 8", [far - far % 3600]
        )
        cursor.execute("SELECT count(*) FROM dataaccounts_usagehour_default")
        assert cursor.fetchone() == (1,)
        assert partitions.prepare(later(20 * 1440)).startswith("Made room")
        assert partitions.prepare(later(20 * 1440)) == "There is room."
        cursor.execute("SELECT count(*) FROM dataaccounts_usagehour_default")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT download FROM dataaccounts_usagehour")
        assert cursor.fetchone() == (7,)


def test_history_may_have_room_too(alice: DataAccount) -> None:
    made = partitions.make(
        partitions.DAYS, first=datetime(2018, 1, 10, tzinfo=UTC), last=datetime(2018, 12, 5, tzinfo=UTC)
    )
    assert made == 12
    assert "dataaccounts_usageday_201812" in parts("dataaccounts_usageday")


def test_what_is_old_goes_after_the_days_of_the_rules(alice: DataAccount) -> None:
    NetworkRules.objects.update(
        journal_kept_days=3, hours_kept_days=2, logins_kept_days=5, counters_kept_days=5
    )
    line = Line(AGO)
    line.send("interim", AGO + 300, 10, 100)
    line.send("stop", AGO + 600, 20, 200)
    Line(AGO, session="up").send("start", AGO)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO radpostauth (username, pass, reply, authdate) VALUES ('alice', '', 'Access-Accept', %s)",
            [NOW],
        )
    retention.forget(now=later(1440 * 10))
    assert left("dataaccounts_journal") == 3  # not counted yet, so kept
    assert left("radpostauth") == 0
    counted()
    assert left("dataaccounts_counter") == 2
    retention.forget(now=later(1440 * 10))
    assert left("dataaccounts_journal") == 0
    assert left("dataaccounts_usagehour") == 0
    assert left("dataaccounts_usageday") == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT unique_id FROM dataaccounts_counter")
        assert cursor.fetchall() == [("alice@isp.example/up",)]


def left(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])
