"""Alice asks to leave, confirms or stays; reads and signs her mandate; sees what she pays every month."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from billing.models import Cancellation, CancellationReason, Mandate, SubAccountMode
from billing.services import cancellations, mandates
from herotill.models import Fact
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice
from tests.factories.data import make_account
from tests.factories.items import make_item
from tests.factories.mandates import FNB, make_detail, make_mandate
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db
LEAVING, MANDATE = "/portal/bills/leaving/", "/portal/bills/how-you-pay/mandate/"
State = Cancellation.State


@pytest.fixture
def client(alice: Any) -> Client:
    return at_portal(alice)


@pytest.fixture
def reason() -> CancellationReason:
    return CancellationReason.objects.create(name="Moves house")


def ask(client: Client, reason: CancellationReason, days: int = 30, **more: str) -> Any:
    last = timezone.localdate() + timedelta(days=days)
    given = {"what": "whole", "reason": str(reason.pk), "comment": "To Durban", "last_day": str(last)}
    return client.post(LEAVING, {**given, **more})


def approved(client: Client, reason: CancellationReason) -> Cancellation:
    ask(client, reason)
    one = Cancellation.objects.get()
    cancellations.approve(cancellation=one, actor=make_person("Mandla"), now=timezone.now())
    return one


def test_alice_asks_and_confirms_once_we_agreed(client, alice, reason, django_assert_max_num_queries):
    make_account(alice)
    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        assert client.get(LEAVING).status_code == 200
    assert not Cancellation.objects.exists()
    one = approved(client, reason)
    assert (one.asked_by.username, one.whole) == ("ALI001", True)
    assert "if you confirm it" in client.get("/portal/").content.decode()

    client.post(f"{LEAVING}{one.pk}/", {"answer": "confirm", "text": "Thank you"})
    one.refresh_from_db()
    assert (one.state, one.answer) == (State.CONFIRMED, "Thank you")
    assert Fact.objects.filter(kind="cancellation.confirmed").exists()


def test_alice_takes_back_what_she_asked(client, reason):
    ask(client, reason)
    one = Cancellation.objects.get()
    client.post(f"{LEAVING}{one.pk}/", {"answer": "confirm"})
    one.refresh_from_db()
    assert one.state == State.ASKED
    client.post(f"{LEAVING}{one.pk}/", {"answer": "stay"})
    one.refresh_from_db()
    assert one.state == State.WITHDRAWN


def test_who_stays_after_we_agreed_has_denied_it_and_whoever_approved_is_told(client, reason):
    one = approved(client, reason)
    client.post(f"{LEAVING}{one.pk}/", {"answer": "stay", "text": "The price is fine"})
    one.refresh_from_db()
    assert one.state == State.DENIED
    assert Fact.objects.get(kind="cancellation.denied").data["text"] == "The price is fine"


def test_after_the_day_to_answer_nothing_is_confirmed(client, reason):
    one = approved(client, reason)
    Cancellation.objects.update(answer_by=timezone.localdate() - timedelta(days=1))
    client.post(f"{LEAVING}{one.pk}/", {"answer": "confirm"})
    one.refresh_from_db()
    assert one.state == State.APPROVED


def test_one_of_two_accounts_ends(client, alice, reason):
    make_account(alice)
    flat = make_account(alice, "flat@isp.example")
    ask(client, reason, what=str(flat.pk))
    one = Cancellation.objects.get()
    assert [held.account for held in one.accounts.all()] == [flat]
    assert "flat@isp.example" in client.get(LEAVING).content.decode()


def test_an_account_of_bobs_or_a_day_gone_by_is_refused(client, alice, bob, reason):
    make_account(alice)
    make_account(alice, "flat@isp.example")
    his = make_account(bob, "bob@isp.example")
    assert ask(client, reason, what=str(his.pk)).status_code == 422
    assert ask(client, reason, days=-1).status_code == 422
    assert not Cancellation.objects.exists()


def test_bob_answers_nothing_of_alices(client, bob, reason):
    one = approved(client, reason)
    assert at_portal(bob).post(f"{LEAVING}{one.pk}/", {"answer": "confirm"}).status_code == 404
    one.refresh_from_db()
    assert one.state == State.APPROVED


def test_alice_reads_and_signs_her_mandate(client, alice, django_assert_max_num_queries):
    make_detail(alice)
    mandates.ask(customer=alice, to="alice@example.com", actor=None, now=timezone.now())
    assert "waits for your signature" in client.get("/portal/bills/how-you-pay/").content.decode()
    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        page = client.get(MANDATE).content.decode()
    assert (FNB in page, "Sign the mandate" in page) == (False, True)
    mark = re.search(r'name="mark" value="(\w+)"', page)[1]

    assert client.post(MANDATE, {"name": "Alice Liddel", "mark": mark}).status_code == 422
    assert client.post(MANDATE, {"name": "Alice Liddel", "mark": "other", "agreed": "on"}).status_code == 422
    assert client.post(MANDATE, {"name": "Alice Liddel", "mark": mark, "agreed": "on"}).status_code == 302
    signed = Mandate.objects.get()
    assert (signed.status, signed.signed_by_name) == ("active", "Alice Liddel")
    assert client.get(MANDATE + "pdf/").content.startswith(b"%PDF")
    assert "Sign the mandate" not in client.get(MANDATE).content.decode()


def test_s30_bob_sees_no_mandate_of_alices(alice, bob):
    make_mandate(alice)
    assert at_portal(bob).get(MANDATE).status_code == 404
    assert at_portal(bob).get(MANDATE + "pdf/").status_code == 404
    paper = b"".join(at_portal(alice).get(MANDATE + "pdf/").streaming_content)
    assert paper.startswith(b"%PDF")


def test_how_alice_pays_masks_her_account(client, alice, django_assert_max_num_queries):
    make_mandate(alice)
    type(alice).objects.update(payment_method="debit_order")
    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        page = client.get("/portal/bills/how-you-pay/").content.decode()
    assert (FNB in page, FNB[-4:] in page, "You signed the mandate" in page) == (False, True, True)


def test_what_alice_pays_every_month(client, alice, django_assert_max_num_queries):
    make_item(alice, price="399.00")
    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        page = client.get("/portal/bills/every-month/").content.decode()
    assert page.count("R 399.00") == 2


def test_a_resellers_client_reads_no_price_of_ours(client, alice):
    master = make_customer("Reseller Ltd", "RES001", is_reseller=True)
    type(alice).objects.filter(pk=alice.pk).update(master=master)
    SubAccountMode.objects.create(customer=alice, starts_on=date(2018, 1, 1), mode="reseller")
    make_item(alice, price="399.00")
    page = client.get("/portal/bills/every-month/").content.decode()
    assert ("R 399.00" in page, "pays for these services" in page) == (False, True)


def test_a_master_sees_what_stands_with_its_subs(client, alice, bob, django_assert_max_num_queries):
    type(bob).objects.filter(pk=bob.pk).update(master=alice)
    make_invoice(bob, "120.00", date(2018, 7, 1))
    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        page = client.get("/portal/bills/sub-accounts/").content.decode()
    assert ("Bob Dlamini" in page, "R 120.00" in page) == (True, True)
    assert at_portal(bob).get("/portal/bills/sub-accounts/").status_code == 404


def test_amounts_have_vat(client, alice):
    item = make_item(alice, price="100.00")
    type(item.product).objects.update(price_includes_vat=False)
    assert client.get("/portal/bills/every-month/").context["total"] == Decimal("115.00")
