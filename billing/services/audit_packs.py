"""The audit pack of a month: what an auditor asks for, as CSV files in one ZIP."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from billing.selectors import periods
from billing.selectors.vat201 import vat201
from herotill import runs
from herotill.errors import DomainError
from herotill.lists.export import harmless
from herotill.models import AuditEvent, Run
from herotill.months import Month
from herotill.users.models import User

KIND = "audit-pack"
KEPT = timedelta(days=3)
Rows = Iterable[Sequence[Any]]

_LEDGER = """
SELECT e.accounting_date, e.posted_at, c.code, e.kind, e.reference, e.due_date, e.amount, e.source_id, e.before
FROM billing_entry e LEFT JOIN customers_customer c ON c.id = e.customer_id
WHERE e.accounting_date BETWEEN %s AND %s ORDER BY e.accounting_date, e.id
"""
_VAT = """
SELECT d.document_date, d.name, d.kind, c.code, l.vat_class, l.vat_rate, sum(l.excl), sum(l.vat), sum(l.incl),
       a.name, d.before
FROM billing_document d JOIN billing_line l ON l.document_id = d.id JOIN customers_customer c ON c.id = d.customer_id
LEFT JOIN billing_document a ON a.id = d.against_id
WHERE d.status = 'issued' AND d.document_date BETWEEN %s AND %s
GROUP BY d.id, c.code, a.name, l.vat_class, l.vat_rate ORDER BY d.document_date, d.id, l.vat_rate
"""
_NUMBERS = """
SELECT s.kind, s.prefix, min(d.number), max(d.number), count(*), max(d.number) - min(d.number) + 1 - count(*)
FROM billing_series s JOIN billing_document d ON d.series_id = s.id
WHERE d.status = 'issued' AND d.document_date <= %s GROUP BY s.id ORDER BY s.kind
"""
_WRITE_OFFS = """
SELECT d.document_date, d.name, c.code, o.name, o.before, l.vat_rate, l.excl, l.vat, l.incl, g.recovery, d.reason,
       coalesce(u.name, '')
FROM billing_document d JOIN billing_line l ON l.document_id = d.id JOIN customers_customer c ON c.id = d.customer_id
LEFT JOIN billing_document o ON o.id = l.settles_id LEFT JOIN billing_grounds g ON g.document_id = d.id
LEFT JOIN users_user u ON u.id = d.issued_by_id
WHERE d.status = 'issued' AND d.kind = 'write_off' AND d.document_date BETWEEN %s AND %s ORDER BY d.id, l.id
"""
_REFUNDS = """
SELECT e.accounting_date, e.posted_at, c.code, e.reference, e.amount, r.destination, r.reason,
       coalesce(a.name, ''), coalesce(b.name, '')
FROM billing_entry e JOIN billing_refund r ON r.id = e.source_id JOIN customers_customer c ON c.id = e.customer_id
LEFT JOIN users_user a ON a.id = r.asked_by_id LEFT JOIN users_user b ON b.id = r.approved_by_id
WHERE e.kind = 'refund' AND e.accounting_date BETWEEN %s AND %s ORDER BY e.id
"""
RIGHTS = ("users.role", "users.user_groups", "users.user_user_permissions", "auth.group_permissions")
BANK = ("billing.bankaccount",)


def begin(*, month: Month, actor: User) -> Run:
    """Have a run gather the pack of a month."""
    return runs.start(
        kind=KIND,
        params={"month": month.first.isoformat()},
        actor=actor,
        title=f"Audit pack of {month.label}",
    )


def work(run: Run, progress: runs.Progress) -> None:
    """What the run does: the ZIP, from the beginning if an earlier worker was lost."""
    month = Month.of(date.fromisoformat(run.params["month"]))
    parts = list(_parts(month))
    progress.expect(len(parts))
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, headings, rows in parts:
                count = _write(pack, name, headings, rows)
                progress.advance(files=1, rows=count)
        file.seek(0)
        default_storage.delete(place(run))
        default_storage.save(place(run), File(file))


def _write(pack: zipfile.ZipFile, name: str, headings: Sequence[str], rows: Rows) -> int:
    count = 0
    with pack.open(name, "w") as raw, io.TextIOWrapper(raw, "utf-8-sig", newline="") as text:
        lines = csv.writer(text)
        lines.writerow(headings)
        for row in rows:
            lines.writerow([harmless(value) for value in row])
            count += 1
    return count


def _parts(month: Month) -> Iterator[tuple[str, Sequence[str], Rows]]:
    days = [month.first, month.last]
    ledger = "accounting date|posted at|customer|kind|reference|due|amount|source|from before"
    yield "ledger.csv", ledger.split("|"), _asked(_LEDGER, days)
    yield "control-account.csv", ("what", "entries", "amount"), _control(month)
    numbers = "kind|prefix|first|last|issued|missing"
    yield "number-gaps.csv", numbers.split("|"), _asked(_NUMBERS, [month.last])
    vat = "date|document|kind|customer|VAT class|rate|excl|VAT|incl|against|from before"
    yield "vat-by-document.csv", vat.split("|"), _asked(_VAT, days)
    yield "vat201.csv", "kind|VAT class|rate|documents|excl|VAT|incl".split("|"), _vat201(month)
    write_offs = "date|write-off|customer|document|from before|rate|excl|VAT|incl|recovery|reason|by"
    yield "write-offs.csv", write_offs.split("|"), _asked(_WRITE_OFFS, days)
    refunds = "date|posted at|customer|reference|amount|destination|reason|asked by|approved by"
    yield "refunds.csv", refunds.split("|"), _asked(_REFUNDS, days)
    changes = "at|operation|what|name|old|new|by|from".split("|")
    yield "changes-of-rights.csv", changes, _changes(RIGHTS, month)
    yield "changes-of-bank-details.csv", changes, _changes(BANK, month)


def _asked(query: str, values: Sequence[Any]) -> Rows:
    """The rows of a question, some at a time however many there are."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, values)
        while some := cursor.fetchmany(2000):
            yield from some


def _control(month: Month) -> Rows:
    found = periods.movement(month)
    yield "opening", "", found.opening
    yield from found.rows
    yield "closing", "", found.closing


def _vat201(month: Month) -> Rows:
    for row in vat201(month.first, month.last):
        yield row.kind_label, row.vat_class, row.rate, row.documents, row.excl, row.vat, row.incl


def _changes(models: Sequence[str], month: Month) -> Rows:
    zone = timezone.get_default_timezone()
    begin = datetime.combine(month.first, datetime.min.time(), zone)
    end = datetime.combine(month.next.first, datetime.min.time(), zone)
    people = dict(User.objects.values_list("pk", "name"))
    events = AuditEvent.objects.filter(model__in=models, at__gte=begin, at__lt=end).order_by("at", "id")
    for one in events.iterator():
        who = people.get(one.actor_id, "") if one.actor_id else ""
        yield (
            one.at.astimezone(UTC).isoformat(),
            one.operation,
            one.model,
            one.name,
            one.old,
            one.new,
            who,
            one.source,
        )


def place(run: Run) -> str:
    return f"audit-packs/{run.pk}.zip"


def kept(run: Run) -> IO[bytes]:
    """The pack that a run left. Raises DomainError where it is gone."""
    if not default_storage.exists(place(run)):
        raise DomainError("This pack is no longer kept. Ask for it again.")
    return default_storage.open(place(run), "rb")


def result_url(run: Run) -> str:
    return reverse("billing:audit-pack-file", args=[run.pk])


def clear(now: datetime) -> str:
    """The job that deletes packs of more than three days ago."""
    old = Run.objects.filter(kind=KIND, finished_at__lt=now - KEPT, finished_at__gte=now - 10 * KEPT)
    there = [place(run) for run in old if default_storage.exists(place(run))]
    for name in there:
        default_storage.delete(name)
    return f"Deleted {len(there)} files." if there else ""
