"""The import of a whole file in two passes: a survey of what it holds, then an outcome for each row.

    surveyed = survey(sheet, columns)
    known = (what the caller finds in the database for surveyed.wanted)
    for outcome in outcomes(sheet, columns, surveyed, known): ...

Between the passes only the survey is kept, so that memory stays modest for a large file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from customers.policies.importing.decisions import Decision, decide
from customers.policies.importing.holdings import Holdings
from customers.policies.importing.outcome import Action, Known, Outcome, Record
from customers.policies.importing.record import read_record
from customers.policies.importing.survey import Survey, survey
from customers.policies.importing.tags import Names
from herotill.imports.columns import Columns
from herotill.imports.reading import Row, Sheet

__all__ = ["outcomes", "survey"]


def outcomes(sheet: Sheet, columns: Columns, surveyed: Survey, known: Known) -> Iterator[Outcome]:
    """The second pass: what is done with each row of the file, in its order."""
    decisions = decide(surveyed.records, known)
    second = _SecondPass(columns, decisions, known)
    waiting = iter(decisions)
    for row in sheet.rows():
        verdict = surveyed.others.get(row.line)
        if verdict:
            yield Outcome(row.line, *verdict, cells=row.cells)
        else:
            yield second.outcome(row, next(waiting))


class _SecondPass:
    """What builds up while the outcomes are told: names brought by records, and what customers hold."""

    def __init__(self, columns: Columns, decisions: Sequence[Decision], known: Known) -> None:
        self._columns = columns
        self._categories = Names(known.categories)
        self._labels = Names(known.labels)
        self._groups = Names(known.groups)
        self._billing_groups = Names(known.billing_groups)
        updated = {decision.code for decision in decisions if decision.action is Action.UPDATE}
        self._holdings = Holdings(known.customers, updated=updated)

    def outcome(self, row: Row, decision: Decision) -> Outcome:
        read = self._columns.read(row.cells)
        record = read_record(self._columns.by_field(read.texts), formula=read.formula)
        if decision.action is Action.REFUSE:
            return Outcome(row.line, decision.action, decision.reason, record=record, cells=row.cells)
        return self._accepted(row, decision, record)

    def _accepted(self, row: Row, decision: Decision, record: Record) -> Outcome:
        creates = decision.action is Action.CREATE
        hold = self._holdings.create if creates else self._holdings.update
        category, category_created = self._categories.bring(record.category)
        label, label_created = self._labels.bring(record.label)
        group = self._groups.find(record.group)
        billing_group = self._billing_groups.find(record.billing_group)
        told = {
            "category_created": category_created,
            "label_created": label_created,
            "unknown_group": bool(record.group) and not group,
            "unknown_run": bool(record.billing_group) and not billing_group,
            "status_assumed": creates and not record.status,
        }
        warnings = record.warnings | decision.warnings | {name for name, applies in told.items() if applies}
        return Outcome(
            line=row.line,
            action=decision.action,
            code=decision.code,
            warnings=tuple(sorted(warnings)),
            record=record,
            holding=hold(decision.code, record),
            category=category,
            label=label,
            group=group,
            billing_group=billing_group,
            cells=row.cells,
        )
