"""What rows of files of calls said goes after some months. What became of them stays, and so does every call.

A row keeps the key it would be known again by, so that a file which comes once more still repeats itself.
"""

from __future__ import annotations

from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import connection, transaction

from dataaccounts.models import CallFile, VoiceSource

# Not yet: rows that wait for a line or a rate, and calls that are still to be charged. The number called stays where
# the call could be rated anew.
_THIN = """
UPDATE dataaccounts_callrow r SET raw = '', called = CASE WHEN r.outcome = 'billable' THEN r.called ELSE '' END
WHERE r.file_id = %(file)s AND r.raw <> '' AND r.outcome NOT IN ('unmatched', 'unrated')
  AND NOT EXISTS (SELECT FROM dataaccounts_call c WHERE c.file_id = r.file_id AND c.row = r.row
                  AND c.charge_id IS NULL AND c.price > 0)
"""
_REST = "SELECT EXISTS (SELECT FROM dataaccounts_callrow WHERE file_id = %(file)s AND raw <> '')"


def in_words() -> str:
    """For how long what rows said is kept."""
    months = settings.CALL_ROWS_KEPT_MONTHS
    return f"{months} months, longer while a call waits" if months else "For ever"


def forget(*, now: datetime) -> str:
    """Empty the rows of files taken in longer ago than `CALL_ROWS_KEPT_MONTHS`, 0 being for ever; in words.

    A file with rows that must stay is looked at again the next time. May be called twice, and killed anywhere.
    """
    months = settings.CALL_ROWS_KEPT_MONTHS
    if not months:
        return "What rows said is kept for ever."
    before = now - relativedelta(months=months)
    due = CallFile.objects.filter(state=CallFile.State.DONE, thinned_at=None, taken_at__lt=before)
    files = list(due.order_by("pk").values_list("pk", "profile__source"))
    rows = sum(_thinned(file, source, now) for file, source in files)
    return f"What {rows:,} rows of {len(files):,} files said is gone."


@transaction.atomic
def _thinned(file: int, source: int, now: datetime) -> int:
    VoiceSource.objects.select_for_update().get(pk=source)
    with connection.cursor() as cursor:
        cursor.execute(_THIN, {"file": file})
        gone = cursor.rowcount
        cursor.execute(_REST, {"file": file})
        row = cursor.fetchone()
    if not (row and row[0]):
        CallFile.objects.filter(pk=file).update(thinned_at=now)
    return gone
