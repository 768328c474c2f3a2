"""What lies on the desks of the invented office today, by the same services that people press.

Drafts, credits, a bad debt, a bank statement, contracts, a price rise to come, and the month-end made ready.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from billing.demo.items import MANUALS
from billing.demo.runs import LARGEST
from billing.demo.suspensions import cases
from billing.models import (
    AdjustmentReason,
    BankAccount,
    Document,
    DocumentKind,
    Grounds,
    MonthEnd,
    OpenItem,
    RecurringItem,
    RentalContract,
    StatementImport,
)
from billing.policies.statements import Layout
from billing.services import (
    adjustments,
    bank_statements,
    contracts,
    credit_notes,
    deposits,
    drafts,
    month_end,
    month_end_runs,
    price_notices,
    write_offs,
)
from customers.models import Customer
from herotill.clock import moment
from herotill.demo import DemoOrder
from herotill.months import Month
from herotill.reference.models import Price, Product
from herotill.users.models import User

RISES = (("UNC20", Decimal("30.00")), ("RTR", Decimal("5.00")))
DEPOSIT = Decimal("500.00")


def make_office(order: DemoOrder) -> None:
    """Put today's work on the desks, once, where there is a history to work on."""
    clerk = User.objects.filter(username="accounts").first()
    if clerk is None or order.customers > LARGEST or _is_used():
        return
    now = moment(order.today)
    with transaction.atomic():
        _credit(order, clerk, now)
        _write_off(order, clerk, now)
        _make_contracts(order, clerk)
        _draft(order, clerk)
        _rise(order, clerk, now)
    _take_in_statement(order, clerk)
    _make_ready(order, clerk, now)
    order.say("Today's work is on the desks")


def _is_used() -> bool:
    """Whether somebody, or this, has been at work here."""
    return any(kind.objects.exists() for kind in (RentalContract, StatementImport, MonthEnd))


def _invoices(order: DemoOrder) -> Sequence[Document]:
    """Some invoices of this month; the manuals' customers are left as the manuals show them."""
    found = Document.objects.filter(kind=DocumentKind.INVOICE, period=Month.of(order.today).first)
    found = found.filter(status=Document.Status.ISSUED).exclude(customer__code__in=MANUALS)
    found = found.exclude(customer__in=cases().values("customer"))
    return list(found.select_related("customer").order_by("pk")[:3])


def _credit(order: DemoOrder, clerk: User, now: datetime) -> None:
    """One invoice credited whole, one in part, and an account adjusted."""
    invoices = _invoices(order)
    told = ("Billed after the line was cancelled", "Two days without a line in the storm")
    for document, reason in zip(invoices, told, strict=False):
        amounts = credit_notes.whole(document)
        if document != invoices[0]:
            dearest = max(amounts, key=amounts.__getitem__)
            amounts = {dearest: min(amounts[dearest], Decimal("50.00"))}
        credit_notes.make(
            document=document, amounts=amounts, reason=reason, day=order.today, actor=clerk, now=now
        )
    for document in invoices[2:]:
        adjustments.make(
            customer=document.customer,
            amount=Decimal("-1.49"),
            why=AdjustmentReason.objects.get(name="Small balance"),
            text="left over from a payment in round figures",
            day=order.today,
            actor=None,
            now=now,
        )


def _write_off(order: DemoOrder, clerk: User, now: datetime) -> None:
    """The oldest debt is given up."""
    owed = OpenItem.objects.filter(entry__kind=DocumentKind.INVOICE, open__gt=0)
    free = owed.exclude(customer__code__in=MANUALS).exclude(customer__in=cases().values("customer"))
    oldest = free.order_by("due_date", "pk").select_related("entry").first()
    if oldest is None:
        return
    write_offs.make(
        customer=Customer.objects.get(pk=oldest.customer_id),
        named=[oldest.entry.source_id],
        recovery=Grounds.Recovery.HANDED_OVER,
        reason="Moved away; the attorneys have it",
        day=order.today,
        actor=None,
        now=now,
    )


def _make_contracts(order: DemoOrder, clerk: User) -> None:
    """Routers rented for two years, with a deposit; one of them soon at its end."""
    items = RecurringItem.objects.filter(product__code="RTR", ends_on=None, starts_on__lte=order.today)
    bank = BankAccount.objects.get(name="FNB Business")
    for age, item in zip((3, 22), items.order_by("pk").select_related("customer"), strict=False):
        contract = contracts.add(
            customer=item.customer,
            values={
                "equipment": "Router hAP ax2",
                "item": item,
                "starts_on": Month.of(order.today).plus(-age).first,
                "months": 24,
                "deposit": DEPOSIT,
                "ending": RentalContract.Ending.REMAINING,
                "ending_percent": Decimal(50),
            },
            actor=clerk,
        )
        deposits.receive(
            contract=contract,
            amount=DEPOSIT,
            day=contract.starts_on,
            account=bank,
            reference=f"Deposit {item.customer.code}",
            actor=clerk,
        )


def _draft(order: DemoOrder, clerk: User) -> None:
    """A call-out that somebody is just writing up, and a sale begun."""
    customers = Customer.objects.filter(status=Customer.Status.ACTIVE).exclude(code__in=MANUALS)
    for code, customer in zip(("CALL", "CPE5"), customers.order_by("-pk"), strict=False):
        product = Product.objects.get(code=code)
        made = drafts.new_invoice(customer=customer, day=order.today, reference="Job card", actor=clerk)
        line = drafts.LineValues(
            text=product.invoice_text,
            quantity=Decimal(1),
            unit_price=product.prices.filter(price_list=None).latest("starts_on").amount,
            product=product,
        )
        drafts.add_line(document=made, values=line, seen="", actor=clerk)


def _rise(order: DemoOrder, clerk: User, now: datetime) -> None:
    """Two prices rise in three months. Customers were told of the first; the other notice waits for somebody."""
    day = Month.of(order.today).plus(3).first
    for code, more in RISES:
        product = Product.objects.get(code=code)
        before = product.prices.filter(price_list=None).latest("starts_on").amount
        price = Price.objects.create(product=product, starts_on=day, amount=before + more)
        if code == RISES[0][0]:
            price_notices.announce(price=price, actor=clerk, now=now)


def _take_in_statement(order: DemoOrder, clerk: User) -> None:
    """Yesterday's statement: a code that books itself, near misses, a fee and a stranger."""
    account = BankAccount.objects.get(name="FNB Business")
    file = _statement(order.today - timedelta(days=1))
    made = bank_statements.receive(account=account, name="fnb-business.csv", data=file, actor=clerk)
    bank_statements.take_in(statement=made, layout=Layout.of(made.layout), actor=clerk)


def _statement(day: date) -> bytes:
    owed = OpenItem.objects.filter(entry__kind=DocumentKind.INVOICE, open__gt=0)
    free = owed.exclude(customer__code__in=MANUALS).exclude(customer__in=cases().values("customer"))
    found = free.select_related("customer", "entry").order_by("pk")[:4]
    texts = ("{code} {name}", "EFT {spaced}", "{name}", "INTERNET {document}")
    rows = [
        (
            text.format(
                code=one.customer.code,
                spaced=f"{one.customer.code[:3]} {one.customer.code[3:]}",
                name=one.customer.name,
                document=one.entry.reference,
            ),
            one.open,
        )
        for text, one in zip(texts, found, strict=False)
    ]
    rows += [("#MONTHLY ACCOUNT FEE", Decimal("-65.00")), ("CASH DEP 004471", Decimal("350.00"))]
    balance, lines = Decimal("148210.55"), ["Date,Description,Amount,Balance"]
    for text, amount in rows:
        balance += amount
        lines.append(f"{day},{text},{amount},{balance}")
    return "\n".join([*lines, ""]).encode()


def _make_ready(order: DemoOrder, clerk: User, now: datetime) -> None:
    """Next month's run: dates confirmed and the preview made, waiting for a signature."""
    coming = Month.of(order.today).plus(1)
    made = month_end.set_dates(month=coming, group=None, document_date=coming.first, actor=clerk)
    month_end.confirm(month_end=made, actor=clerk, now=now)
    month_end_runs.perform(kind=month_end_runs.PREVIEW, of=made, actor=clerk)
