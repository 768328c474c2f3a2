"""Files of calls that are left for us, in a folder or by SFTP: each taken in once, in order, and by one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dataaccounts.models import Call, CallDrop, CallFile, CallProfile, CallRow, DroppedFile, SpendLimit
from dataaccounts.services import call_drops
from herotill.jobs import jobs
from tests.contracts.sftp.server import PASSWORD, USER, SftpServer
from tests.factories import make_person
from tests.factories.calls import make_deck, make_line, make_profile

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)
HEAD = "Account,Start,From,To,Seconds,Cost,Direction,ID\n"
ROW = "27871234567,2018-08-02 10:00:00,x,0821234567,60,0.50,out,{}\n"


def left(folder: Path, name: str, *calls: int, minutes: int = 60) -> None:
    folder.mkdir(exist_ok=True, parents=True)
    (folder / name).write_text(HEAD + "".join(ROW.format(one) for one in calls))
    at = (NOW - timedelta(minutes=minutes)).timestamp()
    os.utime(folder / name, (at, at))


@pytest.fixture
def base(tmp_path: Path, settings: Any) -> Path:
    settings.CALL_DROPS_DIR = str(tmp_path)
    make_deck("sell", [("2782", "Mobile", "mobile", "1.20")])
    make_line()
    return tmp_path


def make_drop(**fields: Any) -> CallDrop:
    given = {"name": "Wholesaler", "folder": "in", "files": "*.csv"} | fields
    profile = given.pop("profile", None) or make_profile()
    return CallDrop.objects.create(profile=profile, **given)


def test_a_folder_is_read_in_order_and_each_file_once(base: Path) -> None:
    drop = make_drop()
    left(base / "in", "b.csv", 1, 2, minutes=90)
    left(base / "in", "a.csv", 2, 3, minutes=30)
    left(base / "in", "fresh.csv", 4, minutes=1)
    left(base / "in", "notes.txt", 5)
    assert call_drops.read_due(now=NOW) == "Wholesaler: 2 new files"
    assert list(CallFile.objects.order_by("pk").values_list("name", flat=True)) == ["b.csv", "a.csv"]
    assert Call.objects.count() == 3
    assert call_drops.read_due(now=NOW) == "Wholesaler: 0 new files"
    left(base / "in", "a.csv", 2, 3, 6, minutes=5)
    assert call_drops.read_due(now=NOW) == "Wholesaler: 1 new files"
    assert Call.objects.count() == 4
    drop.refresh_from_db()
    assert (drop.failed, drop.read_at) == (False, NOW)


def test_a_name_that_is_no_text_or_very_long_keeps_no_file_back(base: Path) -> None:
    make_drop()
    left(base / "in", os.fsdecode(b"caf\xe9.csv"), 1)
    left(base / "in", "x" * 230 + ".csv", 2, minutes=90)
    assert call_drops.read_due(now=NOW) == "Wholesaler: 2 new files"
    assert call_drops.read_due(now=NOW) == "Wholesaler: 0 new files"
    assert set(DroppedFile.objects.values_list("name", flat=True)) == {"caf?.csv", "x" * 200}


def test_a_file_that_cannot_be_read_keeps_no_other_back_and_is_tried_again(base: Path) -> None:
    make_drop()
    left(base / "in", "good.csv", 1)
    (base / "in" / "bad.csv").write_text("this,is\nno,such file\n")
    at = (NOW - timedelta(hours=3)).timestamp()
    os.utime(base / "in" / "bad.csv", (at, at))
    assert call_drops.read_due(now=NOW) == "Wholesaler: 2 new files, 1 of them refused"
    assert "There is no column" in DroppedFile.objects.get(name="bad.csv").said
    assert Call.objects.count() == 1
    assert call_drops.read_due(now=NOW) == "Wholesaler: 1 new files, 1 of them refused"
    assert CallDrop.objects.get().failed
    columns = CallProfile.objects.get().columns
    CallProfile.objects.update(columns={"start": "this", "b_number": "is"})
    assert "1 of them refused" in call_drops.read_due(now=NOW)
    CallProfile.objects.update(columns=columns)
    (base / "in" / "bad.csv").write_text(HEAD + ROW.format(2))
    os.utime(base / "in" / "bad.csv", (at, at))
    assert call_drops.read_due(now=NOW) == "Wholesaler: 1 new files"
    assert call_drops.read_due(now=NOW) == "Wholesaler: 0 new files"


def test_a_mistake_of_ours_at_a_file_or_a_drop_keeps_neither_others_nor_alarms(base: Path) -> None:
    clockless = make_profile(name="No clock", timezone="Nowhere/Atlantis")
    bad = make_drop(name="A bad one", profile=clockless)
    make_drop(name="Loop", profile=clockless, folder="loop")
    (base / "loop").symlink_to(base / "loop")
    drop = make_drop(name="Zz good", folder="good")
    left(base / "in", "one.csv", 1)
    left(base / "good", "two.csv", 2)
    SpendLimit.objects.create(line=None, per_day=1)
    said = jobs["call-drops"].task(NOW)
    assert "Loop: " in said
    assert "A bad one: 1 new files, 1 of them refused" in said
    assert "Zz good: 1 new files" in said
    assert "1 new alarms" in said
    assert "The program met an error" in DroppedFile.objects.get(drop=bad).said
    drop.refresh_from_db()
    assert not drop.failed


def test_a_log_that_grows_leaves_what_is_known_of_it_out(base: Path) -> None:
    make_drop()
    left(base / "in", "log.csv", 1, 2)
    call_drops.read_due(now=NOW)
    left(base / "in", "log.csv", 1, 2, 3, minutes=30)
    call_drops.read_due(now=NOW)
    assert CallRow.objects.count() == 3
    assert CallFile.objects.latest("pk").counts["outcomes"]["duplicate"] == 2


def test_a_folder_outside_or_missing_is_said(base: Path, settings: Any) -> None:
    for folder in ("../", "nowhere", "/etc"):
        drop = make_drop(name=f"To {folder}", folder=folder) if folder == "../" else None
        if drop is None:
            CallDrop.objects.update(folder=folder)
        assert "There is no folder" in call_drops.read_due(now=NOW)
    settings.CALL_DROPS_DIR = ""
    assert "CALL_DROPS_DIR" in call_drops.read_due(now=NOW)
    assert CallDrop.objects.get().failed


@pytest.fixture
def server(base: Path, settings: Any) -> Iterator[SftpServer]:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    left(base / "out", "calls.csv", 1)
    found = SftpServer(base)
    yield found
    found.close()


def test_another_machine_is_read_by_sftp_and_known_by_its_key(server: SftpServer, client: Client) -> None:
    about = {"kind": "sftp", "host": "127.0.0.1", "port": server.port, "user": USER}
    drop = make_drop(folder="out", host_key=server.host_key, password=PASSWORD, **about)
    assert call_drops.read_due(now=NOW) == "Wholesaler: 1 new files"
    assert Call.objects.count() == 1
    verbs = ("view", "change")
    client.force_login(make_person("Thabo", *(f"dataaccounts.{verb}_calldrop" for verb in verbs)))
    address = f"/setup/call-drops/{drop.pk}/"
    shown = client.get(address).content.decode()
    assert PASSWORD not in shown
    typed = about | {
        "name": "Wholesaler",
        "profile": drop.profile_id,
        "folder": "out",
        "files": "*.csv",
        "host_key": server.host_key,
    }
    moved = client.post(address, typed | {"host": "elsewhere.example"})
    assert moved.status_code == 422
    assert "takes its password anew" in moved.content.decode()
    assert client.post(address, typed).status_code in (204, 302)
    drop.refresh_from_db()
    assert drop.password


def test_a_name_that_is_no_text_on_another_machine_is_said(server: SftpServer, base: Path) -> None:
    about = {"kind": "sftp", "host": "127.0.0.1", "port": server.port, "user": USER}
    make_drop(folder="out", host_key=server.host_key, password=PASSWORD, **about)
    left(base / "out", os.fsdecode(b"caf\xe9.csv"), 2)
    assert "has a name that is no UTF-8: rename it" in call_drops.read_due(now=NOW)


def test_one_file_that_cannot_be_fetched_keeps_no_other_back(server: SftpServer, base: Path) -> None:
    about = {"kind": "sftp", "host": "127.0.0.1", "port": server.port, "user": USER}
    make_drop(folder="out", host_key=server.host_key, password=PASSWORD, **about)
    left(base / "out", "locked.csv", 2, minutes=90)
    assert call_drops.read_due(now=NOW) == "Wholesaler: 2 new files, 1 of them refused"
    assert Call.objects.count() == 1
    assert "could not be read" in DroppedFile.objects.get(name="locked.csv").said
    for place in range(call_drops.IN_A_ROW + 1):
        left(base / "out", f"locked-{place}.csv", 3)
    assert "could not be read" in call_drops.read_due(now=NOW)
    assert DroppedFile.objects.filter(file=None).count() == call_drops.IN_A_ROW
