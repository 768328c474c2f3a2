"""Customers, as other programs see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema, Status

from customers.models import Address, Customer
from customers.selectors import details
from customers.services import notes
from herotill.api.codes import Codes, codes
from herotill.api.endpoints import asker, read, write
from herotill.api.offers import offer
from herotill.api.paging import Page, Paged, page_of
from herotill.api.scopes import Resource, Scope, resources, scopes
from herotill.api.since import Since, customers_changed
from herotill.api.taking import Taken
from herotill.api.words import Code, Text
from herotill.reading import reading

READ, NOTE, SEE_NOTES = "customers:read", "customer-notes:write", "customer-notes:read"
CONTACTS, ADDRESSES = "contacts:read", "addresses:read"
scopes.register(Scope(READ, "see customers", "customers.view_customer", 10))
scopes.register(Scope(SEE_NOTES, "see notes about customers", "customers.view_customernote", 11))
scopes.register(Scope(NOTE, "write notes about customers", "customers.add_customernote", 12))
scopes.register(Scope(CONTACTS, "see contacts of customers", "customers.view_contact", 13))
scopes.register(Scope(ADDRESSES, "see addresses of customers", "customers.view_address", 14))
router = Router()
resources.register(Resource("Customers", router, 10))
offer("customer.created", "A customer is new", "kind", "status", order=10)
offer("customer.changed", "A customer was changed", "fields", "status", order=11)
offer("customer.cancelled", "A customer was cancelled", order=14)
offer("customer.asked-to-be-forgotten", "A customer asked to be forgotten", order=16)
offer("customer.anonymised", "A customer was made nameless", order=17)
codes.register(
    Codes("customers", lambda ids: dict(Customer.objects.filter(pk__in=ids).values_list("pk", "code")))
)
AS_CHANGED = ("customers.customer", "customers.contact", "customers.address")


class CustomerOut(Schema):
    """A customer. `master` is the code of the customer it belongs to."""

    code: str
    kind: Literal["individual", "company"]
    name: str
    vat_number: str
    status: Literal["active", "suspended", "cancelled"]
    payment_method: Literal["", "debit_order", "eft", "credit_card", "cash"]
    prepaid: bool
    group: str
    billing_group: str | None
    master: str | None
    customer_since: date | None
    created_at: datetime

    @staticmethod
    def resolve_group(one: Customer) -> str:
        return one.group.name

    @staticmethod
    def resolve_billing_group(one: Customer) -> str | None:
        return one.billing_group.name if one.billing_group else None

    @staticmethod
    def resolve_master(one: Customer) -> str | None:
        return one.master.code if one.master else None


class Filter(Schema):
    """Which customers; one whose contact or address was changed counts as changed."""

    status: Literal["", "active", "suspended", "cancelled"] = ""
    master: str = ""
    changed_since: Since = None


class ContactOut(Schema):
    """A person at a customer, and what messages about which go to them."""

    id: int
    name: str
    position: str
    email: str
    other_emails: list[str]
    phone: str
    other_phone: str
    purposes: list[str]
    is_primary: bool


class AddressOut(Schema):
    """Where a customer is, or gets post."""

    id: int
    kind: str
    lines: str
    suburb: str
    town: str
    postal_code: str


class NoteIn(Schema):
    text: Text
    pops_up: bool = False


class NoteOut(Schema):
    id: int
    text: str
    pops_up: bool
    author: str | None
    created_at: datetime

    @staticmethod
    def resolve_author(one: Any) -> str | None:
        return str(one.author) if one.author else None


def found(code: str) -> Customer:
    """The customer with this code. Raises Http404."""
    known = Customer.objects.select_related("group", "billing_group", "master")
    one = known.filter(code=code.upper()).first() if "\0" not in code else None
    if one is None:
        raise Http404
    return one


@read(router, "/customers", scope=READ, answer=Page[CustomerOut], summary="Customers as they came")
def customers(request: HttpRequest, where: Paged, only: Annotated[Filter, Query()]) -> Any:
    wanted = Q(status=only.status) if only.status else Q()
    if only.master:
        wanted &= Q(master__code=only.master.upper().replace("\0", ""))
    known = Customer.objects.using(reading()).select_related("group", "billing_group", "master")
    rows = customers_changed(known.filter(wanted), only.changed_since, *AS_CHANGED)
    return page_of(request, rows, where, of=Taken("customers", "customers.export_customers"))


@read(router, "/customers/{code}", scope=READ, answer=CustomerOut, summary="One customer")
def customer(request: HttpRequest, code: Code) -> Any:
    return found(code)


@read(router, "/customers/{code}/contacts", scope=CONTACTS, answer=list[ContactOut], summary="Who they are")
def customer_contacts(request: HttpRequest, code: Code) -> Any:
    return list(found(code).contacts.all())


@read(
    router, "/customers/{code}/addresses", scope=ADDRESSES, answer=list[AddressOut], summary="Where they are"
)
def customer_addresses(request: HttpRequest, code: Code) -> Any:
    return list(Address.objects.filter(customer=found(code)).order_by("pk"))


@read(
    router,
    "/customers/{code}/notes",
    scope=SEE_NOTES,
    answer=list[NoteOut],
    summary="The newest twenty notes about a customer",
)
def customer_notes(request: HttpRequest, code: Code) -> Any:
    return details.notes(customer=found(code), limit=20)[:20]


@write(router, "/customers/{code}/notes", scope=NOTE, answer=NoteOut, summary="Write a note")
def add_customer_note(request: HttpRequest, code: Code, note: NoteIn) -> Any:
    made = notes.add(
        customer=found(code), author=asker(request), text=note.text.strip(), pops_up=note.pops_up
    )
    return Status(201, made)
