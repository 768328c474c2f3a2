"""What a customer pays to have the services back that a case took down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from billing.models import TakenDown
from billing.selectors.suspensions.overdue import overdue


def to_pay(customer: int, accounts: Sequence[int], day: date) -> Mapping[int, Decimal | None]:
    """By account, for those that a case keeps down: what is overdue, None where another customer pays for it."""
    down = TakenDown.objects.filter(account__in=accounts, back_at=None).values_list(
        "account", "case__customer"
    )
    payers = dict(down)
    if customer not in payers.values():
        return dict.fromkeys(payers, None)
    owed = overdue([customer], day).get(customer)
    amount = owed.amount if owed else None
    return {account: amount if payer == customer else None for account, payer in payers.items()}
