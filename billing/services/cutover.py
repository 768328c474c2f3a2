"""Taking over debtors: the old system's age analysis is read in, compared, and signed once both are the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import TakeOver, TakeOverRow
from billing.selectors import cutover
from herotill.bulk import copy_rows
from herotill.errors import DomainError
from herotill.imports.amounts import read_amount
from herotill.models import Import
from herotill.money import ZERO
from herotill.users.models import User

LARGEST = 20_000_000  # octets
# What old systems call the columns; the first that fits is taken.
HEADINGS = {
    "code": ("code", "account", "account code", "customer code", "customer"),
    "days120": ("120 days+", "120+ days", "120+", "120 days", "120"),
    "days90": ("90 days", "90+", "90"),
    "days60": ("60 days", "60"),
    "days30": ("30 days", "30"),
    "current": ("current", "0 days", "0-29"),
}
Row = tuple[int, str, Decimal, Decimal, Decimal, Decimal, Decimal]


@transaction.atomic
def upload(*, content: bytes, file_name: str, as_at: date, actor: User) -> TakeOver:
    """Read the old age analysis (CSV: code and the five buckets). Raises DomainError for what cannot be read."""
    if len(content) > LARGEST:
        raise DomainError("This file is too large for an age analysis.", field="file")
    take_over = TakeOver.objects.create(as_at=as_at, file_name=file_name[:200], uploaded_by=actor)
    copy_rows(
        TakeOverRow,
        ("take_over", "code", "days120", "days90", "days60", "days30", "current"),
        list(_rows(take_over.pk, content)),
    )
    return take_over


def _rows(take_over: int, content: bytes) -> Iterator[Row]:
    text = _text(content)
    lines = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    places = _places(next(lines, []))
    seen: set[str] = set()
    for number, cells in enumerate(lines, start=2):
        code = cells[places["code"]].strip().upper() if len(cells) > places["code"] else ""
        if not code or code == "TOTAL":
            continue
        if code in seen:
            raise DomainError(f"Line {number}: {code} stands there twice.", field="file")
        seen.add(code)
        yield take_over, code[:40], *_amounts(cells, places, number)


def _amounts(
    cells: list[str], places: dict[str, int], number: int
) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
    def amount(name: str) -> Decimal:
        said = cells[places[name]].strip() if len(cells) > places[name] else ""
        read = read_amount(said) if said else ZERO
        if read is None:
            raise DomainError(f"Line {number}: {said[:40]} is no amount.", field="file")
        return read

    return amount("days120"), amount("days90"), amount("days60"), amount("days30"), amount("current")


def _places(heading: list[str]) -> dict[str, int]:
    names = [" ".join(cell.lower().split()) for cell in heading]
    places = {}
    for field, known in HEADINGS.items():
        found = next((names.index(name) for name in known if name in names), None)
        if found is None:
            raise DomainError(f"There is no column {known[0]!r} in this file.", field="file")
        places[field] = found
    return places


def _delimiter(text: str) -> str:
    """What stands between cells: most often in the heading."""
    heading = text.partition("\n")[0]
    return max(",;\t", key=heading.count)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


@transaction.atomic
def sign(*, take_over: TakeOver, actor: User, now: datetime) -> None:
    """Sign that the debtors taken over are those of the old system.

    Raises DomainError while a customer or bucket differs, and for an upload that is signed or not the newest.
    """
    found = TakeOver.objects.select_for_update().get(pk=take_over.pk)
    if found.signed_at:
        raise DomainError("This is signed already.")
    if Import.at_work().exists():
        raise DomainError("An import is at work just now; wait for its end.")
    if found.pk != TakeOver.objects.order_by("-pk").values_list("pk", flat=True).first():
        raise DomainError("A newer age analysis was uploaded; sign that one.")
    compared = cutover.comparison(found)
    if compared.differences:
        count = len(compared.differences)
        raise DomainError(
            f"{count:,} customer{' differs' if count == 1 else 's differ'} still; nothing was signed."
        )
    if not compared.rows:
        raise DomainError("There is nothing in it to sign.")
    found.signed_by, found.signed_at = actor, now
    found.save(update_fields=["signed_by", "signed_at"])
