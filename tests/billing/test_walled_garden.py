"""The page a suspended customer is led to: what is due and how to pay, known by the line one asks from."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from billing.models import BankAccount, CardGateway, PayLink
from dataaccounts.models import Session
from dataaccounts.selectors.lines import holder_of
from tests.factories import make_customer
from tests.factories.billing import make_invoice
from tests.factories.data import make_account, make_nas, make_session

pytestmark = pytest.mark.django_db
LINE, ELSEWHERE = "100.64.7.7", "100.64.9.9"


@pytest.fixture
def carol():
    carol = make_customer("Carol Danvers", "CAR001")
    account = make_account(carol, "carol@isp.example", state="suspended")
    make_session(account, make_nas(), ip=LINE)
    make_invoice(carol, "454.00", date(2018, 8, 1))
    return carol


@pytest.fixture
def gateway():
    account = BankAccount.objects.create(name="Pay Now", kind="gateway", source="gateway")
    return CardGateway.objects.create(name="Pay Now", kind="paynow", account=account, is_on=True)


def page(address):
    return Client(REMOTE_ADDR=address).get("/suspended/").content.decode()


def test_carol_reads_what_is_due_and_her_guest_reads_no_name(carol):
    shown = page(LINE)
    assert "R 454.00" in shown
    assert "Carol" not in shown
    assert "CAR001" not in shown


def test_another_line_is_told_nothing_of_her(carol):
    assert "454" not in page(ELSEWHERE)


def test_the_button_leads_to_the_page_for_paying(carol, gateway):
    answer = Client(REMOTE_ADDR=LINE).post("/suspended/")
    assert answer.status_code == 302
    assert PayLink.objects.get().customer == carol


def test_from_another_line_the_button_does_nothing(carol, gateway):
    Client(REMOTE_ADDR=ELSEWHERE).post("/suspended/")
    assert not PayLink.objects.exists()


def test_looking_makes_no_link(carol, gateway):
    page(LINE)
    assert not PayLink.objects.exists()


def test_a_session_that_ended_says_nothing_about_the_address(carol):
    assert holder_of(LINE).customer == carol
    Session.objects.update(stopped_at=datetime(2018, 8, 22, 12, tzinfo=UTC))
    assert holder_of(LINE) is None
    assert holder_of("") is None
