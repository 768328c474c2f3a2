"""A mail server that takes what comes, or does what it was told instead."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Keeps what it took. `told` answers by recipient; the answer "drop" takes the mail and breaks the line.

    Where `silent_at` is a number, the mail that makes so many taken is not answered before the line is broken.
    """

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.told: dict[str, str] = {}
        self.silent_at = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.told.get(address, "250 OK")
        if answer[0] in "45":
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        self.taken.append(message_from_bytes(envelope.content or b"", policy=policy.default))
        if len(self.taken) == self.silent_at:
            await asyncio.Event().wait()
        if self.told.get(envelope.rcpt_tos[0]) == "drop":
            server.transport.abort()
        return "250 taken"

    def to(self) -> list[str]:
        return [str(one["To"]) for one in self.taken]


@contextmanager
def mail_server(sink: Sink, port: int) -> Iterator[None]:
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()
