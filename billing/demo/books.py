"""SageOne in the demo: a server that stands in for it, with our customers in it, and the connection in use."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Q

from billing.models import BankAccount, BooksAccount, BooksCustomer, Document
from billing.services.books import connecting
from customers.models import CustomerBalance
from herotill.clock import local_day, stamp
from herotill.integrations.sageone.standin import CONNECTION, CREDENTIALS, SageStandIn
from herotill.money import ZERO
from herotill.users.models import User

KEPT = settings.RUN_DIR / "demo" / "sageone.json"
BANK, SALES, BAD_DEBTS = 2, "1", "2"  # as they are called there
EVERY = 3  # so many customers who owe, one paid into the account that only the books see
OFF = Decimal("10.00")  # what one customer owes there and not here


def standing_in(port: int) -> SageStandIn:
    """The server of the demo. The first time it gets what our customers owed before, and is connected."""
    there = SageStandIn(port, a_minute=0, kept=KEPT)
    if not connecting.connection().company_id:
        first = local_day(stamp()).replace(day=1)
        fill(there, first)
        connect(first)
    return there


def fill(there: SageStandIn, first: date) -> None:
    """Put customers there, each with what was owed before that day and what came in since; some paid there."""
    pushed = _pushed(first)
    moved = ~Q(amount=0) | Q(customer__in=pushed)
    owing = list(CustomerBalance.objects.select_related("customer").filter(moved).order_by("customer"))
    debtors = [one.customer_id for one in owing if one.amount > 0]
    paid, off = set(debtors[2::EVERY]), debtors[1:2]
    for one in owing:
        theirs = there.add_customer(one.customer.code, str(one.customer))
        BooksCustomer.objects.get_or_create(customer=one.customer, defaults={"their_id": theirs})
        opening = one.amount - pushed.get(one.customer_id, ZERO) + (OFF if one.customer_id in off else ZERO)
        if opening:
            there.ledger.save("CustomerAdjustment", _brought_forward(theirs, opening, first))
        if one.customer_id in paid:
            there.add_receipt(theirs, one.amount, first, bank=BANK, reference=f"{one.customer.code} -")


def _brought_forward(theirs: str, amount: Decimal, first: date) -> dict[str, object]:
    day = first - timedelta(days=1)
    words = {"DocumentNumber": "OB", "Reference": "OB", "Description": "Balance brought forward"}
    return {"CustomerId": int(theirs), "Date": f"{day}T00:00:00", "Total": amount, **words}


def _pushed(first: date) -> dict[int, Decimal]:
    """What the documents come to, customer by customer, that are sent there."""
    found: dict[int, Decimal] = {}
    sent = Document.objects.filter(status=Document.Status.ISSUED, before=False, document_date__gte=first)
    for document in sent.only("kind", "incl", "customer_id"):
        amount = -document.incl if document.takes_away else document.incl
        found[document.customer_id] = found.get(document.customer_id, ZERO) + amount
    return found


def connect(first: date) -> None:
    """The connection in use from that day on, and an account of ours whose receipts come from there."""
    account, _ = BankAccount.objects.get_or_create(
        name="FNB Cheque", defaults={"source": BankAccount.Source.ACCOUNTING}
    )
    BooksAccount.objects.get_or_create(
        company=CONNECTION.company_id,
        their_id=str(BANK),
        defaults={"name": "FNB Cheque", "account": account},
    )
    connecting.change_credentials(
        user=CREDENTIALS.user, password=CREDENTIALS.password, api_key=CREDENTIALS.api_key
    )
    manager = User.objects.filter(username="manager").first()
    values = {"version": CONNECTION.version, "company_id": CONNECTION.company_id, "starts_on": first}
    posted = {
        "sales_account": SALES,
        "other_account": BAD_DEBTS,
        "manager": manager,
        "is_on": True,
        "makes_customers": True,
    }
    connecting.change(values=values | posted)
