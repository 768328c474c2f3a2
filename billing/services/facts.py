"""What programs outside may hear of documents and receipts. Nothing is written where nobody asks for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from herotill.bulk import array_of_ids
from herotill.events import record_asked

if TYPE_CHECKING:
    from billing.services.receipts import NewReceipt

ISSUED, BOOKED, REVERSED = "document.issued", "receipt.booked", "receipt.reversed"

# In the order of their numbers. Amounts are text, so that no program rounds them.
_ISSUED = """
SELECT id, customer_id, 'document', id, jsonb_build_object('kind', kind, 'number', name,
    'document_date', document_date, 'due_date', due_date, 'excl', excl::text, 'vat', vat::text, 'incl', incl::text)
FROM billing_document WHERE id = ANY (%(documents)s) AND status = 'issued' AND NOT before ORDER BY series_id, number
"""
_BOOKED = """
SELECT r.id, r.customer_id, 'receipt', r.id, jsonb_build_object('receipt_date', r.receipt_date,
    'amount', r.amount::text, 'method', r.method, 'account', a.name)
FROM unnest(%(accounts)s::bigint[], %(references)s::text[], %(parts)s::int[]) AS n (account_id, reference, part)
JOIN billing_receipt r ON r.account_id = n.account_id AND r.source_reference = n.reference AND r.part = n.part
JOIN billing_bankaccount a ON a.id = r.account_id WHERE NOT r.before ORDER BY r.id
"""
_REVERSED = """
SELECT r.id, r.customer_id, 'receipt', r.id, jsonb_build_object('receipt_date', r.receipt_date,
    'amount', r.amount::text, 'reversed_on', v.reversed_on, 'code', v.code)
FROM billing_reversal v JOIN billing_receipt r ON r.id = v.receipt_id
WHERE r.id = ANY (%(receipts)s) AND NOT r.before ORDER BY r.id
"""


def issued(documents: Collection[int]) -> None:
    """These documents have been issued."""
    record_asked(ISSUED, _ISSUED, lambda: {"documents": array_of_ids(documents)})


def booked(receipts: Sequence[NewReceipt]) -> None:
    """These receipts have been booked."""
    record_asked(
        BOOKED,
        _BOOKED,
        lambda: {
            "accounts": [one.account_id for one in receipts],
            "references": [one.source_reference for one in receipts],
            "parts": [one.part for one in receipts],
        },
    )


def reversed_(receipts: Collection[int]) -> None:
    """These receipts did not stand."""
    record_asked(REVERSED, _REVERSED, lambda: {"receipts": array_of_ids(receipts)})
