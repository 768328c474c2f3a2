"""Mailboxes on a real server, by IMAP."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox

from herotill.errors import IntegrationError
from herotill.integrations import http
from herotill.integrations.imap import Account, Waiting

SECONDS = 30
_SIZE = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)")
TROUBLE = (ImapToolsError, imaplib.IMAP4.error, OSError, EOFError)


class _Plain(imaplib.IMAP4):
    """Goes to the address that was checked, not to what the name says a moment later."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self.address = address
        super().__init__(host, port, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection((self.address, self.port), timeout)


class _Tls(_Plain):
    """The same over TLS, with the certificate of the name."""

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = super()._create_socket(timeout)
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


class _Box(BaseMailBox):
    def __init__(self, account: Account, address: str) -> None:
        self._made = (account, address)
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        account, address = self._made
        return (_Tls if account.tls else _Plain)(account.host, account.port, address)


class LiveInbox:
    """An inbox that is open until it is closed."""

    def __init__(self, account: Account) -> None:
        self.account = account
        address = http.resolve(account.host, account.host, account.port)
        with self._told("could not be reached"):
            self.box = _Box(account, address)
        try:
            with self._told("does not let us in"):
                self.box.login(account.username, account.password)
        except IntegrationError:
            self.box.client.shutdown()
            raise

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Trouble in our words: a server's own may hold anything."""
        try:
            yield
        except TROUBLE as trouble:
            raise IntegrationError(f"{self.account.host} {what} ({type(trouble).__name__}).") from None

    def waiting(self, most: int, after: str = "") -> Sequence[Waiting]:
        with self._told("does not tell what is there"):
            uids = sorted((uid for uid in self.box.uids("ALL") if int(uid) > int(after or 0)), key=int)[:most]
            if not uids:
                return []
            _ok, rows = self.box.client.uid("fetch", ",".join(uids), "(UID RFC822.SIZE)")
        sizes = dict(_sizes(rows))
        return [Waiting(uid, sizes[uid]) for uid in uids if uid in sizes]

    def read(self, uid: str) -> bytes | None:
        with self._told("does not hand over a message"):
            _ok, rows = self.box.client.uid("fetch", uid, "(BODY.PEEK[])")
        return next((bytes(row[1]) for row in rows if isinstance(row, tuple)), None)

    def put_away(self, uid: str, folder: str) -> None:
        with self._told(f"does not move a message to {folder}"):
            if not self.box.folder.exists(folder):
                self._make(folder)
            self.box.move([uid], folder)

    def _make(self, folder: str) -> None:
        try:
            self.box.folder.create(folder)
        except ImapToolsError:
            if not self.box.folder.exists(folder):  # somebody else made it meanwhile
                raise

    def close(self) -> None:
        try:
            self.box.logout()
        except TROUBLE:
            return


def _sizes(rows: Sequence[Any]) -> Iterator[tuple[str, int]]:
    for row in rows:
        found = _SIZE.search(row) if isinstance(row, bytes) else None
        if found:
            uid, size = (found[1], found[2]) if found[1] else (found[4], found[3])
            yield uid.decode(), int(size)


Open = Callable[[Account], LiveInbox]
