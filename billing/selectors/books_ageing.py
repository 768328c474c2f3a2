"""What customers owe here beside what they owe by the books kept elsewhere, customer by customer."""

from __future__ import annotations

from dataclasses import dataclass

from billing.models import BooksAged, BooksAgeing, BooksCustomer
from billing.selectors import ageing
from billing.selectors.ageing import Aged, Way
from billing.selectors.cutover import Beside
from customers.models import Customer


@dataclass(frozen=True, slots=True)
class Debtor(Beside):
    """One customer here and there. `code` is empty for one there that is none of ours."""

    their_id: str = ""

    @property
    def owes_other(self) -> bool:
        """Whether the totals differ; else only the ages do."""
        return self.theirs.total != self.ours.total


@dataclass(frozen=True, slots=True)
class Debtors:
    """Everybody who owed, or was owed, here or there on the day."""

    rows: tuple[Debtor, ...]
    theirs: Aged
    ours: Aged

    @property
    def differences(self) -> list[Debtor]:
        """Those whose totals differ, the greatest difference first."""
        found = [row for row in self.rows if row.owes_other]
        return sorted(found, key=lambda row: (-abs(row.difference), row.code, row.their_id))

    @property
    def aged_otherwise(self) -> int:
        """How many owe the same in all, at other ages."""
        return sum(row.differs and not row.owes_other for row in self.rows)


def newest() -> BooksAgeing | None:
    """What was asked for last."""
    return BooksAgeing.objects.select_related("asked_by").first()


def beside(asked: BooksAgeing) -> Debtors:
    """What was told beside ours as at the same day, with age counted as it is counted there."""
    told = {row.their_customer: row for row in BooksAged.objects.filter(ageing=asked)}
    found = ageing.everybody(as_at=asked.as_at, counted=Way(asked.by_months, asked.from_due))
    ours = {pk: aged for pk, aged in found.items() if any(aged)}
    their_id = dict(BooksCustomer.objects.values_list("customer_id", "their_id"))
    theirs = {pk: told.pop(id) for pk, id in their_id.items() if id in told}
    people = Customer.objects.filter(pk__in=ours.keys() | theirs.keys())
    rows = [
        Debtor(code, name, _aged(theirs.get(pk)), ours.get(pk, Aged()), their_id.get(pk, ""))
        for pk, code, name in people.order_by("code").values_list("pk", "code", "name")
    ]
    rows += [Debtor("", row.name, _aged(row), Aged(), id) for id, row in sorted(told.items())]
    return Debtors(
        tuple(rows), ageing.added(row.theirs for row in rows), ageing.added(row.ours for row in rows)
    )


def _aged(row: BooksAged | None) -> Aged:
    return Aged(row.days120, row.days90, row.days60, row.days30, row.current) if row else Aged()
