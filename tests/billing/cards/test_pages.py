"""What payers and staff see of card payments."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from billing.models import CardAttempt, CardGateway, CardNotice, Document, Receipt, StoredCard
from billing.services import cards
from billing.services.cards import gateways, settling
from dataaccounts.models import Topping, ToppingOffer, VoucherBatch
from herotill import approvals
from herotill.errors import DomainError
from herotill.models import ApprovalRequest, SecretReveal
from tests.billing.cards.conftest import NOW, Payer, judge, make_gateway, start
from tests.factories.billing import make_invoice
from tests.factories.customers import make_customer
from tests.factories.data import GB, make_account, make_package
from tests.factories.people import client_of, in_role, make_person
from tests.factories.products import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("there", "payfast")]


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def path_of(customer, purpose: str = "pay") -> str:
    made = cards.pay_link(customer=customer, now=timezone.now())
    return "/" + made.partition("://")[2].partition("/")[2]


def form_key(page: str) -> str:
    return re.search(r'name="form_key" value="([0-9a-f]+)"', page)[1]


def test_the_page_says_what_is_due_and_sends_the_payer_on(alice, there, client):
    invoice = make_invoice(alice, "454.00")
    path = path_of(alice)
    page = client.get(path)
    text = page.content.decode()
    assert "R 454.00" in text
    assert invoice.name in text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]
    assert not CardAttempt.objects.exists()

    sent = client.post(path, {"what": f"document-{invoice.pk}", "form_key": form_key(text)})
    onward = client.get(sent.url)
    policy = onward.headers["Content-Security-Policy"]
    assert f"form-action 'self' {there.url};" in policy
    assert f'action="{there.url}/eng/process"' in onward.content.decode()
    assert "form-action 'self';" in page.headers["Content-Security-Policy"]
    attempt = CardAttempt.objects.get()
    assert (attempt.document, attempt.amount, attempt.state) == (invoice, Decimal("454.00"), "started")


def test_pressed_twice_it_is_one_payment(alice, client):
    make_invoice(alice, "454.00")
    path = path_of(alice)
    sent = {"what": "all", "form_key": form_key(client.get(path).content.decode())}
    first, second = (client.post(path, sent) for _ in range(2))
    assert (first.url == second.url, CardAttempt.objects.count()) == (True, 1)


def test_a_payment_that_is_over_is_not_sent_on_again(alice, there, client):
    make_invoice(alice, "454.00")
    path = path_of(alice)
    sent = {"what": "all", "form_key": form_key(client.get(path).content.decode())}
    go = client.post(path, sent).url
    attempt = CardAttempt.objects.get()
    Payer(there, attempt).pays()
    assert client.get(go).url == f"/cards/back/{attempt.reference}/"
    assert "Paid, thank you" in client.get(f"/cards/back/{attempt.reference}/").content.decode()
    assert "Nothing is due" in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"what": "other"}, "Say how much"),
        ({"what": "other", "amount": "-5"}, "greater than or equal"),
        ({"what": "other", "amount": "2.00"}, "at least"),
        ({"what": "document-999"}, "valid choice"),
        ({}, "required"),
    ],
)
def test_what_makes_no_sense_is_said_and_kept(alice, client, typed, says):
    answer = client.post(path_of(alice), typed | {"form_key": "k"})
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert not CardAttempt.objects.exists()


def test_ahead_of_any_invoice_it_stays_as_credit(alice, there, client):
    client.post(path_of(alice), {"what": "other", "amount": "200.00", "form_key": "k2"})
    Payer(there, CardAttempt.objects.get()).pays()
    assert Receipt.objects.get().amount == Decimal("200.00")


def test_s17_a_topping_makes_its_invoice_with_the_receipt(alice, there, client):
    account = make_account(alice)
    offer = ToppingOffer.objects.create(
        name="10 GB", kind="topping", octets=10 * GB, product=make_product("TOP10", "99.00")
    )
    client.post(path_of(alice), {"what": "topping", "topping": f"{account.pk}-{offer.pk}", "form_key": "k3"})
    attempt = CardAttempt.objects.get()
    assert attempt.amount == Decimal("99.00")
    Payer(there, attempt).pays()
    attempt.refresh_from_db()
    invoice = Document.objects.get()
    assert (Topping.objects.get().document, attempt.receipt.names, invoice.incl) == (
        invoice.name,
        invoice,
        Decimal("99.00"),
    )


def test_s17_a_topping_that_is_no_longer_sold_leaves_the_money_as_credit(alice, there, client):
    account = make_account(alice)
    offer = ToppingOffer.objects.create(
        name="10 GB", kind="topping", octets=10 * GB, product=make_product("TOP10", "99.00")
    )
    client.post(path_of(alice), {"what": "topping", "topping": f"{account.pk}-{offer.pk}", "form_key": "k4"})
    ToppingOffer.objects.update(retired=True)
    attempt = CardAttempt.objects.get()
    Payer(there, attempt).pays()
    attempt.refresh_from_db()
    assert (attempt.state, Receipt.objects.get().amount) == ("paid", Decimal("99.00"))
    assert "not given" in attempt.says
    assert not Document.objects.exists()
    assert not Topping.objects.exists()


def test_s17_a_voucher_makes_its_invoice_and_goes_out_by_mail(alice, there, client):
    from django.core import mail

    from herotill.messages.services import sending

    package = make_package("Hotspot")
    offer = ToppingOffer.objects.create(
        name="5 GB", kind="bundle", octets=5 * GB, days=30, product=make_product("BUN5", "50.00")
    )
    VoucherBatch.objects.create(
        name="Printed", package=package, offer=offer, count=1, expires_on=date(2030, 1, 1)
    )
    client.post(path_of(alice), {"what": "voucher", "voucher": f"{package.pk}-{offer.pk}", "form_key": "k5"})
    Payer(there, CardAttempt.objects.get()).pays()
    invoice = Document.objects.get()
    assert (invoice.incl, Receipt.objects.get().names) == (Decimal("50.00"), invoice)
    sending.send_mail(timezone.now())
    assert re.search(r"\n[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\n", mail.outbox[-1].body)


def test_a_link_that_is_over_says_only_that(client):
    answer = client.get("/pay/none/")
    assert (answer.status_code, "ALI001" in answer.content.decode()) == (410, False)
    assert client.get("/cards/verify/none/").status_code == 410
    assert client.get("/pay/none/go/none/").status_code == 410
    assert client.get("/cards/back/none/").status_code == 410


def test_nobody_elses_payment_is_sent_on(alice, client):
    other = start(make_customer("Bob Bester", "BOB001"))
    assert client.get(f"{path_of(alice)}go/{other.reference}/").status_code == 410


def test_the_profile_shows_what_was_paid_by_card(alice, there):
    invoice = make_invoice(alice, "454.00")
    Payer(there, start(alice, document_id=invoice.pk)).pays()
    Payer(there, start(alice, purpose="verify")).pays()
    clerk = client_of(in_role("Thabo", "accounts"))
    page = clerk.get("/customers/ALI001/widgets/card-transactions/").content.decode()
    for word in ("TXN Date", "Txn Status", "Inv No", "Amount", "Paid", invoice.name, "R 454.00"):
        assert word in page
    assert "Request Verification New" in page
    assert "Card on file" in page
    dora = client_of(make_person("Dora", "customers.view_customer"))
    assert dora.get("/customers/ALI001/widgets/card-transactions/").status_code == 403


def test_a_verification_is_asked_for_and_a_card_removed(alice, there):
    Payer(there, start(alice, purpose="verify")).pays()
    clerk = client_of(in_role("Thabo", "accounts"))
    url = "/customers/ALI001/widgets/card-transactions/"
    assert clerk.post(f"{url}request-verification/").status_code == 302
    assert clerk.post(f"{url}remove/", {"reason": "Asked by phone"}).status_code == 302
    assert StoredCard.objects.get().ended_why == "Asked by phone"
    dora = client_of(make_person("Dora", "customers.view_customer", "billing.view_cardattempt"))
    assert dora.post(f"{url}request-verification/").status_code == 403


def test_what_does_not_match_is_shown_confirmed_and_refused(alice, there):
    payer = Payer(there, start(alice))
    payer.post(payer.notice(amount_gross="400.00"))
    payer.post(payer.notice()[:-3] + b"000")
    judge()
    clerk = client_of(in_role("Thabo", "accounts"))
    page = clerk.get("/billing/cards/to-look-at/").content.decode()
    assert "Paid R 400.00, asked for R 454.00." in page
    assert "The signature is not PayFast" in page
    pk = CardAttempt.objects.get().pk
    assert "Confirm…" in clerk.get(f"/billing/cards/{pk}/").content.decode()
    asked = clerk.get(f"/billing/cards/{pk}/confirm/")
    assert 'value="400.00"' in asked.content.decode()
    clerk.post(
        f"/billing/cards/{pk}/confirm/", {"amount": "400.00", "day": "2018-08-22", "reason": "History"}
    )
    assert Receipt.objects.get().amount == Decimal("400.00")
    assert "Disputed…" in clerk.get(f"/billing/cards/{pk}/").content.decode()
    clerk.post(f"/billing/cards/{pk}/reverse/", {"reason": "Stolen card"})
    assert CardAttempt.objects.get().state == "reversed"


def test_s25_what_was_posted_is_shown_on_record_only(alice, there):
    payer = Payer(there, start(alice))
    payer.pays()
    notice = CardNotice.objects.get()
    clerk = client_of(in_role("Thabo", "accounts"))
    page = clerk.get(f"/billing/cards/notices/{notice.pk}/").content.decode()
    assert "pf_payment_id" not in page
    shown = clerk.post(f"/billing/cards/notices/{notice.pk}/raw/", {"reason": "PayFast asked"})
    assert "pf_payment_id" in shown.content.decode()
    assert SecretReveal.objects.get().reason == "PayFast asked"
    auditor = client_of(make_person("Dora", "billing.view_cardnotice"))
    assert auditor.post(f"/billing/cards/notices/{notice.pk}/raw/", {"reason": "x"}).status_code == 403


def test_the_lists_show_filter_and_export(alice, there, django_assert_max_num_queries):
    Payer(there, start(alice)).pays()
    start(alice, "20.00")
    clerk = client_of(in_role("Thabo", "accounts"))
    with django_assert_max_num_queries(30):
        page = clerk.get("/billing/cards/?state=paid").content.decode()
    assert "R 454.00" in page
    assert "R 20.00" not in page
    assert clerk.get("/billing/cards/notices/?verified=True").status_code == 200


VALUES = {"is_on": True, "test_mode": False, "merchant": "10000200", "key": "new-key-4711", "passphrase": ""}


def test_s06_a_gateway_changes_by_two_persons(payfast):
    thandi, naledi = (make_person(name, "billing.change_cardgateway") for name in ("Thandi", "Naledi"))
    values = VALUES | {"account": payfast.account_id}
    asked = gateways.ask_for_change(row=payfast, values=values, reason="New keys", actor=thandi, now=NOW)
    assert "new-key-4711" not in str(asked.payload)
    payfast.refresh_from_db()
    assert payfast.merchant == "10000100"
    with pytest.raises(DomainError):
        approvals.decide(request=asked, approve=True, actor=thandi, now=NOW)
    approvals.decide(request=asked, approve=True, actor=naledi, now=NOW)
    payfast.refresh_from_db()
    assert (payfast.merchant, str(payfast.key)) == ("10000200", "•••• 4711")
    with pytest.raises(IntegrityError, match="approval of a second person"), transaction.atomic():
        payfast.key = "another-key"
        payfast.save()
    with pytest.raises(IntegrityError, match="approval of a second person"), transaction.atomic():
        CardGateway.objects.update(test_mode=True)
    CardGateway.objects.update(is_on=False, name="PayFast, off")


def test_s06_the_page_asks_for_the_password_again(payfast, client):
    thandi = make_person("Thandi", "billing.change_cardgateway", "billing.view_cardgateway")
    thandi.set_password("rabbit-hole-4471")
    thandi.save()
    clerk = client_of(thandi)
    page = "/billing/setup/card-gateways/payfast/change/"
    typed = {"account": payfast.account_id, "merchant": "10000200", "is_on": "on", "reason": "Moved"}
    assert "Confirm that it is you" in clerk.post(page, typed).content.decode()
    assert not ApprovalRequest.objects.exists()
    done = clerk.post(page, typed | {"confirm-of": "POST", "confirm-password": "rabbit-hole-4471"})
    assert (done.status_code, ApprovalRequest.objects.get().payload["merchant"]) == (302, "10000200")
    assert "waits for a second person" in clerk.get(done.url).content.decode()
    address = clerk.post("/billing/setup/card-gateways/payfast/address/").content.decode()
    token = re.search(r"/cards/notify/payfast/([\w-]+)/", address)[1]
    payfast.refresh_from_db()
    assert token not in payfast.notify_hash
    assert clerk.post("/billing/setup/card-gateways/payfast/test/").status_code == 302
    assert clerk.post("/billing/setup/card-gateways/payfast/off/").status_code == 302
    assert not CardGateway.objects.get().is_on


def test_s01_an_unsigned_gateway_answers_its_payer_and_a_person_confirms_the_card(alice, payfast):
    from billing.services.cards.attempts import proof_of

    gateways.switch_off(row=payfast)
    bank = make_gateway("paynow")
    attempt = start(alice, purpose="verify")
    path = "/" + gateways.new_address(row=bank).partition("://")[2].partition("/")[2]
    raw = (
        f"TransactionAccepted=true&Reference={attempt.reference}&Amount=0.01&RequestTrace=T9"
        f"&Extra1={proof_of(attempt.reference)}&ccToken=tok-12345678&ccMasked=4111****1234&ccExpiry=122030"
    )
    answer = Client().post(path, data=raw, content_type="application/x-www-form-urlencoded")
    assert "We noted what you did" in answer.content.decode()
    judge()
    attempt.refresh_from_db()
    assert (attempt.state, StoredCard.objects.exists()) == ("reported", False)
    given = {"amount": Decimal("0.01"), "day": NOW.date(), "reason": "Seen at Netcash"}
    settling.confirm(attempt=attempt, actor=make_person("Bob"), now=NOW, **given)
    card = StoredCard.objects.get()
    assert (card.last_four, card.expires_on, Receipt.objects.exists()) == ("1234", date(2030, 12, 31), False)
    assert str(card) == "Visa •••• 1234"
    rights = ("customers.view_customer", "billing.view_cardattempt", "billing.settle_card_attempt")
    mary = client_of(make_person("Mary of cards", *rights))
    widget = "/customers/ALI001/widgets/card-transactions/"
    assert "Charge card" not in mary.get(widget).content.decode(), "Pay Now charges by a batch alone"


def test_what_is_due_is_proposed_to_be_charged(alice, payfast):
    make_invoice(alice, "454.00")
    card = StoredCard(customer=alice, gateway=payfast, verified_at=NOW)
    card.token = "tok-12345678"
    card.save()
    rights = ("customers.view_customer", "billing.view_cardattempt", "billing.settle_card_attempt")
    mary = client_of(make_person("Mary of cards", *rights))
    assert str(card) == "Card"
    assert "Charge card" in mary.get("/customers/ALI001/widgets/card-transactions/").content.decode()
    dialog = mary.get("/customers/ALI001/widgets/card-transactions/charge/").content.decode()
    assert 'value="454.00"' in dialog
