"""Taking an import back: what it created goes unless something has come to depend on it, what it replaced returns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any

from django.db import connection

from customers.models import Category, Customer, Label
from customers.policies.importing.changes import NOTE, VALUES, Step, Values, taken_back
from customers.selectors import importing as asked
from customers.selectors import since
from customers.services import values
from herotill.imports.kinds import KEPT, REMOVED, RESTORED, STAYS, Fate, WayBack
from herotill.models import Import, ImportRow

CHUNK = 1000
GONE = "The customer has been deleted since."


@dataclass(slots=True)
class Plan:
    """What a roll-back writes: customers to remove, values to give back, notes to delete."""

    remove: list[int] = field(default_factory=list)
    held: dict[int, Values] = field(default_factory=dict)
    back: dict[int, Values] = field(default_factory=dict)
    notes: list[tuple[int, str]] = field(default_factory=list)


def plan(batch: Import, hold: bool) -> WayBack:
    """What taking the import back would do. With `hold` its customers stay as they are until it is done."""
    if hold:
        _hold(batch)
    made = Plan()
    created = list(_rows(batch).filter(outcome="create").values_list("object_id", "line", "code"))
    fates = _fates_of_created(batch, created, made)
    fates += _fates_of_updated(batch, {pk for pk, _, _ in created}, made)
    return WayBack(sorted(fates, key=lambda fate: fate.line), made)


def _rows(batch: Import) -> Any:
    return ImportRow.objects.filter(of=batch, object_id__isnull=False)


def _hold(batch: Import) -> None:
    customers = Customer.objects.filter(pk__in=_rows(batch).values("object_id"))
    list(customers.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def _fates_of_created(batch: Import, created: Sequence[tuple[int, int, str]], made: Plan) -> list[Fate]:
    ids = [pk for pk, _, _ in created]
    there = since.there(ids)
    stays = since.depended_on(batch=batch, ids=there)
    made.remove = sorted(there - stays.keys())
    return [
        Fate(line, code, STAYS, stays[pk])
        if pk in stays
        else Fate(line, code, REMOVED, "" if pk in there else GONE)
        for pk, line, code in created
    ]


def _fates_of_updated(batch: Import, created: Collection[int], made: Plan) -> list[Fate]:
    """Of a customer that the import created itself, what later lines changed goes or stays with it."""
    rows = _rows(batch).filter(after__isnull=False).order_by("object_id", "-line")
    wanted = rows.values_list("object_id", "line", "code", "before", "after").iterator(CHUNK)
    by_customer = (
        (pk, list(lines)) for pk, lines in groupby(wanted, key=lambda row: row[0]) if pk not in created
    )
    fates: list[Fate] = []
    while chunk := dict(islice(by_customer, CHUNK)):
        fates += _Chunk(chunk, made).fates()
    return fates


Lines = Sequence[tuple[int, int, str, Values, Values]]


class _Chunk:
    """Some updated customers, each with the lines that changed it, last first."""

    def __init__(self, lines: Mapping[int, Lines], made: Plan) -> None:
        self._lines = lines
        self._made = made
        self._now = asked.values_by_id(list(lines))
        self._notes = asked.notes_of(list(lines))
        self._exists = since.still_there()
        self._places = since.with_equipment(list(lines))

    def fates(self) -> Iterator[Fate]:
        for pk, lines in self._lines.items():
            if pk in self._now:
                yield from self._fates_of(pk, lines)
            else:
                yield from (Fate(line, code, KEPT, GONE) for _, line, code, _, _ in lines)

    def _fates_of(self, pk: int, lines: Lines) -> Iterator[Fate]:
        now = self._now[pk]
        back, stays = taken_back(now, [Step(line, before, after) for _, line, _, before, after in lines])
        if not back and not stays and not any(NOTE in after for *_, after in lines):
            return  # one line took back what another had changed
        lost = {name for name, value in back.items() if not self._can_return(pk, name, value)}
        self._give_back(pk, now, {name: value for name, value in back.items() if name not in lost})
        for _, line, code, _, after in lines:
            kept = [name for name in after if name in stays.get(line, ()) or name in lost]
            kept += [NOTE] if NOTE in after and not self._takes_note(pk, after[NOTE]) else []
            yield Fate(line, code, KEPT, _kept(kept)) if kept else Fate(line, code, RESTORED)

    def _can_return(self, pk: int, name: str, value: Any) -> bool:
        """Whether what a value points at is still there, and nothing stands at an address that would go."""
        if name in ("physical", "postal"):
            return value is not None or (pk, name) not in self._places
        if name in self._exists:
            ids = value if isinstance(value, list) else [value] if value else []
            return self._exists[name].issuperset(ids)
        return True

    def _give_back(self, pk: int, now: Values, back: Values) -> None:
        if back:
            self._made.held[pk], self._made.back[pk] = now | back, back

    def _takes_note(self, pk: int, text: str) -> bool:
        if text not in self._notes[pk]:
            return False
        self._made.notes.append((pk, text))
        return True


def _kept(names: Iterable[str]) -> str:
    """A sentence on the values that stay."""
    words = ", ".join(VALUES.get(name, name) for name in names)
    return f"Changed since: {words}."


def take_back(batch: Import, way: WayBack) -> None:
    """Do what was planned; the caller's transaction holds the customers since then."""
    made: Plan = way.plan
    values.write(held=made.held, changed=made.back)
    with connection.cursor() as cursor:
        cursor.execute(_NOTES, list(map(list, zip(*made.notes, strict=True))) or [[], []])
        if made.remove:
            for statement in _REMOVE:
                cursor.execute(statement, [made.remove])
    for model, name in ((Category, "category"), (Label, "label")):
        unused = model.objects.filter(pk__in=batch.made.get(name, []), customers__isnull=True)
        model.objects.filter(pk__in=list(unused.values_list("pk", flat=True))).delete()


_NOTES = """
DELETE FROM customers_customernote d USING unnest(%s::bigint[], %s::text[]) AS n(id, text)
WHERE d.customer_id = n.id AND d.text = n.text
"""
_OF = "customer_id = ANY (%s)"
_REMOVE = (
    f"DELETE FROM customers_notedismissal WHERE note_id IN (SELECT id FROM customers_customernote WHERE {_OF})",
    f"DELETE FROM customers_customernote WHERE {_OF}",
    f"DELETE FROM customers_customer_categories WHERE {_OF}",
    f"DELETE FROM customers_customer_labels WHERE {_OF}",
    f"DELETE FROM customers_openingbalance WHERE {_OF}",
    f"DELETE FROM customers_address WHERE {_OF}",
    f"DELETE FROM customers_contact WHERE {_OF}",
    f"""WITH gone AS (DELETE FROM customers_portallogin WHERE {_OF} RETURNING user_id)
    DELETE FROM users_user WHERE id IN (SELECT user_id FROM gone)""",
    f"DELETE FROM customers_customerbalance WHERE {_OF}",
    "DELETE FROM customers_customer WHERE id = ANY (%s)",
)
