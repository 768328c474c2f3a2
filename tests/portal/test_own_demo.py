"""What the demo gives Alice to find in the portal; a second run adds nothing."""

from __future__ import annotations

from datetime import date

import pytest

from customers.demo import own_things as customers_things
from customers.models import Customer, DetailsCheck, ForgetWish
from herotill.demo import DemoOrder
from herotill.messages.models import Consent
from tests.factories import make_customer, make_person
from tests.factories.workflow import sold
from workflow.demo import own_things as workflow_things
from workflow.models import ChangeRequest, Quote

pytestmark = pytest.mark.django_db


def test_alice_has_something_to_check_to_read_and_to_answer(alice: Customer, bob: Customer) -> None:
    make_customer("Gone Away", "GON001", status="cancelled")
    make_person("manager")
    sold("INST", "1500.00", name="Installation")
    order = DemoOrder(customers=3, months=1, seed=7, today=date(2026, 11, 20), say=lambda words: None)
    for _ in range(2):
        customers_things.make_own_things(order)
        workflow_things.make_own_things(order)
    assert DetailsCheck.objects.filter(state="waiting").count() == 1
    assert DetailsCheck.objects.filter(customer=bob).get().state == "confirmed"
    assert [one.state for one in ChangeRequest.objects.order_by("pk")] == ["accepted", "waiting"]
    assert Quote.objects.get().state == "sent"
    assert ForgetWish.objects.get().customer.code == "GON001"
    assert Consent.objects.exists()
