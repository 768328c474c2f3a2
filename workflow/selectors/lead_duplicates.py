"""Who may be known already: customers and leads with the same phone number, email, ID number or address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from herotill.folding import fold
from workflow.models import Lead

MOST = 10
WORDS = {"phone": "phone number", "email": "email", "id": "ID number", "address": "address"}
NO_NUMBER = "000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What is asked for. `town` narrows an address; the ID number is given only by who may see it."""

    phones: tuple[str, ...] = ()
    email: str = ""
    id_number: str = ""
    lines: str = ""
    suburb: str = ""
    town: str = ""

    @property
    def place(self) -> str:
        """The address by its key; a street alone says little, so it takes one."""
        return fold(f"{self.lines} {self.suburb}".strip(" "))[:200] if self.lines.strip() else ""

    def pairs(self) -> list[tuple[str, str, str]]:
        """What is asked as kind and value, with the town beside an address."""
        asked = [("phone", one, "") for one in self.phones if one and not one.endswith(NO_NUMBER)]
        asked += [("email", self.email.lower(), ""), ("id", self.id_number, "")]
        asked += [("address", self.place, fold(self.town))]
        return [one for one in asked if one[1]]


@dataclass(slots=True)
class Likeness:
    """A customer or lead that is like what was asked for, and by what."""

    kind: str
    pk: int
    name: str
    code: str
    state: str
    by: list[str] = field(default_factory=list)

    @property
    def is_lead(self) -> bool:
        return self.kind == "lead"

    @property
    def same(self) -> str:
        """`phone number, email`."""
        return ", ".join(WORDS[one] for one in self.by)

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


_FOUND = """
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(%(probes)s::int[], %(kinds)s::text[], %(values)s::text[], %(towns)s::text[])
        AS it(probe, by, value, town)
), leads AS (
    SELECT a.probe, a.by, l.id FROM asked a JOIN workflow_lead l ON l.phone = a.value
        WHERE a.by = 'phone' AND l.phone <> ''
    UNION SELECT a.probe, a.by, l.id FROM asked a JOIN workflow_lead l ON l.other_phone = a.value
        WHERE a.by = 'phone' AND l.other_phone <> ''
    UNION SELECT a.probe, a.by, l.id FROM asked a JOIN workflow_lead l ON l.email = a.value
        WHERE a.by = 'email' AND l.email <> ''
    UNION SELECT a.probe, a.by, l.id FROM asked a JOIN workflow_lead l ON l.id_number = a.value
        WHERE a.by = 'id' AND l.id_number <> ''
    UNION SELECT a.probe, a.by, l.id FROM asked a JOIN workflow_lead l ON l.address_key = a.value
        WHERE a.by = 'address' AND l.lines <> '' AND (a.town = '' OR l.town = '' OR house_fold(l.town) = a.town)
), customers AS (
    SELECT a.probe, a.by, c.id FROM asked a JOIN customers_customer c ON c.contact_phone = a.value
        WHERE a.by = 'phone'
    UNION SELECT a.probe, a.by, c.customer_id FROM asked a JOIN customers_contact c ON c.phone = a.value
        WHERE a.by = 'phone' AND NOT c.is_primary AND c.phone <> ''
    UNION SELECT a.probe, a.by, c.customer_id FROM asked a JOIN customers_contact c ON c.other_phone = a.value
        WHERE a.by = 'phone' AND c.other_phone <> ''
    UNION SELECT a.probe, a.by, c.id FROM asked a JOIN customers_customer c ON c.contact_email = a.value
        WHERE a.by = 'email'
    UNION SELECT a.probe, a.by, c.customer_id FROM asked a JOIN customers_contact c ON c.email = a.value
        WHERE a.by = 'email' AND NOT c.is_primary AND c.email <> ''
    UNION SELECT a.probe, a.by, c.id FROM asked a JOIN customers_customer c ON c.id_number = a.value
        WHERE a.by = 'id' AND c.id_number <> ''
    UNION SELECT a.probe, a.by, c.customer_id FROM asked a
        JOIN customers_address c ON left(house_fold(btrim(c.lines || ' ' || c.suburb)), 200) = a.value
        WHERE a.by = 'address' AND c.kind = 'physical' AND c.lines <> ''
            AND (a.town = '' OR c.town = '' OR house_fold(c.town) = a.town)
)
SELECT f.probe, f.by, 'lead', l.id, l.name, 'L' || l.id, s.name
FROM leads f JOIN workflow_lead l ON l.id = f.id JOIN workflow_step s ON s.key = l.step_id
WHERE l.merged_into_id IS NULL AND l.forgotten_on IS NULL
UNION ALL
SELECT f.probe, f.by, 'customer', c.id, c.name, c.code, c.status
FROM customers f JOIN customers_customer c ON c.id = f.id
ORDER BY 1, 3, 4, 2
"""


def of_many(probes: Mapping[int, Probe]) -> dict[int, list[Likeness]]:
    """Who is like each of these, customers first; those without a likeness are not in it."""
    asked = [(number, *pair) for number, probe in probes.items() for pair in probe.pairs()]
    if not asked:
        return {}
    numbers, kinds, values, towns = (list(column) for column in zip(*asked, strict=True))
    found: defaultdict[int, dict[tuple[str, int], Likeness]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, {"probes": numbers, "kinds": kinds, "values": values, "towns": towns})
        for number, by, kind, pk, name, code, state in cursor.fetchall():
            found[number].setdefault((kind, pk), Likeness(kind, pk, name, code, state)).by.append(by)
    return {number: list(likenesses.values()) for number, likenesses in found.items()}


def of(probe: Probe, *, apart_from: Lead | None = None) -> list[Likeness]:
    """Up to ten customers and leads that are like this one, the most alike first; not the lead itself, nor its customer."""
    found = of_many({0: probe}).get(0, [])
    own = {("lead", apart_from.pk), ("customer", apart_from.customer_id)} if apart_from else set()
    others = [one for one in found if (one.kind, one.pk) not in own]
    return sorted(others, key=lambda one: -len(one.by))[:MOST]


def of_lead(lead: Lead, *, sees_numbers: bool) -> list[Likeness]:
    """Who is like a lead that is there already."""
    return of(probe_of(lead, sees_numbers=sees_numbers), apart_from=lead)


def probe_of(lead: Lead, *, sees_numbers: bool) -> Probe:
    """What is asked for a lead."""
    return Probe(
        phones=(lead.phone, lead.other_phone),
        email=lead.email,
        id_number=lead.id_number if sees_numbers else "",
        lines=lead.lines,
        suburb=lead.suburb,
        town=lead.town,
    )


def open_leads_of(phones: Sequence[str], email: str) -> list[int]:
    """Leads on their way that are reached by one of these numbers or by this address, the newest first."""
    found = of_many({0: Probe(phones=tuple(phones), email=email)}).get(0, [])
    rows = Lead.objects.filter(pk__in=[one.pk for one in found if one.is_lead])
    return list(rows.exclude(step__in=("won", "lost")).order_by("-pk").values_list("pk", flat=True))
