"""A second bank format, as whoever needs one writes it: this one file. Karoo Bank is invented and takes CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from billing.collecting import Bill, Carrier, OutLine, Problem, ResultRow
from billing.models import BankAccount
from herotill import business_days
from herotill.clock import local_day
from herotill.errors import DomainError

HEAD = ("reference", "ours", "holder", "branch", "number", "cents")


class KarooBank:
    """Files go by hand; a result is `id;date;reference;ours;cents;code`, without a code where it was paid."""

    name, title, method, extension, order = "karoo", "Karoo Bank", "debit_order", "csv", 50
    carrier: Carrier | None = None

    def closed(self) -> str:
        return "" if self.account_id() else "Make an account of ours called Karoo Bank first."

    def account_id(self) -> int | None:
        return BankAccount.objects.filter(name=self.title).values_list("pk", flat=True).first()

    def earliest(self, now: datetime) -> date:
        return business_days.after(local_day(now), 2)

    def takes(self, day: date) -> bool:
        return business_days.is_business_day(day)

    def problems(self, bill: Bill, lines: Sequence[OutLine], now: datetime) -> Sequence[Problem]:
        big = "Karoo Bank debits R 5,000.00 at most."
        return [Problem(one.pk, big) for one in lines if one.amount > 5000]

    def write(self, bill: Bill, lines: Iterable[OutLine]) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\n")
        writer.writerow((bill.name, bill.action_date))
        writer.writerow(HEAD)
        for one in lines:
            assert one.account is not None
            account = (one.account.holder, one.account.branch_code, one.account.number)
            writer.writerow((one.reference, one.line_reference, *account, int(one.amount * 100)))
        return out.getvalue().encode()

    def keyed(self, content: bytes) -> bytes:
        return content

    def parse_results(self, content: bytes) -> Sequence[ResultRow]:
        rows = csv.reader(io.StringIO(content.decode()), delimiter=";")
        return [self._row(number, cells) for number, cells in enumerate(rows, start=1)]

    def _row(self, number: int, cells: list[str]) -> ResultRow:
        try:
            told_id, day, reference, ours, cents, code = cells
            amount, on = Decimal(int(cents)) / 100, date.fromisoformat(day)
        except ValueError:
            raise DomainError(f"Line {number} cannot be read.") from None
        kind = "unpaid" if code else "collected"
        return ResultRow(told_id, kind, kind, on, amount, reference, code, "", ours)
