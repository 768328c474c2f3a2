"""Taking in bank statements: the file, its rows, and what posts by itself."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count, groupby
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.db.models.functions import Now

from billing.models import BankAccount, BankRow, Receipt, RowKind, StatementImport, StatementLayout
from billing.policies import counting, matching
from billing.policies.statements import (
    Cells,
    Ends,
    Entry,
    Layout,
    Reading,
    delimiter_of,
    find_layout,
    heading_line,
)
from billing.selectors import bank
from billing.selectors.periods import open_day
from billing.services import locks, receipts
from herotill import runs
from herotill.bulk import array, copy_rows
from herotill.errors import DomainError
from herotill.imports.reading import UnreadableFile, encoding_of
from herotill.imports.uploads import clean_name
from herotill.imports.workbooks import read_xlsx
from herotill.models import Run
from herotill.progress import Progress
from herotill.users.models import User

RUN = "bank-statement"
State = StatementImport.State
AT_ONCE = 1000
MOST_TOLD = 50
AHEAD = timedelta(days=7)  # a row is dated later than the file came in, at most
_SAID = {"signed_days_take_no_rows", "rows_begin_at_cut_over"}


def lines_of(data: bytes) -> Iterator[Cells]:
    """The lines of a statement, CSV or XLSX, from the top. Raises DomainError where it is neither."""
    try:
        if data.startswith(b"PK\x03\x04"):
            sheet = read_xlsx(data)
            yield Cells(1, sheet.headings)
            yield from (Cells(*row) for row in sheet.rows())
        else:
            yield from _csv_lines(data)
    except (UnreadableFile, csv.Error) as no:
        raise DomainError(f"The file cannot be read: {no}", field="file") from no


def _csv_lines(data: bytes) -> Iterator[Cells]:
    encoding = encoding_of(data)
    delimiter = delimiter_of(data[:200_000].decode(encoding, "replace").splitlines())
    text = io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")
    record: list[str] = []

    def taken() -> Iterator[str]:
        for line in text:
            record.append(line)
            yield line

    reader = csv.reader(taken(), delimiter=delimiter)
    for number in count(1):
        record.clear()
        begins = reader.line_num + 1
        try:
            cells = next(reader, None)
            if cells is None:
                return
            _refuse_swallowed(record, cells, delimiter)
        except csv.Error as no:
            raise DomainError(
                f"The row on line {begins} has a quotation mark too many, which takes the rows after it into one"
                " cell. Take the mark out and give the file again.",
                field="file",
            ) from no
        yield Cells(number, [cell.replace("\0", "") for cell in cells])


def _refuse_swallowed(record: Sequence[str], cells: Sequence[str], delimiter: str) -> None:
    """Raises csv.Error for a quotation mark that is not answered, or by one of another row."""
    if len(record) > 1 or not record[0].endswith(("\n", "\r")):
        list(csv.reader(record, delimiter=delimiter, strict=True))
    if any(delimiter in cell and ("\n" in cell or "\r" in cell) for cell in cells):
        raise csv.Error("a cell holds the next row")


def receive(*, account: BankAccount, name: str, data: bytes, actor: User | None) -> StatementImport:
    """Keep a statement file. Where its layout is remembered for the account, it is ready to be started.

    Raises DomainError for what is no statement.
    """
    if not sum(any(cell.strip() for cell in line.cells) for line in lines_of(data)):  # all of them are read
        raise DomainError("The file is empty.", field="file")
    return StatementImport.objects.create(
        account=account,
        file_name=clean_name(name),
        file=ContentFile(data, name="statement.bin"),
        sha256=hashlib.sha256(data).hexdigest(),
        layout=layout_for(account, data),
        created_by=actor,
    )


def layout_for(account: BankAccount, data: bytes) -> dict[str, Any]:
    """The layout remembered for the account, if the file is in it; else the one found by its headings; or {}."""
    remembered = StatementLayout.objects.filter(account=account).first()
    if remembered and heading_line(lines_of(data), Layout.of(remembered.layout)) is not None:
        return dict(remembered.layout)
    found = find_layout(lines_of(data))
    return found[0].as_json() if found else {}


def is_remembered(statement: StatementImport) -> bool:
    """Whether the account's statements have come in this layout before."""
    return StatementLayout.objects.filter(account=statement.account_id, layout=statement.layout).exists()


@transaction.atomic
def start(*, statement: StatementImport, layout: Layout, actor: User | None) -> Run:
    """Read the file in this layout, which is remembered for the account, and book what posts by itself."""
    made = _made_ready(statement, layout)
    run = runs.start(
        kind=RUN,
        params={"statement": made.pk},
        actor=actor,
        title=f"Bank statement {made.file_name}",
        once=str(made.pk),
    )
    StatementImport.objects.filter(pk=made.pk).update(run=run)
    return run


def take_in(*, statement: StatementImport, layout: Layout, actor: User | None) -> Run:
    """The same here and now, as commands and tests do."""
    with transaction.atomic():
        made = _made_ready(statement, layout)
    return runs.perform(
        kind=RUN, params={"statement": made.pk}, actor=actor, title=f"Bank statement {made.file_name}"
    )


def _made_ready(statement: StatementImport, layout: Layout) -> StatementImport:
    held = StatementImport.objects.select_for_update(no_key=True, of=("self",)).select_related("run")
    made = held.get(pk=statement.pk)
    if made.state == State.POSTING and not made.is_at_work:
        return made
    if made.state != State.UPLOADED and (made.state != State.READING or made.is_at_work):
        raise DomainError("This statement is imported already, or just being so.")
    StatementLayout.objects.update_or_create(
        account_id=made.account_id, defaults={"layout": layout.as_json()}
    )
    made.layout, made.state = layout.as_json(), State.READING
    made.save(update_fields=["layout", "state"])
    return made


def work(run: Run, progress: Progress) -> None:
    """The run: the rows in one transaction, then the booking by the thousand. It goes on where it was left."""
    StatementImport.objects.filter(pk=run.params["statement"]).update(run=run)
    statement = StatementImport.objects.select_related("account").get(pk=run.params["statement"])
    if statement.state == State.READING:
        _read(statement, progress)
    if statement.state == State.POSTING:
        while _book_some(statement, run, progress):
            pass
        with transaction.atomic():
            confirmed = _confirm(statement)
            StatementImport.objects.filter(pk=statement.pk).update(state=State.DONE)
            progress.advance(0, confirmed=confirmed)
            progress.checkpoint(done=True)
            bank.forget()


def _read(statement: StatementImport, progress: Progress) -> None:
    try:
        with transaction.atomic():
            # One at a time for an account, so that two of the same file count each other's rows.
            BankAccount.objects.select_for_update(no_key=True).get(pk=statement.account_id)
            _take_rows(statement, progress)
            progress.checkpoint(read=True)
    except (DomainError, IntegrityError) as no:
        StatementImport.objects.filter(pk=statement.pk).update(state=State.UPLOADED)
        diag = getattr(no.__cause__, "diag", None)
        if diag and diag.constraint_name in _SAID:
            raise DomainError(diag.message_primary) from no
        raise


_TABLE = """
DROP TABLE IF EXISTS pg_temp.statement_entry;
CREATE TEMPORARY TABLE statement_entry (
    id bigint GENERATED ALWAYS AS IDENTITY, line integer, day date, text text, amount numeric(14, 2),
    balance numeric(14, 2), codes text[]
) ON COMMIT DROP
"""
_SHARED_DAYS = """
SELECT e.day, e.id, e.text, e.amount, e.balance FROM statement_entry e
WHERE EXISTS (SELECT 1 FROM billing_bankrow b WHERE b.account_id = %s AND b.day = e.day AND NOT b.gone)
ORDER BY e.day, e.id
"""
_ADD = """
INSERT INTO billing_bankrow (account_id, imported_id, line, day, text, amount, balance, nth, kind, customer_id)
SELECT %(account)s, %(statement)s, e.line, e.day, e.text, e.amount, e.balance,
       row_number() OVER (PARTITION BY e.day, e.amount, e.text ORDER BY e.id) + coalesce((
           SELECT max(b.nth) FROM billing_bankrow b WHERE b.account_id = %(account)s AND b.day = e.day
           AND b.amount = e.amount AND b.text = e.text AND NOT b.gone), 0),
       'unmatched', payer.id
FROM statement_entry e LEFT JOIN LATERAL (
    SELECT min(c.id) AS id FROM customers_customer c WHERE c.code = ANY (e.codes) HAVING count(*) = 1
) payer ON e.amount > 0
ORDER BY e.day, e.id
"""


def _take_rows(statement: StatementImport, progress: Progress) -> None:
    reading = reading_of(statement)
    ends = Ends()
    with connection.cursor() as cursor:
        cursor.execute(_TABLE)
        statement.rows_in_file, statement.early = _copy(statement, reading, ends)
        if not statement.rows_in_file:
            raise DomainError("No row of this file could be read in this layout.")
        statement.known = _drop_known(statement.account_id)
        cursor.execute("SELECT min(day), max(day), count(*) FROM statement_entry")
        statement.added = cursor.fetchone()[2]
        cursor.execute(_ADD, {"account": statement.account_id, "statement": statement.pk})
    statement.opening = reading.opening if reading.opening is not None else ends.opening
    statement.closing = reading.closing if reading.closing is not None else ends.closing
    statement.unreadable = reading.unreadable[:MOST_TOLD]
    statement.state = State.POSTING
    statement.save()
    progress.advance(
        0,
        added=statement.added,
        known=statement.known,
        before_cut_over=statement.early,
        unreadable=len(reading.unreadable),
    )


def reading_of(statement: StatementImport) -> Reading:
    """How this statement's file is read. Raises DomainError where its headings are not in it."""
    layout = Layout.of(statement.layout)
    at = heading_line(lines_of(contents(statement)), layout)
    if at is None:
        raise DomainError("The headings of this layout are not in the file.")
    return Reading(layout, at, (statement.created_at + AHEAD).date())


def contents(statement: StatementImport) -> bytes:
    with statement.file.open("rb") as file:
        return bytes(file.read())


def _copy(statement: StatementImport, reading: Reading, ends: Ends) -> tuple[int, int]:
    """The file's rows into the table beside; how many they were, and how many stood before the cut-over."""
    early = 0
    starts_on = statement.account.starts_on

    def rows() -> Iterator[tuple[Any, ...]]:
        nonlocal early
        for entry in reading.entries(lines_of(contents(statement))):
            ends.add(entry)
            statement.first = min(statement.first or entry.day, entry.day)
            statement.last = max(statement.last or entry.day, entry.day)
            if starts_on and entry.day < starts_on:
                early += 1
                continue
            yield _as_row(entry)

    copied = copy_rows("statement_entry", ("line", "day", "text", "amount", "balance", "codes"), rows())
    return copied + early, early


def _as_row(entry: Entry) -> tuple[Any, ...]:
    codes = array(matching.codes_in(entry.text)) if entry.amount > 0 else "{}"
    return entry.line, entry.day, entry.text, entry.amount, entry.balance, codes


def _drop_known(account_id: int) -> int:
    """Leave only the rows that are new; how many were known."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARED_DAYS, [account_id])
        shared = cursor.fetchall()
        known: list[int] = []
        for day, rows in groupby(shared, key=lambda row: row[0]):
            found = list(rows)
            held = BankRow.objects.filter(account=account_id, day=day, gone=False).order_by("pk")
            fresh = set(
                counting.new_rows(
                    held=[counting.Row(*row) for row in held.values_list("text", "amount", "balance")],
                    found=[counting.Row(*row[2:]) for row in found],
                )
            )
            known += [row[1] for place, row in enumerate(found) if place not in fresh]
        cursor.execute("DELETE FROM statement_entry WHERE id = ANY (%s)", [known])
    return len(known)


def _book_some(statement: StatementImport, run: Run, progress: Progress) -> bool:
    """Book the next thousand rows whose exact code says whose they are; whether there were any."""
    if statement.account.source != BankAccount.Source.STATEMENT:
        return False
    waiting = _waiting(statement)
    chunk = list(waiting.order_by("pk").values_list("pk", "customer_id")[:AT_ONCE])
    if not chunk:
        return False
    with transaction.atomic():
        locks.hold({customer for _, customer in chunk})
        rows = list(
            waiting.filter(pk__in=[pk for pk, _ in chunk]).select_for_update(of=("self",)).order_by("pk")
        )
        BankRow.objects.filter(pk__in=[row.pk for row in rows]).update(
            kind=RowKind.RECEIPT, how=BankRow.How.CODE, decided_at=Now()
        )
        days = open_days({row.day for row in rows})
        made = [receipt_of(row, row.customer_id or 0, days[row.day]) for row in rows]
        receipts.capture_many(receipts=made, actor=run.started_by, run_id=run.pk)
        progress.advance(len(rows), booked=len(rows))
        progress.checkpoint(booked=rows[-1].pk if rows else 0)
    return True


def _waiting(statement: StatementImport) -> Any:
    return BankRow.objects.filter(
        imported=statement, kind=RowKind.UNMATCHED, round=0, gone=False, customer__isnull=False, amount__gt=0
    )


def open_days(days: set[date]) -> dict[date, date]:
    """For each day the one on which its money is booked: itself, or the first after closed months."""
    months = {day.replace(day=1): open_day(day.replace(day=1)) for day in days}
    return {day: max(day, months[day.replace(day=1)]) for day in days}


def receipt_of(
    row: BankRow, customer_id: int, day: date, *, part: int = 0, amount: Any = None
) -> receipts.NewReceipt:
    """The receipt that a bank row becomes. Its reference is the row itself, so it is booked once."""
    return receipts.NewReceipt(
        customer_id=customer_id,
        account_id=row.account_id,
        receipt_date=day,
        amount=row.amount if amount is None else amount,
        source_reference=f"bank-{row.pk}" + (f"-{row.round}" if row.round else ""),
        reference=row.text[:100],
        part=part,
        bank_row_id=row.pk,
    )


# Where receipts come from elsewhere, a row with a customer's code confirms one of the same amount, four days
# apart at most; equal ones in their order.
_CONFIRM = """
WITH rows AS (
    SELECT id, day, customer_id, amount, row_number() OVER (PARTITION BY customer_id, amount ORDER BY day, id) AS nth
    FROM billing_bankrow WHERE imported_id = %(statement)s AND kind = 'unmatched' AND customer_id IS NOT NULL
        AND round = 0 AND NOT gone AND amount > 0
), booked AS (
    SELECT r.id, r.receipt_date, r.customer_id, r.amount,
           row_number() OVER (PARTITION BY r.customer_id, r.amount ORDER BY r.receipt_date, r.id) AS nth
    FROM billing_receipt r WHERE r.account_id = %(account)s AND r.customer_id IN (SELECT customer_id FROM rows)
        AND r.receipt_date BETWEEN (SELECT min(day) - 4 FROM rows) AND (SELECT max(day) + 4 FROM rows)
        AND NOT EXISTS (SELECT 1 FROM billing_reversal v WHERE v.receipt_id = r.id)
        AND NOT EXISTS (SELECT 1 FROM billing_bankrow b WHERE b.confirms_id = r.id)
)
UPDATE billing_bankrow b SET kind = 'receipt', how = 'code', confirms_id = k.id, decided_at = now()
FROM rows w JOIN booked k USING (customer_id, amount, nth)
WHERE b.id = w.id AND abs(k.receipt_date - w.day) <= 4
"""


def _confirm(statement: StatementImport) -> int:
    if statement.account.source == BankAccount.Source.STATEMENT:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRM, {"statement": statement.pk, "account": statement.account_id})
        return cursor.rowcount


@transaction.atomic
def take_back(*, statement: StatementImport, reason: str, actor: User, now: datetime) -> int:
    """Take a statement back, as when it was given to the wrong account; how many receipts that reversed.

    Receipts are reversed as at their own days; rows that carried one stay, marked as gone, the rest goes.
    Raises DomainError where days were signed off or a month was closed meanwhile.
    """
    kept = StatementImport.objects.select_for_update(no_key=True).get(pk=statement.pk)
    if kept.state != State.DONE:
        raise DomainError("Only a statement that was imported can be taken back.")
    live = Receipt.objects.filter(bank_row__imported=kept, reversal=None)
    ids = list(live.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            receipts.reverse_many(receipts=ids, reason=reason, actor=actor, run_id=kept.run_id)
            BankRow.objects.filter(imported=kept, receipts=None).delete()
            BankRow.objects.filter(imported=kept).update(gone=True)
    except IntegrityError as no:
        diag = getattr(no.__cause__, "diag", None)
        raise DomainError(diag.message_primary if diag else str(no)) from no
    kept.state, kept.taken_back_by, kept.taken_back_at = State.TAKEN_BACK, actor, now
    kept.save(update_fields=["state", "taken_back_by", "taken_back_at"])
    return len(ids)
