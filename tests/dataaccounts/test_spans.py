"""What an account has from when to when."""

from datetime import date

import pytest
from django.db import IntegrityError

from dataaccounts.models import ServiceSpan
from tests.factories import make_customer
from tests.factories.data import make_account

pytestmark = pytest.mark.django_db


def test_no_day_of_alice_has_two_packages() -> None:
    account = make_account(make_customer(code="ALI001"), ends_on=date(2018, 8, 20))
    ServiceSpan.objects.create(account=account, package=account.package, starts_on=date(2018, 8, 21))
    with pytest.raises(IntegrityError, match="one_span_a_day"):
        ServiceSpan.objects.create(
            account=account,
            package=account.package,
            starts_on=date(2018, 7, 1),
            ends_on=date(2018, 8, 1),
        )


def test_bobs_days_are_not_alices() -> None:
    alice = make_account(make_customer(code="ALI001"))
    bob = make_account(make_customer(code="BOB001"), username="bob@isp.example")
    assert alice.spans.get().starts_on == bob.spans.get().starts_on
