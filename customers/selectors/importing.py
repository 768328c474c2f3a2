"""What an import asks of the database: whom the file may mean, and what they hold."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection

from customers.models import BillingGroup, Category, CustomerGroup, Label
from customers.policies.importing.changes import Values
from customers.policies.importing.outcome import Holding, Kind, Known, Wanted

_CUSTOMERS = """
SELECT c.code, c.kind, c.name, c.contact_name, c.contact_email, p.other_emails, c.contact_phone, c.status,
    coalesce(m.code, ''), c.customer_since, coalesce(o.amount, 0.00)
FROM customers_customer c
LEFT JOIN customers_contact p ON p.customer_id = c.id AND p.is_primary
LEFT JOIN customers_customer m ON m.id = c.master_id
LEFT JOIN customers_openingbalance o ON o.customer_id = c.id
WHERE {which} ORDER BY c.id
"""
_TAKEN = """
SELECT code FROM customers_customer WHERE left(code, 3) = ANY (%(letters)s)
UNION SELECT upper(username) FROM users_user WHERE upper(left(username, 3)) = ANY (%(letters)s)
"""
_VALUES = """
SELECT c.code, c.id, jsonb_build_object(
    'company_name', c.company_name, 'first_names', c.first_names, 'surname', c.surname,
    'id_number', c.id_number, 'registration_number', c.registration_number, 'vat_number', c.vat_number,
    'customer_group', c.group_id, 'billing_group', c.billing_group_id, 'status', c.status, 'customer_since', c.customer_since,
    'contact_name', p.name, 'email', p.email, 'other_emails', p.other_emails,
    'phone', p.phone, 'other_phone', p.other_phone,
    'physical', (SELECT {address} FROM customers_address a WHERE a.customer_id = c.id AND a.kind = 'physical'),
    'postal', (SELECT {address} FROM customers_address a WHERE a.customer_id = c.id AND a.kind = 'postal'),
    'categories', ARRAY(SELECT category_id FROM customers_customer_categories t
        WHERE t.customer_id = c.id ORDER BY 1),
    'labels', ARRAY(SELECT label_id FROM customers_customer_labels t WHERE t.customer_id = c.id ORDER BY 1)
)::text
FROM customers_customer c LEFT JOIN customers_contact p ON p.customer_id = c.id AND p.is_primary
WHERE {which}
"""
_ADDRESS = """jsonb_build_object(
    'lines', a.lines, 'suburb', a.suburb, 'town', a.town, 'postal_code', a.postal_code)"""


def known(wanted: Wanted) -> Known:
    """What the database holds of what a file asks for."""
    customers: dict[str, Holding] = {}
    by_email: defaultdict[str, list[str]] = defaultdict(list)
    for row in _rows(_CUSTOMERS.format(which="c.code = ANY (%s)"), [list(wanted.codes)]):
        customers[row[0]] = _holding(row)
    for row in _rows(_CUSTOMERS.format(which="lower(c.contact_email) = ANY (%s)"), [list(wanted.emails)]):
        customers[row[0]] = _holding(row)
        by_email[row[4].lower()].append(row[0])
    return Known(
        customers=customers,
        by_email=by_email,
        taken={code for (code,) in _rows(_TAKEN, {"letters": list(wanted.letters)})},
        categories=set(Category.objects.values_list("name", flat=True)),
        labels=set(Label.objects.values_list("name", flat=True)),
        groups=set(CustomerGroup.objects.values_list("name", flat=True)),
        billing_groups=set(BillingGroup.objects.values_list("name", flat=True)),
    )


def _holding(row: tuple[Any, ...]) -> Holding:
    _, kind, name, contact, email, other_emails, phone, status, master, opened, balance = row
    emails = tuple(filter(None, (email, *(other_emails or ()))))
    return Holding(Kind(kind), name, contact, emails, phone, status, master, opened, balance)


def values_by_code(codes: Collection[str]) -> dict[str, tuple[int, Values]]:
    """Id and values of these customers, by code."""
    sql = _VALUES.format(address=_ADDRESS, which="c.code = ANY (%s)")
    return {code: (pk, _read(text)) for code, pk, text in _rows(sql, [list(codes)])}


def values_by_id(ids: Collection[int]) -> dict[int, Values]:
    """The values of these customers."""
    sql = _VALUES.format(address=_ADDRESS, which="c.id = ANY (%s)")
    return {pk: _read(text) for _, pk, text in _rows(sql, [list(ids)])}


def notes_of(ids: Collection[int]) -> defaultdict[int, set[str]]:
    """What the notes of these customers say."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    for pk, text in _rows(
        "SELECT customer_id, text FROM customers_customernote WHERE customer_id = ANY (%s)", [list(ids)]
    ):
        found[pk].add(text)
    return found


def log_in_names(codes: Iterable[str]) -> set[str]:
    """Which of these codes are somebody's log-in name already, in whatever case."""
    sql = "SELECT upper(username) FROM users_user WHERE lower(username) = ANY (%s)"
    return {name for (name,) in _rows(sql, [[code.lower() for code in codes]])}


def _read(text: str) -> Values:
    values: Values = json.loads(text)
    return values


def _rows(sql: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
