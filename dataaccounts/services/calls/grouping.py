"""Rows of a file that stand for one call, made one, and what becomes of rows that are no calls to bill.

Works on `read_calls`, the temporary table that `taking_in` fills, in SQL for all rows at once.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from dataaccounts.models import CallProfile

_TWICE_HERE = """
UPDATE read_calls r SET outcome = 'duplicate'
FROM (SELECT row, row_number() OVER (PARTITION BY key ORDER BY row) AS place FROM read_calls
      WHERE key IS NOT NULL) d
WHERE d.row = r.row AND d.place > 1
"""
_KNOWN = """
WITH known AS (
    UPDATE read_calls r SET outcome = 'duplicate'
    FROM dataaccounts_callrow k WHERE k.source_id = %s AND k.key = r.key AND r.outcome = ''
    RETURNING k.file_id
)
SELECT coalesce(array_agg(DISTINCT file_id), '{}') FROM known
"""
# A call whose party was transferred goes on in rows of its trunk channel, each beginning where the last one ended.
_CHAINED = """
WITH RECURSIVE answered AS NOT MATERIALIZED (
    SELECT * FROM read_calls WHERE outcome = '' AND answered AND seconds > 0
), pieces (call, row, far, ends) AS (
    SELECT row, row, far, ends FROM answered
    WHERE direction = 'out' AND far <> '' AND far IN (SELECT own FROM answered)
    UNION
    SELECT p.call, n.row, p.far, n.ends FROM pieces p
    JOIN answered n ON n.own = p.far AND n.at = p.ends AND n.row <> p.call
)
SELECT call, row INTO TEMP call_pieces FROM pieces WHERE row <> call
"""
_THREADED = """
SELECT c.row AS call, n.row INTO TEMP call_pieces
FROM read_calls c JOIN read_calls n ON n.thread = c.thread AND n.own = c.far AND n.row <> c.row
WHERE c.outcome = '' AND c.answered AND c.seconds > 0 AND c.direction = 'out' AND c.thread <> '' AND c.far <> ''
  AND n.outcome = '' AND n.answered AND n.seconds > 0
"""
_LENGTHENED = """
UPDATE read_calls c SET seconds = c.seconds + p.more
FROM (SELECT call, sum(n.seconds) AS more FROM call_pieces x JOIN read_calls n ON n.row = x.row GROUP BY call) p
WHERE c.row = p.call
"""
_CONTINUED = """
UPDATE read_calls SET outcome = 'merged'
WHERE direction <> 'out' AND row IN (SELECT row FROM call_pieces)
"""
_LEGS = """
SELECT DISTINCT ON (f.row) f.row, o.row AS call, o.moved, f.seconds INTO TEMP call_pieces
FROM read_calls f JOIN read_calls o ON o.far = f.own AND o.row <> f.row
WHERE f.outcome = '' AND o.outcome = '' AND f.own <> ''
ORDER BY f.row, o.row
"""
_WENT_ON = """
UPDATE read_calls c SET seconds = p.seconds FROM call_pieces p WHERE p.moved AND c.row = p.call
"""
_FAR = """
UPDATE read_calls f SET outcome = CASE WHEN p.moved THEN 'merged' ELSE 'not_billable' END,
    reason = CASE WHEN p.moved THEN '' ELSE 'other_leg' END
FROM call_pieces p WHERE f.row = p.row
"""
_OF_ONE_HISTORY = """
SELECT row, first_value(row) OVER w AS call, sum(seconds) OVER (PARTITION BY thread, kind, called) AS seconds
INTO TEMP call_pieces FROM read_calls
WHERE outcome = '' AND direction = 'out' AND seconds > 0 AND kind <> ''
WINDOW w AS (PARTITION BY thread, kind, called ORDER BY at, row)
"""
_TOGETHER = """
UPDATE read_calls c SET seconds = p.seconds, outcome = CASE WHEN p.call = c.row THEN '' ELSE 'merged' END
FROM call_pieces p WHERE p.row = c.row AND (p.call <> c.row OR p.seconds <> c.seconds)
"""
_NOT_BILLABLE = """
UPDATE read_calls SET
    outcome = CASE WHEN answered AND seconds > 0 AND direction = 'out' AND kind = '' THEN 'refused'
              ELSE 'not_billable' END,
    reason = CASE WHEN NOT answered OR seconds = 0 THEN 'unanswered'
             WHEN direction = 'in' THEN 'inbound'
             WHEN direction = 'inside' OR kind = 'internal' THEN 'internal'
             ELSE 'bad_number' END
WHERE outcome = ''
  AND (NOT answered OR seconds = 0 OR direction <> 'out' OR kind NOT IN ('e164', 'short'))
"""
_CHANNELS = (_LENGTHENED, _CONTINUED)
_TIED = {
    CallProfile.Kind.ASTERISK: (_CHAINED, *_CHANNELS),
    CallProfile.Kind.FREEPBX: (_THREADED, *_CHANNELS),
    CallProfile.Kind.FREESWITCH: (_LEGS, _WENT_ON, _FAR),
    CallProfile.Kind.FUSIONPBX: (_LEGS, _WENT_ON, _FAR),
    CallProfile.Kind.THREECX: (_OF_ONE_HISTORY, _TOGETHER),
}


def group(profile: CallProfile) -> list[int]:
    """Say of each row that is no call to bill what it is, and give the calls their whole length.

    Returns the files whose rows were told once more.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TWICE_HERE)
        cursor.execute(_KNOWN, [profile.source_id])
        repeats: list[int] = cursor.fetchone()[0]
        _tie(cursor, *_TIED.get(CallProfile.Kind(profile.kind), ()))
        cursor.execute(_NOT_BILLABLE)
    return repeats


def _tie(cursor: Any, *statements: str) -> None:
    """Find which rows are pieces of others, and only where there are any, tell both."""
    if not statements:
        return
    pieces, *told = statements
    cursor.execute(pieces)
    for statement in told if cursor.rowcount else ():
        cursor.execute(statement)
