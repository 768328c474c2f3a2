"""The financial manager is told of what the books did not take: once for each trouble, however often it is tried.

What came up since the last time is one mail. A trouble is marked as told of in the transaction that writes the
mails, so of several workers at once one tells of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from billing.models import BooksConnection
from billing.selectors import books_troubles as reading
from herotill import outward
from herotill.bulk import array_of_ids
from herotill.messages.services import outbox
from herotill.users.models import User

JOB = "books-troubles"
ONE, MANY, SHUT = "books_trouble", "books_troubles", "books_shut"
SUBJECT = "books-trouble"  # a mail about one customer, whose words go when the customer is forgotten
TRIES = 6  # what was tried so often, in about an hour, is told of before a person must decide
LISTED = 15  # so many troubles stand in one mail

# What was refused for a reason that was not told yet, and what does not get there for an hour.
_CLAIM = """
WITH untold AS (
    SELECT id FROM billing_booksowed
    WHERE state = 'refused' AND told_of <> md5(trouble)
        OR state IN ('waits', 'unknown') AND tries >= %(tries)s AND trouble <> '' AND told_of = ''
    ORDER BY id FOR UPDATE
)
UPDATE billing_booksowed o SET told_of = md5(o.trouble) FROM untold WHERE untold.id = o.id RETURNING o.id
"""


def tell(now: datetime) -> str:
    """The job: write the mails that are due; a sentence on what was told. A copied database tells nobody."""
    used = BooksConnection.objects.select_related("manager").filter(is_on=True).first()
    if used is None:
        return "SageOne is not in use."
    if not outward.allowed():
        return outward.HELD
    people = reading.who_is_told(used)
    if not people:
        return "Nobody can be told: Setup, SageOne names no financial manager with an email address."
    if used.trouble and used.trouble_at:
        _tell_that_it_is_shut(used, people, now)
    count = _tell_of_entries(people, now)
    return f"{count:,} told of."


def _tell_that_it_is_shut(used: BooksConnection, people: Sequence[User], now: datetime) -> None:
    """Nothing goes there at all: once, which the key of the message sees to."""
    context = {"said": used.trouble, "link": _address("billing:books")}
    key = f"books-shut:{used.trouble_at:%Y%m%dT%H%M%S%f}"
    outbox.queue_many(
        [outbox.New(to=one.email, context=context, key=f"{key}:{one.pk}") for one in people],
        template=SHUT,
        now=now,
    )


@transaction.atomic
def _tell_of_entries(people: Sequence[User], now: datetime) -> int:
    """Mark what is new, and write one mail a person; how many entries that is."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"tries": TRIES})
        ids = [pk for (pk,) in cursor.fetchall()]
    if len(ids) == 1:
        found = reading.troubled(ids[0])
        _mail(ONE, people, _about_one(found), now, about=found.customer_id)
    elif ids:
        _mail(MANY, people, _about_many(ids), now)
    return len(ids)


def _about_one(found: reading.Troubled) -> dict[str, str]:
    return {
        "customer": f"{found.name} ({found.code})",
        "what": found.what,
        "said": found.said,
        "link": _address("customers:profile", found.code),
    }


def _about_many(ids: Sequence[int]) -> dict[str, str]:
    kinds, known = reading.troubles(array_of_ids(ids), LISTED)
    lines = [_line(one) for one in kinds]
    if len(ids) > known:
        lines.append(f"… and {len(ids) - known:,} more.")
    return {
        "count": f"{len(ids):,} entries",
        "troubles": "\n".join(lines),
        "link": _address("billing:books-owed"),
    }


def _line(kind: reading.Kind) -> str:
    """One trouble, with those it concerns by number and code; no names, as such a mail is not blanked."""
    more = f" and {kind.many - len(kind.some):,} more" if kind.many > len(kind.some) else ""
    return f"{kind.said} {', '.join(kind.some)}{more}"


def _mail(
    template: str,
    people: Sequence[User],
    context: Mapping[str, str],
    now: datetime,
    *,
    about: int | None = None,
) -> None:
    new = [outbox.New(to=one.email, context=context, subject_id=about) for one in people]
    outbox.queue_many(new, template=template, now=now, subject_kind=SUBJECT if about else "")


def _address(name: str, *arguments: str) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=arguments)
