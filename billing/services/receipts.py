"""Money that came in: captured one by one or by the ten thousand, and reversed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, connection, transaction

from billing.models import Receipt, Reversal
from billing.services import facts, ledger, locks
from herotill.bulk import copy_rows
from herotill.errors import DomainError
from herotill.jobs import nudge
from herotill.users.models import User


@dataclass(frozen=True, slots=True)
class NewReceipt:
    """One customer's money. (account, source_reference, part) says which money it is; a second is refused."""

    customer_id: int
    account_id: int
    receipt_date: date
    amount: Decimal
    source_reference: str
    reference: str = ""
    method: str = Receipt.Method.EFT
    part: int = 0
    note: str = ""
    names_id: int | None = None
    moved_from_id: int | None = None
    bank_row_id: int | None = None
    before: bool = False


@dataclass(frozen=True, slots=True)
class NewReversal:
    """A receipt that did not stand, from `day`, which is no earlier than its own."""

    receipt_id: int
    customer_id: int
    day: date
    reason: str
    code: str = ""


FROM_DEPOSIT = "deposit-"
SETTLES = "suspensions-settled"
"""The job that restores who has paid."""

_COLUMNS = (
    "customer",
    "account",
    "receipt_date",
    "amount",
    "source_reference",
    "reference",
    "method",
    "part",
    "note",
    "names",
    "moved_from",
    "bank_row",
    "before",
    "run_id",
    "captured_by",
)

# What the database refuses in words of its own, and the field that is to blame.
_SAID = {
    "entry_in_open_period": "receipt_date",
    "receipts_begin_at_cut_over": "receipt_date",
    "history_ends_at_cut_over": "receipt_date",
    "bank_row_booked_once": "amount",
    "refund_within_credit": "amount",
    "refund_goes_to_the_payer": "destination",
}

_PAY_NAMED = """
INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on, made_by_id)
SELECT customer_id, debit_id, credit_id, least(owed, upto) - (upto - amount), 'named', starts_on, %(actor)s
FROM (
    SELECT c.customer_id, d.id AS debit_id, c.id AS credit_id, di.open AS owed, r.amount,
           sum(r.amount) OVER (PARTITION BY d.id ORDER BY c.id) AS upto,
           greatest(di.free_from, ci.free_from) AS starts_on
    FROM billing_receipt r JOIN billing_document p ON p.id = r.names_id AND p.customer_id = r.customer_id
    JOIN billing_entry c ON c.kind = 'receipt' AND c.source_id = r.id
    JOIN billing_entry d ON d.kind = p.kind AND d.source_id = p.id
    JOIN billing_openitem ci ON ci.entry_id = c.id AND ci.open = -r.amount
    JOIN billing_openitem di ON di.entry_id = d.id
    WHERE r.account_id = ANY (%(accounts)s) AND r.source_reference = ANY (%(references)s)
) turns WHERE upto - amount < owed
"""


@transaction.atomic
def capture_many(
    *,
    receipts: Sequence[NewReceipt],
    actor: User | None,
    run_id: int | None = None,
    pay: Callable[[], None] | None = None,
) -> int:
    """Book receipts and let them pay: the documents they name first, then what `pay` settles, then the oldest.

    Raises DomainError where one of them is booked already; then none is.
    """
    customers = {receipt.customer_id for receipt in receipts}
    locks.hold(customers)
    by = actor.pk if actor else None
    try:
        with transaction.atomic():
            count = copy_rows(Receipt, _COLUMNS, (_row(receipt, run_id, by) for receipt in receipts))
    except IntegrityError as error:
        raise refusal(error) from error
    named = [receipt for receipt in receipts if receipt.names_id]
    if named:
        _pay_named(named, by)
    if pay:
        pay()
    ledger.allocate_oldest(customers=customers, actor=actor)
    facts.booked(receipts)
    nudge(SETTLES)
    return count


def refusal(error: IntegrityError) -> Exception:
    """The database's no as a sentence, where it is one that a person can do something about."""
    diag = getattr(error.__cause__, "diag", None)
    name = diag.constraint_name if diag else ""
    if name == "receipt_booked_once":
        return DomainError("This receipt is booked already.", field="source_reference")
    return DomainError(diag.message_primary, field=_SAID[name]) if diag and name in _SAID else error


def _row(receipt: NewReceipt, run_id: int | None, by: int | None) -> tuple[object, ...]:
    return (
        receipt.customer_id,
        receipt.account_id,
        receipt.receipt_date,
        receipt.amount,
        receipt.source_reference,
        receipt.reference,
        receipt.method,
        receipt.part,
        receipt.note,
        receipt.names_id,
        receipt.moved_from_id,
        receipt.bank_row_id,
        receipt.before,
        run_id,
        by,
    )


def _pay_named(named: Sequence[NewReceipt], by: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _PAY_NAMED,
            {
                "accounts": list({receipt.account_id for receipt in named}),
                "references": list({receipt.source_reference for receipt in named}),
                "actor": by,
            },
        )


def capture(*, receipt: NewReceipt, actor: User | None) -> Receipt:
    """Book one receipt; see `capture_many`."""
    capture_many(receipts=[receipt], actor=actor)
    return Receipt.objects.get(
        account=receipt.account_id, source_reference=receipt.source_reference, part=receipt.part
    )


@transaction.atomic
def reverse(
    *, receipt: Receipt, day: date, reason: str, actor: User | None, code: str = "", run_id: int | None = None
) -> Reversal:
    """Take a receipt back as at `day`: what it paid is owed again, unless other credit pays it.

    Raises DomainError for one that is reversed already, and for one that a deposit paid.
    """
    if receipt.source_reference.startswith(FROM_DEPOSIT):
        raise DomainError(
            "A deposit that was used is not given back by a reversal; credit what it paid instead."
        )
    locks.hold([receipt.customer_id])
    if Reversal.objects.filter(receipt=receipt).exists():
        raise DomainError("This receipt is reversed already.")
    try:
        with transaction.atomic():
            made = Reversal.objects.create(
                receipt=receipt,
                reversed_on=max(day, receipt.receipt_date),
                reason=reason,
                code=code,
                run_id=run_id,
                made_by=actor,
            )
    except IntegrityError as error:
        raise refusal(error) from error
    ledger.allocate_oldest(customers=[receipt.customer_id], actor=actor)
    facts.reversed_([receipt.pk])
    return made


@transaction.atomic
def reverse_many(
    *, receipts: Collection[int], reason: str, actor: User | None, run_id: int | None = None
) -> None:
    """Reverse many receipts, each as at its own day. None of them may be reversed already."""
    found = (
        Receipt.objects.filter(pk__in=receipts)
        .order_by("pk")
        .values_list("pk", "customer_id", "receipt_date")
    )
    reverse_each(
        reversals=[NewReversal(pk, customer, day, reason) for pk, customer, day in found],
        actor=actor,
        run_id=run_id,
    )


@transaction.atomic
def reverse_each(*, reversals: Sequence[NewReversal], actor: User | None, run_id: int | None = None) -> None:
    """Reverse many receipts, each on its day, for its reason. None of them may be reversed already."""
    customers = {one.customer_id for one in reversals}
    locks.hold(customers)
    by = actor.pk if actor else None
    copy_rows(
        Reversal,
        ["receipt", "reversed_on", "reason", "code", "run_id", "made_by"],
        ((one.receipt_id, one.day, one.reason, one.code, run_id, by) for one in reversals),
    )
    ledger.allocate_oldest(customers=customers, actor=actor)
    facts.reversed_([one.receipt_id for one in reversals])
