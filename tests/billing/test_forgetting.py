"""What the bank said of rows that are nobody's goes after the years of the law, and not before."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from billing.models import BankRow
from billing.services import retention
from herotill.models import RetentionRules
from tests.factories.banking import bank_account, import_statement, rows_of, statement_of
from tests.factories.customers import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.money]
NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
STRANGER = ("2012-03-01", "HATTER B SCHOOL FEES OF DINAH", "350.00")
ALICE = ("2012-03-02", "ALI001 RENT", "454.00")
LATELY = ("2025-03-01", "CAT D LOAN", "20.00")


def test_s29_old_words_of_nobodys_rows_go_and_day_and_amount_stay() -> None:
    account = bank_account()
    make_customer("Alice Liddel", "ALI001")
    import_statement(account, statement_of(STRANGER, ALICE, LATELY))
    old = BankRow.objects.get(amount=350)

    assert retention.bank_rows(NOW) == "1 rows blanked."
    assert retention.bank_rows(NOW) == ""

    assert [row[:2] for row in rows_of(account)] == [
        (f"blanked-{old.pk}", "350.00"),
        ("ALI001 RENT", "454.00"),
        ("CAT D LOAN", "20.00"),
    ]


def test_s29_the_years_are_those_of_the_rules() -> None:
    import_statement(bank_account(), statement_of(STRANGER))
    RetentionRules.objects.update(books_years=20)
    assert retention.bank_rows(NOW) == ""


def test_the_database_lets_nothing_else_of_such_a_row_change_and_no_young_one() -> None:
    import_statement(bank_account(), statement_of(STRANGER, LATELY))
    old, young = BankRow.objects.order_by("day")
    blank = {"text": f"blanked-{old.pk}"}
    for row, change in (
        (old, blank | {"amount": 1}),
        (old, {"text": "Something else"}),
        (young, {"text": f"blanked-{young.pk}"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            BankRow.objects.filter(pk=row.pk).update(**change)
    BankRow.objects.filter(pk=old.pk).update(**blank)
    old.refresh_from_db()
    assert old.text == f"blanked-{old.pk}"
