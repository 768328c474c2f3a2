"""What a customer's first page asks the database when every card has something to say."""

import pytest
from django.utils import timezone

from customers.models import Customer
from dataaccounts.models import DataAccount, Outage
from herotill.reference.models import Highsite
from tests.factories.calls import make_call, make_line
from tests.factories.data import make_account
from tests.portal import things
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db


def test_a_home_on_which_every_card_speaks_asks_twelve_questions(
    alice: Customer, django_assert_max_num_queries
) -> None:
    tower = Highsite.objects.create(name="Koppie")
    account = make_account(alice, "alice@isp.example", highsite=tower)
    DataAccount.objects.filter(pk=account.pk).update(capped_at=timezone.now())
    Outage.objects.create(
        highsite=tower, headline="No service at Koppie", text="Lightning.", starts_at=timezone.now()
    )
    for make in (
        things._bill,
        things._request,
        things._quote,
        things._ticket,
        things._rating,
        things._leaving,
    ):
        make(alice)
    make_call(make_line("27871110001", customer=alice), timezone.localdate())
    client = at_portal(alice)
    client.get("/portal/")

    with django_assert_max_num_queries(12):
        page = client.get("/portal/").content.decode()

    for said in (
        "No service at Koppie",
        "Quotes that wait",
        "Your tickets",
        "Your cancellation",
        "Every call",
    ):
        assert said in page
