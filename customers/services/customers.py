"""Creating and changing customers: one is a set of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction

from customers.models import Customer
from customers.policies import codes
from customers.services import copying, facts, portal_logins
from herotill.errors import DomainError
from herotill.users.models import User

RINGS = ("master_is_no_ring", "customer_not_its_own_master")


@dataclass(frozen=True, slots=True)
class NewContact:
    """The primary contact a customer is created with; it holds every purpose."""

    name: str
    email: str
    phone: str
    other_emails: Sequence[str] = ()
    other_phone: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address a customer is created with."""

    kind: str
    lines: str = ""
    suburb: str = ""
    town: str = ""
    postal_code: str = ""
    directions: str = ""

    def __bool__(self) -> bool:
        return any((self.lines, self.suburb, self.town, self.postal_code, self.directions))


@dataclass(frozen=True, slots=True)
class NewBalance:
    """What the customer owed when they came over, in rand; below zero is credit."""

    amount: Decimal
    as_at: date
    source: str


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """Everything a customer is created with. `fields` are columns of Customer by attribute name.

    Who is to be made `welcome` is mailed the link to choose a password for the portal.
    """

    code: str
    fields: Mapping[str, Any]
    contact: NewContact
    addresses: Sequence[NewAddress] = ()
    category_ids: Iterable[int] = ()
    label_ids: Iterable[int] = ()
    note: str = ""
    balance: NewBalance | None = None
    welcome: bool = False


def letters(*, kind: str, company_name: str, first_names: str, surname: str) -> str:
    """The letters a new customer's code begins with."""
    if kind == Customer.Kind.COMPANY:
        return codes.company_letters(company_name)
    return codes.individual_letters(first_names, surname)


def free_code(*, letters: str) -> str:
    """The lowest free code with these letters; a preview, as long as nobody holds the letters."""
    taken = set(Customer.objects.filter(code__startswith=letters).values_list("code", flat=True))
    logins = User.objects.filter(username__istartswith=letters).values_list("username", flat=True)
    taken |= {name.upper() for name in logins}
    return codes.numbered(letters, codes.lowest_free(letters, taken))


def hold_letters(*, letters: str) -> None:
    """Until this transaction ends nobody else gives out a code with these letters, and no import any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('customer codes'))")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"customer code {letters}"])


def hold_codes() -> None:
    """Until this transaction ends nobody else gives out any code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('customer codes'))")


@transaction.atomic
def create(*, new: NewCustomer, actor: User | None) -> Customer:
    """Create one customer. A code that was proposed and is gone meanwhile becomes the next free one."""
    named = letters(
        kind=new.fields["kind"],
        company_name=new.fields.get("company_name", ""),
        first_names=new.fields.get("first_names", ""),
        surname=new.fields.get("surname", ""),
    )
    # A code that somebody typed has letters of its own; always in the same order, so that two never wait in a ring.
    for held in sorted({named, new.code[:3] or named}):
        hold_letters(letters=held)
    code = new.code or free_code(letters=named)
    if _is_taken(code):
        if not code.startswith(named):
            raise DomainError(f"The code {code} is taken by another customer or log-in.", field="code")
        code = free_code(letters=named)
    return create_many(new=[replace(new, code=code)], actor=actor)[0]


def _is_taken(code: str) -> bool:
    return Customer.objects.filter(code=code).exists() or User.objects.filter(username__iexact=code).exists()


@transaction.atomic
def create_many(*, new: Sequence[NewCustomer], actor: User | None) -> list[Customer]:
    """Create customers with contact, addresses, portal log-in and what else comes with them.

    The codes are given and free; the portal log-ins get no password until a link sets one.
    """
    made = copying.write(new, actor=actor) if new else []
    if made:
        facts.created([one.pk for one in made])
    for customer, one in zip(made, new, strict=True):
        if one.welcome:
            portal_logins.welcome(customer=customer, actor=actor)
    return made


@transaction.atomic
def update(
    *, customer: Customer, changes: Mapping[str, Any], actor: User | None, seen: int | None = None
) -> Customer:
    """Change the named fields, and nothing else. Categories and labels are given as whole sets.

    `seen` is the version that the person looked at; raises DomainError if there is another one by now.
    """
    # Not the key: a sub-account that is saved meanwhile may go on pointing here.
    locked = Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    if seen not in (None, locked.version):
        raise DomainError(
            "Somebody else changed this customer while you were typing. Look at the card, then save again."
        )
    plain = {name: value for name, value in changes.items() if name not in ("categories", "labels")}
    other = [name for name, value in plain.items() if getattr(locked, name) != value]
    if plain:
        _set(locked, plain)
    for name in ("categories", "labels"):
        if name in changes:
            getattr(locked, name).set(changes[name])
            other.append(name)
    locked.refresh_from_db()
    facts.changed({locked.pk: [name.removesuffix("_id") for name in other]})
    if "status" in other and locked.status == Customer.Status.CANCELLED:
        facts.cancelled([locked.pk])
    return locked


def _set(customer: Customer, values: Mapping[str, Any]) -> None:
    try:
        with transaction.atomic():
            Customer.objects.filter(pk=customer.pk).update(**values)
    except IntegrityError as trouble:
        if getattr(trouble.__cause__, "diag", None) and trouble.__cause__.diag.constraint_name in RINGS:  # type: ignore[union-attr]
            raise DomainError(
                "A customer cannot be its own master, directly or through others.", field="master"
            ) from None
        raise
