"""A backup is made, encrypted and brought back elsewhere, where it does nothing outward and the ledger is sound."""

from __future__ import annotations

import io
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from django.conf import settings as house
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from billing.models import Entry
from herotill import embedded, jobs, outward, storing
from herotill.backups import DATABASE, FILES, MANIFEST, making, programs, restoring
from herotill.errors import DomainError
from tests import databases
from tests.factories import make_customer
from tests.factories.billing import make_owe, make_receipt
from tests.house.workers import ROOT, database_url
from tests.sampleapp.models import Safe

NOW = datetime(2026, 11, 21, 1, 10, tzinfo=UTC)


@pytest.fixture
def keys(settings: Any, tmp_path: Path) -> Path:
    """The file with the private half, which is not on the server; the public half is set."""
    identity = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(identity.to_public())]
    path = tmp_path / "key.txt"
    path.write_text(f"# public key: {identity.to_public()}\n{identity}\n")
    return path


@pytest.fixture
def empty() -> Iterator[str]:
    """A new database beside ours; its name."""
    name = f"{databases.COPY}{os.getpid()}_{secrets.token_hex(4)}"
    with databases.server() as server:
        databases.hold(server, name)
        databases.copy(server, "template0", name)
        yield name
        databases.drop(server, name)


def elsewhere(name: str, folder: Path) -> dict[str, str]:
    """The settings of the machine that it is brought back to."""
    address, _, options = database_url().partition("?")
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "herotill.settings",
        "EXTRA_APPS": "tests.sampleapp",
        "DATABASE_URL": f"{address.rpartition('/')[0]}/{name}" + (f"?{options}" if options else ""),
        "REDIS_URL": house.REDIS_URL,
        "SECRET_KEY": house.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": ",".join(house.FIELD_ENCRYPTION_KEYS),
        "MEDIA_ROOT": str(folder),
        "PYTHONPATH": str(ROOT),
    }


def manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def opened(file: Path, keys: Path) -> bytes:
    plain = io.BytesIO()
    identity = pyrage.x25519.Identity.from_str(keys.read_text().split()[-1])
    pyrage.decrypt_io(io.BytesIO(file.read_bytes()), plain, [identity])
    return plain.getvalue()


def ask(name: str, question: str) -> Any:
    parameters = {**connection.get_connection_params(), "dbname": name}
    for ours in ("context", "cursor_factory", "prepare_threshold"):
        parameters.pop(ours, None)
    with psycopg.connect(**parameters) as there:
        return there.execute(sql.SQL(question)).fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_s05_a_backup_is_brought_back_sound_and_does_nothing_outward(
    keys: Path, empty: str, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    embedded.login("herotill_radius")
    alice = make_customer("Alice Liddel", "ALI001", id_number="8001015009087")
    make_owe(alice, "454.00")
    make_receipt(alice, "100.00")
    Safe.objects.create(name="Front", combination="CANARY-9931")
    storing.keep({"documents/1.pdf": b"%PDF the original"})
    (settings.MEDIA_ROOT / ".installation").write_text("CANARY-installation")
    owed = Entry.objects.count()

    call_command("backup", to=str(tmp_path / "backups"))
    made = next((tmp_path / "backups").iterdir())
    assert making.NAME.fullmatch(made.name)
    assert {path.name for path in made.iterdir()} == {DATABASE, FILES, MANIFEST}
    assert {path.stat().st_mode & 0o777 for path in made.iterdir()} == {0o600}
    plain = opened(made / DATABASE, keys) + opened(made / FILES, keys)
    assert b"the original" in plain
    for secret in (house.SECRET_KEY, *house.FIELD_ENCRYPTION_KEYS, "CANARY-installation", "CANARY-9931"):
        assert secret.encode() not in plain
    assert b"the original" not in (made / FILES).read_bytes()
    told = json.loads((made / MANIFEST).read_text())

    there = elsewhere(empty, tmp_path / "there")
    back = manage(there, "restore", str(made), "--identity", str(keys))
    assert back.returncode == 0, back.stderr
    assert f"This was made at {told['made_at']}." in back.stdout
    assert "The ledger is sound" in back.stdout
    assert (tmp_path / "there" / "documents" / "1.pdf").read_bytes() == b"%PDF the original"
    assert ask(empty, "SELECT count(*) FROM billing_entry") == owed > 0
    assert ask(empty, "SELECT has_table_privilege('herotill_radius', 'radcheck', 'SELECT')")
    for function in ("radius_secret_reveal", "radius_secrets_write", "radius_let_in"):
        assert not ask(
            empty,
            "SELECT has_function_privilege('herotill_radius', oid, 'EXECUTE') FROM pg_proc "
            f"WHERE proname = '{function}'",
        )
    assert manage(there, "verify_ledger").returncode == 0

    said = manage(
        there, "shell", "--verbosity=0", "-c", "from herotill import outward; print(outward.allowed())"
    )
    assert said.stdout.split() == ["False"]
    again = manage(there, "restore", str(made), "--identity", str(keys))
    assert again.returncode == 1
    assert "is not empty" in again.stderr


@pytest.mark.django_db(transaction=True)
def test_who_has_another_key_or_a_broken_backup_is_told_before_anything_is_written(
    keys: Path, empty: str, tmp_path: Path
) -> None:
    made = making.make(to=tmp_path / "backups", recipients=house.BACKUP_RECIPIENTS, now=NOW)
    other = tmp_path / "other.txt"
    other.write_text(str(pyrage.x25519.Identity.generate()))
    there = elsewhere(empty, tmp_path / "there")

    refused = manage(there, "restore", str(made), "--identity", str(other))
    assert "does not open it" in refused.stderr
    (made / DATABASE).write_bytes((made / DATABASE).read_bytes()[:-1])
    assert "is not what was made" in manage(there, "restore", str(made), "--identity", str(keys)).stderr
    (made / MANIFEST).unlink()
    assert "is no whole backup" in manage(there, "restore", str(made), "--identity", str(keys)).stderr
    assert ask(empty, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == 0


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_somebody_else_made_is_not_brought_back(
    keys: Path, tmp_path: Path, settings: Any
) -> None:
    """Whoever may write there may encrypt to the public key and write the sums anew; the seal they cannot."""
    made = making.make(to=tmp_path / "backups", recipients=settings.BACKUP_RECIPIENTS, now=NOW)
    (made / FILES).write_bytes((made / DATABASE).read_bytes())
    told = json.loads((made / MANIFEST).read_text())
    sums = told["sha256"] | {FILES: told["sha256"][DATABASE]}
    (made / MANIFEST).write_text(json.dumps(told | {"sha256": sums}))
    with pytest.raises(DomainError, match=r"files\.age is not what was made"):
        next(restoring.restore(backup=made, identities=keys))
    with pytest.raises(DomainError, match="is not empty"):  # it is looked at no further
        next(restoring.restore(backup=made, identities=keys, unsealed=True))

    settings.FIELD_ENCRYPTION_KEYS = ["another"]
    with pytest.raises(DomainError, match="opens the seal"):
        next(restoring.restore(backup=made, identities=keys))
    del told["seal"]
    (made / MANIFEST).write_text(json.dumps(told))
    with pytest.raises(DomainError, match=r"has no seal.* --unsealed does so"):
        next(restoring.restore(backup=made, identities=keys))
    keys.with_name("image.png").write_bytes(b"\x89PNG\xff")
    with pytest.raises(DomainError, match=r"image\.png cannot be read"):
        next(restoring.restore(backup=made, identities=keys.with_name("image.png")))
    for broken in ("[]", '"sha256"', "{}", '{"sha256": {}, "seal": 3}', "not JSON"):
        (made / MANIFEST).write_text(broken)
        with pytest.raises(DomainError, match="is no whole backup"):
            next(restoring.restore(backup=made, identities=keys))


@pytest.mark.django_db
def test_a_backup_that_fails_leaves_nothing_and_needs_a_key(
    keys: Path, tmp_path: Path, settings: Any
) -> None:
    settings.PG_BIN = str(tmp_path)
    with pytest.raises(DomainError, match="There is no pg_dump"):
        making.make(to=tmp_path / "backups", recipients=settings.BACKUP_RECIPIENTS, now=NOW)
    assert list((tmp_path / "backups").iterdir()) == []
    for wrong in ([], ["age1nobody"]):
        with pytest.raises(DomainError, match="public"):
            making.make(to=tmp_path / "backups", recipients=wrong, now=NOW)
    inside = Path(settings.MEDIA_ROOT) / "kept" / "backups"
    with pytest.raises(DomainError, match="lies in MEDIA_ROOT"):
        making.make(to=inside, recipients=settings.BACKUP_RECIPIENTS, now=NOW)
    assert not inside.exists()
    settings.BACKUP_DIR = ""
    with pytest.raises(CommandError, match="BACKUP_DIR"):
        call_command("backup", to="")
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="could not be written"):
        call_command("backup", to=str(tmp_path / "file" / "backups"))
    assert making.nightly(NOW) == "No backup: BACKUP_DIR is not set."


@pytest.mark.django_db
def test_a_place_without_a_key_is_a_failure_and_a_copy_makes_none(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BACKUP_DIR, settings.BACKUP_RECIPIENTS = str(tmp_path / "backups"), []
    with pytest.raises(DomainError, match="BACKUP_RECIPIENTS"):
        making.nightly(NOW)
    monkeypatch.setattr(outward, "_sure_until", 0.0)
    outward.disown()
    assert making.nightly(NOW) == outward.HELD
    assert not (tmp_path / "backups").exists()


def whole(folder: Path, name: str, sign: str = "") -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / MANIFEST).write_text(json.dumps({"sign": sign or outward.sign()}))


@pytest.mark.django_db
def test_only_old_whole_backups_of_our_name_are_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"herotill-{NOW + timedelta(days=day):%Y%m%dT%H%M%SZ}" for day in range(4)]
    for name in (*names, "herotill-20200101T000000Z.keep", "herotill-2020", "other-20200101T000000Z"):
        whole(tmp_path, name)
    (tmp_path / "herotill-20190101T000000Z").mkdir()  # not whole: a person looks why
    whole(tmp_path, "herotill-20190102T000000Z", sign="another installation's")
    whole(tmp_path, "herotill-20190103T000000Z")
    (tmp_path / "herotill-20190103T000000Z" / MANIFEST).write_text("{")
    everything = {path.name for path in tmp_path.iterdir()}

    assert making.prune(folder=tmp_path, keep=2) == names[:2]
    assert {path.name for path in tmp_path.iterdir()} == everything - set(names[:2])
    assert making.prune(folder=tmp_path, keep=0) == []
    monkeypatch.setattr(outward, "_sure_until", 0.0)
    outward.disown()
    assert making.prune(folder=tmp_path, keep=1) == []


@pytest.mark.django_db
def test_what_a_killed_one_left_is_swept_and_nothing_else(keys: Path, tmp_path: Path) -> None:
    left = tmp_path / f"{making._ours()}herotill-20261120T011000Z"
    others = [
        tmp_path / f"{making._ours()}herotill-notes",
        tmp_path / ".new-another-herotill-20261120T011000Z",
        tmp_path / ".new-herotill-20261120T011000Z",
    ]
    for one in (left, *others):
        one.mkdir()
    making._sweep(tmp_path)
    assert [one.exists() for one in (left, *others)] == [False, True, True, True]


@pytest.mark.django_db
def test_how_the_line_is_secured_is_told_to_the_programs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the whole database could leave over a line that nobody proved."""
    address = connection.get_connection_params() | {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}
    monkeypatch.setattr(connection, "get_connection_params", lambda: address)
    told = programs.environment()
    assert (told["PGSSLMODE"], told["PGSSLROOTCERT"]) == ("verify-full", "/etc/ca.pem")


def test_one_backup_is_made_at_a_time() -> None:
    assert jobs.jobs["backup"].alone


@pytest.mark.django_db
def test_a_password_is_told_to_no_command_line() -> None:
    assert programs.environment()["PGPASSWORD"] == connection.settings_dict["PASSWORD"]
    assert programs._major(programs.program("pg_dump")) >= 18 if house.EMBEDDED else 15
