"""Writing what an import decides: set by set, in one transaction that the caller opens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection

from customers.models import (
    Address,
    BillingGroup,
    Category,
    CustomerGroup,
    CustomerNote,
    Label,
)
from customers.policies.importing.changes import (
    NO_ADDRESS,
    NOTE,
    Ids,
    Values,
    changes,
    physical_of,
    postal_of,
)
from customers.policies.importing.engine import outcomes, survey
from customers.policies.importing.outcome import Action, Kind, Outcome, Record
from customers.policies.importing.report import report_line
from customers.selectors import importing as asked
from customers.services import values
from customers.services.customers import (
    NewAddress,
    NewBalance,
    NewContact,
    NewCustomer,
    create_many,
    hold_codes,
)
from herotill.bulk import copy_rows
from herotill.imports.kinds import Line, Source

CHUNK = 1000
MOST_PENDING = 5000
_TOLD = 3  # the report's columns that a Line has fields for: line, outcome, reason

_HOLD = "SELECT id FROM customers_customer WHERE code = ANY (%s) ORDER BY id FOR NO KEY UPDATE"
_MASTERS = """
UPDATE customers_customer c SET master_id = m.id
FROM unnest(%s::bigint[], %s::text[]) AS n(id, master) JOIN customers_customer m ON m.code = n.master
WHERE c.id = n.id
"""


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each record. Nothing is written or held."""
    return (_line(outcome) for outcome in _outcomes(source))


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same; exhaust it, for masters are set at the end."""
    hold_codes()
    return _Writer(source).lines(_outcomes(source, hold=True))


def _outcomes(source: Source, *, hold: bool = False) -> Iterator[Outcome]:
    surveyed = survey(source.sheet, source.columns)
    source.expect(len(surveyed.records) + len(surveyed.others))
    if hold:
        with connection.cursor() as cursor:
            cursor.execute(_HOLD, [list(surveyed.wanted.codes)])
    yield from outcomes(source.sheet, source.columns, surveyed, asked.known(surveyed.wanted))


def _line(outcome: Outcome) -> Line:
    return Line(
        number=outcome.line,
        outcome=outcome.action.value,
        reason=outcome.reason,
        code=outcome.code,
        warnings=outcome.warnings,
        values=report_line(outcome)[_TOLD:],
        cells=outcome.cells,
    )


class _Tags:
    """Categories or labels by name; those that the file brings are created as written."""

    def __init__(self, model: type[Category] | type[Label], made: list[int]) -> None:
        self._model = model
        self._made = made
        self._ids: dict[str, int] = dict(model.objects.values_list("name", "pk"))

    def bring(self, names: Iterable[str]) -> None:
        for name in dict.fromkeys(names):
            if name and name not in self._ids:
                self._ids[name] = self._create(name)
                self._made.append(self._ids[name])

    def _create(self, name: str) -> int:
        if self._model is Category:
            return Category.objects.create(name=name).pk
        colour = name.lower() if name.lower() in Label.Colour.values else Label.Colour.GREY
        return Label.objects.create(name=name, colour=colour).pk

    def find(self, name: str) -> int | None:
        return self._ids.get(name)


class _Pending:
    """Changes not yet written. A file that says one thing and later another changes a customer once, or never."""

    def __init__(self) -> None:
        self.held: dict[int, Values] = {}
        self._were: dict[int, Values] = {}

    def put(self, pk: int, now: Values, new: Values) -> None:
        self._were.setdefault(pk, now)
        self.held[pk] = now | new

    def write(self) -> None:
        changed = {pk: _difference(self.held[pk], were) for pk, were in self._were.items()}
        values.write(held=self.held, changed={pk: new for pk, new in changed.items() if new})
        self.held, self._were = {}, {}


def _difference(held: Values, were: Values) -> Values:
    return {name: value for name, value in held.items() if value != were[name]}


class _Writer:
    """One import being written, a thousand records at a time."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._categories = _Tags(Category, source.made.setdefault("category", []))
        self._labels = _Tags(Label, source.made.setdefault("label", []))
        self._billing_groups = dict(BillingGroup.objects.values_list("name", "pk"))
        self._groups = {group.name: group for group in CustomerGroup.objects.all()}
        self._usual = next(group for group in self._groups.values() if group.is_default)
        self._masters: list[tuple[int, str]] = []
        self._pending = _Pending()

    def lines(self, told: Iterator[Outcome]) -> Iterator[Line]:
        while chunk := list(islice(told, CHUNK)):
            lines = [_line(outcome) for outcome in chunk]
            pairs = list(zip(chunk, lines, strict=True))
            self._categories.bring(outcome.category for outcome in chunk)
            self._labels.bring(outcome.label for outcome in chunk)
            self._create([pair for pair in pairs if pair[0].action is Action.CREATE])
            self._update([pair for pair in pairs if pair[0].action is Action.UPDATE])
            yield from lines
        self._pending.write()
        self._set_masters()

    def _create(self, pairs: Sequence[tuple[Outcome, Line]]) -> None:
        made = create_many(new=[self._new(outcome) for outcome, _ in pairs], actor=self._source.actor)
        for customer, (outcome, line) in zip(made, pairs, strict=True):
            line.object_id = customer.pk
            if outcome.holding and outcome.holding.master:
                self._masters.append((customer.pk, outcome.holding.master))

    def _new(self, outcome: Outcome) -> NewCustomer:
        record, held = outcome.record, outcome.holding
        assert record
        assert held
        ids = self._ids(outcome)
        return NewCustomer(
            code=outcome.code,
            fields=self._fields(record)
            | {
                "status": held.status,
                "group": self._groups.get(outcome.group, self._usual),
                "billing_group_id": ids.billing_group,
            },
            contact=NewContact(
                name=held.contact_name,
                email=held.emails[0],
                other_emails=held.emails[1:],
                phone=held.phone,
                other_phone=record.other_phone,
            ),
            addresses=_addresses(record),
            category_ids=[ids.category] if ids.category else [],
            label_ids=[ids.label] if ids.label else [],
            note=record.note_text,
            balance=self._balance(record),
        )

    def _fields(self, record: Record) -> Values:
        is_company = record.kind is Kind.COMPANY
        return {
            "kind": record.kind.value,
            "company_name": record.company_name,
            "first_names": "" if is_company else record.names,
            "surname": "" if is_company else record.surname,
            "id_number": record.id_number,
            "registration_number": record.registration_number,
            "vat_number": record.vat_number,
            "customer_since": record.opened,
        }

    def _balance(self, record: Record) -> NewBalance | None:
        if not record.balance:
            return None
        assert self._source.day, "An opening balance has a day."
        return NewBalance(record.balance, self._source.day, self._source.file_name)

    def _ids(self, outcome: Outcome) -> Ids:
        group = self._groups.get(outcome.group)
        return Ids(
            group=group.pk if group else None,
            billing_group=self._billing_groups.get(outcome.billing_group),
            category=self._categories.find(outcome.category),
            label=self._labels.find(outcome.label),
        )

    def _update(self, pairs: Sequence[tuple[Outcome, Line]]) -> None:
        found = asked.values_by_code({outcome.code for outcome, _ in pairs})
        for outcome, line in pairs:
            pk, now = found[outcome.code]
            now = self._pending.held.get(pk, now)
            new = changes(now, outcome, self._ids(outcome))
            if new:
                line.object_id, line.before, line.after = pk, {name: now[name] for name in new}, new
                self._pending.put(pk, now, new)
        self._add_notes([(found[outcome.code][0], outcome, line) for outcome, line in pairs])
        if len(self._pending.held) > MOST_PENDING:
            self._pending.write()

    def _add_notes(self, updates: Sequence[tuple[int, Outcome, Line]]) -> None:
        """The notes that the customers have not got yet."""
        noted = [(pk, o.record.note_text, line) for pk, o, line in updates if o.record and o.record.note_text]
        there = asked.notes_of({pk for pk, _, _ in noted})
        rows = []
        for pk, text, line in noted:
            if text not in there[pk]:
                there[pk].add(text)
                rows.append((pk, text, self._source.actor.pk if self._source.actor else None))
                line.object_id = pk
                line.before, line.after = (
                    {**(line.before or {}), NOTE: None},
                    {**(line.after or {}), NOTE: text},
                )
        if rows:
            copy_rows(CustomerNote, ["customer", "text", "author"], rows)

    def _set_masters(self) -> None:
        if self._masters:
            ids, codes = map(list, zip(*self._masters, strict=True))
            with connection.cursor() as cursor:
                cursor.execute(_MASTERS, [ids, codes])


def _addresses(record: Record) -> list[NewAddress]:
    kinds = ((Address.Kind.PHYSICAL, physical_of(record)), (Address.Kind.POSTAL, postal_of(record)))
    return [NewAddress(kind=kind.value, **(NO_ADDRESS | parts)) for kind, parts in kinds if parts]
