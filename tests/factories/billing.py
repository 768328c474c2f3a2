"""Documents and receipts as the services make them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from billing.models import BankAccount, Document, DocumentKind, Line, Receipt
from billing.services import issuing, receipts
from customers.models import Customer, OpeningBalance
from herotill import vat

NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
_references = count(1)


def make_draft(
    customer: Customer,
    amount: str = "454.00",
    day: date = date(2018, 8, 21),
    *,
    kind: str = DocumentKind.INVOICE,
    rate: str = "15",
    due: date | None = None,
    against: Document | None = None,
) -> Document:
    """A draft with one line; `amount` includes VAT."""
    plain = kind == DocumentKind.ADJUSTMENT
    amounts = vat.split(Decimal(amount), Decimal(0 if plain else rate), True)
    draft = Document.objects.create(
        kind=kind,
        customer=customer,
        document_date=day,
        due_date=due or day,
        against=against,
        **amounts._asdict(),
    )
    Line.objects.create(
        document=draft,
        customer=customer,
        text="Home Uncapped",
        unit_price=Decimal(amount),
        vat_class="outside" if plain else "standard",
        vat_rate=Decimal(0 if plain else rate),
        credits=against.lines.first() if against and kind == DocumentKind.CREDIT_NOTE else None,
        settles=against if kind == DocumentKind.WRITE_OFF else None,
        **amounts._asdict(),
    )
    return draft


def make_invoice(
    customer: Customer, amount: str = "454.00", day: date = date(2018, 8, 21), **more
) -> Document:
    """An issued document."""
    draft = make_draft(customer, amount, day, **more)
    issuing.issue(documents=[draft.pk], actor=None, now=NOW)
    return Document.objects.get(pk=draft.pk)


def make_receipt(
    customer: Customer,
    amount: str = "454.00",
    day: date = date(2018, 8, 22),
    *,
    names: Document | None = None,
) -> Receipt:
    """Money received into the account called Sage Pay."""
    account = BankAccount.objects.get_or_create(name="Sage Pay")[0]
    return receipts.capture(
        receipt=receipts.NewReceipt(
            customer_id=customer.pk,
            account_id=account.pk,
            receipt_date=day,
            amount=Decimal(amount),
            source_reference=f"test-{next(_references)}",
            reference=customer.code,
            names_id=names.pk if names else None,
        ),
        actor=None,
    )


def make_owe(customer: Customer, amount: str, day: date = date(2018, 1, 1)) -> None:
    """Have a customer owe so much, or have so much credit below zero, by an opening balance."""
    OpeningBalance.objects.filter(customer=customer).delete()
    OpeningBalance.objects.create(customer=customer, amount=Decimal(amount), as_at=day, source="Test")
