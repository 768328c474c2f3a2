"""What can be said: templates, declared by the apps that say it, and edited in Setup.

A template names the fields its text may use; there is no other language in it. An app declares its templates
in its wiring: `templates.register(Template(name="invoice", …))`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from herotill.registry import Registry

if TYPE_CHECKING:
    from herotill.messages.models import Message

EMAIL, SMS = "email", "sms"
FIRST, USUAL, LATER = 10, 50, 90


@dataclass(frozen=True, slots=True)
class Field:
    """A word in braces that a text may use, what it means, and an example for the preview.

    `secret` ones are put in only while sending and stored as "[link]"; `link` ones are addresses, which the
    HTML of a mail makes links; `several` ones may have several lines; `bank` ones hold our bank details, and
    so guard the template.
    """

    name: str
    means: str
    example: str
    secret: bool = False
    link: bool = False
    several: bool = False
    bank: bool = False


Values = Callable[[Sequence["Message"], datetime], Mapping[int, Mapping[str, str]]]
Secrets = Callable[["Message", datetime], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One thing that is said by mail or SMS, in the words it has until somebody edits them.

    `purpose` names the contacts it goes to, unless the message names an address. `values` gives, for some
    messages at once and by their ids, fields that are looked up when they are sent rather than written into
    each message's context. `secrets` makes the secret fields of one message; it is called once for each
    try, just before the message goes out, and may raise DomainError where it is too late for it. `attachments`
    are names of `providers`. `rank` says how urgent it is. `group` gathers templates in Setup.
    """

    name: str
    title: str
    group: str
    channel: str
    text: str
    subject: str = ""
    purpose: str = ""
    fields: tuple[Field, ...] = ()
    marketing: bool = False
    rank: int = USUAL
    attachments: tuple[str, ...] = ()
    values: Values | None = None
    secrets: Secrets | None = None
    order: int = 100

    @property
    def by_name(self) -> dict[str, Field]:
        """Its fields, its own and the house's."""
        return {one.name: one for one in (*(house.field for house in house_fields), *self.fields)}


templates: Registry[Template] = Registry("message template")
Said = tuple[str, str, str, str, tuple[Field, ...]]
"""A mail of a group: its name and title, its subject and text, and the fields these may use."""


def register_mails(group: str, mails: Iterable[Said], *, order: int) -> None:
    """Declare the mails of a group that differ in their words alone, one behind the other from `order` on."""
    for place, (name, title, subject, text, fields) in enumerate(mails, order):
        templates.register(
            Template(
                name=name,
                title=title,
                group=group,
                channel=EMAIL,
                subject=subject,
                text=text,
                fields=fields,
                order=place,
            )
        )


@dataclass(frozen=True, slots=True)
class HouseField:
    """A field that every template knows, such as our name. `value` reads it once for some messages."""

    field: Field
    value: Callable[[], str]
    order: int = 100

    @property
    def name(self) -> str:
        return self.field.name


house_fields: Registry[HouseField] = Registry("field of every message")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail."""

    filename: str
    content: bytes
    content_type: str = "application/pdf"


@dataclass(frozen=True, slots=True)
class Provider:
    """Gives the files of messages by the ids of what they are about (`subject_id`).

    `ready` says which of these exist by now: a message whose file is missing waits, which counts as no try.
    """

    name: str
    fetch: Callable[[int], Attachment]
    ready: Callable[[Sequence[int]], set[int]] = field(default=set)
    order: int = 100


providers: Registry[Provider] = Registry("provider of attachments")
