"""The blue button of a row: what is to be done next with a lead that waits in a list."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class RowDeed:
    """The primary button of the rows in the list `step`; it opens the dialog that the address `opens` names, given the lead's id.

    Who does not hold `permission` gets the lead's own page instead.
    """

    step: str
    label: str
    opens: str
    permission: str
    order: int = 100

    @property
    def name(self) -> str:
        return str(self.step)

    def url(self, lead: int) -> str:
        return reverse(self.opens, args=[lead])


row_deeds: Registry[RowDeed] = Registry("row deed")
