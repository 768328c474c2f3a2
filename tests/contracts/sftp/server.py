"""A machine that speaks SFTP, over a real socket: a folder, one user, one host key. It gives no file named locked."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path
from typing import Any

import paramiko

USER, PASSWORD = "isp", "drop-pass"


class _Door(paramiko.ServerInterface):
    def check_auth_password(self, username: str, password: str) -> int:
        right = (username, password) == (USER, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if right else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def get_allowed_auths(self, username: str) -> str:
        return "password"


class _Folder(paramiko.SFTPServerInterface):
    root: Path

    def __init__(self, server: Any, root: Path) -> None:
        super().__init__(server)
        self.root = root

    def _at(self, path: str) -> Path:
        return self.root / path.lstrip("/")

    def list_folder(self, path: str) -> Any:
        try:
            return [self._told(one, os.stat(one)) for one in self._at(path).iterdir()]
        except OSError as trouble:
            return paramiko.SFTPServer.convert_errno(trouble.errno or 0)

    def _told(self, path: Path, found: os.stat_result) -> paramiko.SFTPAttributes:
        told = paramiko.SFTPAttributes.from_stat(found, path.name)
        told.filename = os.fsencode(path.name)  # type: ignore[assignment]
        return told

    def stat(self, path: str) -> Any:
        try:
            return self._told(self._at(path), os.stat(self._at(path)))
        except OSError as trouble:
            return paramiko.SFTPServer.convert_errno(trouble.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        if flags & (os.O_WRONLY | os.O_RDWR) or Path(path).name.startswith("locked"):
            return paramiko.SFTP_PERMISSION_DENIED
        try:
            file = self._at(path).open("rb")
        except OSError as trouble:
            return paramiko.SFTPServer.convert_errno(trouble.errno or 0)
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = file
        handle.stat = lambda: self._told(self._at(path), os.fstat(file.fileno()))  # type: ignore[method-assign]
        return handle


class SftpServer:
    """Answers until `close`; `host_key` is the line that a person would copy from it."""

    def __init__(self, root: Path) -> None:
        self.root, self.key = root, paramiko.ECDSAKey.generate()
        self.line = socket.create_server(("127.0.0.1", 0))
        self.port = self.line.getsockname()[1]
        self.talks: list[paramiko.Transport] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    @property
    def host_key(self) -> str:
        return f"{self.key.get_name()} {self.key.get_base64()}"

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.line.accept()
            except OSError:
                return
            talk = paramiko.Transport(line)
            talk.add_server_key(self.key)
            talk.set_subsystem_handler("sftp", paramiko.SFTPServer, _Folder, self.root)
            self.talks.append(talk)
            try:
                talk.start_server(server=_Door(), event=threading.Event())
            except (paramiko.SSHException, EOFError):
                continue

    def close(self) -> None:
        if self.line.fileno() != -1:
            self.line.shutdown(socket.SHUT_RDWR)
            self.line.close()
        self.thread.join(10)
        for talk in self.talks:
            talk.close()
            talk.join(10)
