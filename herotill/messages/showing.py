"""A message as a person sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from herotill.lists import lists
from herotill.lists.cells import Link
from herotill.messages.listing import TONES, title
from herotill.messages.models import Message
from herotill.messages.services.preparing import letters
from herotill.messages.templates import templates


@dataclass(frozen=True, slots=True)
class Shown:
    """A message with its words: as it was sent, or as it would be."""

    message: Message
    title: str
    tone: str
    subject: str
    body: str
    customer: Link | None

    @property
    def was_sent(self) -> bool:
        return bool(self.message.body)

    @property
    def name(self) -> str:
        return self.subject or self.title


def shown(message: Message, *, now: datetime) -> Shown:
    """What was said, or would be; what is secret stands as "[link]"."""
    subject, body = message.subject, message.body
    if not body and message.template in templates:
        [letter] = letters([message], now=now)
        letter.secrets = {name: "" for name, field in letter.template.by_name.items() if field.secret}
        subject, body = letter.kept_subject, letter.kept_text
    return Shown(
        message, title(message.template), TONES.get(message.state, ""), subject, body, _customer(message)
    )


def _customer(message: Message) -> Link | None:
    """The app that knows customers tells their names by a column of the list."""
    column = lists["messages"].columns.get("customer")
    if column is None or column.batch is None or message.customer_id is None:
        return None
    return column.batch([message.pk]).get(message.pk)
