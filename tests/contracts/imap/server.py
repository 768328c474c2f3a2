"""A Dovecot of our own on a loopback port, in which every user has a mailbox and one password."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import sample

from imap_tools.mailbox import MailBoxUnencrypted

from herotill.integrations.imap import Account

PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
MISSING = "Dovecot is not installed: apt-get install --no-install-recommends dovecot-imapd"
PASSWORD = "testpass"
PATIENCE = 15.0  # seconds until it must be ready
CONFIGURATION = """
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={home}/mail/%u
}}
"""


class Dovecot:
    """Where it is, and how to look into its mailboxes without our own adapter."""

    def __init__(self, port: int) -> None:
        self.port = port

    def account(self, user: str = "help", password: str = PASSWORD) -> Account:
        return Account("127.0.0.1", self.port, False, user, password)

    def put(self, *messages: bytes, user: str = "help") -> None:
        with MailBoxUnencrypted("127.0.0.1", self.port).login(user, PASSWORD) as box:
            for message in messages:
                box.append(message, "INBOX", dt=None, flag_set=[])

    def count(self, folder: str = "INBOX", user: str = "help") -> int:
        with MailBoxUnencrypted("127.0.0.1", self.port).login(user, PASSWORD) as box:
            if not box.folder.exists(folder):
                return 0
            box.folder.set(folder)
            return len(box.uids("ALL"))


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A server that is up for as long as the `with` lasts; as nobody where we are root."""
    home, port = Path(tempfile.mkdtemp(prefix="herotill-imap-")), _free_port()
    who = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    home.chmod(0o755)
    (home / "config").write_text(
        CONFIGURATION.format(
            home=home,
            port=port,
            password=PASSWORD,
            user=who.pw_name,
            group=grp.getgrgid(who.pw_gid).gr_name,
        )
    )
    for folder in (home / "run", home / "mail"):
        folder.mkdir()
    for path in (home, *home.rglob("*")):
        os.chown(path, who.pw_uid, who.pw_gid)
    process = subprocess.Popen(
        [str(PROGRAM), "-F", "-c", str(home / "config")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=who.pw_uid,
        group=who.pw_gid,
        extra_groups=(),
    )
    try:
        _wait(process, port, home)
        yield Dovecot(port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], port: int, home: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as line:
                if line.recv(4) == b"* OK":
                    return
        except OSError:
            time.sleep(0.05)
        if process.poll() is not None or time.monotonic() > until:
            log = home / "log"
            raise RuntimeError(f"Dovecot did not start.\n{log.read_text() if log.exists() else ''}")


def _free_port() -> int:
    for port in sample(range(15001, 32000), 200):
        with socket.socket() as door:
            try:
                door.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise RuntimeError("There is no free port on 127.0.0.1.")
