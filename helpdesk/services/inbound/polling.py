"""Fetching mail from mailboxes: taken in first, and only then moved out of the inbox."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import Error, InterfaceError, OperationalError, connection

from helpdesk.models import InboundMail, Mailbox
from helpdesk.policies.mail.known import House
from helpdesk.selectors import inbound as reading
from helpdesk.services.inbound import ingesting, trying
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.imap import FAILED, PROCESSED, Account, Inbox, Waiting
from herotill.integrations.imap.live import LiveInbox
from herotill.secrets import decrypt
from herotill.settled import settled

log = logging.getLogger(__name__)
Opens = Callable[[Account], Inbox]
AT_ONCE = 500


def poll_all(*, now: datetime, opens: Opens = LiveInbox) -> str:
    """Fetch from every mailbox. Raises IntegrationError, at the end, naming those that met trouble."""
    boxes = list(Mailbox.objects.filter(active=True).exclude(host="").select_related("department"))
    counts = [_poll_on(box, now, opens) for box in boxes]
    broken = [box.address for box, count in zip(boxes, counts, strict=True) if count is None]
    if broken:
        raise IntegrationError(f"Mail could not be fetched for {', '.join(broken)}.")
    return f"{sum(count or 0 for count in counts)} messages taken in."


def _poll_on(mailbox: Mailbox, now: datetime, opens: Opens) -> int | None:
    """Whatever breaks in one mailbox, the others are fetched."""
    try:
        return poll(mailbox=mailbox, now=now, opens=opens)
    except Exception as trouble:
        log.exception("Mail for %s could not be fetched.", mailbox.address)
        _note(mailbox, f"Something broke here ({type(trouble).__name__}).")
        return None


def poll(*, mailbox: Mailbox, now: datetime, opens: Opens = LiveInbox) -> int | None:
    """Take in what waits in a mailbox; how many that were, or None where it could not be fetched.

    Nothing where somebody else does it now. A message that cannot be taken in is moved to "Failed" and written
    down; the others go on.
    """
    if not _begin(mailbox):
        return 0
    try:
        with settled():
            count = _fetch(mailbox, now, opens)
    except IntegrationError as trouble:
        _note(mailbox, str(trouble))
        return None
    finally:
        _end(mailbox)
    Mailbox.objects.filter(pk=mailbox.pk).update(error="", fetched_at=now)
    return count


def _note(mailbox: Mailbox, trouble: str) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(error=trouble[:300])


def account_of(mailbox: Mailbox) -> Account:
    kept: Any = mailbox.password
    password = decrypt(kept.token) if kept else ""
    return Account(mailbox.host, mailbox.port, mailbox.tls, mailbox.username, password)


def _begin(mailbox: Mailbox) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [_name(mailbox)])
        return bool(cursor.fetchone()[0])


def _end(mailbox: Mailbox) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [_name(mailbox)])
    except Error:
        connection.close()  # a lock ends with its line


def _name(mailbox: Mailbox) -> str:
    return f"mailbox:{mailbox.pk}"


def _fetch(mailbox: Mailbox, now: datetime, opens: Opens) -> int:
    """Take in what waits. One that the server does not move stays; the others go on, and it is raised at the end."""
    inbox, house = opens(account_of(mailbox)), reading.house()
    count, after = 0, ""
    stuck: IntegrationError | None = None
    try:
        while count < AT_ONCE and (waiting := inbox.waiting(AT_ONCE, after)):
            after = waiting[-1].uid
            for message in waiting:
                try:
                    count += _take_and_move(inbox, message, mailbox, now, house)
                except IntegrationError as trouble:
                    stuck = trouble
                    inbox = _still_open(inbox, mailbox, opens)
    finally:
        inbox.close()
    if stuck:
        raise stuck
    return count


def _still_open(inbox: Inbox, mailbox: Mailbox, opens: Opens) -> Inbox:
    """An inbox to go on with: some servers hang up over a message. Raises IntegrationError where they stay away."""
    try:
        inbox.waiting(1)
    except IntegrationError:
        inbox.close()
        return opens(account_of(mailbox))
    return inbox


def _take_and_move(inbox: Inbox, message: Waiting, mailbox: Mailbox, now: datetime, house: House) -> bool:
    """Whether it was there. Raises IntegrationError where the server does not hand it over or move it."""
    taken = _take(inbox, message, mailbox, now, house)
    if taken is None:
        return _is_gone(inbox, message, mailbox)
    refused = taken.outcome == InboundMail.Outcome.REFUSED
    inbox.put_away(message.uid, FAILED if refused else PROCESSED)
    return True


def _is_gone(inbox: Inbox, message: Waiting, mailbox: Mailbox) -> bool:
    """False, as nothing is taken in of what is gone."""
    still = inbox.waiting(1, str(int(message.uid) - 1))
    if any(one.uid == message.uid for one in still):
        raise IntegrationError(f"{mailbox.host} lists message {message.uid} and does not hand it over.")
    return False


def largest(house: House) -> int:
    """How many octets a message may have; a longer one is not even fetched."""
    return house.limits.message_bytes


def _take(
    inbox: Inbox, message: Waiting, mailbox: Mailbox, now: datetime, house: House
) -> InboundMail | None:
    """What became of one message; None where it is no longer there."""
    if message.size > largest(house):
        return ingesting.too_large(uid=message.uid, size=message.size, mailbox=mailbox, now=now)
    raw = inbox.read(message.uid)
    if raw is None:
        return None
    taken = _read(raw, mailbox, now, house) if trying.begun(mailbox, message) else _left(raw, mailbox, now)
    trying.over(mailbox, message)
    return taken


def _left(raw: bytes, mailbox: Mailbox, now: datetime) -> InboundMail:
    log.error("A message for %s ended its reader %s times; it is left.", mailbox.address, trying.MOST)
    return ingesting.give_up(raw=raw, mailbox=mailbox, now=now)


def _read(raw: bytes, mailbox: Mailbox, now: datetime, house: House) -> InboundMail:
    """What became of it. A message that breaks what reads it is given up; the database away is not its fault."""
    try:
        return ingesting.ingest(raw=raw, mailbox=mailbox, now=now, house=house)
    except (OperationalError, InterfaceError):
        raise  # it waits where it is
    except Exception:
        log.exception("A message for %s could not be taken in.", mailbox.address)
        return ingesting.give_up(raw=raw, mailbox=mailbox, now=now)


def look(*, mailbox: Mailbox, opens: Opens = LiveInbox) -> int:
    """Log in and count what waits. Raises IntegrationError where that does not work, DomainError without a server."""
    if not mailbox.host:
        raise DomainError("This mailbox has no server: its mail is piped in.")
    inbox = opens(account_of(mailbox))
    try:
        return len(inbox.waiting(AT_ONCE))
    finally:
        inbox.close()
