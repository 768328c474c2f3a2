"""What imports of row after row share: rows read one by one, to be judged against what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from herotill.imports.asking import UNSEEN
from herotill.imports.kinds import Line, Source
from herotill.imports.refusing import Refused, Texts

CHUNK = 2000
CREATE, SKIP, REFUSE = "create", "skip", "refuse"
WRONG_COLUMNS = "wrong_columns"
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
    source: Source,
    parse: Callable[[Texts], R],
    values: Callable[[R], Sequence[str]],
    *,
    code: Callable[[Texts], str] = lambda texts: texts.get("code", "").upper(),
) -> list[Judged[R]]:
    """Every row, parsed; what does not parse is refused, an empty row is skipped. Secret cells are masked."""
    judged: list[Judged[R]] = []
    for raw in source.sheet.rows():
        cells = source.columns.read(raw.cells)
        kept = _kept(source, cells.texts)
        one: Judged[R] = Judged(raw.line, kept, warnings=["formula"] if cells.formula else [])
        _parse(one, source.columns.by_field(cells.texts), any(cells.texts), parse, values, code)
        if source.columns.overrun(cells.texts):
            one.row, one.values = None, ()
            one.refuse(WRONG_COLUMNS)
        judged.append(one)
    source.expect(len(judged))
    return judged


def _kept(source: Source, texts: Sequence[str]) -> Sequence[str]:
    """The cells as the report keeps them; where a row stands askew, nobody knows which cell is a secret."""
    secret = [bool(field and field.secret) for field in source.columns.fields]
    if not any(secret):
        return texts
    if len(texts) != len(secret):
        return [UNSEEN if text else text for text in texts]
    return [UNSEEN if hidden and text else text for text, hidden in zip(texts, secret, strict=True)]


def _parse(
    one: Judged[R],
    texts: Texts,
    says_something: bool,
    parse: Callable[[Texts], R],
    values: Callable[[R], Sequence[str]],
    code: Callable[[Texts], str],
) -> None:
    if not says_something:
        one.skip("blank_row")
        return
    one.code, one.key = code(texts)[:60], texts.get("number", "")
    try:
        one.row = parse(texts)
        one.values = values(one.row)
    except Refused as no:
        one.refuse(no.reason)


def chunks(things: Sequence[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """The things in order, so many at once."""
    waiting = iter(things)
    while chunk := list(islice(waiting, size)):
        yield chunk
