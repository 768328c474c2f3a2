"""What this app puts at the right of the profile's head."""

from __future__ import annotations

from customers.models import Customer
from customers.screen import HeadFact, head_facts
from herotill.money import ZERO, rand


def _balance(customer: Customer) -> dict[str, str]:
    amount = customer.balance.amount
    detail = "owes" if amount > ZERO else "in credit" if amount < ZERO else "owes nothing"
    return {"text": rand(amount), "tone": "bad" if amount > ZERO else "", "detail": detail}


head_facts.register(HeadFact("balance", "Balance", "customers.see_customer_balance", _balance))
