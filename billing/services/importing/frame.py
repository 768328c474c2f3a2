"""What the imports of billing share: rows read one by one, judged against what is there, written by the thousand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from billing.policies.importing.records import Refused, Texts
from customers.models import Customer
from herotill.imports.kinds import Line, Source

CHUNK = 2000
CREATE, SKIP, REFUSE = "create", "skip", "refuse"
R = TypeVar("R")


@dataclass(slots=True)
class Judged(Generic[R]):
    """A row of the file, what it says where it says something, and what is done with it.

    `key` names what it is a part of, as far as that can be read.
    """

    number: int
    cells: Sequence[str]
    row: R | None = None
    outcome: str = CREATE
    reason: str = ""
    code: str = ""
    key: str = ""
    values: Sequence[str] = ()
    object_id: int | None = None
    warnings: list[str] = field(default_factory=list)

    def refuse(self, reason: str) -> None:
        self.outcome, self.reason = REFUSE, reason

    def skip(self, reason: str) -> None:
        self.outcome, self.reason = SKIP, reason

    @property
    def stands(self) -> bool:
        return self.outcome == CREATE

    def line(self) -> Line:
        return Line(
            number=self.number,
            outcome=self.outcome,
            reason=self.reason,
            code=self.code,
            warnings=self.warnings,
            values=self.values,
            cells=self.cells,
            object_id=self.object_id,
        )


def read(
    source: Source, parse: Callable[[Texts], R], values: Callable[[R], Sequence[str]]
) -> list[Judged[R]]:
    """Every row, parsed; what does not parse is refused, an empty row is skipped."""
    judged: list[Judged[R]] = []
    for raw in source.sheet.rows():
        cells = source.columns.read(raw.cells)
        one: Judged[R] = Judged(raw.line, cells.texts, warnings=["formula"] if cells.formula else [])
        _parse(one, source, parse, values)
        judged.append(one)
    source.expect(len(judged))
    return judged


def _parse(
    one: Judged[R], source: Source, parse: Callable[[Texts], R], values: Callable[[R], Sequence[str]]
) -> None:
    if not any(one.cells):
        one.skip("blank_row")
        return
    texts = source.columns.by_field(one.cells)
    one.code, one.key = texts.get("code", "").upper()[:60], texts.get("number", "")
    try:
        one.row = parse(texts)
        one.values = values(one.row)
    except Refused as no:
        one.refuse(no.reason)


def customers_by_code(codes: Collection[str]) -> Mapping[str, int]:
    """The ids of the customers among these codes."""
    return dict(Customer.objects.filter(code__in=list(codes)).values_list("code", "pk"))


def chunks(things: Sequence[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The things in order, so many at once."""
    waiting = iter(things)
    while chunk := list(islice(waiting, size)):
        yield chunk
