"""What is read of change requests: what stands now, what is wanted, and where the two differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from billing.models import DebitDetail, PayerBank
from billing.selectors import mandates
from customers.models import Address, Contact, Customer
from customers.policies import phones
from workflow.models import ChangeRequest
from workflow.policies import change_fields
from workflow.policies.change_fields import WantedField

NOBODYS = "••••"
CONTACT = {"contact_name": "name", "email": "email", "phone": "phone", "other_phone": "other_phone"}
ADDRESSES = ("physical", "postal")
BRANCH = ("debit_day", "branch_name", "branch_code", "holder", "account_type")
# Beside the fields of the list: the account number, which stands apart, and the debit-order details it is of.
NUMBER = WantedField("number", "Account number", section="Account")
DETAIL = "detail"


def current(customer: Customer, kind: str) -> dict[str, str]:
    """How everything that a request of this kind may ask for stands now, as texts by field."""
    if kind == ChangeRequest.Kind.PAYMENT:
        return _payment(customer)
    found = {name: getattr(customer, name) for name in columns_of(kind)} | _contact(customer)
    found = {one.name: found[one.name] for one in change_fields.FIELDS[kind] if one.name in found}
    return found | (_addresses(customer) if kind == ChangeRequest.Kind.DETAILS else {})


def columns_of(kind: str) -> list[str]:
    """The fields of a kind that are columns of the customer."""
    columns = {field.name for field in Customer._meta.concrete_fields}
    return [one.name for one in change_fields.FIELDS[kind] if one.name in columns and one.name not in CONTACT]


def _contact(customer: Customer) -> dict[str, str]:
    found = Contact.objects.filter(customer=customer, is_primary=True).first()
    return {name: getattr(found, column) if found else "" for name, column in CONTACT.items()}


def _addresses(customer: Customer) -> dict[str, str]:
    held = {one.kind: one for one in Address.objects.filter(customer=customer, kind__in=ADDRESSES)}
    names = (one.name for one in change_fields.FIELDS[change_fields.DETAILS])
    return {
        name: getattr(held.get(kind), column, "")
        for name in names
        for kind, _, column in [name.partition("_")]
        if kind in ADDRESSES
    }


def _payment(customer: Customer) -> dict[str, str]:
    held = mandates.current_detail(customer.pk)
    account = {name: str(getattr(held, name)) if held else "" for name in BRANCH}
    return {
        "method": customer.payment_method,
        **account,
        "bank": str(held.bank_id) if held else "",
        "number": str(held.number) if held else "",
        DETAIL: str(held.pk) if held else "0",
    }


@dataclass(frozen=True, slots=True)
class Row:
    """One field: as it stands, as it is wanted, and what changed since. `hidden` ones are not for this person.

    `since_asked` is how it stood when the request was made, where that is something else by now.
    """

    field: WantedField
    current: str
    wanted: str
    differs: bool
    mark: str
    hidden: bool = False
    since_asked: str = ""
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """A request beside what stands. `shown` is the mark of all of it, by which accepting knows what was seen."""

    rows: list[Row]
    version: int

    @property
    def shown(self) -> str:
        return ",".join(row.mark for row in self.rows)

    @property
    def hides(self) -> bool:
        """Whether something in it is not for this person, who cannot accept it then."""
        return any(row.hidden and row.differs for row in self.rows)

    @property
    def moved(self) -> list[str]:
        return [row.field.full_label for row in self.rows if row.moved]


def comparison(
    request: ChangeRequest, *, sees: Collection[str] = (change_fields.SEES_ID,), looked_at: str = ""
) -> Comparison:
    """A request beside what stands now, or stood when it was decided. `sees` are the person's rights to see more.

    `looked_at` is an earlier `shown`: rows that say something else by now are `moved`.
    """
    stands = current(request.customer, request.kind) if request.state == "waiting" else request.seen
    wanted = request.wanted
    known = looked_at.split(",") if looked_at else []
    banks = _bank_names([stands, wanted, request.seen])
    rows = []
    for place, field in enumerate(_fields(request.kind)):
        if field.name not in wanted:
            continue
        now, asked, before = stands.get(field.name, ""), wanted[field.name], request.seen.get(field.name, "")
        mark = f"{place}:{_mark(request, now, asked, stands.get(DETAIL, ''))}"
        rows.append(
            Row(
                field=field,
                current=_words(field, now, banks),
                wanted=_words(field, asked, banks),
                differs=now != asked or _is_other_number(request, field),
                mark=mark,
                hidden=bool(field.sees) and field.sees not in sees,
                since_asked=(_words(field, before, banks) or "nothing") if before != now else "",
                moved=bool(known) and mark not in known,
            )
        )
    return Comparison([_hide(row) for row in rows], request.version)


def _is_other_number(request: ChangeRequest, field: WantedField) -> bool:
    """Two numbers may end alike; one is kept with the request only where it is another."""
    return field is NUMBER and bool(request.number)


def _fields(kind: str) -> Iterable[WantedField]:
    listed = change_fields.FIELDS[kind]
    return (*listed, NUMBER) if kind == ChangeRequest.Kind.PAYMENT else listed


def _mark(request: ChangeRequest, *values: str) -> str:
    """Says without its text what a row showed."""
    return salted_hmac("workflow.change_requests", repr((request.pk, values))).hexdigest()[:10]


def _hide(row: Row) -> Row:
    if not row.hidden:
        return row
    now, asked, before = (NOBODYS if text else "" for text in (row.current, row.wanted, row.since_asked))
    return Row(row.field, now, asked, row.differs, row.mark, True, before, row.moved)


def _bank_names(values: Iterable[Mapping[str, str]]) -> dict[str, str]:
    ids = {one["bank"] for one in values if one.get("bank")}
    found = PayerBank.objects.filter(pk__in=ids) if ids else PayerBank.objects.none()
    return {str(one.pk): one.name for one in found}


def in_words(fields: Iterable[WantedField], values: Mapping[str, str]) -> list[str]:
    """The values of some fields as people read them."""
    banks = _bank_names([values])
    return [_words(field, values.get(field.name, ""), banks) for field in fields]


def _words(field: WantedField, text: str, banks: Mapping[str, str]) -> str:
    """A value as people read it."""
    if field.choices is not None:
        return field.choices.get(text, text)
    if field.name == "bank":
        return banks.get(text, text)
    return phones.national(text) if field.reads == "phone" and text else text


def ends_mandate(request: ChangeRequest) -> bool:
    """Whether accepting ends a mandate: there is one, and another bank, account or holder is wanted."""
    held = mandates.current_detail(request.customer_id)
    if held is None or request.wanted.get("method") != change_fields.DEBIT_ORDER:
        return False
    return bool(mandates.open_mandate(request.customer_id)) and not _same_account(held, request)


def _same_account(held: DebitDetail, request: ChangeRequest) -> bool:
    wanted = request.wanted
    said = (str(held.bank_id), held.branch_code, held.account_type, held.holder)
    asked = tuple(wanted.get(name) for name in ("bank", "branch_code", "account_type", "holder"))
    return said == asked and not request.number


def rights_to_accept(request: ChangeRequest) -> set[str]:
    """What somebody must be allowed beside deciding: what they would need to make the change by hand."""
    if request.kind == ChangeRequest.Kind.PAYMENT:
        rights = {"billing.change_billingprofile"}
        return rights | (
            {"billing.add_debitdetail"}
            if request.wanted.get("method") == change_fields.DEBIT_ORDER
            else set()
        )
    sensitive = [one for one in change_fields.FIELDS[request.kind] if one.sees]
    touched = any(request.wanted.get(one.name, "") != request.seen.get(one.name, "") for one in sensitive)
    needed = {"customers.change_customer"}
    return needed | ({"customers.change_id_numbers", change_fields.SEES_ID} if touched else set())


def waiting() -> QuerySet[ChangeRequest]:
    """What waits for a decision."""
    return ChangeRequest.objects.filter(state=ChangeRequest.State.WAITING)


def waiting_of(customer: Customer) -> QuerySet[ChangeRequest]:
    return waiting().filter(customer=customer)


def of(customer: Customer, *, limit: int = 10) -> list[ChangeRequest]:
    """A customer's requests, the newest first."""
    found = ChangeRequest.objects.filter(customer=customer).select_related("asked_by", "decided_by")
    return list(found.order_by("-id")[:limit])


def one(pk: int) -> ChangeRequest | None:
    """A request with whose it is and who had to do with it."""
    found = ChangeRequest.objects.select_related("customer", "customer__master", "asked_by", "decided_by")
    return found.filter(pk=pk).first()
