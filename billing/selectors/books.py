"""What the books are told of customers and documents, and what stands where."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, F, Q

from billing.models import BooksConnection, BooksCustomer, BooksDocument, BooksOwed, Document, VatClass
from billing.models import Line as OurLine
from customers.models import Address, Customer
from herotill.integrations import sageone as port

OTHER = ("adjustment", "write_off")
State = BooksOwed.State


def details(customer: Customer, their_id: str = "") -> port.Customer:
    """A customer as the books get one; the postal address is the physical one where there is no other."""
    found = {one.kind: _lines(one) for one in customer.addresses.all()}
    street = found.get(Address.Kind.PHYSICAL, ())
    return port.Customer(
        id=their_id,
        code=customer.code,
        name=customer.name,
        contact=customer.contact_name,
        email=customer.contact_email,
        mobile=customer.contact_phone,
        vat_number=customer.vat_number,
        registration_number=customer.registration_number,
        postal=found.get(Address.Kind.POSTAL) or street,
        street=street,
        active=customer.status != Customer.Status.CANCELLED,
    )


def _lines(address: Address) -> tuple[str, ...]:
    """At most five: what a street has more is put on one."""
    last = [address.suburb, address.town, address.postal_code]
    given = [*address.lines.splitlines(), *last]
    lines = [line.strip() for line in given if line.strip()]
    return tuple(lines) if len(lines) <= 5 else (", ".join(lines[:-4]), *lines[-4:])


def digest(customer: port.Customer) -> str:
    """Tells whether something of a customer is other than what was sent last."""
    return hashlib.sha256(repr(sorted(asdict(customer).items())).encode()).hexdigest()


def document(
    one: Document, their_customer: str, connection: BooksConnection, types: Sequence[port.TaxType]
) -> port.Document:
    """An issued document as the books get it. Raises DomainError where they have no kind of VAT for a line."""
    account = (connection.other_account if one.kind in OTHER else "") or connection.sales_account
    return port.Document(
        kind=port.Kind(one.kind),
        number=one.name,
        customer_id=their_customer,
        day=one.document_date,
        due=one.due_date,
        lines=tuple(_line(line, account, types) for line in one.lines.order_by("position", "pk")),
        incl=one.incl,
        vat=one.vat,
        reference=one.reference,
        note=one.reason,
    )


def _line(line: OurLine, account: str, types: Sequence[port.TaxType]) -> port.Line:
    taxed = line.vat_class in (VatClass.STANDARD, VatClass.ZERO)
    rate = line.vat_rate if line.vat_class == VatClass.STANDARD else Decimal(0)
    return port.Line(
        text=line.text,
        account=account,
        tax_type=port.tax_type_for(rate, types).id if taxed else "",
        vat_rate=rate,
        excl=line.excl,
        vat=line.vat,
        incl=line.incl,
    )


def counts() -> dict[str, int]:
    """How many wait, were refused, were left out, and differ."""
    owed = BooksOwed.objects.aggregate(
        waiting=Count("pk", filter=Q(state__in=[State.WAITS, State.SENDING, State.UNKNOWN])),
        refused=Count("pk", filter=Q(state=State.REFUSED)),
        left=Count("pk", filter=Q(state=State.LEFT)),
    )
    return {**owed, "differ": differing().count()}


def differing():  # type: ignore[no-untyped-def]
    """Documents whose total there is not ours."""
    return BooksDocument.objects.exclude(incl=F("ours")).order_by("-document")


def last_sent() -> datetime | None:
    """When a document or customer was last taken by the books."""
    newest = [
        BooksDocument.objects.order_by("-synced_at").values_list("synced_at", flat=True).first(),
        BooksCustomer.objects.exclude(synced_at=None)
        .order_by("-synced_at")
        .values_list("synced_at", flat=True)
        .first(),
    ]
    return max((one for one in newest if one), default=None)
