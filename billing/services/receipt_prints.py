"""Proof of a payment on paper, made when it is asked for."""

from __future__ import annotations

from datetime import date

from billing.models import Allocation, Entry, EntryKind, OpenItem, Receipt
from billing.pdf import receipts as paper
from billing.pdf.sheets import ReceiptSheet, Settlement
from billing.services.statements import letterhead_on, party_of
from customers.models import CustomerBalance
from herotill.messages.templates import Attachment
from herotill.money import ZERO


def pdf(*, receipt: Receipt, day: date) -> Attachment:
    """The receipt as it stands on `day`: what it pays by then, or that it was reversed."""
    name = f"{receipt.pk:06}"
    return Attachment(f"Receipt-{receipt.customer.code}-{name}.pdf", paper.render(_sheet(receipt, name, day)))


def _sheet(receipt: Receipt, name: str, day: date) -> ReceiptSheet:
    reversal = getattr(receipt, "reversal", None)
    open_item = OpenItem.objects.filter(entry__kind=EntryKind.RECEIPT, entry__source_id=receipt.pk).first()
    balance = CustomerBalance.objects.filter(customer=receipt.customer).first()
    return ReceiptSheet(
        letterhead=letterhead_on(receipt.receipt_date),
        party=party_of(receipt.customer),
        name=name,
        day=receipt.receipt_date,
        amount=receipt.amount,
        method=receipt.get_method_display(),
        reference=receipt.reference,
        paid=tuple(_paid(receipt)),
        unallocated=-open_item.open if open_item else ZERO,
        balance=balance.amount if balance else None,
        balance_day=day,
        reversed_on=reversal.reversed_on if reversal else None,
        reversed_why=_why(receipt) if reversal else "",
    )


def _why(receipt: Receipt) -> str:
    """Why it did not stand; where it was for somebody else, not for whom."""
    moved = Receipt.objects.filter(moved_from=receipt).exists()
    return "paid for another account" if moved else receipt.reversal.reason


def _paid(receipt: Receipt) -> list[Settlement]:
    """What it pays, as long as that stands; a reversal is no payment."""
    entry = Entry.objects.get(kind=EntryKind.RECEIPT, source_id=receipt.pk)
    stands = Allocation.objects.filter(credit=entry, known_until=None).exclude(debit__kind=EntryKind.REVERSAL)
    return [
        Settlement(one.debit.reference or one.debit.get_kind_display(), one.debit.accounting_date, one.amount)
        for one in stands.select_related("debit").order_by("pk")
    ]
