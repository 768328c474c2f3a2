"""Raw notices of gateways, and files of banks that the books no longer need."""

from __future__ import annotations

from datetime import datetime

from dateutil.relativedelta import relativedelta

from billing.models import BatchFile, CardNotice, ResultStatement, StatementImport
from herotill.blanking import drop_files, execute
from herotill.clock import local_day
from herotill.models import RetentionRules

ROWS = 10_000
_OLD_ROWS = """
UPDATE billing_bankrow SET text = 'blanked-' || id, named = CASE named WHEN '' THEN '' ELSE '•••' END
WHERE id IN (
    SELECT id FROM billing_bankrow WHERE customer_id IS NULL AND day < %s AND text <> 'blanked-' || id LIMIT %s)
"""


def notices(now: datetime) -> str:
    """Empty raw notices; what each said of a payment stays."""
    months = RetentionRules.objects.values_list("notices_months", flat=True).get()
    old = CardNotice.objects.filter(
        came_at__lt=now - relativedelta(months=months), decided_at__isnull=False, came_from__isnull=False
    )
    count = old.update(raw="", raw_last_four="", came_from=None)
    return f"{count:,} notices emptied." if count else ""


def bank_files(now: datetime) -> str:
    """Delete the files of statements, results and batches after company law's years; their rows stay."""
    years = RetentionRules.objects.values_list("books_years", flat=True).get()
    since = now - relativedelta(years=years + 1)
    count = 0
    for rows, column in (
        (StatementImport.objects.filter(created_at__lt=since), "file"),
        (ResultStatement.objects.filter(made_at__lt=since), "path"),
        (BatchFile.objects.filter(made_at__lt=since), "path"),
    ):
        names = [str(name) for name in rows.exclude(**{column: ""}).values_list(column, flat=True)]
        drop_files(names)
        rows.exclude(**{column: ""}).update(**{column: ""})
        count += len(names)
    return f"{count:,} files." if count else ""


def bank_rows(now: datetime) -> str:
    """Blank what the bank said of rows that are no customer's, after company law's years; day and amount stay.

    A customer's own are blanked with the customer (Stage.BOOKS).
    """
    years = RetentionRules.objects.values_list("books_years", flat=True).get()
    since, count = local_day(now) - relativedelta(years=years + 1), 0
    while some := execute(_OLD_ROWS, since, ROWS):
        count += some
    return f"{count:,} rows blanked." if count else ""
