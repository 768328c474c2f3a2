"""What the books are told of customers and documents, and what stands where."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, Q, QuerySet

from billing.models import BooksConnection, BooksCustomer, BooksDocument, BooksOwed, Document, VatClass
from billing.models import Line as OurLine
from customers.models import Address, Customer
from herotill.integrations import books as port
from herotill.money import rand
from herotill.users.models import User

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


def on_their_way(customers: Collection[int]) -> set[int]:
    """Those of whom more is owed to the books than details that only wait."""
    owed = BooksOwed.objects.filter(customer__in=list(customers))
    waiting = Q(document=None, state__in=[State.WAITS, State.REFUSED, State.LEFT])
    return set(owed.exclude(waiting).values_list("customer_id", flat=True))


def differing() -> QuerySet[BooksDocument]:
    """Documents whose total or VAT there is not ours."""
    return BooksDocument.objects.filter(BooksDocument.DIFFERS).order_by("-document")


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


@dataclass(frozen=True, slots=True)
class Sync:
    """How a customer stands with the books: the ID there, when it last went well, and what is wrong or waits.

    `told` says that the financial manager has had a mail about it.
    """

    is_on: bool
    their_id: str
    synced_at: datetime | None
    waiting: int
    trouble: str
    what: str
    manager: User | None
    told: bool

    @property
    def result(self) -> str:
        """OK, error, waits, or nothing yet."""
        if self.trouble:
            return "error"
        if self.waiting:
            return "waits"
        return "ok" if self.their_id and self.synced_at else ""


def sync_of(customer: Customer) -> Sync:
    """How a customer and its documents stand with the books."""
    connection = BooksConnection.objects.select_related("manager").get()
    link = BooksCustomer.objects.filter(customer=customer).first()
    owed = BooksOwed.objects.filter(customer=customer).exclude(state=State.LEFT).select_related("document")
    rows = list(owed.order_by("pk")[:100])
    wrong = next((row for row in rows if row.trouble and row.state != State.SENDING), None)
    other = None if wrong else _counted_otherwise(customer)
    name = wrong.document.name if wrong and wrong.document else ""
    return Sync(
        is_on=connection.is_on,
        their_id=link.their_id if link else "",
        synced_at=_newest(customer, link),
        waiting=len(rows),
        trouble=connection.trouble or (wrong.trouble if wrong else _in_words(other) if other else ""),
        what=other.document.name if other else name,
        manager=connection.manager,
        told=not connection.trouble and (_is_told(wrong) if wrong else bool(other and _knows(other))),
    )


def _is_told(wrong: BooksOwed) -> bool:
    """Whether the financial manager had a mail of this; of what is tried again, of one reason or another."""
    newer = wrong.state == State.REFUSED and wrong.told_of != _hash(wrong.trouble)
    return bool(wrong.told_of) and not newer


def _knows(other: BooksDocument) -> bool:
    """Whether the financial manager had a mail of these totals."""
    return other.told_of == _hash(f"{other.incl} {other.vat}")


def _hash(text: str) -> str:
    """As PostgreSQL's md5 has it."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _counted_otherwise(customer: Customer) -> BooksDocument | None:
    """The last document of a customer whose total or VAT there is not ours."""
    return differing().filter(document__customer=customer).select_related("document").first()


def _in_words(other: BooksDocument) -> str:
    if other.difference:
        return f"SageOne counts it at {rand(other.incl)}; here it is {rand(other.ours)}."
    return f"SageOne counts its VAT at {rand(other.vat)}; here it is {rand(other.our_vat)}."


def _newest(customer: Customer, link: BooksCustomer | None) -> datetime | None:
    """When the customer or a document of it was last taken there."""
    sent = BooksDocument.objects.filter(document__customer=customer).aggregate(last=Max("synced_at"))["last"]
    return max((one for one in (sent, link and link.synced_at) if one), default=None)


def their_id(customer: Customer) -> str:
    """The customer's ID there, or nothing."""
    return BooksCustomer.objects.filter(customer=customer).values_list("their_id", flat=True).first() or ""
