"""Fetching from a real mailbox: once, whoever fetches, and whatever breaks in the middle."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from helpdesk.models import FetchTry, InboundMail, Mailbox, Post, Ticket
from helpdesk.services.inbound import ingesting, polling
from herotill.errors import IntegrationError
from herotill.integrations.imap import FAILED, PROCESSED, Account
from herotill.integrations.imap.live import LiveInbox
from tests.contracts.imap.server import MISSING, PASSWORD, PROGRAM, Dovecot, dovecot
from tests.factories.customers import make_customer
from tests.helpdesk.mail.letters import HELP, NOW, kept, letter, mailbox, take
from tests.strict import needs

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def server(settings: Any) -> Iterator[Dovecot]:
    needs(PROGRAM, MISSING)
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with dovecot() as up:
        yield up


@pytest.fixture
def box(server: Dovecot) -> Mailbox:
    made = mailbox(host="127.0.0.1", port=server.port, tls=False, username="help", password=PASSWORD)
    make_customer(contact={"email": "alice@wonderland.example"})
    return made


def test_what_waits_is_taken_in_and_moved(server: Dovecot, box: Mailbox) -> None:
    server.put(letter("One"), letter("Two"), b"To: nobody\r\n\r\nNo sender")
    assert polling.poll_all(now=NOW) == "3 messages taken in."
    assert [server.count(folder) for folder in ("INBOX", PROCESSED, FAILED)] == [0, 2, 1]
    assert list(Post.objects.order_by("pk").values_list("text", flat=True)) == ["One", "Two"]
    box.refresh_from_db()
    assert (box.fetched_at, box.error) == (NOW, "")
    assert polling.poll_all(now=NOW) == "0 messages taken in."


class Dies(LiveInbox):
    """Falls over after the message was taken in, before it is moved."""

    def put_away(self, uid: str, folder: str) -> None:
        raise KeyboardInterrupt


def test_killed_between_taking_in_and_moving_it_is_one_ticket(server: Dovecot, box: Mailbox) -> None:
    server.put(letter("Only once"))
    with pytest.raises(KeyboardInterrupt):
        polling.poll(mailbox=box, now=NOW, opens=Dies)
    assert server.count() == 1
    assert polling.poll(mailbox=box, now=NOW) == 1
    assert (Ticket.objects.count(), server.count(), server.count(PROCESSED)) == (1, 0, 1)


def test_killed_while_it_is_taken_in_nothing_of_it_is_there(
    server: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(letter("All or nothing"))
    with monkeypatch.context() as breaking:
        breaking.setattr(InboundMail, "save", _dies)
        with pytest.raises(KeyboardInterrupt):
            polling.poll(mailbox=box, now=NOW)
    assert (Ticket.objects.count(), Post.objects.count(), server.count()) == (0, 0, 1)
    assert polling.poll(mailbox=box, now=NOW) == 1
    assert Ticket.objects.count() == 1


def _dies(*args: Any, **kwargs: Any) -> None:
    raise KeyboardInterrupt


FETCHER = """
import django, os, signal, sys
django.setup()
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
from django.conf import settings
settings.OUTBOUND_ALLOW, settings.MEDIA_ROOT = ["127.0.0.1"], sys.argv[2]
from helpdesk.models import Mailbox
from helpdesk.services.inbound import ingesting, polling
from tests.helpdesk.mail.letters import NOW
whole = ingesting.outcome.judge
def kills(read, **kwargs):
    if b"Deadly" in read.raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole(read, **kwargs)
ingesting.outcome.judge = kills
polling.poll(mailbox=Mailbox.objects.get(), now=NOW)
"""


def fetcher(settings: Any) -> int:
    """How a process of its own ended that fetched; one message kills whoever reads it."""
    command = [sys.executable, "-c", FETCHER, str(connection.settings_dict["NAME"]), str(settings.MEDIA_ROOT)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def test_one_that_kills_whoever_reads_it_stops_the_mailbox_only_for_a_time(
    server: Dovecot, box: Mailbox, settings: Any
) -> None:
    server.put(letter("Before"), letter("Deadly"), letter("Behind it"))
    assert [fetcher(settings) for _ in range(3)] == [-signal.SIGKILL] * 3
    assert (Ticket.objects.count(), server.count()) == (1, 2)
    assert FetchTry.objects.get().count == 3
    assert fetcher(settings) == 0
    assert [server.count(folder) for folder in ("INBOX", PROCESSED, FAILED)] == [0, 2, 1]
    assert list(Post.objects.order_by("pk").values_list("text", flat=True)) == ["Before", "Behind it"]
    left = InboundMail.objects.get(outcome="refused")
    assert (left.reason, b"Deadly" in kept(left)) == ("not_taken_in", True)
    assert not FetchTry.objects.exists()


def test_what_was_taken_in_and_not_moved_is_not_tried_away(server: Dovecot, box: Mailbox) -> None:
    server.put(letter("Stays"))

    class MovesNothing(LiveInbox):
        def put_away(self, uid: str, folder: str) -> None:
            raise IntegrationError("It does not move.")

    for _ in range(5):
        assert polling.poll(mailbox=box, now=NOW, opens=MovesNothing) is None
    assert sorted(InboundMail.objects.values_list("outcome", flat=True)) == ["duplicate", "new_ticket"]
    assert not FetchTry.objects.exists()


def test_one_that_breaks_goes_to_failed_and_the_others_go_on(
    server: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(letter("Broken"), letter("Whole"))
    whole = ingesting.outcome.judge

    def breaks(read: Any, **kwargs: Any) -> Any:
        if b"Broken" in read.raw:
            raise ZeroDivisionError
        return whole(read, **kwargs)

    monkeypatch.setattr(ingesting.outcome, "judge", breaks)
    assert polling.poll(mailbox=box, now=NOW) == 2
    assert [server.count(folder) for folder in (PROCESSED, FAILED)] == [1, 1]
    assert InboundMail.objects.get(outcome="refused").reason == "not_taken_in"


def test_where_the_database_is_away_mail_waits(
    server: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(letter())
    with monkeypatch.context() as away:
        away.setattr(ingesting.reading, "known", _away)
        with pytest.raises(OperationalError):
            polling.poll(mailbox=box, now=NOW)
    assert (server.count(), server.count(FAILED)) == (1, 0)


def _away(*args: Any, **kwargs: Any) -> None:
    raise OperationalError


def test_two_pollers_at_once_make_one_ticket(server: Dovecot, box: Mailbox) -> None:
    server.put(letter("Shared"))
    inside, go_on = threading.Event(), threading.Event()

    class Waits(LiveInbox):
        def read(self, uid: str) -> bytes | None:
            inside.set()
            go_on.wait(20)
            return super().read(uid)

    counts: list[int | None] = []
    first = threading.Thread(target=_poll, args=(box, Waits, counts))
    first.start()
    assert inside.wait(20)
    assert polling.poll(mailbox=box, now=NOW) == 0
    go_on.set()
    first.join(20)
    assert (counts, Ticket.objects.count()) == ([1], 1)


def _poll(box: Mailbox, opens: Any, counts: list[int | None]) -> None:
    try:
        counts.append(polling.poll(mailbox=box, now=NOW, opens=opens))
    finally:
        connection.close()


def test_the_same_mail_taken_in_at_once_for_two_mailboxes_is_one_ticket() -> None:
    make_customer(contact={"email": "alice@wonderland.example"})
    boxes, raw, gate = [mailbox(), mailbox("sales@isp.example")], letter(), threading.Barrier(2, timeout=20)
    outcomes: list[str] = []

    def bring(box: Mailbox) -> None:
        try:
            gate.wait()
            outcomes.append(take(raw, box).outcome)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring, args=(box,)) for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (sorted(outcomes), Ticket.objects.count()) == (["duplicate", "new_ticket"], 1)


def test_a_mailbox_that_cannot_be_opened_does_not_stop_the_others(server: Dovecot, box: Mailbox) -> None:
    broken = mailbox("broken@isp.example", host="127.0.0.1", port=1, tls=False)
    server.put(letter())
    with pytest.raises(IntegrationError, match=r"broken@isp\.example"):
        polling.poll_all(now=NOW)
    broken.refresh_from_db()
    assert "could not be reached" in broken.error
    assert Ticket.objects.count() == 1


def test_what_is_too_large_is_not_even_fetched(
    server: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(letter("x" * 3000))
    monkeypatch.setattr(polling, "largest", lambda house: 1000)
    assert polling.poll(mailbox=box, now=NOW) == 1
    assert InboundMail.objects.get().reason == "message_too_large"
    assert server.count(FAILED) == 1


class Keeps(LiveInbox):
    """A server that moves nothing to "Failed"."""

    def put_away(self, uid: str, folder: str) -> None:
        if folder == FAILED:
            raise IntegrationError("It does not move.")
        super().put_away(uid, folder)


def test_what_the_server_does_not_move_stops_nothing_and_is_written_down_once(
    server: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(b"To: nobody\r\n\r\nNo sender", letter("x" * 5000), letter("Behind it"))
    monkeypatch.setattr(polling, "largest", lambda house: 2000)
    assert polling.poll(mailbox=box, now=NOW, opens=Keeps) is None
    assert polling.poll(mailbox=box, now=NOW, opens=Keeps) is None
    assert [server.count(folder) for folder in ("INBOX", PROCESSED)] == [2, 1]
    assert InboundMail.objects.filter(outcome="refused").count() == 2
    assert Post.objects.get().text == "Behind it"
    box.refresh_from_db()
    assert (box.error, box.fetched_at) == ("It does not move.", None)


def test_behind_those_that_are_stuck_the_others_are_fetched(
    server: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.put(b"To: nobody\r\n\r\nNo sender", letter("One"), letter("Two"))
    monkeypatch.setattr(polling, "AT_ONCE", 1)
    assert polling.poll(mailbox=box, now=NOW, opens=Keeps) is None
    assert list(Post.objects.values_list("text", flat=True)) == ["One"]
    assert polling.poll(mailbox=box, now=NOW, opens=Keeps) is None
    assert Post.objects.count() == 2


class Silent(LiveInbox):
    """A server that lists messages and hands over none."""

    def read(self, uid: str) -> bytes | None:
        return None


def test_what_is_listed_and_not_handed_over_is_told(server: Dovecot, box: Mailbox) -> None:
    server.put(letter())
    assert polling.poll(mailbox=box, now=NOW, opens=Silent) is None
    box.refresh_from_db()
    assert "does not hand it over" in box.error


class HangsUp(LiveInbox):
    """A server that ends the line over its first message, each time."""

    def read(self, uid: str) -> bytes | None:
        if int(uid) == 1:
            self.box.client.shutdown()
        return super().read(uid)


def test_behind_one_over_which_the_server_hangs_up_the_others_are_fetched(
    server: Dovecot, box: Mailbox
) -> None:
    server.put(letter("Broken there"), letter("One"), letter("Two"))
    assert polling.poll(mailbox=box, now=NOW, opens=HangsUp) is None
    assert list(Post.objects.order_by("pk").values_list("text", flat=True)) == ["One", "Two"]
    box.refresh_from_db()
    assert "does not hand over a message" in box.error


def test_what_breaks_in_one_mailbox_does_not_end_the_others(
    server: Dovecot, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = mailbox(
        "a@isp.example", host="127.0.0.1", port=server.port, tls=False, username="a", password=PASSWORD
    )
    server.put(letter("Whole"))
    whole = polling.poll

    def breaks(*, mailbox: Mailbox, **kwargs: Any) -> int | None:
        if mailbox == broken:
            raise OSError("The disk is full.")
        return whole(mailbox=mailbox, **kwargs)

    monkeypatch.setattr(polling, "poll", breaks)
    with pytest.raises(IntegrationError, match="a@isp"):
        polling.poll_all(now=NOW)
    broken.refresh_from_db()
    assert (broken.error, Ticket.objects.count()) == ("Something broke here (OSError).", 1)


def test_looking_counts_and_takes_nothing(server: Dovecot, box: Mailbox) -> None:
    server.put(letter())
    assert (polling.look(mailbox=box), server.count(), Ticket.objects.count()) == (1, 1, 0)


def pipe(monkeypatch: pytest.MonkeyPatch, raw: bytes, named: str = "help") -> str:
    said = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("inbound_mail", mailbox=named, stdout=said)
    return said.getvalue()


def test_a_mail_server_pipes_a_message_in(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox()
    make_customer(contact={"email": "alice@wonderland.example"})
    assert pipe(monkeypatch, letter()).startswith("New ticket, ticket ")
    assert pipe(monkeypatch, letter(sender="who@elsewhere.example"), HELP) == "Unknown sender\n"


def test_what_cannot_be_taken_in_now_is_brought_again(monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox()
    with pytest.raises(CommandError) as unknown:
        pipe(monkeypatch, letter(), "nobody")
    monkeypatch.setattr(ingesting.reading, "house", _away)
    with pytest.raises(CommandError) as away:
        pipe(monkeypatch, letter())
    assert (unknown.value.returncode, away.value.returncode) == (75, 75)


def test_the_password_is_in_no_text_of_an_account() -> None:
    assert "sesame" not in repr(Account("imap.example", 993, True, "help", "sesame"))
