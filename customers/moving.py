"""What moves in of customers."""

from __future__ import annotations

from customers.models import Customer, CustomerGroup
from herotill.moving_in import Step, Tally, steps

steps.register(
    Step(
        name="groups",
        title="Customer groups",
        about="Staff, an estate, a reseller. The group Others is here already and is not counted.",
        ours=lambda day: Tally(CustomerGroup.objects.filter(is_default=False).count()),
        imports="groups",
        order=10,
    )
)
steps.register(
    Step(
        name="customers",
        title="Customers",
        about="Without opening balances where invoices and receipts come too: what is owed follows from those.",
        ours=lambda day: Tally(Customer.objects.count()),
        imports="customers",
        order=20,
    )
)
