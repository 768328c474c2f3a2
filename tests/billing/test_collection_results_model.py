"""Results in any order, split and repetition come to the same as all of them once, in order."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from billing.collecting import ResultRow
from billing.models import CollectionLine, CollectionResult, Receipt, Reversal
from billing.services import batches, collection_results
from customers.models import CustomerBalance
from tests.factories.collecting import NOW, RUN, bank, make_batch, make_group, make_payer, result
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.money]
PEOPLE = 4
CODES = ("02", "04", "22", "77")


class Results(RuleBasedStateMachine):
    """A statement of four debits, told as the bank pleases."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.told: set[str] = set()
        self.rows: list[ResultRow] = []

    @initialize(codes=st.lists(st.sampled_from(["", *CODES]), min_size=PEOPLE, max_size=PEOPLE))
    def a_batch_goes_out(self, codes: list[str]) -> None:
        group = make_group()
        for number in range(PEOPLE):
            make_payer(f"ABE{number:03}", group, f"{100 + number}.00")
        batch = make_batch(group, actor=make_person("Anna"))
        batches.release(batch=batch, actor=make_person("Mary"), now=NOW)
        self.lines = list(CollectionLine.objects.order_by("pk"))
        for line, code in zip(self.lines, codes, strict=True):
            self.rows.append(_row(line, "TDD", "collected", RUN))
            if code:
                self.rows.append(_row(line, "DRU", "unpaid", RUN + timedelta(days=3), code))

    @rule(data=st.data())
    def some_of_the_statement_is_told(self, data: st.DataObject) -> None:
        some = data.draw(st.lists(st.sampled_from(self.rows), max_size=8))
        collection_results.book(channel="test", rows=some, run_id=None, now=NOW, actor=None)
        self.told |= {f"{row.told_id}{row.told_type}" for row in some}

    @invariant()
    def nobody_pays_twice(self) -> None:
        for line in getattr(self, "lines", []):
            self._agrees(line)

    def _agrees(self, line: CollectionLine) -> None:
        collected, back = f"{line.pk}TDD" in self.told, f"{line.pk}DRU" in self.told
        now = CollectionLine.objects.get(pk=line.pk)
        assert now.state == ("unpaid" if back else "collected" if collected else "planned")
        assert Receipt.objects.filter(customer=line.customer_id).count() == collected
        assert Reversal.objects.filter(receipt__customer=line.customer_id).count() == (collected and back)
        owed = CustomerBalance.objects.get(customer=line.customer_id).amount
        assert owed == (Decimal(0) if collected and not back else line.amount)

    def teardown(self) -> None:
        try:
            if self.rows and not connection.needs_rollback:
                self._all_is_told()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _all_is_told(self) -> None:
        collection_results.book(channel="test", rows=self.rows, run_id=None, now=NOW, actor=None)
        self.told |= {f"{row.told_id}{row.told_type}" for row in self.rows}
        self.nobody_pays_twice()
        assert not CollectionResult.objects.exclude(trouble="").exists()
        assert CollectionResult.objects.count() == len(self.rows)


def _row(line: CollectionLine, told_type: str, kind: str, day: date, code: str = "") -> ResultRow:
    return result(
        told_id=str(line.pk),
        told_type=told_type,
        kind=kind,
        day=day,
        amount=line.amount,
        code=code,
        line_reference=f"HT{line.pk}",
    )


def test_results_come_to_the_same_in_any_order_split_and_repetition() -> None:
    with bank():
        run_state_machine_as_test(
            Results,
            settings=settings(
                max_examples=12,
                stateful_step_count=5,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
