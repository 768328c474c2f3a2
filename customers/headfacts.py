"""What this app puts at the right of the profile's head."""

from __future__ import annotations

from customers import owing
from customers.models import Customer
from customers.screen import HeadFact, head_facts
from herotill.money import ZERO, rand


def _balance(customer: Customer) -> dict[str, str]:
    owed = owing.of([customer.pk])[customer.pk]
    if owed.overdue > ZERO:
        return {"text": rand(owed.amount), "tone": "bad", "detail": f"{rand(owed.overdue)} overdue"}
    detail = "owes" if owed.amount > ZERO else "in credit" if owed.amount < ZERO else "owes nothing"
    return {"text": rand(owed.amount), "tone": "", "detail": detail}


head_facts.register(HeadFact("balance", "Balance", "customers.see_customer_balance", _balance))
