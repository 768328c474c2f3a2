"""Carrying out what a customer asked for, by the same services as by hand. The caller holds the customer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from billing.models import PayerBank
from billing.services import mandates, payment_methods
from customers.models import Address, Contact, Customer
from customers.services import addresses, contacts, customers
from herotill.errors import DomainError
from herotill.secrets import Secret, decrypt
from herotill.typed import number
from herotill.users.models import User
from workflow.models import ChangeRequest
from workflow.policies import change_fields
from workflow.selectors import change_requests as reading

Kind = ChangeRequest.Kind


def apply(request: ChangeRequest, stands: Mapping[str, str], actor: User, now: datetime) -> None:
    """Make what is wanted stand. `stands` is what was shown beside it. Raises DomainError where it cannot be."""
    if request.kind == Kind.PAYMENT:
        _pay(request, stands, actor, now)
        return
    customer, wanted = request.customer, request.wanted
    own = {name: text for name, text in wanted.items() if name in reading.columns_of(request.kind)}
    if own:
        customers.update(customer=customer, changes=own, actor=actor)
    _contact(customer, wanted, actor)
    for kind in reading.ADDRESSES:
        _address(customer, kind, wanted, actor)


def _contact(customer: Customer, wanted: Mapping[str, str], actor: User) -> None:
    values = {column: wanted[name] for name, column in reading.CONTACT.items() if name in wanted}
    primary = Contact.objects.filter(customer=customer, is_primary=True).first()
    if not values:
        return
    if primary is None:
        raise DomainError("This customer has no primary contact to change.")
    contacts.change(contact=primary, values=values, actor=actor)


def _address(customer: Customer, kind: str, wanted: Mapping[str, str], actor: User) -> None:
    values = {name.partition("_")[2]: text for name, text in wanted.items() if name.partition("_")[0] == kind}
    if not values:
        return
    held = Address.objects.filter(customer=customer, kind=kind).first()
    if held:
        addresses.change(address=held, values=values, actor=actor)
    else:
        addresses.add(customer=customer, values=values | {"kind": kind}, actor=actor)


def _pay(request: ChangeRequest, stands: Mapping[str, str], actor: User, now: datetime) -> None:
    """Debit-order details first: another bank, account or holder ends the mandate there."""
    customer, wanted = request.customer, request.wanted
    if wanted["method"] == change_fields.DEBIT_ORDER:
        seen = int(stands[reading.DETAIL])
        mandates.save_detail(customer=customer, values=detail(request), actor=actor, now=now, seen=seen)
    payment_methods.set(customer=customer, method=wanted["method"], actor=actor, now=now)


def detail(request: ChangeRequest) -> mandates.NewDetail:
    """The account that is wanted. Without a number it is the one there is."""
    kept = cast(Secret, request.number)
    return new_detail(request.wanted, decrypt(kept.token) if kept else "")


def bank(text: str) -> PayerBank:
    """The bank with this id. Raises DomainError for one we do not know."""
    found = PayerBank.objects.filter(pk=number(text) or 0).first()
    if found is None:
        raise DomainError("Choose one of the banks.", field="bank")
    return found


def new_detail(wanted: Mapping[str, str], number: str) -> mandates.NewDetail:
    """An account as it was asked for."""
    return mandates.NewDetail(
        bank=bank(wanted["bank"]),
        branch_code=wanted["branch_code"],
        holder=wanted["holder"],
        debit_day=int(wanted["debit_day"]),
        number=number,
        branch_name=wanted["branch_name"],
        account_type=wanted["account_type"],
    )
