"""Writing messages into the outbox, in the transaction that causes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction

from herotill.jobs import nudge
from herotill.messages.templates import Template, templates

AT_ONCE = 5_000
JOBS = {"email": "messages-mail", "sms": "messages-sms"}
KEY_TWICE = "message_key_once"

WRITE = """
INSERT INTO outbox_message (template, channel, rank, queued_at, next_try_at, state, queued_by, subject_kind,
    purpose, attachments, customer_id, address, subject_id, context, key)
SELECT %(template)s, %(channel)s, %(rank)s, coalesce(%(now)s, statement_timestamp()),
    coalesce(%(now)s, statement_timestamp()), %(state)s, %(actor_id)s, %(subject_kind)s,
    {columns}
FROM ({rows}) AS rows
WHERE NOT EXISTS (SELECT FROM outbox_key WHERE outbox_key.key = rows.key)
"""
GIVEN = """
SELECT * FROM jsonb_to_recordset(%(rows)s) AS given (purpose text, attachments varchar(40)[], customer_id bigint,
    address text, subject_id bigint, context jsonb, key text)
"""


@dataclass(frozen=True, slots=True)
class New:
    """One message to be written; what each means, `Message` says. `key` may be written once, ever."""

    customer_id: int | None = None
    purpose: str = ""
    to: str = ""
    subject_id: int | None = None
    context: Mapping[str, str] = field(default_factory=dict)
    attachments: Sequence[str] = ()
    key: str = ""


def queue(
    *,
    template: str,
    now: datetime | None = None,
    customer_id: int | None = None,
    purpose: str = "",
    to: str = "",
    context: Mapping[str, str] | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
    attachments: Sequence[str] = (),
    key: str = "",
    actor_id: int | None = None,
    held: bool = False,
) -> bool:
    """Write one message; it is sent after the transaction has committed. False if its key is known already.

    It goes to the address `to`, or to the contacts that hold `purpose` (the template's, unless given) at the
    customer. `context` gives the template's fields, as texts; what is secret is never among them. Without
    `now` it is the database's.
    """
    new = New(customer_id, purpose, to, subject_id, context or {}, attachments, key)
    given: dict[str, Any] = {"template": template, "now": now, "actor_id": actor_id, "held": held}
    return bool(queue_many([new], subject_kind=subject_kind, **given))


def queue_many(
    messages: Iterable[New],
    *,
    template: str,
    now: datetime | None = None,
    subject_kind: str = "",
    actor_id: int | None = None,
    held: bool = False,
) -> int:
    """Write many messages of one template; returns how many were new. Those whose key is known are left out."""
    declared = templates[template]
    given = _given(declared, now, subject_kind, actor_id, held)
    columns = "purpose, attachments, customer_id, address, subject_id, context, key"
    rows, written = iter(messages), 0
    while some := list(islice(rows, AT_ONCE)):
        data = json.dumps(list(_rows(declared, some)))
        written += _write(WRITE.format(columns=columns, rows=GIVEN), given | {"rows": data})
    return _queued(declared, written)


def queue_select(
    select: str,
    parameters: Mapping[str, Any],
    *,
    template: str,
    now: datetime | None = None,
    subject_kind: str = "",
    actor_id: int | None = None,
    held: bool = False,
) -> int:
    """Write a message of one template for each row of `select`, in one statement; returns how many were new.

    `select` gives customer_id, subject_id, context (jsonb) and key, and has `parameters` by name, none of
    which is called as an argument of this function. For 100,000 at once: no row passes through Python.
    """
    declared = templates[template]
    own = {"purpose": declared.purpose, "attachments": list(declared.attachments)}
    columns = "%(purpose)s, %(attachments)s::varchar(40)[], customer_id, '', subject_id, context, key"
    statement = WRITE.format(columns=columns, rows=select)
    given = _given(declared, now, subject_kind, actor_id, held)
    return _queued(declared, _write(statement, {**parameters, **own, **given}))


def _given(
    template: Template, now: datetime | None, subject_kind: str, actor_id: int | None, held: bool
) -> dict[str, Any]:
    return {
        "template": template.name,
        "channel": template.channel,
        "rank": template.rank,
        "now": now,
        "state": "held" if held else "waiting",
        "actor_id": actor_id,
        "subject_kind": subject_kind,
    }


def _rows(template: Template, messages: Iterable[New]) -> Iterator[dict[str, Any]]:
    """What the database reads of messages; of those that share a key, the first alone."""
    seen: set[str] = set()
    for one in messages:
        if one.key and one.key in seen:
            continue
        seen.add(one.key)
        if unknown := set(one.context) - set(template.by_name):
            raise ValueError(f"Template {template.name!r} has no field {', '.join(sorted(unknown))}.")
        yield {
            "purpose": one.purpose or template.purpose,
            "attachments": list(one.attachments or template.attachments),
            "customer_id": one.customer_id,
            "address": one.to,
            "subject_id": one.subject_id,
            "context": dict(one.context),
            "key": one.key,
        }


def _write(statement: str, parameters: Mapping[str, Any]) -> int:
    """Write, once more if somebody else committed one of the keys while we did."""
    try:
        return _write_once(statement, parameters)
    except IntegrityError as trouble:
        if KEY_TWICE not in str(trouble):
            raise
    return _write_once(statement, parameters)


def _write_once(statement: str, parameters: Mapping[str, Any]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def _queued(template: Template, written: int) -> int:
    if written:
        nudge(JOBS[template.channel])
    return written
