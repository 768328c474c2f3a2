"""Why does somebody owe what they owe?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.urls import reverse

from billing.models import Document, DocumentKind, Entry, EntryKind, OpenItem, Receipt
from billing.policies import facts as words
from billing.policies.facts import Fact
from billing.selectors.why.answers import SHOWN, Answer
from customers.models import Customer
from herotill.money import ZERO, rand


def of_balance(customer: Customer) -> Answer:
    """Why a customer owes what they owe: what is open of every entry; the sum is the balance."""
    open_items = list(
        OpenItem.objects.filter(customer=customer).select_related("entry").order_by("accounting_date", "pk")
    )
    documents = documents_of(item.entry for item in open_items)
    owed = [_open(item, documents) for item in open_items[:SHOWN]]
    if len(open_items) > SHOWN:
        rest = sum((item.open for item in open_items[SHOWN:]), ZERO)
        owed.append(Fact(f"{len(open_items) - SHOWN} more entries: {rand(rest)}."))
    total = sum((item.open for item in open_items), ZERO)
    if not owed:
        owed.append(Fact("Every invoice is paid and no payment waits to be used.", tone="ok"))
    newest = Receipt.objects.filter(customer=customer).order_by("-receipt_date", "-pk").first()
    if newest:
        owed.append(Fact(f"The newest payment: {rand(newest.amount)}.", newest.receipt_date))
    else:
        owed.append(Fact("No payment was ever booked."))
    return Answer(f"Why does {customer.name} owe {rand(total)}?", total, owed)


def documents_of(entries: Iterable[Entry]) -> dict[tuple[str, int], Document]:
    """The documents that posted these entries: one query."""
    ids = [entry.source_id for entry in entries if entry.kind in DocumentKind.values]
    return {(one.kind, one.pk): one for one in Document.objects.filter(pk__in=ids)}


def _open(item: OpenItem, documents: Mapping[tuple[str, int], Document]) -> Fact:
    entry = item.entry
    document = documents.get((entry.kind, entry.source_id))
    label = EntryKind(entry.kind).label
    name = document.name if document else ""
    if item.open < 0:
        text = f"{label} {name}: {rand(-item.open)} of {rand(-item.amount)} waits to be used.".replace(
            " :", ":"
        )
        return Fact(text, entry.accounting_date, tone="ok")
    due = f" It was due on {entry.due_date}." if document else ""
    return Fact(
        f"{label} {name}: ".replace(" :", ":") + words.left(item.amount, item.open) + due,
        entry.accounting_date,
        url=document.get_absolute_url() if document else "",
        asks=reverse("billing:why-document", args=[document.pk]) if document else "",
        tone="bad",
    )
