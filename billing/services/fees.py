"""Late fees and fees for unpaid debits, by rule; off until the rules name an amount and a product.

A late fee is charged once for a suspension case, when its first warning went out; a fee for an unpaid debit once
for each result. Whoever disputes all that is late, or owes less than the minimum, gets neither.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from billing.models import CollectionFee, Line, SuspensionRules
from billing.selectors import cutover, suspensions
from billing.selectors.fee_source import SOURCE
from billing.services import locks
from herotill.bulk import array_of_ids
from herotill.errors import DomainError
from herotill.reference.models import Product
from herotill.users.models import User

# A job that was missed for some days charges them; warnings of before the rule was switched on are left.
BACK = timedelta(days=3)

_LATE = """
INSERT INTO billing_collectionfee (customer_id, kind, cause, product_id, amount, day)
SELECT c.customer_id, 'late', 'case/' || c.id, %(product)s, %(fee)s, %(day)s
FROM billing_casestep s JOIN billing_suspensioncase c ON c.id = s.case_id AND c.state <> 'ended'
JOIN ({overdue}) o ON o.customer_id = c.customer_id AND o.overdue >= %(minimum)s
WHERE s.kind = 'warned' AND s.day BETWEEN %(since)s AND %(day)s
ORDER BY c.customer_id
ON CONFLICT (kind, cause) DO NOTHING
"""
_UNPAID = """
INSERT INTO billing_collectionfee (customer_id, kind, cause, product_id, amount, day)
SELECT l.customer_id, 'unpaid', 'result/' || r.id, %(product)s, %(fee)s, %(day)s
FROM billing_collectionresult r JOIN billing_collectionline l ON l.id = r.line_id
WHERE r.id = ANY (%(results)s) AND r.kind = 'unpaid' AND abs(r.amount) >= %(minimum)s
ORDER BY r.id
ON CONFLICT (kind, cause) DO NOTHING
"""


def charge_late(*, day: date) -> int:
    """Charge the late fee for each case whose first warning went out, once; returns how many."""
    rules = SuspensionRules.objects.get()
    if not (rules.late_fee and rules.fee_product_id and cutover.signed()):
        return 0
    values = suspensions.parameters(day=day, rules=rules)
    statement = _LATE.format(overdue=suspensions.overdue_sql(some=False, signed=True))
    return _charge(statement, rules, values | {"day": day, "since": day - BACK, "fee": rules.late_fee})


def charge_unpaid(*, results: Collection[int], day: date) -> int:
    """Charge the fee for unpaid debits among these results (ids), once for each; returns how many."""
    rules = SuspensionRules.objects.get()
    if not (rules.unpaid_fee and rules.fee_product_id and results):
        return 0
    given = {"minimum": rules.minimum, "results": array_of_ids(results), "fee": rules.unpaid_fee}
    return _charge(_UNPAID, rules, given | {"day": day})


def _charge(statement: str, rules: SuspensionRules, values: dict[str, Any]) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values | {"product": rules.fee_product_id})
        return cursor.rowcount


@transaction.atomic
def waive(*, fee: CollectionFee, reason: str, now: datetime, actor: User) -> None:
    """Give a fee up before it is billed. Raises DomainError where it stands on a document, or is waived already."""
    locks.take_turns([fee.customer_id])
    held = CollectionFee.objects.select_for_update().get(pk=fee.pk)
    lines = Line.objects.filter(source=SOURCE, item_id=held.pk)
    billed = lines.filter(document__isnull=False).select_related("document").first()
    if billed:
        raise DomainError(f"It is billed ({billed.document}) already; a credit note takes it back.")
    if held.waived_at:
        raise DomainError("This fee is waived already.")
    lines.filter(document=None).delete()
    held.waived_at, held.waived_by, held.waived_why = now, actor, reason.strip()
    held.save(update_fields=["waived_at", "waived_by", "waived_why"])


def set_rules(*, late_fee: Decimal | None, unpaid_fee: Decimal | None, fee_product: Product | None) -> None:
    """Say what late payment and unpaid debits cost from now on. Raises DomainError for an amount without a product."""
    if (late_fee or unpaid_fee) and fee_product is None:
        raise DomainError("Say as which product fees are billed.", field="fee_product")
    rules = SuspensionRules.objects.get()
    rules.late_fee, rules.unpaid_fee, rules.fee_product = late_fee, unpaid_fee, fee_product
    rules.save(update_fields=["late_fee", "unpaid_fee", "fee_product"])
