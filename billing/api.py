"""Documents and receipts, as other programs see them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from billing.forms.receipts import captured_into
from billing.models import Document, Line, Receipt
from billing.selectors import receipts as reading_receipts
from billing.selectors.documents import with_left
from billing.services import batching, facts, printing, receipts
from customers.api import found as customer_of
from customers.models import CustomerBalance
from herotill.api.endpoints import KEY, asker, read, read_file, write
from herotill.api.offers import offer
from herotill.api.paging import Page, Paged, page_by_day
from herotill.api.scopes import Resource, Scope, resources, scopes
from herotill.api.taking import Taken
from herotill.api.words import Code, Number
from herotill.api.words import Line as Words
from herotill.clock import local_day, stamp
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.money import ZERO, rand
from herotill.reading import reading

BALANCE, DOCUMENTS = "balances:read", "documents:read"
RECEIPTS, CAPTURE = "receipts:read", "receipts:write"
scopes.register(Scope(BALANCE, "see balances", "customers.see_customer_balance", 30))
scopes.register(Scope(DOCUMENTS, "see invoices and other documents", "billing.view_document", 31))
scopes.register(Scope(RECEIPTS, "see receipts", "billing.view_receipt", 32))
scopes.register(Scope(CAPTURE, "capture receipts", "billing.add_receipt", 33))
router = Router()
resources.register(Resource("Documents and receipts", router, 30))
offer("customer.suspended", "A customer was suspended by collections", order=12)
offer("customer.restored", "A customer was restored by collections", order=13)
offer("customer.cancellation-proposed", "A long-suspended customer is proposed for cancellation", order=15)
_SUMS = ("number", "kind", "document_date", "due_date", "excl", "vat", "incl")
offer(facts.ISSUED, "An invoice, credit note or other document was issued", *_SUMS, order=40)
offer(facts.BOOKED, "A receipt was booked", "receipt_date", "amount", "method", "account", order=41)
offer(facts.REVERSED, "A receipt was reversed", "receipt_date", "amount", "reversed_on", "code", order=42)
offer("billing.receipt_moved", "A receipt was moved to another customer", "amount", "day", order=43)
offer("debit.unpaid", "A debit order came back unpaid", "amount", "code", "day", "effect", order=44)
offer("cancellation.confirmed", "A customer said yes to a cancellation", "last_day", order=45)
offer("cancellation.denied", "A customer said no to a cancellation", "last_day", order=46)
offer("cancellation.lapsed", "A cancellation lapsed without an answer", "last_day", order=47)
offer("cancellation.done", "A cancellation was carried out", "last_day", "whole", order=48)
PDF = "application/pdf"
TAKEN_DOCUMENTS = Taken("documents", "billing.export_documents")
TAKEN_RECEIPTS = Taken("receipts", "billing.export_receipts")
Amount = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]


class BalanceOut(Schema):
    """What a customer owes in rand; below zero is credit."""

    customer: str
    amount: Decimal


class DocumentOut(Schema):
    """An issued document, in rand and in its own terms: a credit note's amounts are positive.

    `open` is what is not paid yet of it, or not used yet of a credit; `against` the invoice that it credits.
    """

    id: int
    number: str
    kind: Literal["invoice", "credit_note", "debit_note", "adjustment", "write_off"]
    customer: str
    document_date: date
    due_date: date
    period: date | None
    excl: Decimal
    vat: Decimal
    incl: Decimal
    open: Decimal
    reference: str
    against: int | None

    @staticmethod
    def resolve_open(one: Document) -> Decimal:
        left: Decimal = one.left or ZERO  # type: ignore[attr-defined]
        return -left if one.takes_away else left

    @staticmethod
    def resolve_against(one: Document) -> int | None:
        return one.against_id

    @staticmethod
    def resolve_number(one: Document) -> str:
        return one.name

    @staticmethod
    def resolve_customer(one: Document) -> str:
        return one.customer.code


class LineOut(Schema):
    """A line, its amounts after discount."""

    text: str
    quantity: Decimal
    excl: Decimal
    vat: Decimal
    incl: Decimal


class DocumentWhole(DocumentOut):
    """A document with its lines."""

    lines: list[LineOut]

    @staticmethod
    def resolve_lines(one: Document) -> Any:
        return list(Line.objects.filter(document=one).order_by("position", "pk"))


class ReceiptOut(Schema):
    """Money that came in."""

    id: int
    customer: str
    account: str
    receipt_date: date
    amount: Decimal
    method: Literal["eft", "debit_order", "card", "cash", "other"]
    reference: str
    note: str
    reversed_on: date | None

    @staticmethod
    def resolve_customer(one: Receipt) -> str:
        return one.customer.code

    @staticmethod
    def resolve_account(one: Receipt) -> str:
        return one.account.name

    @staticmethod
    def resolve_reversed_on(one: Receipt) -> date | None:
        reversal = getattr(one, "reversal", None)
        return reversal.reversed_on if reversal else None


class Filter(Schema):
    """Whose, and from which day to which, both included."""

    customer: str = ""
    first: date | None = None
    last: date | None = None


class ReceiptIn(Schema):
    """A receipt into an account of ours that is captured by hand; `account` is its name there.

    One of the same account, customer, day and amount as another is refused unless it is `another` payment.
    """

    customer: Code
    account: Words
    receipt_date: date
    amount: Amount
    method: Literal["eft", "card", "cash", "other"] = "eft"
    reference: Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")] = ""
    note: Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")] = ""
    another: bool = False


def _only(rows: QuerySet[Any], only: Filter, day: str) -> QuerySet[Any]:
    if only.customer:
        rows = rows.filter(customer=customer_of(only.customer))
    if only.first:
        rows = rows.filter(**{f"{day}__gte": only.first})
    return rows.filter(**{f"{day}__lte": only.last}) if only.last else rows


@read(router, "/customers/{code}/balance", scope=BALANCE, answer=BalanceOut, summary="What a customer owes")
def customer_balance(request: HttpRequest, code: Code) -> Any:
    customer = customer_of(code)
    kept = CustomerBalance.objects.filter(customer=customer).first()
    return {"customer": customer.code, "amount": kept.amount if kept else Decimal("0.00")}


def _issued() -> QuerySet[Document]:
    return with_left(Document.objects.filter(status="issued").select_related("customer"))


@read(
    router, "/documents", scope=DOCUMENTS, answer=Page[DocumentOut], summary="Issued documents by their dates"
)
def documents(request: HttpRequest, where: Paged, only: Annotated[Filter, Query()]) -> Any:
    found = _only(_issued().using(reading()), only, "document_date")
    return page_by_day(request, found, where, day="document_date", of=TAKEN_DOCUMENTS)


@read(router, "/documents/{pk}", scope=DOCUMENTS, answer=DocumentWhole, summary="One document with its lines")
def document(request: HttpRequest, pk: Number) -> Any:
    one = _issued().filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


@read_file(
    router,
    "/documents/{pk}/pdf",
    scope=DOCUMENTS,
    kind=PDF,
    summary="The stored print of a document, as issued",
)
def document_pdf(request: HttpRequest, pk: Number) -> HttpResponse:
    kept = printing.newest([pk]).get(pk)
    if kept is None:
        raise Http404
    return as_download(HttpResponse(printing.original(kept), content_type=PDF), batching.filename(kept))


def _receipts() -> QuerySet[Receipt]:
    return Receipt.objects.select_related("customer", "account", "reversal")


@read(router, "/receipts", scope=RECEIPTS, answer=Page[ReceiptOut], summary="Receipts by their dates")
def all_receipts(request: HttpRequest, where: Paged, only: Annotated[Filter, Query()]) -> Any:
    found = _only(_receipts().using(reading()), only, "receipt_date")
    return page_by_day(request, found, where, day="receipt_date", of=TAKEN_RECEIPTS)


@read(router, "/receipts/{pk}", scope=RECEIPTS, answer=ReceiptOut, summary="One receipt")
def one_receipt(request: HttpRequest, pk: Number) -> Any:
    one = _receipts().filter(pk=pk).first()
    if one is None:
        raise Http404
    return one


@write(router, "/receipts", scope=CAPTURE, answer=ReceiptOut, summary="Capture a receipt")
def capture_receipt(request: HttpRequest, new: ReceiptIn) -> Any:
    made = receipts.capture(receipt=_new(request, new), actor=asker(request))
    return Status(201, _receipts().get(pk=made.pk))


def _new(request: HttpRequest, new: ReceiptIn) -> receipts.NewReceipt:
    """The receipt that was sent. Raises DomainError where a person would not have been let capture it.

    The customer comes last: what is refused anyhow tells nobody which customers there are.
    """
    account = captured_into().filter(name=new.account).first()
    if account is None:
        raise DomainError(f"Nothing is captured into “{new.account}”.", field="account")
    if new.receipt_date > local_day(stamp()):
        raise DomainError("That day is still to come.", field="receipt_date")
    customer = customer_of(new.customer)
    known = reading_receipts.same(
        account_id=account.pk, day=new.receipt_date, amount=new.amount, customer_id=customer.pk
    )
    if known and not new.another:
        raise DomainError(
            f"{rand(new.amount)} on {new.receipt_date} into {account} is captured already."
            " Say that it is another payment if it is.",
            field="another",
        )
    token: Any = request.api_token  # type: ignore[attr-defined]
    return receipts.NewReceipt(
        customer_id=customer.pk,
        account_id=account.pk,
        receipt_date=new.receipt_date,
        amount=new.amount,
        source_reference=f"api-{token.pk}-{request.headers[KEY]}",
        reference=new.reference,
        method=new.method,
        note=new.note,
    )
