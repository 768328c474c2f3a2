"""Writing new customers with everything that comes with them, by COPY: five thousand cost little more than one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import GeneratedField, Model

from customers.models import (
    ALL_PURPOSES,
    Address,
    Contact,
    Customer,
    CustomerNote,
    OpeningBalance,
    PortalLogin,
)
from customers.selectors.importing import log_in_names
from herotill.bulk import array, copy_rows
from herotill.users.models import User

if TYPE_CHECKING:
    from customers.services.customers import NewCustomer

Pairs = Sequence[tuple[int, "NewCustomer"]]

CONTACT = "customer name position email other_emails phone other_phone purposes is_primary".split()
ADDRESS = "customer kind lines suburb town postal_code directions".split()
PURPOSES = array(ALL_PURPOSES)
USER = "id username kind name password is_superuser".split()


def write(new: Sequence[NewCustomer], *, actor: User | None) -> list[Customer]:
    """Write customers, contacts, addresses, notes, balances, tags and portal log-ins, in this order."""
    ids = next_ids(Customer, len(new))
    made = [Customer(id=pk, code=one.code, **one.fields) for pk, one in zip(ids, new, strict=True)]
    _copy_customers(made)
    pairs = list(zip(ids, new, strict=True))
    copy_rows(Contact, CONTACT, (_contact(pk, one) for pk, one in pairs))
    copy_rows(Address, ADDRESS, _addresses(pairs))
    author = actor.pk if actor else None
    _copy_some(
        CustomerNote,
        ["customer", "text", "author"],
        [(pk, one.note, author) for pk, one in pairs if one.note],
    )
    _copy_some(OpeningBalance, ["customer", "amount", "as_at", "source"], list(_balances(pairs)))
    categories, labels = Customer.categories.through, Customer.labels.through
    _copy_some(
        categories, ["customer", "category"], [(pk, tag) for pk, one in pairs for tag in one.category_ids]
    )
    _copy_some(labels, ["customer", "label"], [(pk, tag) for pk, one in pairs for tag in one.label_ids])
    _copy_log_ins(pairs)
    return made


def next_ids(model: type[Model], count: int) -> list[int]:
    """Fresh ids of a model, in rising order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _copy_customers(made: Sequence[Customer]) -> None:
    """All columns that a person or a service sets; the others are the database's."""
    fields = [
        field
        for field in Customer._meta.concrete_fields
        if not isinstance(field, GeneratedField) and (field.editable or field.primary_key)
    ]
    columns = [field.attname for field in fields]
    copy_rows(
        Customer, [field.name for field in fields], ([getattr(one, name) for name in columns] for one in made)
    )
    for one in made:
        one._state.adding = False
        one._state.db = connection.alias


def _contact(pk: int, new: NewCustomer) -> tuple[Any, ...]:
    one = new.contact
    others = array(one.other_emails)
    return pk, one.name, one.position, one.email, others, one.phone, one.other_phone, PURPOSES, True


def _addresses(pairs: Pairs) -> Iterator[tuple[Any, ...]]:
    for pk, new in pairs:
        for one in new.addresses:
            if one:
                yield pk, one.kind, one.lines, one.suburb, one.town, one.postal_code, one.directions


def _balances(pairs: Pairs) -> Iterator[tuple[Any, ...]]:
    for pk, new in pairs:
        if new.balance:
            yield pk, new.balance.amount, new.balance.as_at, new.balance.source


def _copy_some(model: type[Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    if rows:
        copy_rows(model, columns, rows)


def _copy_log_ins(pairs: Pairs) -> None:
    """A log-in each, named after the code, with no password: a password hash a customer would cost 0.2 s.

    Where somebody's log-in has that name already, the customer has none until one can be opened.
    """
    names = log_in_names(one.code for _, one in pairs)
    free = [(pk, one) for pk, one in pairs if one.code not in names]
    ids, none = next_ids(User, len(free)), make_password(None)
    copy_rows(User, USER, _users(ids, free, none))
    copy_rows(
        PortalLogin, ["customer", "user"], ((pk, user) for user, (pk, _) in zip(ids, free, strict=True))
    )


def _users(ids: Iterable[int], pairs: Pairs, password: str) -> Iterator[tuple[Any, ...]]:
    for user, (_, new) in zip(ids, pairs, strict=True):
        yield user, new.code, User.Kind.PORTAL.value, new.contact.name, password, False
