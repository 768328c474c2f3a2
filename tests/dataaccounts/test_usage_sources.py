"""Usage from another FreeRADIUS's database, or from detail files, counts as that of our own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from dataaccounts.models import DataAccount, UsageDay, UsageSource
from dataaccounts.services import usage_import, usage_sources
from dataaccounts.services.foreign.detail import report_of
from dataaccounts.services.foreign.places import place_of
from herotill.errors import DomainError, IntegrationError
from tests import databases
from tests.dataaccounts.mariadb import HINT, SERVER, mariadb
from tests.dataaccounts.relay import relay
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas
from tests.strict import needs

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)
AGO = int(NOW.timestamp()) - 3600
STOCK = """
CREATE TABLE radacct (
    RadAcctId bigserial PRIMARY KEY, AcctSessionId text NOT NULL, AcctUniqueId text NOT NULL UNIQUE, UserName text,
    Realm text, NASIPAddress inet NOT NULL, NASPortId text, NASPortType text,
    AcctStartTime timestamp with time zone, AcctUpdateTime timestamp with time zone,
    AcctStopTime timestamp with time zone, AcctInterval bigint, AcctSessionTime bigint,
    AcctInputOctets bigint, AcctOutputOctets bigint
)
"""
PG = """
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime, acctstoptime,
    acctsessiontime, acctinputoctets, acctoutputoctets)
VALUES (%(key)s, %(key)s, 'alice@isp.example', '10.1.0.1', to_timestamp(%(began)s), to_timestamp(%(at)s),
    to_timestamp(%(stop)s), %(at)s - %(began)s, %(up)s, %(down)s)
ON CONFLICT (acctuniqueid) DO UPDATE SET acctupdatetime = excluded.acctupdatetime, acctstoptime = excluded.acctstoptime,
    acctsessiontime = excluded.acctsessiontime, acctinputoctets = excluded.acctinputoctets,
    acctoutputoctets = excluded.acctoutputoctets
"""
MARIA = """
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime, acctstoptime,
    acctsessiontime, acctinputoctets, acctoutputoctets)
VALUES (%(key)s, %(key)s, 'alice@isp.example', '10.1.0.1', FROM_UNIXTIME(%(began)s), FROM_UNIXTIME(%(at)s),
    FROM_UNIXTIME(%(stop)s), %(at)s - %(began)s, %(up)s, %(down)s)
ON DUPLICATE KEY UPDATE acctupdatetime = VALUES(acctupdatetime), acctstoptime = VALUES(acctstoptime),
    acctsessiontime = VALUES(acctsessiontime), acctinputoctets = VALUES(acctinputoctets),
    acctoutputoctets = VALUES(acctoutputoctets)
"""


@pytest.fixture
def alice(settings: Any) -> DataAccount:
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]
    make_nas()
    return make_account(make_customer("Alice Liddel", "ALI001"))


@pytest.fixture
def elsewhere() -> Iterator[tuple[psycopg.Connection, str]]:
    """A second, real database with FreeRADIUS's table, and its address."""
    with databases.server() as server:
        name = f"{databases.current()}_radius"
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        databases.hold(server, name)
        parameters = server.info.get_parameters()
        try:
            with psycopg.connect(
                server.info.dsn, dbname=name, password=server.info.password, autocommit=True
            ) as there:
                there.execute(STOCK)
                with relay(f"{parameters['host']}/.s.PGSQL.{server.info.port}") as port:
                    yield (
                        there,
                        f"postgresql://{server.info.user}:{server.info.password}@127.0.0.1:{port}/{name}",
                    )
        finally:
            databases.drop(server, name)


def of(kind: str, url: str = "", **fields: Any) -> UsageSource:
    source = UsageSource(name="Old RADIUS", kind=kind, since=NOW - timedelta(hours=2), **fields)
    source.url, source.host = url, "127.0.0.1" if url else ""
    source.save()
    return source


def counted() -> tuple[int, int]:
    usage_import.run(now=NOW)
    rows = UsageDay.objects.values_list("download", "upload")
    return sum(down for down, _ in rows), sum(up for _, up in rows)


def said(key: str, at: int, up: int, down: int, stop: int | None = None) -> dict[str, Any]:
    return {"key": key, "began": AGO, "at": at, "up": up, "down": down, "stop": stop}


def test_another_postgresql_is_read_again_and_again(
    alice: DataAccount, elsewhere: tuple[psycopg.Connection, str]
) -> None:
    there, url = elsewhere
    source = of("postgresql", url)
    there.execute(PG, said("a", AGO + 300, 10, 5 * 2**32))
    there.execute(PG, said("b", AGO + 200, 1, 7, stop=AGO + 200))
    assert usage_sources.read(source=source, now=NOW) == 2
    assert counted() == (5 * 2**32 + 7, 11)
    assert usage_sources.read(source=source, now=NOW) == 0
    there.execute(PG, said("a", AGO + 600, 20, 6 * 2**32, stop=AGO + 600))
    assert usage_sources.read(source=source, now=NOW) == 1
    assert usage_sources.read(source=source, now=NOW) == 1  # not counted yet, so told once more
    assert counted() == (6 * 2**32 + 7, 21)
    source.refresh_from_db()
    assert (source.failed, source.cursor) == (False, {"since": AGO + 600})


def test_it_is_read_only(
    alice: DataAccount, elsewhere: tuple[psycopg.Connection, str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(
        "dataaccounts.services.foreign.postgresql.ROWS",
        "SELECT nextval('radacct_radacctid_seq'), %s",
    )
    with pytest.raises(IntegrationError, match="no table radacct that we may read"):
        usage_sources.read(source=of("postgresql", elsewhere[1]), now=NOW)
    assert elsewhere[0].execute("SELECT is_called FROM radacct_radacctid_seq").fetchone() == (False,)


def test_a_mariadb_is_read_the_same(alice: DataAccount, tmp_path: Path) -> None:
    needs(SERVER, HINT)
    with mariadb(tmp_path) as there, there.cursor() as cursor:
        source = of("mysql", f"mysql://reader:secret@127.0.0.1:{there.port}/radius")
        cursor.execute(MARIA, said("a", AGO + 300, 10, 5 * 2**32))
        assert usage_sources.read(source=source, now=NOW) == 1
        assert counted() == (5 * 2**32, 10)
        cursor.execute(MARIA, said("a", AGO + 600, 20, 6 * 2**32, stop=AGO + 600))
        assert usage_sources.read(source=source, now=NOW) == 1
        assert counted() == (6 * 2**32, 20)
        source.url = f"mysql://reader:secret@127.0.0.1:{there.port}/other"
        source.save()
        with pytest.raises(IntegrationError, match="no table radacct"):
            usage_sources.read(source=source, now=NOW)
        there.close()
    with pytest.raises(IntegrationError, match="could not be reached"):
        usage_sources.read(source=source, now=NOW)


def test_s20_a_mariadb_is_written_nothing(alice: DataAccount, tmp_path: Path, monkeypatch: Any) -> None:
    needs(SERVER, HINT)
    monkeypatch.setattr(
        "dataaccounts.services.foreign.mysql.ROWS", "DELETE FROM radacct WHERE radacctid > %s"
    )
    with mariadb(tmp_path) as there:
        with pytest.raises(IntegrationError):
            usage_sources.read(source=of("mysql", f"mysql://reader@127.0.0.1:{there.port}/radius"), now=NOW)
        there.close()


def test_s20_mysql_gets_no_file_of_ours(alice: DataAccount, monkeypatch: Any) -> None:
    given: dict[str, Any] = {}

    def connect(**words: Any) -> Any:
        given.update(words)
        raise usage_sources.mysql.pymysql.err.OperationalError

    monkeypatch.setattr(usage_sources.mysql.pymysql, "connect", connect)
    with pytest.raises(IntegrationError):
        usage_sources.read(source=of("mysql", "mysql://reader:secret@127.0.0.1/radius"), now=NOW)
    assert given["local_infile"] is False
    assert given["host"] == "127.0.0.1"


@pytest.mark.parametrize("kind", ["postgresql", "mysql"])
def test_s20_a_database_inside_is_not_called_unless_allowed(
    alice: DataAccount, settings: Any, kind: str
) -> None:
    settings.OUTBOUND_ALLOW = []
    source = of(kind, f"{kind}://reader:secret@localhost:5432/radius")
    with pytest.raises(IntegrationError, match="inside our own network"):
        usage_sources.read(source=source, now=NOW)


def test_one_in_trouble_keeps_no_other_back_and_tells_no_secret(
    alice: DataAccount, tmp_path: Path, settings: Any
) -> None:
    settings.RADIUS_DETAIL_DIR = str(tmp_path)
    (tmp_path / "detail-1").write_text(DETAIL)
    of("postgresql", "postgresql://reader:canary@127.0.0.1:1/radius")
    UsageSource.objects.create(name="Files", kind="detail", files="detail-*")
    told = usage_sources.read_due(now=NOW)
    assert "could not be reached" in told
    assert "Files: 3 reports" in told
    assert "canary" not in told + UsageSource.objects.get(name="Old RADIUS").said
    assert usage_sources.read_due(now=NOW + timedelta(minutes=4)) == ""
    assert "Files" in usage_sources.read_due(now=NOW + timedelta(minutes=5))


def test_a_report_that_cannot_be_kept_holds_up_nothing_after_it(
    alice: DataAccount, elsewhere: tuple[psycopg.Connection, str]
) -> None:
    there, url = elsewhere
    source = of("postgresql", url)
    far = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())
    there.execute(PG, said("future", far, 1, 1, stop=far))
    there.execute(PG, said("before", AGO, 2**63 - 1, -1) | {"began": far})
    there.execute(
        "UPDATE radacct SET username = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 999) n)"
    )
    there.execute(PG, said("good", AGO + 300, 10, 100))
    assert usage_sources.read(source=source, now=NOW) == 3
    assert counted() == (100, 10)
    source.refresh_from_db()
    assert source.cursor == {"since": int(NOW.timestamp())}


def test_a_source_that_says_what_no_database_keeps_keeps_no_other_back(
    alice: DataAccount, tmp_path: Path, settings: Any, monkeypatch: Any
) -> None:
    settings.RADIUS_DETAIL_DIR = str(tmp_path)
    (tmp_path / "detail-1").write_text(DETAIL.replace("alice@isp.example", "alice\0@isp.example"))
    UsageSource.objects.create(name="Files", kind="detail", files="detail-*")
    assert usage_sources.read_due(now=NOW) == "Files: 3 reports"
    monkeypatch.setattr(usage_sources, "kept", lambda report: report._replace(at=2**70))
    (tmp_path / "detail-2").write_text(DETAIL)
    said_so = usage_sources.read_due(now=NOW + timedelta(minutes=5))
    assert said_so == "Files: It says something that cannot be kept."
    assert UsageSource.objects.get().failed


@pytest.mark.parametrize(
    "url",
    [
        "",
        "radius.example",
        "http://radius.example/radius",
        "mysql://u:p@radius.example/radius",
        "postgresql://u:p@radius.example",
        "postgresql:///radius?host=/tmp",
        "postgresql://u:p@radius.example:port/radius",
        "postgresql://u:p@radius.example/radius/more",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(DomainError, match="Write it as postgresql://"):
        place_of("postgresql", url)


def test_an_address_is_taken_apart() -> None:
    place = place_of(
        "postgresql", "postgres://reader:p%40ss@radius.example/radius?sslmode=disable&options=-c"
    )
    assert (place.host, place.port, place.user, place.password, place.database) == (
        "radius.example",
        5432,
        "reader",
        "p@ss",
        "radius",
    )


DETAIL = f"""Wed Aug 22 12:00:00 2018
\tAcct-Status-Type = Start
\tUser-Name = "alice@isp.example"
\tAcct-Session-Id = "81600001"
\tNAS-IP-Address = 10.1.0.1
\tTimestamp = {AGO}

Wed Aug 22 12:05:00 2018
\tAcct-Status-Type = Interim-Update
\tUser-Name = "alice@isp.example"
\tAcct-Session-Id = "81600001"
\tNAS-IP-Address = 10.1.0.1
\tAcct-Session-Time = 300
\tAcct-Input-Octets = 10
\tAcct-Output-Octets = 100
\tAcct-Output-Gigawords = 1
\tAcct-Delay-Time = 5
\tTimestamp = {AGO + 305}

Wed Aug 22 12:06:00 2018
\tAcct-Status-Type = Accounting-On
\tNAS-IP-Address = 10.1.0.2
\tTimestamp = {AGO + 360}

Wed Aug 22 12:10:00 2018
\tAcct-Status-Type = Stop
\tUser-Name = "alice@isp.example"
\tAcct-Session-Id = "81600001"
\tNAS-IP-Address = 10.1.0.1
\tAcct-Session-Time = 600
\tAcct-Input-Octets = 20
\tAcct-Output-Octets = 200
\tAcct-Output-Gigawords = 1
\tTimestamp = {AGO + 600}

"""


def test_detail_files_are_read_as_they_grow(alice: DataAccount, tmp_path: Path, settings: Any) -> None:
    settings.RADIUS_DETAIL_DIR = str(tmp_path)
    source = of("detail", files="detail-*")
    file = tmp_path / "detail-20180822"
    (tmp_path / "other").write_text(DETAIL.replace("81600001", "2"))
    middle = DETAIL.index("Wed Aug 22 12:10") + 60
    file.write_text(DETAIL[:middle])
    assert usage_sources.read(source=source, now=NOW) == 2
    assert counted() == (2**32 + 100, 10)
    source.refresh_from_db()
    file.write_text(DETAIL)
    assert usage_sources.read(source=source, now=NOW) == 1
    assert usage_sources.read(source=source, now=NOW) == 0
    assert counted() == (2**32 + 200, 20)


def test_what_is_no_packet_is_passed_over() -> None:
    assert report_of(["Wed Aug 22 12:00:00 2018"]) is None
    assert report_of(["\tAcct-Status-Type = Start", "\tTimestamp = x", '\tAcct-Session-Id = "1"']) is None
    odd = report_of(
        [
            "\tAcct-Status-Type = Stop",
            "\tTimestamp = 1534932000",
            '\tAcct-Session-Id = "1"',
            '\tUser-Name = "a\\"b"',
            "\tNAS-IP-Address = nowhere",
            "\tAcct-Input-Octets = -5",
        ]
    )
    assert odd is not None
    assert (odd.username, odd.nas_address, odd.input, odd.kind) == ('a"b', "0.0.0.0", 0, "stop")


def test_no_folder_for_detail_files_is_said(alice: DataAccount, settings: Any) -> None:
    settings.RADIUS_DETAIL_DIR = ""
    with pytest.raises(IntegrationError, match="RADIUS_DETAIL_DIR"):
        usage_sources.read(source=of("detail", files="*"), now=NOW)


def test_the_command_reads_one_by_name(
    alice: DataAccount, tmp_path: Path, settings: Any, capsys: Any
) -> None:
    settings.RADIUS_DETAIL_DIR = str(tmp_path)
    (tmp_path / "detail").write_text(DETAIL)
    of("detail", files="detail")
    call_command("import_usage", source="old radius")
    assert "3 reports\n3 reports counted, in 1 batches." in capsys.readouterr().out
    assert UsageDay.objects.exists()
    with pytest.raises(CommandError, match="no source of usage called New"):
        call_command("import_usage", source="New")


def test_what_is_stored_is_not_readable(alice: DataAccount) -> None:
    of("postgresql", "postgresql://reader:canary@127.0.0.1:1/radius")
    with connection.cursor() as cursor:
        cursor.execute("SELECT url FROM dataaccounts_usagesource")
        assert "canary" not in cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM house_auditevent e WHERE e::text LIKE '%canary%'")
        assert cursor.fetchone() == (0,)
