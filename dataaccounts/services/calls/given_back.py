"""Calls that turn out to be nobody's, or somebody else's: they wait for their line again, and are rated anew."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from dataaccounts.models import CallFile, VoiceCaller, VoiceSource
from dataaccounts.services.calls import bundles
from dataaccounts.services.calls.rated_again import settle
from dataaccounts.services.calls.taking_in import counted
from herotill.errors import DomainError

_AFTER = """
    JOIN dataaccounts_voiceline l ON l.id = c.line_id WHERE l.id = ANY (%(lines)s) AND c.day > l.ends_on
"""
_OF_CALLER = "WHERE r.caller_id = %(caller)s AND c.line_id = %(line)s"
_HELD = """
SELECT count(*) FROM (
    SELECT FROM dataaccounts_call c JOIN dataaccounts_callrow r ON r.file_id = c.file_id AND r.row = c.row {which}
    ORDER BY c.file_id, c.row FOR UPDATE OF c
) held
"""
_BACK = """
CREATE TEMP TABLE calls_back AS
SELECT c.file_id, c.row, c.line_id, date_trunc('month', c.day)::date AS month, c.charge_id, r.caller_id
FROM dataaccounts_call c JOIN dataaccounts_callrow r ON r.file_id = c.file_id AND r.row = c.row {which}
"""
_WENT = (
    "DELETE FROM dataaccounts_call c USING calls_back b WHERE c.file_id = b.file_id AND c.row = b.row",
    """UPDATE dataaccounts_callrow r SET outcome = 'unmatched' FROM calls_back b
    WHERE r.file_id = b.file_id AND r.row = b.row""",
)


def hold_sources() -> None:
    """Have nobody else take in, rate or take back calls until this is done. Before lines are held, never after."""
    list(VoiceSource.objects.select_for_update().order_by("pk"))


def give_back_after(*, lines: Collection[int]) -> int:
    """Have the calls of lines after their last day wait for a line again; how many. Sources are held.

    Where another line has them they are rated there. Raises DomainError where one is charged.
    """
    return _given_back(_AFTER, {"lines": list(lines)})


def give_back_of(*, caller: VoiceCaller, line: int) -> int:
    """The same for all calls of a caller on a line; what the caller is by now is rated by whoever asks this."""
    return _given_back(_OF_CALLER, {"caller": caller.pk, "line": line}, settled=False)


def _given_back(which: str, values: dict[str, Any], *, settled: bool = True) -> int:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS calls_back")
        cursor.execute(_HELD.format(which=which), values)
        cursor.execute(_BACK.format(which=which), values)
        if not cursor.rowcount:
            return 0
        cursor.execute(
            "SELECT count(charge_id), count(*), array_agg(DISTINCT file_id), array_agg(DISTINCT caller_id)"
            " FROM calls_back"
        )
        charged, count, files, callers = cursor.fetchone()
        if charged:
            raise DomainError(
                f"{charged:,} of the calls that would go elsewhere are charged already. Take the drafts that charge them"
                " away first; what is on an invoice stays."
            )
        for statement in _WENT:
            cursor.execute(statement)
    bundles.give("SELECT DISTINCT line_id, month FROM calls_back")
    for file in CallFile.objects.filter(pk__in=files):
        counted(file)
    for caller in VoiceCaller.objects.filter(pk__in=callers) if settled else ():
        settle(caller=caller)
    return int(count)
