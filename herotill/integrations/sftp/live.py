"""SFTP by paramiko: the host's key is known beforehand, and the address resolved once."""

from __future__ import annotations

import fnmatch
import socket
import stat
from datetime import UTC, datetime

import paramiko

from herotill.integrations.http import NotSent, resolve
from herotill.integrations.sftp import Account, Left, host_key

SECONDS = 20
MOST_FILES = 5_000


class SftpShelf:
    """A connection that begins with the `with` and ends with it."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def __enter__(self) -> SftpShelf:
        who = self.account.host
        kind, octets = host_key(self.account.host_key)
        address = resolve(who, self.account.host, self.account.port)
        try:
            line = socket.create_connection((address, self.account.port), timeout=SECONDS)
        except OSError:
            raise NotSent(f"{who} could not be reached.") from None
        self.transport = paramiko.Transport(line)
        try:
            self._begin(kind, octets)
        except NotSent:
            self.transport.close()
            raise
        except (paramiko.SSHException, OSError, EOFError):
            self.transport.close()
            raise NotSent(f"{who} did not speak SFTP with us.") from None
        return self

    def _begin(self, kind: str, octets: bytes) -> None:
        who, options = self.account.host, self.transport.get_security_options()
        wanted = ("rsa-sha2-512", "rsa-sha2-256") if kind == "ssh-rsa" else (kind,)
        options.key_types = tuple(one for one in wanted if one in options.key_types)
        self.transport.banner_timeout = self.transport.handshake_timeout = self.transport.auth_timeout = (
            SECONDS
        )
        self.transport.start_client(timeout=SECONDS)
        if self.transport.get_remote_server_key().asbytes() != octets:
            raise NotSent(f"{who} shows another host key than the one that is known.", retry=False)
        try:
            self.transport.auth_password(self.account.user, self.account.password)
        except paramiko.AuthenticationException:
            raise NotSent(f"{who} refuses the user name or the password.", retry=False) from None
        client = paramiko.SFTPClient.from_transport(self.transport)
        if client is None:
            raise NotSent(f"{who} opens no SFTP.")
        if channel := client.get_channel():
            channel.settimeout(SECONDS)
        self.client = client

    def __exit__(self, *about: object) -> None:
        self.transport.close()

    def files(self, folder: str, pattern: str = "*") -> list[Left]:
        """The plain files of a folder whose names fit, the newest first; those that begin with a point do not."""
        try:
            found = self.client.listdir_attr(folder or ".")
        except UnicodeDecodeError:
            where = f"the folder {folder or '.'} of {self.account.host}"
            raise NotSent(f"A file in {where} has a name that is no UTF-8: rename it.", retry=False) from None
        except (OSError, paramiko.SSHException, EOFError):
            raise NotSent(f"{self.account.host} does not show the folder {folder or '.'}.") from None
        plain = [
            Left(one.filename, one.st_size or 0, datetime.fromtimestamp(one.st_mtime or 0, UTC))
            for one in found
            if stat.S_ISREG(one.st_mode or 0)
            and not one.filename.startswith(".")
            and fnmatch.fnmatchcase(one.filename, pattern)
        ]
        return sorted(plain, key=lambda one: (one.written_at, one.name), reverse=True)[:MOST_FILES]

    def read(self, folder: str, name: str, largest: int) -> bytes:
        """What stands in a file. Raises NotSent where it has more than `largest` octets or goes away."""
        path = f"{folder.rstrip('/')}/{name}" if folder else name
        try:
            with self.client.open(path, "rb") as file:
                size = file.stat().st_size or 0
                if size <= largest:
                    file.prefetch(size)
                content: bytes = file.read(largest + 1) if size <= largest else b""
        except (OSError, paramiko.SSHException, EOFError):
            raise NotSent(f"{name} could not be read from {self.account.host}.") from None
        if max(size, len(content)) > largest:
            raise NotSent(f"{name} is larger than is taken.", retry=False)
        return content
