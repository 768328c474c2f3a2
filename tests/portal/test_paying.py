"""Alice pays: all, part, ahead; by card at the gateway, or by EFT with her reference."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing.models import CardAttempt, OpenItem, Receipt, StoredCard
from tests.billing.cards.conftest import Payer, make_gateway, payfast, there
from tests.factories.banking import printed_account
from tests.factories.billing import make_invoice, make_receipt
from tests.portal.conftest import at_portal

__all__ = ["payfast", "there"]
pytestmark = pytest.mark.django_db
PAY = "/portal/bills/pay/"


@pytest.fixture
def client(alice: Any) -> Client:
    return at_portal(alice)


def begin(client: Client, **data: str) -> Any:
    """What the form is answered with, as the browser would send it."""
    key = client.get(PAY).context["form"]["form_key"].value()
    return client.post(PAY, {"form_key": key, **data})


def paid(there: Any) -> None:
    """The newest payment goes through at the gateway."""
    Payer(there, CardAttempt.objects.latest("pk")).pays()


def test_alice_pays_all_that_she_owes(client, alice, payfast, there, django_assert_max_num_queries):
    make_invoice(alice, "454.00", date(2018, 7, 1))
    client.get("/portal/")  # the first page writes down that the log-in was used
    with django_assert_max_num_queries(12):
        page = client.get(PAY).content.decode()
    assert ("All that you owe: R 454.00" in page, "Pay by card" in page) == (True, True)

    answer = begin(client, what="all")
    attempt = CardAttempt.objects.get()
    assert answer["Location"] == f"{PAY}{attempt.reference}/"
    on = client.get(answer["Location"])
    assert f'action="{there.url}' in on.content.decode()
    assert there.url in on["Content-Security-Policy"]
    assert there.url not in client.get(PAY)["Content-Security-Policy"]
    paid(there)
    assert (Receipt.objects.get().amount, attempt.started_by.username) == (Decimal("454.00"), "ALI001")
    assert not OpenItem.objects.filter(customer=alice).exists()
    assert client.get(answer["Location"])["Location"] == f"/cards/back/{attempt.reference}/"


def test_part_of_one_bill_is_booked_to_that_bill(client, alice, payfast, there):
    make_invoice(alice, "100.00", date(2018, 6, 1))
    newer = make_invoice(alice, "454.00", date(2018, 7, 1))
    assert client.get(f"{PAY}?document={newer.pk}").context["form"]["what"].value() == f"document-{newer.pk}"

    begin(client, what=f"document-{newer.pk}", amount="54.00")
    paid(there)
    assert OpenItem.objects.get(document=newer).open == Decimal("400.00")
    assert Receipt.objects.get().names == newer


def test_more_than_a_bill_is_refused_in_words_and_all_stays_typed(client, alice, payfast):
    invoice = make_invoice(alice, "100.00", date(2018, 6, 1))
    answer = begin(client, what=f"document-{invoice.pk}", amount="100.01")
    assert (answer.status_code, CardAttempt.objects.exists()) == (422, False)
    assert "Only R 100.00 of it is open" in answer.content.decode()
    assert 'value="100.01"' in answer.content.decode()


def test_who_owes_nothing_pays_ahead(client, alice, payfast, there):
    assert "How much do you want to pay ahead" in client.get(PAY).content.decode()
    assert "Type how much" in begin(client, what="other").content.decode()
    begin(client, what="other", amount="R 250,00")
    paid(there)
    assert OpenItem.objects.get(customer=alice).open == Decimal("-250.00")
    assert "You are <b>R 250.00</b> ahead" in client.get("/portal/bills/").content.decode()


def test_pressed_twice_it_is_one_payment(client, alice, payfast):
    key = client.get(PAY).context["form"]["form_key"].value()
    for _ in range(2):
        answer = client.post(PAY, {"form_key": key, "what": "other", "amount": "50.00"})
    assert CardAttempt.objects.count() == 1
    assert answer.status_code == 302


def test_below_what_the_gateway_takes_is_refused(client, alice, payfast):
    answer = begin(client, what="other", amount="0.50")
    assert (answer.status_code, CardAttempt.objects.exists()) == (422, False)


def test_bob_opens_no_payment_of_alices_and_pays_no_bill_of_hers(client, alice, bob, payfast):
    invoice = make_invoice(alice, "100.00", date(2018, 6, 1))
    begin(client, what="all")
    theirs = at_portal(bob)
    assert theirs.get(f"{PAY}{CardAttempt.objects.get().reference}/").status_code == 404
    assert begin(theirs, what=f"document-{invoice.pk}").status_code == 422
    assert Client().get(PAY).status_code == 302


def test_without_a_gateway_there_is_eft_with_the_reference(client, alice):
    printed_account("Main", bank="FNB", branch_code="250655", holder="Karoo Net", number="62000000001")
    page = client.get(PAY).content.decode()
    assert all(word in page for word in ("Pay by EFT", "62000000001", "250655", "ALI001"))
    assert "Pay by card" not in page
    answer = client.post(PAY, {"form_key": "x", "what": "other", "amount": "50.00"})
    assert (answer.status_code, CardAttempt.objects.exists()) == (422, False)


def test_a_payment_that_is_checked_is_said_so_that_nobody_pays_twice(client, alice, payfast):
    begin(client, what="other", amount="50.00")
    CardAttempt.objects.update(state="review")
    assert "is being checked" in client.get(PAY).content.decode()


def test_a_card_is_added_at_the_gateway_and_removed(client, alice, payfast, there):
    page = client.get("/portal/bills/how-you-pay/")
    assert "No card is on file." in page.content.decode()
    key = page.context["verify_form"]["form_key"].value()
    answer = client.post("/portal/bills/how-you-pay/verify-card/", {"form_key": key})
    assert "nothing is paid" in client.get(answer["Location"]).content.decode()
    paid(there)

    assert (StoredCard.objects.get().customer, Receipt.objects.exists()) == (alice, False)
    assert "No card is on file." not in client.get("/portal/bills/how-you-pay/").content.decode()
    client.post("/portal/bills/how-you-pay/remove-card/")
    assert StoredCard.objects.get().status == "removed"
    assert client.post("/portal/bills/how-you-pay/remove-card/").status_code == 404


def test_bob_removes_no_card_of_alices(client, alice, bob, payfast, there):
    key = client.get("/portal/bills/how-you-pay/").context["verify_form"]["form_key"].value()
    client.post("/portal/bills/how-you-pay/verify-card/", {"form_key": key})
    paid(there)
    assert at_portal(bob).post("/portal/bills/how-you-pay/remove-card/").status_code == 404
    assert StoredCard.objects.get().status == "active"


def test_what_was_paid_stands_at_once(client, alice, payfast, there):
    make_invoice(alice, "454.00", date(2018, 7, 1))
    make_receipt(alice, "54.00")
    begin(client, what="all")
    paid(there)
    assert "You owe nothing." in client.get("/portal/").content.decode()


def test_a_gateway_that_keeps_no_cards_offers_none(client, alice) -> None:
    make_gateway("vcs")
    assert "keep_card" not in client.get(PAY).context["form"].fields
    assert "Add a card" not in client.get("/portal/bills/how-you-pay/").content.decode()
