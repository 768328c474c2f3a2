"""Files left on another machine: read by whoever knows its key, from nobody else, and never too large ones."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import paramiko
import pytest

from herotill.integrations.http import NotSent
from herotill.integrations.sftp import Account, host_key, live
from herotill.integrations.sftp.live import SftpShelf
from tests.contracts.sftp.server import PASSWORD, USER, SftpServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "calls-08.csv").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "out" / ".half").write_bytes(b"a")
    (tmp_path / "out" / "old").mkdir()
    found = SftpServer(tmp_path)
    yield found
    found.close()


def account(server: SftpServer, **other: Any) -> Account:
    known = Account("127.0.0.1", server.port, USER, PASSWORD, server.host_key)
    return replace(known, **other)


def test_the_files_of_a_folder_are_seen_and_read(server: SftpServer) -> None:
    with SftpShelf(account(server)) as shelf:
        assert [(one.name, one.size) for one in shelf.files("out")] == [("calls-08.csv", 8)]
        assert shelf.read("out", "calls-08.csv", 100) == b"a,b\n1,2\n"
        with pytest.raises(NotSent, match="larger"):
            shelf.read("out", "calls-08.csv", 7)
        with pytest.raises(NotSent, match="could not be read"):
            shelf.read("out", "gone.csv", 100)
        with pytest.raises(NotSent, match="does not show"):
            shelf.files("nowhere")


def test_of_many_files_those_that_fit_are_seen_the_newest_first(
    server: SftpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_FILES", 2)
    for age, name in enumerate(("c.csv", "a.txt", "b.csv", "0.txt", "d.csv")):
        (tmp_path / "out" / name).write_bytes(b"x")
        os.utime(tmp_path / "out" / name, (2_000_000_000 - age, 2_000_000_000 - age))
    with SftpShelf(account(server)) as shelf:
        assert [one.name for one in shelf.files("out", "?.csv")] == ["c.csv", "b.csv"]


def test_another_key_is_another_machine(server: SftpServer) -> None:
    other = paramiko.ECDSAKey.generate()
    strange = account(server, host_key=f"{other.get_name()} {other.get_base64()}")
    with pytest.raises(NotSent, match="another host key"), SftpShelf(strange):
        pass


def test_a_wrong_password_is_said_without_the_password(server: SftpServer) -> None:
    with (
        pytest.raises(NotSent, match="refuses") as no,
        SftpShelf(account(server, password="not-this")),
    ):
        pass
    assert "not-this" not in str(no.value)


def test_our_own_network_is_not_called(server: SftpServer, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = []
    with pytest.raises(NotSent, match="inside our own network"), SftpShelf(account(server)):
        pass


def test_nobody_there_is_said(server: SftpServer) -> None:
    gone = account(server)
    server.close()
    with pytest.raises(NotSent, match="could not be reached"), SftpShelf(gone):
        pass


def test_a_host_key_is_read_as_it_is_copied() -> None:
    key = paramiko.ECDSAKey.generate()
    plain = f"{key.get_name()} {key.get_base64()}"
    assert host_key(plain) == host_key(f"[sftp.wholesaler.example]:2222 {plain} root@x")
    for wrong in ("", "AAAA", "ssh-ed25519", "ssh-ed25519 ???", f"ssh-ed25519 {key.get_base64()}"):
        with pytest.raises(ValueError, match="host key"):
            host_key(wrong)
