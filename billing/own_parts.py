"""What billing puts into the copy of somebody's data: bills, payments, what is billed, and the account debited."""

from __future__ import annotations

from collections.abc import Iterator

from billing.models import DebitDetail, Document, Entry, Mandate, Receipt, RecurringItem
from customers.models import Customer
from customers.own_data import OwnData, Row, own_data
from herotill.clock import local


def _account(customer: Customer) -> Iterator[Row]:
    for one in Entry.objects.filter(customer=customer).order_by("accounting_date", "pk"):
        yield {
            "Date": one.accounting_date,
            "What": one.get_kind_display(),
            "Reference": one.reference,
            "Due": one.due_date,
            "Amount in rand": one.amount,
        }


def _documents(customer: Customer) -> Iterator[Row]:
    issued = Document.objects.filter(customer=customer, status=Document.Status.ISSUED)
    for one in issued.order_by("document_date", "pk"):
        yield {
            "Number": one.name,
            "Kind": one.get_kind_display(),
            "Date": one.document_date,
            "Due": one.due_date,
            "Reference": one.reference,
        }


def _receipts(customer: Customer) -> Iterator[Row]:
    for one in Receipt.objects.filter(customer=customer).order_by("receipt_date", "pk"):
        yield {
            "Date": one.receipt_date,
            "Paid by": one.get_method_display(),
            "Reference": one.reference,
            "Amount in rand": one.amount,
        }


def _items(customer: Customer) -> Iterator[Row]:
    for one in RecurringItem.objects.filter(customer=customer).select_related("product").order_by("pk"):
        yield {
            "What": one.text or one.product.name,
            "Quantity": one.quantity,
            "From": one.starts_on,
            "Until": one.ends_on,
        }


def _bank(customer: Customer) -> Iterator[Row]:
    for one in DebitDetail.objects.filter(customer=customer).select_related("bank").order_by("pk"):
        yield {
            "Bank": one.bank.name,
            "Branch code": one.branch_code,
            "Account name": one.holder,
            "Account type": one.get_account_type_display(),
            "Account number ends in": one.number_last_four,
            "Day of the month": one.debit_day,
            "Since": f"{local(one.made_at):%Y-%m-%d}",
        }


def _mandates(customer: Customer) -> Iterator[Row]:
    for one in Mandate.objects.filter(customer=customer).order_by("pk"):
        yield {
            "Reference": one.reference,
            "Kind": one.get_kind_display(),
            "State": one.get_status_display(),
            "At most a debit": one.maximum,
            "Signed": f"{local(one.signed_at):%Y-%m-%d %H:%M}" if one.signed_at else "",
            "Signed by": one.signed_by_name,
        }


for order, (name, title, rows) in enumerate(
    (
        ("movements", "Your account: all that was charged and paid", _account),
        ("bills", "Invoices, credit notes and the like", _documents),
        ("payments", "Payments", _receipts),
        ("monthly", "What you are billed for", _items),
        ("bank-accounts", "Bank accounts for debit orders", _bank),
        ("mandates", "Mandates", _mandates),
    )
):
    own_data.register(OwnData(name=name, title=title, rows=rows, order=60 + order))
