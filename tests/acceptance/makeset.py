"""Makes a small set of acceptance data for the customer import, for machines that have no other.

    python -m tests.acceptance.makeset FOLDER

writes customers.csv and customers.expected.csv into FOLDER/customers. What is expected of each record
is written down by hand beside it; nothing here asks the product. All people are invented.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.acceptance.records import HEADINGS, RECORDS, Given

EXPECTED_HEADINGS = (
    "line",
    "outcome",
    "reason",
    "code",
    "warnings",
    "type",
    "name",
    "contact",
    "emails",
    "phone",
    "status",
    "master",
    "opened",
    "balance",
)


def make(folder: Path, *, encoding: str = "utf-8-sig", delimiter: str = ";") -> None:
    """Writes the set into `folder`/customers as another system would in `encoding` with `delimiter`."""
    target = folder / "customers"
    target.mkdir(parents=True, exist_ok=True)
    lines = [record_line(HEADINGS, delimiter), *(record_line(cells_of(g), delimiter) for g in RECORDS)]
    (target / "customers.csv").write_bytes("".join(lines).encode(encoding))
    with (target / "customers.expected.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([EXPECTED_HEADINGS, *expected_rows(lines)])


def record_line(cells: Sequence[str], delimiter: str) -> str:
    """One record as RFC 4180 writes it; one without cells is a blank line."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerow(cells)
    return text.getvalue()


def cells_of(given: Given) -> Sequence[str]:
    """The cells of a record in the order of the headings, or as they are where it has none."""
    if isinstance(given.cells, dict):
        return [given.cells.get(heading.strip(), "") for heading in HEADINGS]
    return given.cells


def expected_rows(lines: Sequence[str]) -> Iterator[list[str]]:
    """What is expected of each record, with the line on which it begins."""
    line = 1
    for text, given in zip(lines, [None, *RECORDS], strict=True):
        if given:
            yield [str(line), *(given.expected.get(heading, "") for heading in EXPECTED_HEADINGS[1:])]
        line += text.count("\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
