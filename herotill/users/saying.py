"""What is said about log-ins, by mail."""

from __future__ import annotations

from herotill.messages.templates import FIRST, Field, Template, templates
from herotill.users.services import links

GROUP = "Log-ins"
NAME = Field("name", "Whose log-in it is", "Thandi Mokoena")
USERNAME = Field("username", "The log-in name or customer code", "MOK014")
LINK_FIELDS = (
    NAME,
    USERNAME,
    Field("why", "Who asked for the link", "somebody, hopefully you, asked for a new password."),
    Field("link", "The address to open; it works once", "https://isp.example/…", secret=True, link=True),
    Field("until", "How long it works", "2026-11-24 14:30"),
)

STAFF_LINK = """Hello {name},

{why}

Open this link and set it there:

{link}

It works once, until {until}. If you did not ask for it, do nothing: your log-in stays as it is.
"""
PORTAL_LINK = """Hello {name},

{why}
Your customer code is {username}.

Open this link and set your password there:

{link}

It works once, until {until}. If you did not ask for it, do nothing.
"""
PASSWORD_SET = """Hello {name},

the password of your log-in {username} was {what} on {when}. All other log-ins have ended.

If that was not you, call us at once.
"""
OWN_CHANGE = """Hello {name},

{what} ({username}). If that was not you, tell your administrator at once.
"""
TAKEN_OVER = """{actor} reset the {what} of {name} ({username}) on {when}.

The log-ins of {name} have ended, and their money rights are blocked until {until}.

This goes to {name} and to all administrators. If nobody asked for it, act now.
"""


def _template(name: str, title: str, subject: str, text: str, *fields: Field) -> None:
    templates.register(
        Template(
            name=name,
            title=title,
            group=GROUP,
            channel="email",
            subject=subject,
            text=text,
            fields=fields,
            rank=FIRST,
            order=900,
        )
    )


for name, title, subject, text in (
    ("staff-link", "Link to set a password: staff", "Set your HeroTill password", STAFF_LINK),
    ("portal-link", "Link to set a password: customers", "Set your password for our portal", PORTAL_LINK),
):
    templates.register(
        Template(
            name=name,
            title=title,
            group=GROUP,
            channel="email",
            purpose="portal",
            subject=subject,
            text=text,
            fields=LINK_FIELDS,
            rank=FIRST,
            values=links.words,
            secrets=links.seal,
            order=900,
        )
    )

WHEN = Field("when", "Day and time", "2026-11-21 14:30")
_template(
    "password-set",
    "A password was set",
    "Your password was {what}",
    PASSWORD_SET,
    NAME,
    USERNAME,
    Field("what", "Set or changed", "changed"),
    WHEN,
)
_template(
    "own-change",
    "Something of one's log-in changed",
    "{what}",
    OWN_CHANGE,
    NAME,
    USERNAME,
    Field("what", "What changed, as a sentence", "A second factor was set up for your log-in"),
)
_template(
    "taken-over",
    "Somebody's log-in was reset by another",
    "The {what} of {name} was reset",
    TAKEN_OVER,
    NAME,
    USERNAME,
    Field("actor", "Who did it", "Naledi (naledi)"),
    Field("what", "What was reset", "password"),
    WHEN,
    Field("until", "How long money rights are blocked", "2026-11-22 14:30"),
)
