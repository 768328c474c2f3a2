"""Output VAT of documents, as the VAT201 asks for it: by kind of document and rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connections, transaction
from django.urls import reverse

from billing.models import DocumentKind, VatClass
from billing.policies import cutting
from herotill.money import ZERO
from herotill.reading import reading

# An adjustment carries no VAT, and history from before was declared by others.
_SUMMED = """
SELECT d.kind, l.vat_class, l.vat_rate, count(DISTINCT d.id),
       sum(CASE WHEN d.kind IN ('credit_note', 'write_off') THEN -l.excl ELSE l.excl END),
       sum(CASE WHEN d.kind IN ('credit_note', 'write_off') THEN -l.vat ELSE l.vat END),
       sum(CASE WHEN d.kind IN ('credit_note', 'write_off') THEN -l.incl ELSE l.incl END)
FROM {documents} JOIN billing_line l ON l.document_id = d.id
WHERE d.status = 'issued' AND NOT d.before AND d.kind <> 'adjustment' AND {when}
GROUP BY d.kind, l.vat_class, l.vat_rate
"""
# The sums by month as far as they have been made, and what was posted since.
_WHOLE = (
    "SELECT kind, vat_class, vat_rate, documents, excl, vat, incl FROM billing_monthvat"
    " WHERE month = ANY (%(months)s) UNION ALL"
) + _SUMMED.format(
    documents="billing_entry e JOIN billing_document d ON d.id = e.source_id AND d.kind = e.kind",
    when="e.id = ANY (ARRAY(SELECT id FROM billing_entry WHERE id > coalesce((SELECT entry_id FROM billing_revenueupto), 0)))"
    " AND e.kind IN ('invoice', 'debit_note', 'credit_note', 'write_off')"
    " AND date_trunc('month', d.document_date)::date = ANY (%(months)s)",
)
_PART = _SUMMED.format(documents="billing_document d", when="d.document_date BETWEEN %(first)s AND %(last)s")

# A document at a time along the index by date, so that the first pages cost no more than they show.
_BY_DOCUMENT = """
SELECT d.id, d.document_date, d.name, d.kind, c.name, c.code, l.vat_class, l.vat_rate,
    d.sign * l.excl, d.sign * l.vat, d.sign * l.incl
FROM (
    SELECT *, CASE WHEN kind IN ('credit_note', 'write_off') THEN -1 ELSE 1 END AS sign FROM billing_document
    WHERE status = 'issued' AND NOT before AND kind <> 'adjustment' AND document_date BETWEEN %s AND %s
    ORDER BY document_date, id LIMIT %s
) d CROSS JOIN LATERAL (
    SELECT vat_class, vat_rate, sum(excl) AS excl, sum(vat) AS vat, sum(incl) AS incl FROM billing_line
    WHERE document_id = d.id GROUP BY vat_class, vat_rate
) l JOIN customers_customer c ON c.id = d.customer_id ORDER BY d.document_date, d.id, l.vat_class, l.vat_rate DESC
"""


@dataclass(frozen=True, slots=True)
class VatRow:
    """What documents of one kind come to at one rate; credit notes and write-offs below zero."""

    kind: str
    vat_class: str
    rate: Decimal
    documents: int
    excl: Decimal
    vat: Decimal
    incl: Decimal

    @property
    def kind_label(self) -> str:
        return DocumentKind(self.kind).label

    @property
    def rate_label(self) -> str:
        return (
            f"{self.rate.normalize():f} %" if self.vat_class == "standard" else VatClass(self.vat_class).label
        )

    def as_json(self) -> dict[str, Any]:
        return {name: str(getattr(self, name)) for name in VatRow.__slots__} | {"documents": self.documents}

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> VatRow:
        amounts = {name: Decimal(found[name]) for name in ("rate", "excl", "vat", "incl")}
        return cls(kind=found["kind"], vat_class=found["vat_class"], documents=found["documents"], **amounts)


def vat201(first: date, last: date) -> list[VatRow]:
    """The documents issued with a date from `first` to `last`, by kind, class and rate."""
    whole, parts = cutting.cut(first, last)
    sums: defaultdict[tuple[str, str, Decimal], list[Any]] = defaultdict(lambda: [0, ZERO, ZERO, ZERO])
    with transaction.atomic(using=reading()), connections[reading()].cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        found = _read(cursor, _WHOLE, {"months": whole}) if whole else []
        for begin, end in parts:
            found += _read(cursor, _PART, {"first": begin, "last": end})
    for *key, documents, excl, vat, incl in found:
        kept = sums[tuple(key)]
        kept[:] = [kept[0] + documents, kept[1] + excl, kept[2] + vat, kept[3] + incl]
    return [VatRow(*key, *sums[key]) for key in sorted(sums, key=lambda key: (key[0], key[1], -key[2]))]


def _read(cursor: Any, asked: str, values: dict[str, Any]) -> list[Any]:
    cursor.execute(asked, values)
    return list(cursor.fetchall())


class VatDocument(NamedTuple):
    """What one document comes to at one rate; credit notes and write-offs below zero."""

    pk: int
    day: date
    name: str
    kind: str
    customer: str
    code: str
    vat_class: str
    rate: Decimal
    excl: Decimal
    vat: Decimal
    incl: Decimal

    @property
    def cells(self) -> list[Any]:
        """The same as a file has it."""
        words = (self.day, self.name, DocumentKind(self.kind).label, self.customer, self.code)
        return [*words, VatClass(self.vat_class).label, self.rate, self.excl, self.vat, self.incl]

    @property
    def kind_label(self) -> str:
        return DocumentKind(self.kind).label

    @property
    def url(self) -> str:
        return reverse("billing:document", args=[self.pk])


def documents(first: date, last: date, *, limit: int | None = None) -> list[VatDocument]:
    """The same, document by document in the order of dates and numbers."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(_BY_DOCUMENT, [first, last, limit])
        return [VatDocument(*row) for row in cursor.fetchall()]


def output_vat(rows: Iterable[VatRow]) -> Decimal:
    """What is owed to SARS of these."""
    return sum((row.vat for row in rows), ZERO)
