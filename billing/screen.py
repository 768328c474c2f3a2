"""What other apps may put on billing's cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from customers.models import Customer
from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class PaymentDetail:
    """Facts about how a customer pays, such as the details of a debit order, on the card Billing details.

    `facts` gives label and text of each in at most one query; `url` leads to the dialog that changes them, for
    whoever holds `change_permission`.
    """

    name: str
    label: str
    permission: str
    facts: Callable[[Customer], list[tuple[str, str]]]
    change_permission: str = ""
    url: Callable[[Customer], str] | None = None
    order: int = 100


payment_details: Registry[PaymentDetail] = Registry("payment detail")
