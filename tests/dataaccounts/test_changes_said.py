"""What a change's dialog says of the month it falls in, and what is said once it is made."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from dataaccounts.policies.changing import difference
from dataaccounts.selectors.changing import before_and_after
from tests.factories import client_of, make_customer
from tests.factories.data import make_account, make_package
from tests.factories.people import in_role

SWITCH = "/customers/ALI001/widgets/data-accounts/switch/{}/"


def test_days_before_the_first_and_after_the_last_are_not_counted() -> None:
    month = {"day": date(2018, 9, 16), "before": Decimal("300.00"), "after": Decimal("600.00")}
    whole = difference(**month)
    assert (whole.days_before, whole.days_after, whole.this_month) == (15, 15, Decimal("450.00"))
    new = difference(**month, starts_on=date(2018, 9, 11), ends_on=date(2018, 9, 20))
    assert (new.days_before, new.days_after, new.this_month) == (5, 5, Decimal("150.00"))
    ahead = difference(**month, starts_on=date(2018, 9, 21))
    assert (ahead.days_before, ahead.days_after) == (0, 10)
    over = difference(**month, ends_on=date(2018, 8, 31))
    assert over.days_after == 0


@pytest.mark.django_db
def test_an_account_that_began_today_has_no_days_at_the_old_price() -> None:
    alice, faster, day = (
        make_customer("Alice", "ALI001"),
        make_package("20Mb/s", price="604.00"),
        date(2018, 9, 22),
    )
    account = make_account(alice, starts_on=day)
    means = before_and_after(
        account=account, day=day, package=faster, prepaid=None, price=None, keeps_price=False
    )
    assert (means.days_before, means.days_after) == (0, 9)


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "said"), [(0, "is prepaid from today"), (5, "becomes prepaid on {}")])
def test_whoever_switches_an_account_is_told_whether_it_is_done_or_planned(days: int, said: str) -> None:
    account = make_account(make_customer("Alice", "ALI001"), "alice")
    day = timezone.localdate() + timedelta(days=days)
    asked = {"takes_effect_on": str(day), "reason": "Asked"}
    johan = client_of(in_role("Johan", "support"))
    answer = johan.post(SWITCH.format(account.pk), asked, headers={"HX-Request": "true"})
    told = json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    assert told == f"alice {said.format(day)}."
