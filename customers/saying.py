"""What is said to customers by mail when they become customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from customers.services.portal_logins import WELCOME
from herotill import links as addresses
from herotill.messages.templates import EMAIL, FIRST, Field, Template, templates
from herotill.users.services import links

if TYPE_CHECKING:
    from herotill.messages.models import Message

TEXT = """Hello {name},

welcome to {company}. Your customer code is {username}: log in to our customer portal with it, and give it as the
reference of your payments.

Open this link and choose a password for the portal:

{link}

It works once, until {until}. From then on you log in at {portal}; if you forget the password, you get a new link there.
"""


def _words(messages: Sequence[Message], now: datetime) -> Mapping[int, Mapping[str, str]]:
    portal = addresses.address("users:portal-login")
    return {
        pk: {"name": said["name"], "username": said["username"], "portal": portal}
        for pk, said in links.words(messages, now).items()
    }


templates.register(
    Template(
        name=WELCOME,
        title="Welcome to a new customer",
        group="Log-ins",
        channel=EMAIL,
        purpose="portal",
        subject="Welcome to {company}",
        text=TEXT,
        fields=(
            Field("name", "The contact's name", "Thandi Mokoena"),
            Field("username", "The customer code", "MOK014"),
            Field(
                "link",
                "The address to choose a password at; it works once",
                "https://isp.example/…",
                secret=True,
                link=True,
            ),
            Field("until", "How long it works", "2026-11-24 14:30"),
            Field("portal", "Where customers log in", "https://isp.example/portal/login/", link=True),
        ),
        rank=FIRST,
        values=_words,
        secrets=links.seal,
        order=890,
    )
)
