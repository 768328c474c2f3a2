"""What a print shows, out of the snapshots of issued documents and their lines, which never change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.timezone import get_current_timezone

from billing.models import Letterhead, Line, Snapshot
from billing.pdf.sheets import Ageing, Correction, DocumentSheet, Kind, Party, SheetLine
from herotill.money import ZERO
from herotill.pdf import letterhead as paper

LINE = (
    "document_id text quantity unit_price excl vat incl vat_class vat_rate discount includes_vat first last"
    " for_customer_id"
).split()


def of(snapshots: Collection[int]) -> dict[int, DocumentSheet]:
    """The sheets of these snapshots, by their ids."""
    found = list(
        Snapshot.objects.filter(pk__in=snapshots)
        .select_related("document__against", "letterhead")
        .defer("letterhead__details", "letterhead__logo")
        .order_by("pk")
    )
    lines = _lines({one.document_id for one in found})
    return {one.pk: _sheet(one, lines[one.document_id]) for one in found}


def copies_of(snapshots: Collection[int]) -> dict[int, DocumentSheet]:
    """The same sheets, marked as copies."""
    return {pk: replace(sheet, copy=True) for pk, sheet in of(snapshots).items()}


def _lines(documents: set[int]) -> dict[int, list[Any]]:
    """The lines of each document in their order, as tuples of LINE."""
    found: dict[int, list[Any]] = defaultdict(list)
    rows = Line.objects.filter(document__in=documents).order_by("document_id", "position", "id")
    for row in rows.values_list(*LINE):
        found[row[0]].append(row)
    return found


def _sheet(snapshot: Snapshot, rows: Sequence[Any]) -> DocumentSheet:
    document, subs = snapshot.document, snapshot.subs or {}
    against = document.against
    return DocumentSheet(
        kind=Kind(document.kind),
        letterhead=_letterhead(snapshot.letterhead.digest, document.document_date),
        party=Party(
            snapshot.bill_to, snapshot.code, paper.address_lines(snapshot.address), snapshot.vat_number
        ),
        name=document.name,
        day=document.document_date,
        due=document.due_date,
        lines=tuple(SheetLine(*(*row[1:-1], _group(subs, row[-1]))) for row in rows),
        excl=document.excl,
        vat=document.vat,
        incl=document.incl,
        reference=document.reference,
        reason=document.reason,
        against=(against.name, against.document_date) if against else None,
        ageing=_ageing(snapshot.ageing),
        ageing_day=_day(document.issued_at or snapshot.made_at),
        correction=_correction(snapshot),
    )


def _correction(snapshot: Snapshot) -> Correction | None:
    if snapshot.version == 1:
        return None
    return Correction(snapshot.version, _day(snapshot.made_at), snapshot.reason)


def _day(moment: datetime) -> date:
    return moment.astimezone(get_current_timezone()).date()


def _group(subs: Mapping[str, str], sub: int | None) -> str:
    """The sub-account's name as it was kept; empty for the customer's own lines."""
    return str(subs.get(str(sub), "")) if sub else ""


def _ageing(kept: Sequence[Decimal | None] | None) -> Ageing:
    oldest, ninety, sixty, thirty, current = (amount or ZERO for amount in kept or [None] * 5)
    return oldest, ninety, sixty, thirty, current


@lru_cache(maxsize=32)
def _kept(digest: str) -> tuple[dict[str, Any], bytes | None]:
    """What is known by its hash is read once."""
    found = Letterhead.objects.get(digest=digest)
    return found.details, bytes(found.logo) if found.logo else None


@lru_cache(maxsize=512)
def _letterhead(digest: str, day: date) -> paper.Letterhead:
    details, logo = _kept(digest)
    return _same(paper.Letterhead.of(details, day=day, logo=logo))


@lru_cache(maxsize=64)
def _same(letterhead: paper.Letterhead) -> paper.Letterhead:
    """One object for equal ones, so that what is drawn once is found at once."""
    return letterhead
