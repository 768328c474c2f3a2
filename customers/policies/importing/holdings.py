"""What customers hold while a file goes through: each value a record yields replaces theirs (rule 9)."""

from __future__ import annotations

from collections.abc import Mapping, Set

from customers.policies.importing.identity import ZERO
from customers.policies.importing.outcome import Holding, Record
from customers.policies.importing.status import ASSUMED


class Holdings:
    """What the customers hold that the file updates, by code; of the others nothing need be kept."""

    def __init__(self, known: Mapping[str, Holding], *, updated: Set[str]) -> None:
        self._known = known
        self._updated = updated
        self._held: dict[str, Holding] = {}

    def create(self, code: str, record: Record) -> Holding:
        """What a customer holds whom `record` creates."""
        return self._keep(code, new_holding(record))

    def update(self, code: str, record: Record) -> Holding:
        """What a customer holds after `record`."""
        return self._keep(code, updated_holding(self._held.get(code) or self._known[code], record))

    def _keep(self, code: str, holding: Holding) -> Holding:
        if code in self._updated:
            self._held[code] = holding
        return holding


def new_holding(record: Record) -> Holding:
    """What `record` says of somebody new."""
    return Holding(
        kind=record.kind,
        name=record.name,
        contact_name=record.contact_name,
        emails=record.emails,
        phone=record.phone,
        status=record.status or ASSUMED,
        master=record.master,
        opened=record.opened,
        balance=record.balance or ZERO,
    )


def updated_holding(held: Holding, record: Record) -> Holding:
    """`held` with what `record` says; master and opening balance stay."""
    return Holding(
        kind=held.kind,
        name=record.name,
        contact_name=record.contact_name or held.contact_name,
        emails=record.emails or held.emails,
        phone=record.phone or held.phone,
        status=record.status or held.status,
        master=held.master,
        opened=record.opened or held.opened,
        balance=held.balance,
    )
