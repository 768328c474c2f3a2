"""Reading receipts: of a customer, one with what it paid, the many."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from billing.models import Allocation, Document, Entry, EntryKind, OpenItem, Receipt, Reversal
from customers.models import Customer
from herotill.among import among, few
from herotill.money import ZERO
from herotill.reading import reading

LEFT = OpenItem.objects.filter(entry__kind=EntryKind.RECEIPT, entry__source_id=OuterRef("pk")).values("open")


def credit(*, customer: Customer) -> Decimal:
    """What the customer has paid or been credited beyond what it pays for; above zero."""
    found = OpenItem.objects.filter(customer=customer, open__lt=0).aggregate(total=Sum("open"))["total"]
    return -(found or ZERO)


def of_customer(*, customer: Customer, limit: int) -> list[Receipt]:
    """The newest receipts, at most `limit` and one more, each with its account, its reversal, `left` unallocated."""
    found = Receipt.objects.filter(customer=customer).select_related(
        "account", "reversal", "moved_from__customer"
    )
    rows: list[Any] = list(found.annotate(open=Subquery(LEFT)).order_by("-receipt_date", "-pk")[: limit + 1])
    for row in rows:
        row.left = -(row.open or ZERO)
    return rows


def left(receipt: Receipt) -> Decimal:
    """What of a receipt pays nothing yet."""
    found = OpenItem.objects.filter(entry__kind=EntryKind.RECEIPT, entry__source_id=receipt.pk).first()
    return -found.open if found else ZERO


def entry_of(receipt: Receipt) -> Entry:
    """The ledger's entry of a receipt."""
    return Entry.objects.get(kind=EntryKind.RECEIPT, source_id=receipt.pk)


def paid(receipt: Receipt) -> list[Allocation]:
    """What a receipt pays or paid, the newest last, each with the entry that it settles."""
    found = Allocation.objects.filter(credit__kind=EntryKind.RECEIPT, credit__source_id=receipt.pk)
    return list(found.select_related("debit", "made_by", "undone_by").order_by("pk"))


def owed(*, customer: Customer) -> list[OpenItem]:
    """What the customer owes, the oldest first."""
    found = OpenItem.objects.filter(customer=customer, open__gt=0).select_related("entry")
    return list(found.order_by("accounting_date", "pk"))


def open_documents(*, customer: Customer) -> list[tuple[int, str, Decimal]]:
    """Documents of the customer that are not wholly paid: id, name and what is open, the oldest first."""
    open_items = {(item.entry.kind, item.entry.source_id): item.open for item in owed(customer=customer)}
    ids = [source for _, source in open_items]
    documents = Document.objects.filter(pk__in=ids).order_by("document_date", "pk")
    return [
        (one.pk, one.name, open_items[one.kind, one.pk])
        for one in documents
        if (one.kind, one.pk) in open_items
    ]


def same(*, account_id: int, day: date, amount: Decimal, customer_id: int | None = None) -> list[Receipt]:
    """Standing receipts of the same account, day and amount, of this customer or of anybody."""
    found = Receipt.objects.filter(account=account_id, receipt_date=day, amount=amount, reversal=None)
    found = found.filter(customer=customer_id) if customer_id else found
    return list(found.select_related("customer").order_by("pk")[:5])


def same_many(wanted: Collection[tuple[int, int, date, Decimal]]) -> set[tuple[int, int, date, Decimal]]:
    """Those of (account, customer, day, amount) of which a receipt stands already."""
    days = {day for _, _, day, _ in wanted}
    found = Receipt.objects.filter(
        receipt_date__in=days, customer__in={customer for _, customer, _, _ in wanted}, reversal=None
    )
    return set(wanted) & set(found.values_list("account_id", "customer_id", "receipt_date", "amount"))


def everything() -> QuerySet[Receipt]:
    """All receipts, for the list."""
    return Receipt.objects.using(reading()).order_by()


def reversed_ones() -> Exists:
    """Whether a receipt is reversed."""
    return Exists(Reversal.objects.filter(receipt=OuterRef("pk")))


def unallocated_ones() -> Q:
    """Whether some of a receipt pays nothing yet; found from what is open, of which there is little."""
    items = OpenItem.objects.filter(entry__kind=EntryKind.RECEIPT, open__lt=0)
    return among(items.values("entry__source_id"))


def lefts(ids: Collection[int]) -> Mapping[int, Decimal]:
    """What of these receipts pays nothing yet."""
    found = OpenItem.objects.using(reading()).filter(entry__kind=EntryKind.RECEIPT, entry__source_id__in=ids)
    return {source: -open for source, open in found.values_list("entry__source_id", "open")}


def siblings(receipt: Receipt) -> list[Receipt]:
    """The other parts of the same money, where it was split over customers."""
    parts = Receipt.objects.filter(account=receipt.account_id, source_reference=receipt.source_reference)
    return list(parts.exclude(pk=receipt.pk).select_related("customer").order_by("part"))


def reopened_by(receipt: Receipt) -> list[tuple[str, Decimal]]:
    """What would be owed again if this receipt were reversed: document and amount."""
    live = Allocation.objects.filter(
        credit__kind=EntryKind.RECEIPT, credit__source_id=receipt.pk, known_until=None
    ).select_related("debit")
    return [(one.debit.reference or one.debit.get_kind_display(), one.amount) for one in live.order_by("pk")]


def codes(wanted: Collection[str]) -> dict[str, Any]:
    """Customers by code."""
    return {one.code: one for one in Customer.objects.filter(code__in=wanted)}


def search(text: str, user: Any) -> Any:
    """Receipts of a customer by the code, or by the beginning of the bank's reference."""
    wanted = text.strip()
    customer = Customer.objects.filter(code=wanted.upper()).values_list("pk", flat=True).first()
    begun = Q(reference__istartswith=wanted)
    named = None if customer else few(everything().filter(begun))

    def narrowed(rows: QuerySet[Receipt], along: str = "") -> QuerySet[Receipt]:
        if customer:
            return rows.filter(customer=customer)
        return rows.filter(begun if named is None else named)

    return narrowed


def find(pk: int) -> Receipt | None:
    """A receipt with all that its page names."""
    related = ("customer", "account", "reversal__made_by", "moved_from__customer", "moved_to__customer")
    found = Receipt.objects.select_related(*related, "captured_by", "names", "bank_row__imported", "in_books")
    return found.filter(pk=pk).first()
