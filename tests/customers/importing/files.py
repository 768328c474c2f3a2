"""Small files for stories: a record is what is odd about it, the rest is as usual."""

from __future__ import annotations

import csv
import io

from customers.policies.importing.outcome import Known, Outcome
from tests.acceptance.records import HEADINGS, company, person
from tests.customers.importing import acceptance

__all__ = ["company", "done", "file_of", "person", "told"]


def file_of(*records: dict[str, str]) -> bytes:
    """The records under the headings of the shipped preset, as bytes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADINGS)
    for record in records:
        writer.writerow([record.get(heading.strip(), "") for heading in HEADINGS])
    return text.getvalue().encode()


def done(*records: dict[str, str], known: Known = acceptance.EMPTY) -> list[Outcome]:
    """What an import of `records` does."""
    return acceptance.run(file_of(*records), known)


def told(*records: dict[str, str], known: Known = acceptance.EMPTY) -> list[str]:
    """What an import of `records` does, in a few words each: action or reason, code, warnings."""
    return [
        " ".join(filter(None, (outcome.reason or outcome.action.value, outcome.code, *outcome.warnings)))
        for outcome in done(*records, known=known)
    ]
