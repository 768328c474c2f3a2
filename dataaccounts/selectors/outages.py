"""Whom an outage affects, who of them can be told and was, and what is out at a customer's.

An active account is affected
- at its sector;
- at the highsite of its sector, else its own, else its customer's; without any, that of its last router;
- at the router of its open sessions or its last session; without any, its sector's, else its highsite's.

`PLACES` say so as conditions on one account beside one row of `dataaccounts_outage`, so that "who is affected
by this?" and "what affects her?" can never differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from customers.models import Customer
from dataaccounts.models import Outage
from herotill.messages.models import Message
from herotill.models import Run

SUBJECT, RUN = "outage", "outage-tell"
SHOWN = 200

ACCOUNTS = """
dataaccounts_dataaccount a JOIN customers_customer c ON c.id = a.customer_id
LEFT JOIN dataaccounts_sector s ON s.id = a.sector_id
"""
_HIGHSITE = "coalesce(s.highsite_id, a.highsite_id, c.highsite_id)"
_LAST = "(SELECT r.nasipaddress FROM radacct r WHERE r.username = a.username ORDER BY r.acctstarttime DESC LIMIT 1)"
PLACES = {
    "sector": "a.sector_id = dataaccounts_outage.sector_id",
    "highsite": f"""CASE WHEN {_HIGHSITE} IS NULL THEN dataaccounts_outage.highsite_id = (
        SELECT n.highsite_id FROM dataaccounts_nas n WHERE n.address = {_LAST})
        ELSE {_HIGHSITE} = dataaccounts_outage.highsite_id END""",
    "nas": f"""EXISTS (SELECT FROM dataaccounts_nas n WHERE n.id = dataaccounts_outage.nas_id AND (
        (SELECT true FROM radacct r WHERE r.username = a.username AND r.nasipaddress = n.address
            AND r.acctstoptime IS NULL LIMIT 1)
        OR coalesce({_LAST} = n.address, s.nas_id = n.id, {_HIGHSITE} = n.highsite_id)))""",
}
# Whoever these places may affect: those whose sessions went over their routers, and those who hang at them. They are
# found along indexes, and only they are asked. Of a sector's own that is one index already.
_NEAR = """a.id IN (
    SELECT b.id FROM (SELECT DISTINCT r.username FROM dataaccounts_nas n JOIN radacct r ON r.nasipaddress = n.address
        WHERE {routers}) r JOIN dataaccounts_dataaccount b ON b.username = r.username
    UNION SELECT b.id FROM dataaccounts_nas n JOIN dataaccounts_sector t ON t.nas_id = n.id
        JOIN dataaccounts_dataaccount b ON b.sector_id = t.id WHERE {routers}
    UNION SELECT b.id FROM dataaccounts_sector t JOIN dataaccounts_dataaccount b ON b.sector_id = t.id
        WHERE t.highsite_id = {site}
    UNION SELECT b.id FROM dataaccounts_dataaccount b WHERE b.highsite_id = {site}
    UNION SELECT b.id FROM customers_customer k JOIN dataaccounts_dataaccount b ON b.customer_id = k.id
        WHERE k.highsite_id = {site})"""
NEAR = {
    "sector": "true",
    "highsite": _NEAR.format(routers="n.highsite_id = %(place)s", site="%(place)s"),
    "nas": _NEAR.format(
        routers="n.id = %(place)s", site="(SELECT highsite_id FROM dataaccounts_nas WHERE id = %(place)s)"
    ),
}
_MET = f"""
FROM dataaccounts_outage, {ACCOUNTS}
WHERE dataaccounts_outage.id = %(outage)s AND a.state = 'active' AND {{near}} AND {{place}}
"""
# Asked with LIMIT, so that it is asked of each along an index and not of everybody at once.
HAS = """((SELECT true FROM customers_contact k WHERE k.customer_id = {customer}
    AND 'outages' = ANY (k.purposes) AND k.{field} <> '' LIMIT 1) IS NOT NULL)"""
FIELDS = {"email": "email", "sms": "phone"}
_REACH = f"""
SELECT count(*), coalesce(sum(accounts), 0), count(*) FILTER (WHERE email), count(*) FILTER (WHERE sms),
    count(*) FILTER (WHERE NOT email AND NOT sms),
    count(*) FILTER (WHERE email AND EXISTS (SELECT FROM outbox_key o WHERE o.key = %(key)s || 'email-' || customer_id)),
    count(*) FILTER (WHERE sms AND EXISTS (SELECT FROM outbox_key o WHERE o.key = %(key)s || 'sms-' || customer_id))
FROM (SELECT m.*, {HAS.format(customer="m.customer_id", field="email")} AS email,
        {HAS.format(customer="m.customer_id", field="phone")} AS sms
    FROM (SELECT a.customer_id, count(*) AS accounts {_MET} GROUP BY a.customer_id) m) reached
"""
_NAMES = f"""
SELECT c.id, c.code, c.name, string_agg(a.username, ', ' ORDER BY a.username),
    {HAS.format(customer="c.id", field="email")}, {HAS.format(customer="c.id", field="phone")}
{_MET} GROUP BY c.id ORDER BY c.name_key, c.id LIMIT %(limit)s
"""
_NEXT = f"""
SELECT DISTINCT a.customer_id {_MET} AND a.customer_id > %(after)s ORDER BY a.customer_id LIMIT %(limit)s
"""


class Reach(NamedTuple):
    """How many an outage affects, who can be reached how, and who was told what is read now."""

    customers: int
    accounts: int
    email: int
    sms: int
    nobody: int
    told_email: int
    told_sms: int


@dataclass(frozen=True, slots=True)
class Affected:
    """A customer with the accounts that an outage affects, and how they can be told."""

    pk: int
    code: str
    name: str
    accounts: str
    email: bool
    sms: bool


def message_key(outage: Outage, edition: int | str) -> str:
    """How keys of messages of an outage begin; the channel and the customer follow."""
    return f"outage-{outage.pk}-{edition}-"


def _met(sql: str, outage: Outage, **more: Any) -> list[tuple[Any, ...]]:
    place, _, pk = outage.place_key.partition("-")
    with connection.cursor() as cursor:
        cursor.execute(
            sql.replace("{near}", NEAR[place]).replace("{place}", PLACES[place]),
            {"outage": outage.pk, "place": int(pk), **more},
        )
        return list(cursor.fetchall())


def reach(*, outage: Outage) -> Reach:
    """Count before anything is sent; one query."""
    return Reach(*_met(_REACH, outage, key=message_key(outage, outage.edition))[0])


def affected(*, outage: Outage, limit: int | None = SHOWN) -> list[Affected]:
    """Who is affected, by name."""
    return [Affected(*row) for row in _met(_NAMES, outage, limit=limit)]


def affected_after(*, outage: Outage, customer_id: int, limit: int) -> list[int]:
    """Ids of the next customers affected, in their order."""
    return [int(row[0]) for row in _met(_NEXT, outage, after=customer_id, limit=limit)]


def told(*, outage: Outage) -> QuerySet[Message]:
    """Messages that told somebody of this outage, unless they came to nothing."""
    nothing = ("failed", "cancelled", "suppressed")
    return Message.objects.filter(subject_kind=SUBJECT, subject_id=outage.pk).exclude(state__in=nothing)


def customers_told(outages: Sequence[int]) -> Mapping[int, int]:
    """How many customers were told of each of these, by mail or SMS."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id, count(DISTINCT customer_id) FROM outbox_message WHERE subject_kind = %s"
            " AND subject_id = ANY (%s) AND state NOT IN ('failed', 'cancelled', 'suppressed') GROUP BY 1",
            [SUBJECT, list(outages)],
        )
        return {**dict.fromkeys(outages, 0), **dict(cursor.fetchall())}


def last_run(*, outage: Outage) -> Run | None:
    """The newest run that tells of it."""
    return Run.objects.filter(kind=RUN, params__outage=outage.pk).order_by("-pk").first()


def lasting(*, now: datetime) -> QuerySet[Outage]:
    """Outages nobody ended and maintenance whose time has not gone by, begun or planned; the first first."""
    open_ones = Outage.objects.filter(Q(kind=Outage.Kind.OUTAGE) | Q(ends_at__gt=now), ended_at=None)
    return open_ones.select_related("nas", "highsite", "sector__highsite").order_by("starts_at", "pk")


def outages_of(*, customer: Customer, now: datetime) -> list[Outage]:
    """What is out, or planned, where this customer's active accounts hang; one query."""
    hers = f"FROM {ACCOUNTS} WHERE a.customer_id = %s AND a.state = 'active'"
    any_of = " OR ".join(
        f"(dataaccounts_outage.{place}_id IS NOT NULL AND EXISTS (SELECT {hers} AND {condition}))"
        for place, condition in PLACES.items()
    )
    meets = RawSQL(f"({any_of})", [customer.pk] * len(PLACES), output_field=BooleanField())
    return list(lasting(now=now).filter(meets))
