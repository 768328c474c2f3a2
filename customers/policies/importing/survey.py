"""The first pass over a file: its records in outline, and what to ask of the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from customers.policies.codes import is_code
from customers.policies.importing.codes import letters_for
from customers.policies.importing.identity import Subject
from customers.policies.importing.names import Person
from customers.policies.importing.outcome import Action, Record, Wanted
from customers.policies.importing.record import read_record
from customers.policies.importing.triage import Triage
from customers.policies.names import match_key
from herotill.imports.columns import Columns
from herotill.imports.reading import Sheet

# These are told before it is known whether the customer is there already.
_TOLD_FIRST = ("bad_code", "missing_name", "too_long", "too_long_cell")


@dataclass(frozen=True, slots=True)
class Sketch:
    """What must be remembered of a record until all are read.

    `fault` refuses it whoever it is about, the others only somebody new or somebody who is there.
    """

    line: int
    subject: Subject
    letters: str
    master: str
    balance: Decimal | None
    fault: str
    fault_if_new: str
    fault_if_there: str


@dataclass(frozen=True, slots=True)
class Survey:
    """A file gone through once: its records, the rows that are none by line, and what to ask."""

    records: Sequence[Sketch]
    others: dict[int, tuple[Action, str]]
    wanted: Wanted


def survey(sheet: Sheet, columns: Columns) -> Survey:
    """Goes through a file, of which a few hundred bytes a record are kept."""
    triage = Triage(columns)
    records: list[Sketch] = []
    others: dict[int, tuple[Action, str]] = {}
    for line, cells in sheet.rows():
        read = columns.read(cells)
        verdict = triage.judge(read.texts)
        if verdict:
            others[line] = verdict
        else:
            records.append(_sketch(line, read_record(columns.by_field(read.texts))))
    return Survey(records, others, _wanted(records))


def codes_in_file(records: Sequence[Sketch]) -> set[str]:
    """The codes that stand in the file and have the form of one, those of refused records too."""
    return {sketch.subject.code for sketch in records if is_code(sketch.subject.code)}


def _sketch(line: int, record: Record) -> Sketch:
    later = [fault for fault in record.faults if fault not in _TOLD_FIRST]
    return Sketch(
        line=line,
        subject=Subject(record.code, record.kind, match_key(record.name), *record.emails[:1] or ("",)),
        letters="" if record.code else letters_for(record.company_name, Person(record.names, record.surname)),
        master=record.master,
        balance=record.balance,
        fault=_first(fault for fault in record.faults if fault in _TOLD_FIRST),
        fault_if_new=_first(later),
        fault_if_there=_first(fault for fault in later if fault not in record.excused),
    )


def _first(faults: Iterable[str]) -> str:
    return next(iter(faults), "")


def _wanted(records: Sequence[Sketch]) -> Wanted:
    without_code = [sketch for sketch in records if not sketch.subject.code]
    return Wanted(
        codes=codes_in_file(records) | {sketch.master for sketch in records if is_code(sketch.master)},
        emails={sketch.subject.email for sketch in without_code if sketch.subject.email},
        letters={sketch.letters for sketch in without_code},
    )
