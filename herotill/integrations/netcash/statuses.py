"""The list of batches there: rows of `key, guid, name, state, volume, value, made, authorised, unauthorised`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from herotill.integrations.netcash import BatchStatus, Refused

LEAST_COLUMNS = 6


def read(text: str) -> list[BatchStatus]:
    """The batches, without the service key that each row begins with. Raises Refused."""
    rows = [line.split("\t") for line in text.replace("\r", "\n").split("\n") if line.strip()]
    return [_status([cell.strip() for cell in row]) for row in rows]


def _status(row: Sequence[str]) -> BatchStatus:
    try:
        if len(row) < LEAST_COLUMNS:
            raise ValueError
        value = Decimal(row[5].removeprefix("R").replace(",", "").replace(" ", ""))
        return BatchStatus(row[1], row[2], int(row[3]), int(row[4]), value)
    except (ValueError, InvalidOperation):
        raise Refused("Netcash gave a list of batches that cannot be read.") from None
