"""Setting many values of many customers at once, a statement a table. The import and its roll-back use it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection

from customers.policies.importing.changes import Values
from customers.services import facts

# What the statements read of each customer: its id and its values, those that stay the same among them.
_NEW = """jsonb_to_recordset(%s::jsonb) AS n(id bigint, company_name text, first_names text, surname text,
    id_number text, registration_number text, vat_number text, customer_group bigint, billing_group bigint, status text,
    customer_since date, contact_name text, email text, other_emails text[], phone text, other_phone text,
    physical jsonb, postal jsonb, categories bigint[], labels bigint[])"""

_CUSTOMER = f"""
UPDATE customers_customer c SET company_name = n.company_name, first_names = n.first_names, surname = n.surname,
    id_number = n.id_number, registration_number = n.registration_number, vat_number = n.vat_number,
    group_id = n.customer_group, billing_group_id = n.billing_group, status = n.status, customer_since = n.customer_since
FROM {_NEW} WHERE c.id = n.id
"""
_CONTACT = f"""
UPDATE customers_contact p SET name = n.contact_name, email = n.email, other_emails = n.other_emails,
    phone = n.phone, other_phone = n.other_phone
FROM {_NEW} WHERE p.customer_id = n.id AND p.is_primary
"""
_ADDRESS = f"""
INSERT INTO customers_address (customer_id, kind, lines, suburb, town, postal_code)
SELECT n.id, '{{kind}}', a.lines, a.suburb, a.town, a.postal_code
FROM {_NEW}, jsonb_to_record(n.{{kind}}) AS a(lines text, suburb text, town text, postal_code text)
WHERE jsonb_typeof(n.{{kind}}) = 'object'
ON CONFLICT (customer_id, kind) WHERE NOT (kind = 'other')
DO UPDATE SET lines = excluded.lines, suburb = excluded.suburb, town = excluded.town,
    postal_code = excluded.postal_code
"""
_NO_ADDRESS = f"""
DELETE FROM customers_address a USING {_NEW}
WHERE a.customer_id = n.id AND a.kind = '{{kind}}' AND coalesce(jsonb_typeof(n.{{kind}}), 'null') = 'null'
"""
_TAKE_OFF = f"""
DELETE FROM customers_customer_{{names}} t USING {_NEW}
WHERE t.customer_id = n.id AND NOT t.{{name}}_id = ANY (n.{{names}})
"""
_PUT_ON = f"""
INSERT INTO customers_customer_{{names}} (customer_id, {{name}}_id)
SELECT n.id, tag FROM {_NEW}, unnest(n.{{names}}) AS tag ON CONFLICT DO NOTHING
"""
_NAMES = (
    "company_name first_names surname id_number registration_number vat_number customer_group billing_group status customer_since"
).split()

# The statements that a change of a value calls for.
_STATEMENTS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    tuple(_NAMES): (_CUSTOMER,),
    ("contact_name", "email", "other_emails", "phone", "other_phone"): (_CONTACT,),
    ("physical",): (_ADDRESS.format(kind="physical"), _NO_ADDRESS.format(kind="physical")),
    ("postal",): (_ADDRESS.format(kind="postal"), _NO_ADDRESS.format(kind="postal")),
    ("categories",): (
        _TAKE_OFF.format(names="categories", name="category"),
        _PUT_ON.format(names="categories", name="category"),
    ),
    ("labels",): (
        _TAKE_OFF.format(names="labels", name="label"),
        _PUT_ON.format(names="labels", name="label"),
    ),
}

# Under which names others are told of what stands beside the customer's own row.
_TOLD = dict.fromkeys(("contact_name", "email", "other_emails", "phone", "other_phone"), "contacts") | {
    "customer_group": "group",
    "physical": "addresses",
    "postal": "addresses",
}


def write(*, held: Mapping[int, Values], changed: Mapping[int, Values]) -> None:
    """Give customers the values in `held`, all of them by id; `changed` says which of these differ.

    The caller holds the customers' rows.
    """
    with connection.cursor() as cursor:
        for names, statements in _STATEMENTS.items():
            ids = [pk for pk, values in changed.items() if not values.keys().isdisjoint(names)]
            if ids:
                _execute(cursor.execute, statements, [{"id": pk} | held[pk] for pk in ids])
    facts.changed({pk: {_TOLD.get(name, name) for name in values} for pk, values in changed.items()})
    facts.cancelled([pk for pk, values in changed.items() if values.get("status") == "cancelled"])


def _execute(execute: Callable[..., Any], statements: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    sent = json.dumps(rows)
    for statement in statements:
        execute(statement, [sent])
