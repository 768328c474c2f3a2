"""A master at a sub-account's money, and staff who look: each sees what is theirs to see, and no more."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from billing.models import CardAttempt
from billing.services import printing
from customers.models import Customer
from tests.billing.cards.conftest import make_gateway
from tests.factories import make_customer
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.mandates import make_mandate
from tests.factories.people import client_of, make_person
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db
PAY, METHOD = "/portal/bills/pay/", "/portal/bills/how-you-pay/"
PRIVATE = (METHOD, METHOD + "mandate/", METHOD + "mandate/pdf/", "/portal/bills/leaving/")


@pytest.fixture
def master(alice: Customer) -> Client:
    """Wonderland, which Alice belongs to, gone over to her account."""
    found = make_customer("Wonderland (Pty) Ltd", "WON001", kind="company")
    Customer.objects.filter(pk=alice.pk).update(master=found)
    client = at_portal(found)
    assert client.post("/portal/accounts/switch/", {"code": "ALI001"}).status_code == 302
    return client


def status(client: Client, path: str) -> int:
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def looking(*rights: str) -> Client:
    """Sipho, who looks as Alice and holds these rights besides."""
    client = client_of(make_person("Sipho", "customers.view_customer", "customers.look_at_portal", *rights))
    assert client.post("/customers/ALI001/portal/", {"reason": "She asks about her bill"}).status_code == 302
    return client


def test_s23_a_master_reads_and_pays_bills_but_nothing_private(alice: Customer, master: Client) -> None:
    invoice = make_invoice(alice, "454.00", date(2018, 7, 1))
    make_mandate(alice)
    make_gateway()
    assert invoice.name in master.get("/portal/bills/").text
    page = master.get(PAY)
    assert "keep_card" not in page.context["form"].fields
    key = page.context["form"]["form_key"].value()
    assert master.post(PAY, {"form_key": key, "what": "all", "keep_card": "on"}).status_code == 302

    paid = CardAttempt.objects.get()
    assert (paid.customer, paid.keep_card, paid.started_by and paid.started_by.username) == (
        alice,
        False,
        "WON001",
    )
    assert [status(master, path) for path in PRIVATE] == [404] * 4
    assert [status(at_portal(alice), path) for path in PRIVATE] == [200] * 4


def test_a_sub_account_sees_nothing_of_its_masters(alice: Customer, master: Client) -> None:
    theirs = make_invoice(Customer.objects.get(code="WON001"), "999.00", date(2018, 7, 1))
    client = at_portal(alice)
    assert theirs.name not in client.get("/portal/bills/").text
    assert client.get(f"/portal/bills/{theirs.pk}/").status_code == 404
    assert master.get(f"/portal/bills/{theirs.pk}/").status_code == 404


def test_a_master_goes_to_a_sub_account_from_its_money(alice: Customer, master: Client) -> None:
    master.post("/portal/accounts/switch/", {"code": "WON001"})
    assert 'value="ALI001"' in master.get("/portal/bills/sub-accounts/").text


@pytest.mark.parametrize(
    ("path", "right"),
    [
        ("/portal/bills/", "billing.view_document"),
        ("/portal/bills/payments/", "billing.view_receipt"),
        ("/portal/bills/statement/", "customers.see_customer_balance"),
        ("/portal/bills/every-month/", "billing.view_recurringitem"),
        (METHOD, "billing.view_mandate"),
        ("/portal/bills/leaving/", "billing.view_cancellation"),
    ],
)
def test_s30_who_looks_sees_only_what_their_rights_show(alice: Customer, path: str, right: str) -> None:
    assert looking().get(path).status_code == 403


@pytest.mark.parametrize("right", ["billing.view_document", "billing.view_receipt"])
def test_s30_who_looks_with_the_right_sees_and_changes_nothing(alice: Customer, right: str) -> None:
    invoice, receipt = make_invoice(alice), make_receipt(alice)
    client = looking(right)
    bills = {
        f"/portal/bills/{invoice.pk}/": 200,
        f"/portal/bills/{invoice.pk}/pdf/": 503,
        "/portal/bills/": 200,
    }
    payments = {f"/portal/bills/payments/{receipt.pk}/pdf/": 200, "/portal/bills/payments/": 200}
    wanted: dict[str, Any] = bills if right == "billing.view_document" else payments
    assert {path: client.get(path).status_code for path in wanted} == wanted
    assert client.post(PAY, {"what": "other", "amount": "5.00", "form_key": "x"}).status_code == 403
    assert not CardAttempt.objects.exists()


def test_s30_a_print_that_is_stored_is_seen_by_who_looks(alice: Customer) -> None:
    invoice = make_invoice(alice)
    printing.print_some(among=[invoice.pk])
    assert looking("billing.view_document").get(f"/portal/bills/{invoice.pk}/pdf/").status_code == 200


def test_a_form_that_was_made_for_alice_begins_nothing_for_bob(alice: Customer, bob: Customer) -> None:
    make_gateway()
    hers = at_portal(alice)
    key = hers.get(PAY).context["form"]["form_key"].value()
    wanted = {"form_key": key, "what": "other", "amount": "50.00"}
    assert hers.post(PAY, wanted).status_code == 302
    refused = at_portal(bob).post(PAY, wanted)
    assert refused.status_code == 422
    assert "made for another account" in refused.text
    assert CardAttempt.objects.get().customer == alice
