"""A file of call records taken in by its profile, and taken back."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min

from dataaccounts.models import Call, CallFile, CallProfile, CallRow, VoiceSource
from dataaccounts.policies.calls import records
from dataaccounts.policies.calls.numbers import E164, Numbers
from dataaccounts.services.calls import bundles, grouping, rating
from herotill.bulk import copy_rows
from herotill.errors import DomainError
from herotill.users.models import User

_READ = """
CREATE TEMP TABLE read_calls (
    row integer, raw text, outcome text COLLATE "C", reason text COLLATE "C", key uuid, at timestamp, seconds bigint,
    answered boolean, direction text COLLATE "C", kind text COLLATE "C", called text COLLATE "C", caller integer,
    cost numeric, own text COLLATE "C", far text COLLATE "C", thread text COLLATE "C", ends timestamp, moved boolean
)
"""
_COLUMNS = (
    "row raw outcome reason key at seconds answered direction kind called caller cost own far thread ends moved"
).split()
_LOOKED_AT = f"ANALYZE read_calls ({', '.join(name for name in _COLUMNS if name != 'raw')})"
_CALLERS = "CREATE TEMP TABLE read_callers (place integer, texts jsonb, numbers jsonb, id bigint)"
_NEW_CALLERS = """
INSERT INTO dataaccounts_voicecaller (source_id, texts, numbers)
SELECT %(source)s, texts, numbers FROM read_callers ORDER BY place
ON CONFLICT (source_id, texts) DO NOTHING
"""
_WHO = """
UPDATE read_callers r SET id = c.id FROM dataaccounts_voicecaller c
WHERE c.source_id = %(source)s AND c.texts = r.texts
"""
_TO_RATE = """
INSERT INTO calls_to_rate (file_id, row, start, day, seconds, called, short, caller_id, cost)
SELECT %(file)s, r.row, s.start, (s.start AT TIME ZONE %(zone)s)::date, r.seconds, r.called, r.kind = 'short', c.id, r.cost
FROM read_calls r LEFT JOIN read_callers c ON c.place = r.caller
CROSS JOIN LATERAL (SELECT r.at AT TIME ZONE %(clock)s AS start) s
WHERE r.outcome = ''
"""
_ROWS = """
INSERT INTO dataaccounts_callrow
    (file_id, row, source_id, outcome, reason, key, raw, start, seconds, called, short, caller_id, cost)
SELECT %(file)s, r.row, %(source)s, coalesce(nullif(r.outcome, ''), x.outcome, 'billable'), r.reason,
    CASE WHEN r.outcome <> 'duplicate' THEN r.key END, r.raw, r.at AT TIME ZONE %(clock)s, r.seconds,
    CASE WHEN r.kind IN ('e164', 'short') THEN r.called ELSE '' END, r.kind = 'short', c.id, round(r.cost, 6)
FROM read_calls r
LEFT JOIN read_callers c ON c.place = r.caller
LEFT JOIN calls_rated x ON x.row = r.row AND x.outcome <> 'billable'
"""
_LEFT_OUT = """
DELETE FROM read_calls r USING dataaccounts_callrow k
WHERE r.outcome = 'duplicate' AND k.source_id = %(source)s AND k.key = r.key
"""
_COUNTS = """
SELECT outcome, reason, count(*) FROM dataaccounts_callrow WHERE file_id = %s GROUP BY outcome, reason
"""
_CHARGED = "SELECT count(*) FROM dataaccounts_call WHERE file_id = %s AND charge_id IS NOT NULL"
_WENT = """
SELECT DISTINCT line_id, date_trunc('month', day)::date AS month INTO TEMP calls_gone
FROM dataaccounts_call WHERE file_id = %s
"""
NAMED = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file's rows: how many, by outcome, and by reason where there is one."""

    file: CallFile
    rows: int
    outcomes: dict[str, int]
    reasons: dict[str, int]

    def __str__(self) -> str:
        named = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in self.outcomes.items())
        return f"{self.rows:,} rows: {named or 'nothing'}"


@transaction.atomic
def import_file(
    *,
    profile: CallProfile,
    file: IO[bytes],
    name: str,
    actor: User | None,
    now: datetime,
    only_say: bool = False,
    grows: bool = False,
) -> Outcome:
    """Take in a file, which can be sought in, and rate its calls; all of it or nothing.

    What the source told before is a duplicate; of a file that `grows` these are counted and not kept. With
    `only_say` nothing is kept. Raises DomainError for a file that is none of the profile's.
    """
    source = _held(profile.source_id)
    digest, size = _digest(file)
    taken = CallFile.objects.create(
        profile=profile, name=name[:200], digest=digest, size=size, taken_by=actor, taken_at=now
    )
    given = {
        "file": taken.pk,
        "source": source.pk,
        "clock": "UTC" if profile.kind == CallProfile.Kind.FUSIONPBX else profile.timezone,
        "zone": settings.TIME_ZONE,
    }
    _read(profile, file, given)
    taken.repeats = grouping.group(profile)
    if grows and taken.repeats:
        taken.left_out = _left_out(given)
    rating.begin()
    with connection.cursor() as cursor:
        cursor.execute(_TO_RATE, given)
    rating.rate(source)
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, given)
        cursor.execute("DROP TABLE IF EXISTS read_calls, read_callers, call_pieces")
    rating.end()
    outcome = counted(taken)
    transaction.set_rollback(only_say)
    return outcome


def _left_out(given: dict[str, Any]) -> int:
    """Leave out what files before told already; how many rows."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT_OUT, given)
        return int(cursor.rowcount)


def _held(source: int) -> VoiceSource:
    """The source, whose files and calls nobody else changes until this is done."""
    return VoiceSource.objects.select_for_update().get(pk=source)


def _digest(file: IO[bytes]) -> tuple[str, int]:
    found = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    size = file.seek(0, io.SEEK_END)  # what lies in memory is hashed without its place being moved
    file.seek(0)
    return found, size


def _read(profile: CallProfile, file: IO[bytes], given: dict[str, Any]) -> None:
    callers: dict[tuple[str, ...], int] = {}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS read_calls, read_callers, call_pieces")
        for statement in (_READ, _CALLERS):
            cursor.execute(statement)
    copy_rows("read_calls", _COLUMNS, _as_read(profile, file, callers))
    numbers = Numbers(profile.strip_prefixes)
    copy_rows("read_callers", ("place", "texts", "numbers"), _as_called(callers, numbers))
    with connection.cursor() as cursor:
        for statement in (_LOOKED_AT, _NEW_CALLERS, _WHO, "ANALYZE read_callers"):
            cursor.execute(statement, given)


def _as_read(
    profile: CallProfile, file: IO[bytes], callers: dict[tuple[str, ...], int]
) -> Iterator[tuple[Any, ...]]:
    for row, raw, said in records.rows(profile, file):
        refused, key, at, seconds, answered, direction, kind, called, caller, *rest = said
        place = None if caller is None else callers.setdefault(caller, len(callers))
        outcome = "refused" if refused else ""
        yield row, raw, outcome, refused, key, at, seconds, answered, direction, kind, called, place, *rest


def _as_called(callers: dict[tuple[str, ...], int], numbers: Numbers) -> Iterator[tuple[int, str, str]]:
    for texts, place in callers.items():
        figures = [figures if kind == E164 else None for kind, figures in map(numbers.read, texts)]
        yield place, json.dumps(texts, ensure_ascii=False), json.dumps(figures)


def counted(file: CallFile) -> Outcome:
    """Count what a file's rows have come to, and note it with the file."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [file.pk])
        found = cursor.fetchall()
    outcomes: dict[str, int] = dict.fromkeys(CallRow.Outcome.values, 0)
    reasons: dict[str, int] = {}
    for outcome, reason, count in found:
        outcomes[outcome] += count
        if reason:
            reasons[reason] = reasons.get(reason, 0) + count
    outcomes[CallRow.Outcome.DUPLICATE] += file.left_out
    first = Call.objects.filter(file=file).aggregate(first=Min("day"))["first"]
    file.first_on = min(filter(None, (file.first_on, first)), default=None)
    file.counts = {"rows": sum(outcomes.values()), "outcomes": outcomes, "reasons": reasons}
    file.save(update_fields=["counts", "repeats", "left_out", "first_on"])
    return Outcome(file, sum(outcomes.values()), {k: n for k, n in outcomes.items() if n}, reasons)


@transaction.atomic
def take_back(*, file: CallFile, actor: User | None, now: datetime) -> int:
    """Undo a file: its rows and calls go, and bundles are given anew; how many calls. It can be taken in again.

    Raises DomainError where a call of it is on an invoice or a draft already, and where later files told its rows
    once more: what they told would be lost.
    """
    _held(file.profile.source_id)
    held = CallFile.objects.select_for_update().get(pk=file.pk)
    if held.state != CallFile.State.DONE:
        raise DomainError("This file was taken back already.")
    _refuse_repeated(held)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM dataaccounts_call WHERE file_id = %s FOR UPDATE", [file.pk])
        cursor.execute(_CHARGED, [file.pk])
        charged = cursor.fetchone()[0]
        if charged:
            raise DomainError(
                f"{charged:,} of its calls are charged already. Take the drafts that charge them away first; what is on"
                " an invoice stays."
            )
        cursor.execute("DROP TABLE IF EXISTS calls_gone")
        cursor.execute(_WENT, [file.pk])
    gone = Call.objects.filter(file=file)._raw_delete(Call.objects.db)
    CallRow.objects.filter(file=file)._raw_delete(CallRow.objects.db)
    bundles.give("SELECT line_id, month FROM calls_gone")
    held.state, held.back_by, held.back_at = CallFile.State.TAKEN_BACK, actor, now
    held.save(update_fields=["state", "back_by", "back_at"])
    return gone


def _refuse_repeated(file: CallFile) -> None:
    later = CallFile.objects.filter(repeats__contains=[file.pk], state=CallFile.State.DONE).order_by("-pk")
    if names := list(later.values_list("name", flat=True)[:NAMED]):
        raise DomainError(
            f"Files taken in later repeat its rows: {', '.join(names)}. Take those back first, the latest first."
        )
