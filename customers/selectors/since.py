"""What has come about since an import that its roll-back must not take away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from django.db import connection

from customers.footprints import footprints
from customers.models import (
    Address,
    Asset,
    BillingGroup,
    Category,
    Contact,
    Customer,
    CustomerBalance,
    CustomerGroup,
    CustomerNote,
    Label,
    OpeningBalance,
    PortalLogin,
)
from herotill.models import Import
from herotill.pointing import pointed_at
from herotill.users.models import User

# What an import makes with a customer. Whatever else became of these stands in the audit.
OWN = (
    Address,
    Contact,
    CustomerBalance,
    CustomerNote,
    OpeningBalance,
    PortalLogin,
    Customer.categories.through,
    Customer.labels.through,
)
CHANGED = "It has been changed since."

# Every change of a customer and what belongs to it is in the audit, whoever made it and how.
_TOUCHED = """
SELECT DISTINCT e.customer_id FROM house_auditevent e
WHERE e.customer_id = ANY (%s) AND e.at >= %s AND (e.run_id IS NULL OR NOT e.run_id = ANY (%s))
"""
_ABOVE = """
WITH RECURSIVE kept(id, master) AS (
    SELECT c.id, c.master_id FROM customers_customer c WHERE c.master_id = ANY (%(ids)s) AND NOT c.id = ANY (%(going)s)
    UNION
    SELECT c.id, c.master_id FROM customers_customer c JOIN kept k ON c.id = k.master WHERE c.id = ANY (%(ids)s)
) SELECT DISTINCT master FROM kept WHERE master = ANY (%(ids)s)
"""
_LOG_INS = """
SELECT l.customer_id, u.id, u.last_login IS NOT NULL OR u.password NOT LIKE '!%%'
FROM customers_portallogin l JOIN users_user u ON u.id = l.user_id WHERE l.customer_id = ANY (%s)
"""


def there(ids: Collection[int]) -> set[int]:
    """Which of these customers there still are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_customer WHERE id = ANY (%s)", [list(ids)])
        return {pk for (pk,) in cursor.fetchall()}


def depended_on(*, batch: Import, ids: Collection[int]) -> dict[int, str]:
    """The customers among `ids` that the import created and that must stay, each with the reason."""
    stays: dict[int, str] = {}
    for pk in _touched(batch, ids):
        stays[pk] = CHANGED
    for noun, pointing in _pointing(ids):
        stays |= {pk: f"It has {noun}." for pk in pointing if pk not in stays}
    for pk in _used_log_ins(ids):
        stays.setdefault(pk, "Its log-in to the portal has been used.")
    for pk in _masters(ids, going=set(ids) - stays.keys()):
        stays.setdefault(pk, "It has sub-accounts that stay.")
    return stays


def _pointing(ids: Collection[int]) -> Iterator[tuple[str, set[int]]]:
    traced = [model for footprint in footprints for model in footprint.models]
    yield from pointed_at(Customer, ids, besides=(*OWN, *traced, Customer))
    for footprint in footprints:
        yield footprint.noun, footprint.more_than_openings(ids)


def _touched(batch: Import, ids: Collection[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [list(ids), batch.created_at, _runs_that_do_not_count(batch)])
        return {pk for (pk,) in cursor.fetchall()}


def _runs_that_do_not_count(batch: Import) -> list[int]:
    """The import's own run, and those of imports that have been taken back since: nothing of them is left."""
    over = Import.objects.filter(state=Import.State.ROLLED_BACK).values_list("run_id", "back_run_id")
    return [batch.run_id or 0, *(pk for pair in over for pk in pair if pk)]


def _used_log_ins(ids: Collection[int]) -> set[int]:
    """Customers who came in by the portal, set a password, or were sent a link to."""
    with connection.cursor() as cursor:
        cursor.execute(_LOG_INS, [list(ids)])
        found = cursor.fetchall()
    customers = {user: customer for customer, user, _ in found}
    used = {user for _, user, is_used in found if is_used}
    for _, pointing in pointed_at(User, customers, besides=(PortalLogin,)):
        used |= pointing
    return {customers[user] for user in used}


def _masters(ids: Collection[int], *, going: Collection[int]) -> set[int]:
    """Those whose sub-accounts stay, and theirs in turn."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"ids": list(ids), "going": list(going)})
        return {pk for (pk,) in cursor.fetchall()}


def still_there() -> Mapping[str, set[int]]:
    """The ids that values of a customer may point at."""
    return {
        "customer_group": set(CustomerGroup.objects.values_list("pk", flat=True)),
        "billing_group": set(BillingGroup.objects.values_list("pk", flat=True)),
        "categories": set(Category.objects.values_list("pk", flat=True)),
        "labels": set(Label.objects.values_list("pk", flat=True)),
    }


def with_equipment(ids: Collection[int]) -> set[tuple[int, str]]:
    """The addresses, by customer and kind, at which equipment stands."""
    found = Asset.objects.filter(address__customer__in=list(ids))
    return set(found.values_list("address__customer_id", "address__kind"))
