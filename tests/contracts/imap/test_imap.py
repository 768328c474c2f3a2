"""A mailbox on a real server: what waits, how it is read as it is, where it is put."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from herotill.errors import IntegrationError
from herotill.integrations.imap import FAILED, PROCESSED, Account
from herotill.integrations.imap.live import LiveInbox
from tests.contracts.imap.server import MISSING, PROGRAM, Dovecot, dovecot
from tests.strict import needs

ODD = b"From: alice@wonderland.example\r\nSubject: caf\xe9\r\n\r\n\x80\x81 as it is\r\n.\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    needs(PROGRAM, MISSING)
    with dovecot() as up:
        yield up


def test_messages_are_read_as_they_are_and_put_away(server: Dovecot) -> None:
    server.put(ODD, b"From: bob@elsewhere.example\r\n\r\nHello\r\n", user="read")
    inbox = LiveInbox(server.account("read"))
    first, second = inbox.waiting(10)
    assert (inbox.read(first.uid), first.size) == (ODD, len(ODD))
    inbox.put_away(first.uid, PROCESSED)
    inbox.put_away(second.uid, FAILED)
    assert inbox.waiting(10) == []
    inbox.close()
    assert [server.count(folder, "read") for folder in ("INBOX", PROCESSED, FAILED)] == [0, 1, 1]


def test_the_oldest_come_first_and_no_more_than_asked_for(server: Dovecot) -> None:
    server.put(*(b"Subject: %d\r\n\r\n" % number for number in range(3)), user="many")
    inbox = LiveInbox(server.account("many"))
    assert [(inbox.read(one.uid) or b"")[:10] for one in inbox.waiting(2)] == [b"Subject: 0", b"Subject: 1"]
    inbox.close()


def test_two_that_are_at_work_do_not_stumble_over_each_other(server: Dovecot) -> None:
    server.put(ODD, user="two")
    one, other = LiveInbox(server.account("two")), LiveInbox(server.account("two"))
    waits, also = one.waiting(5)[0], other.waiting(5)[0]
    one.put_away(waits.uid, PROCESSED)
    assert other.read(also.uid) in (None, ODD)
    other.put_away(also.uid, PROCESSED)
    assert server.count(PROCESSED, "two") == 1
    one.close()
    other.close()


def test_a_wrong_password_is_said_without_it(server: Dovecot) -> None:
    with pytest.raises(IntegrationError, match="does not let us in") as trouble:
        LiveInbox(server.account("help", "sesame"))
    assert "sesame" not in str(trouble.value)


def test_a_server_that_is_not_there_is_said(server: Dovecot) -> None:
    with pytest.raises(IntegrationError, match="could not be reached"):
        LiveInbox(Account("127.0.0.1", 1, False, "help", "x"))


def test_s20_a_server_inside_our_network_is_not_called(server: Dovecot, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = []
    with pytest.raises(IntegrationError, match="inside our own network"):
        LiveInbox(server.account())


def test_a_server_without_tls_is_refused_where_tls_is_asked_for(server: Dovecot) -> None:
    with pytest.raises(IntegrationError, match="could not be reached"):
        LiveInbox(Account("127.0.0.1", server.port, True, "help", "testpass"))
