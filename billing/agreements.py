"""What recurring items, contracts, deposits and price notices add to the shell: words, jobs, a second person."""

from __future__ import annotations

from django.urls import reverse

import billing.rights.recurring  # noqa: F401
from billing.services import deposits
from billing.tasks import agreements as work
from customers.screen import Explanation, explanations
from herotill.approvals import kinds
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import EMAIL, LATER, Field, Template, templates

GROUP = "Prices and contracts"
WHO = Field("customer", "The customer's name", "Alice Liddel")

templates.register(
    Template(
        name="price_notice",
        title="Notice of a price rise",
        group=GROUP,
        channel=EMAIL,
        purpose="invoices",
        rank=LATER,
        subject="Your price for {product} changes on {starts_on}",
        text=(
            "Dear {customer}\n\nFrom {starts_on} the price of {product} is {new} a month; until then it is {old}."
            "\n\nYou need not do anything. If you have a question, answer this mail."
        ),
        fields=(
            WHO,
            Field("product", "What becomes dearer", "Home Uncapped 10 Mb/s"),
            Field("old", "The price until then", "R 454.00"),
            Field("new", "The price from then on", "R 479.00"),
            Field("starts_on", "The day of the new price", "2018-10-01"),
        ),
    )
)
templates.register(
    Template(
        name="contract_expiry",
        title="Notice that a contract's term ends",
        group=GROUP,
        channel=EMAIL,
        purpose="invoices",
        rank=LATER,
        subject="Your contract for {equipment} ends on {last_day}",
        text=(
            "Dear {customer}\n\nThe term of your contract for {equipment} ends on {last_day}. If you do nothing, it"
            " goes on from month to month on the same terms, and you may end it with {notice_days} business days'"
            " notice. To end it on {last_day}, or to agree on a new term, answer this mail."
        ),
        fields=(
            WHO,
            Field("equipment", "What is rented", "Outdoor radio"),
            Field("last_day", "The last day of the term", "2018-12-31"),
            Field("notice_days", "The days of notice", "20"),
        ),
    )
)
kinds.register(deposits.refunds)
explanations.register(
    Explanation(
        "balance",
        "customers.see_customer_balance",
        lambda customer: reverse("billing:why-balance", args=[customer.code]),
    )
)


jobs.register(
    Job(
        "contracts-expiry",
        "Announces terms of contracts that end",
        Queue.MONEY,
        work.announce_expiries,
        "daily at 08:10",
        order=40,
    )
)
jobs.register(
    Job(
        "contracts-rise",
        "Makes and announces the yearly rises of contracts",
        Queue.MONEY,
        work.raise_by_the_year,
        "daily at 08:20",
        order=41,
    )
)
jobs.register(
    Job(
        "price-notices",
        "Notes which price notices were sent",
        Queue.MONEY,
        work.note_sent,
        "every 10 minutes",
        order=42,
    )
)
menu.register(
    MenuEntry(
        "billing.price-rises",
        "Price rises",
        "billing:price-rises",
        "billing.view_pricenotice",
        order=70,
        parent="billing",
    )
)
