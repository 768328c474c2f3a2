"""What moves in of billing, and its proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum

from billing.models import Document, DocumentKind, Receipt, RecurringItem
from billing.selectors import cutover, expected
from billing.selectors.cutover import BACK
from herotill.money import ZERO
from herotill.moving_in import Proof, Step, Tally, current, proofs, steps
from herotill.reference.selectors import vat


def _standing(kind: DocumentKind) -> QuerySet[Document]:
    """Documents from before that nobody took back."""
    answer = Document.objects.filter(against=OuterRef("pk"), name__endswith=BACK)
    history = Document.objects.filter(before=True, kind=kind, status=Document.Status.ISSUED)
    return history.exclude(name__endswith=BACK).exclude(Exists(answer))


def _documents(kind: DocumentKind) -> Callable[[date], Tally]:
    def ours(day: date) -> Tally:
        return _counted(_standing(kind), "incl")

    return ours


def _receipts(day: date) -> Tally:
    return _counted(Receipt.objects.filter(before=True, reversal=None), "amount")


def _counted(found: QuerySet[Any], amount: str) -> Tally:
    told = found.aggregate(count=Count("pk"), sum=Sum(amount))
    return Tally(told["count"], told["sum"] or ZERO)


def _debtors_signed() -> bool:
    """A signature of an earlier move, or from before the last import, says nothing of this one."""
    move = current()
    return cutover.signed_since(move.began_at) if move else cutover.signed()


def _recurring(day: date) -> Tally:
    every_month = RecurringItem.objects.filter(once=False)
    return Tally(every_month.count(), expected.whole(day=day, rate=vat.rates().on(day)))


steps.register(
    Step(
        name="recurring",
        title="Recurring items",
        about="What is billed every month, with the day from which it is billed here.",
        ours=_recurring,
        imports="recurring",
        with_amount=True,
        amount_label="What they come to a month, VAT included, in rand",
        amount_optional=True,
        order=70,
    )
)

for name, title, about, ours, order in (
    (
        "invoices",
        "Invoices",
        "With their old numbers: all that are unpaid, and as far back as you want to see.",
        _documents(DocumentKind.INVOICE),
        80,
    ),
    (
        "credit-notes",
        "Credit notes",
        "With their old numbers, after the invoices they credit.",
        _documents(DocumentKind.CREDIT_NOTE),
        90,
    ),
    (
        "adjustments",
        "Adjustments",
        "Up and down; what they come to is their sum with signs.",
        _documents(DocumentKind.ADJUSTMENT),
        100,
    ),
    (
        "receipts",
        "Receipts",
        "What was paid. Only those from before the day from which Sage's receipts are taken.",
        _receipts,
        110,
    ),
):
    steps.register(
        Step(
            name=name,
            title=title,
            about=about,
            ours=ours,
            imports=name,
            with_amount=True,
            order=order,
        )
    )

proofs.register(
    Proof(
        name="opening-debtors",
        title="Opening debtors are signed",
        about="The old system's age analysis equals ours, customer by customer and bucket by bucket.",
        holds=_debtors_signed,
        url_name="reports:take-over",
    )
)
