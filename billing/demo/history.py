"""Months of billing and paying, by the same services that the month-end and the office use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import blake2b
from zlib import crc32

from django.db import connection, transaction

from billing.demo.items import first_month
from billing.demo.runs import LARGEST, keeps_to_group, last_run
from billing.models import Allocation, BankAccount, Document, Entry, Line, OpenItem, Receipt
from billing.selectors import bank_accounts as reading
from billing.selectors import charging as reads
from billing.services import bank_accounts, charging, drafting, issuing, receipts
from billing.services.receipts import NewReceipt
from customers.models import CustomerBalance
from herotill import approvals
from herotill.demo import DemoOrder
from herotill.months import Month
from herotill.users.models import User

CHUNK = 10_000
STOPPED = 25  # of so many customers one has paid nothing for some months
ACCOUNTS = (
    ("FNB Business", "bank", "First National Bank", "250655", "62012345678", "statement"),
    ("Sage Pay", "gateway", "", "", "", "batch"),
    ("Cash box", "cash", "", "", "", "capture"),
)
GROWN = (Document, Line, Entry, OpenItem, Allocation, Receipt, CustomerBalance)
GROWING = ", ".join(model._meta.db_table for model in GROWN)
METHODS = {
    "debit_order": ("debit_order", "Sage Pay"),
    "credit_card": ("card", "Sage Pay"),
    "cash": ("cash", "Cash box"),
}


def make_accounts(order: DemoOrder) -> None:
    """The accounts that money comes into."""
    if BankAccount.objects.exists():
        return
    for name, kind, bank, branch, number, source in ACCOUNTS:
        BankAccount.objects.create(
            name=name,
            kind=kind,
            bank=bank,
            branch_code=branch,
            number=number,
            holder="Koppie Internet (Pty) Ltd" if bank else "",
            source=source,
        )
    _print_on_documents(BankAccount.objects.get(name=ACCOUNTS[0][0]), order)


def _print_on_documents(account: BankAccount, order: DemoOrder) -> None:
    """One person of the office asks for it, another approves."""
    clerk, manager = (User.objects.filter(username=name).first() for name in ("accounts", "manager"))
    if clerk is None or manager is None:
        return
    now = datetime.combine(first_month(order).first, time(5), UTC)
    details = reading.details(account) | {"printed": True}
    asked = bank_accounts.ask_for_change(
        account=account, details=details, reason="Customers pay in here", actor=clerk, now=now
    )
    approvals.decide(request=asked, approve=True, actor=manager, now=now)


def make_history(order: DemoOrder) -> None:
    """Bill and receive month by month, the present one too; goes on where it was. No months: nothing is billed."""
    if not order.months:
        return
    first = first_month(order)
    _analyse("")
    for number, month in enumerate(first.plus(n) for n in range(order.months + 1)):
        if month.first > order.today:
            break
        for owners in _chunks(month):
            with transaction.atomic():
                if _bill(month, owners, order) or month == Month.of(order.today):
                    _pay(month, owners, order)
        if number & (number + 1) == 0:  # what there is has doubled since the last time
            _analyse(GROWING)
        order.say(f"Billed {month.label}")


def _analyse(tables: str) -> None:
    """Tell the planner what there is by now, all of it or these tables; nobody else has had the time to."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def _chunks(month: Month) -> Iterator[list[reads.Owner]]:
    after = 0
    while owners := reads.next_owners(after=after, group=None, month=month.first, limit=CHUNK):
        yield owners
        after = owners[-1].id


def _bill(month: Month, owners: Sequence[reads.Owner], order: DemoOrder) -> bool:
    """Bill these for a month that they are not billed for yet; whether it was done."""
    customers = [owner.id for owner in owners]
    if Document.objects.filter(period=month.first, customer__in=customers, before=False).exists():
        return False
    charging.charge(charging.plan(month), owners)
    drafts = drafting.draft(
        customers=customers, period=month.first, upto=month.first, dated=month.first, actor=None
    )
    early = datetime.combine(month.first, time(5, 30), UTC)
    issuing.issue(documents=drafts, actor=None, now=early, quiet=month < Month.of(order.today))
    return True


def _pay(month: Month, owners: Sequence[reads.Owner], order: DemoOrder) -> None:
    """Most pay in full when it is due, some late, some in part, a few not at all; asked again, the same ones."""
    accounts = dict(BankAccount.objects.values_list("name", "pk"))
    paid = [
        receipt
        for row in _owing(month, owners, list(accounts.values()))
        if not _is_left_to_a_batch(row, month, order) and (receipt := _receipt(row, month, accounts, order))
    ]
    if paid:
        receipts.capture_many(receipts=paid, actor=None)


_OWING = """
SELECT c.id, c.code, c.payment_method, g.run_day, b.amount, max(d.due_date)
FROM customers_customer c LEFT JOIN customers_billinggroup g ON g.id = c.billing_group_id
JOIN customers_customerbalance b ON b.customer_id = c.id
JOIN billing_document d ON d.customer_id = c.id AND d.period = %s
WHERE c.id = ANY (%s) AND b.amount > 0
  AND NOT EXISTS (SELECT 1 FROM billing_receipt r
    WHERE r.account_id = ANY (%s) AND r.source_reference = %s || c.code)
GROUP BY c.id, c.code, c.payment_method, g.run_day, b.amount ORDER BY c.id
"""
Owing = tuple[int, str, str, int | None, Decimal, date]


def _owing(month: Month, owners: Sequence[reads.Owner], accounts: Sequence[int]) -> Sequence[Owing]:
    customers = [owner.id for owner in owners]
    with connection.cursor() as cursor:
        cursor.execute(_OWING, [month.first, customers, list(accounts), f"demo {month} "])
        return list(cursor.fetchall())


def _is_left_to_a_batch(row: Owing, month: Month, order: DemoOrder) -> bool:
    _, code, method, run_day, _, _ = row
    if method != "debit_order" or run_day is None or order.customers > LARGEST or not keeps_to_group(code):
        return False
    return month >= Month.of(last_run(run_day, order.today))


def _luck(order: DemoOrder, month: Month, code: str) -> tuple[float, int]:
    """A customer's luck in a month, from 0 to 1, and a number of days; the same whenever it is asked."""
    drawn = blake2b(f"{order.seed}/{month}/{code}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn[:4]) / 2**32, int.from_bytes(drawn[4:])


def _receipt(row: Owing, month: Month, accounts: dict[str, int], order: DemoOrder) -> NewReceipt | None:
    customer, code, method, _, owed, due = row
    luck, days = _luck(order, month, code)
    number = crc32(code.encode())
    if luck < 0.05 or (number % STOPPED == 0 and month > Month.of(order.today).plus(-1 - number % 6)):
        return None
    day = due + timedelta(days=20 + days % 25 if luck < 0.09 else days % 7 - 4)
    amount = owed / 2 if luck > 0.985 else owed + 500 if luck > 0.98 else owed
    how, account = METHODS.get(method, ("eft", "FNB Business"))
    if day > order.today:
        return None
    return NewReceipt(
        customer_id=customer,
        account_id=accounts[account],
        receipt_date=day,
        amount=amount.quantize(Decimal("0.01")),
        source_reference=f"demo {month} {code}",
        reference=f"{code} -",
        method=how,
    )
