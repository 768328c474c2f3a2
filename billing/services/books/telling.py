"""The financial manager is told of what the books did not take, or count otherwise: once for each trouble.

What came up since the last time is one mail, however often it is tried. A trouble is marked as told of in the
transaction that writes the mails, so of several workers at once one tells of it.
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
from herotill.money import rand
from herotill.users.models import User

JOB = "books-troubles"
ONE, MANY, SHUT, OTHER = "books_trouble", "books_troubles", "books_shut", "books_counted_otherwise"
SUBJECT = "books-trouble"  # a mail about one customer, whose words go when the customer is forgotten
SUBJECTS = "books-troubles"  # a mail about several by code, whose words go when one of them is forgotten
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
# Whose total or VAT there is not ours, and was not when it was told.
_CLAIM_OTHERS = """
WITH untold AS (
    SELECT document_id FROM billing_booksdocument
    WHERE (NOT incl = ours OR NOT vat = our_vat) AND told_of <> md5(incl || ' ' || vat)
    ORDER BY document_id FOR UPDATE
)
UPDATE billing_booksdocument o SET told_of = md5(o.incl || ' ' || o.vat)
FROM untold WHERE untold.document_id = o.document_id RETURNING o.document_id
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
    count = _tell_of_entries(used, people, now) + _tell_of_others(used, people, now)
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
def _tell_of_entries(used: BooksConnection, people: Sequence[User], now: datetime) -> int:
    """Mark what is new, and write one mail a person; how many entries that is."""
    ids = _claimed(_CLAIM, {"tries": TRIES})
    if len(ids) == 1:
        found = reading.troubled(ids[0])
        _mail(ONE, people, _about_one(found), now, about=(SUBJECT, found.customer_id))
    elif ids:
        _mail(MANY, people, _about_many(ids), now, about=(SUBJECTS, used.pk))
    return len(ids)


@transaction.atomic
def _tell_of_others(used: BooksConnection, people: Sequence[User], now: datetime) -> int:
    """Mark what is counted otherwise since the last time, and write one mail a person; how many that is."""
    ids = _claimed(_CLAIM_OTHERS, {})
    if ids:
        _mail(OTHER, people, _about_others(ids), now, about=(SUBJECTS, used.pk))
    return len(ids)


def _claimed(statement: str, values: Mapping[str, int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [pk for (pk,) in cursor.fetchall()]


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


def _about_others(ids: Sequence[int]) -> dict[str, str]:
    lines = [_counted(one) for one in reading.counted_otherwise(ids, LISTED)]
    if len(ids) > len(lines):
        lines.append(f"… and {len(ids) - len(lines):,} more.")
    return {
        "count": "1 document" if len(ids) == 1 else f"{len(ids):,} documents",
        "documents": "\n".join(lines),
        "link": f"{_address('billing:books-sent')}?differs=true",
    }


def _counted(one: reading.Counted) -> str:
    what = "" if one.theirs != one.ours else "VAT "
    theirs, ours = (one.their_vat, one.our_vat) if what else (one.theirs, one.ours)
    return f"{one.number} ({one.code}): {what}{rand(theirs)} there, {rand(ours)} here."


def _line(kind: reading.Kind) -> str:
    """One trouble, with those it concerns by number and code."""
    more = f" and {kind.many - len(kind.some):,} more" if kind.many > len(kind.some) else ""
    return f"{kind.said} {', '.join(kind.some)}{more}"


def _mail(
    template: str,
    people: Sequence[User],
    context: Mapping[str, str],
    now: datetime,
    *,
    about: tuple[str, int],
) -> None:
    kind, subject = about
    new = [outbox.New(to=one.email, context=context, subject_id=subject) for one in people]
    outbox.queue_many(new, template=template, now=now, subject_kind=kind)


def _address(name: str, *arguments: str) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=arguments)
