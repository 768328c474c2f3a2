"""Receipts on their screens: the card, the list, the grid, splitting, moving."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.models import Allocation, BankAccount, OpenItem, Receipt
from billing.receiving import ReceiptSync, receipt_syncs
from customers.models import CustomerBalance
from herotill import among
from herotill.messages.models import Message
from herotill.messages.templates import providers
from herotill.models import ApprovalRequest
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt

pytestmark = pytest.mark.django_db
CARD = "/customers/ALI001/widgets/payment-receipts/"
RIGHTS = (
    "customers.view_customer",
    "billing.view_receipt",
    "billing.add_receipt",
    "billing.reverse_receipt",
    "billing.allocate",
    "billing.refund",
    "billing.move_receipt",
)


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


@pytest.fixture
def account():
    return BankAccount.objects.create(name="Sage Pay")


@pytest.fixture
def greta(client):
    client.force_login(make_person("Greta", *RIGHTS))
    return client


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


def typed(account, **more):
    values = {"receipt_date": "2018-08-15", "account": account.pk, "amount": "454", "method": "eft"}
    return {**values, "reference": "ALI001 -", "token": "t1", **more}


def test_a_receipt_is_captured_on_the_card_and_shows_there(greta, alice, account):
    make_invoice(alice, "400.00", date(2018, 8, 1))
    assert 'value="ALI001"' in greta.get(f"{CARD}add/").content.decode()
    assert greta.post(f"{CARD}add/", typed(account, amount="R 454,00")).status_code == 302
    receipt = Receipt.objects.get()
    assert (receipt.amount, receipt.captured_by.name) == (Decimal("454.00"), "Greta")
    card = greta.get(CARD).content.decode()
    assert "ALI001 -" in card
    assert "Unallocated R 54.00" in card


def test_pressed_twice_it_is_booked_once(greta, alice, account):
    greta.post(f"{CARD}add/", typed(account))
    again = greta.post(f"{CARD}add/", typed(account, twice="on"))
    assert again.status_code == 422
    assert "booked already" in again.content.decode()
    assert Receipt.objects.count() == 1


def test_the_same_again_is_asked_about_and_may_be_a_second_payment(greta, alice, account):
    greta.post(f"{CARD}add/", typed(account))
    answer = greta.post(f"{CARD}add/", typed(account, token="t2", note="Second"))
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "Two payments of the same amount on one day are two payments" in said
    assert 'value="Second"' in said
    greta.post(f"{CARD}add/", typed(account, token="t2", twice="on"))
    assert balance(alice) == Decimal("-908.00")


def test_a_payment_may_name_its_document(greta, alice, account):
    make_invoice(alice, "454.00", date(2018, 7, 1))
    newer = make_invoice(alice, "454.00", date(2018, 8, 1))
    greta.post(f"{CARD}add/", typed(account, names=newer.pk))
    assert Allocation.objects.get().debit.reference == newer.name


def test_only_accounts_captured_by_hand_are_offered(greta, alice, account):
    bank = BankAccount.objects.create(name="FNB", source="statement")
    assert greta.post(f"{CARD}add/", typed(bank)).status_code == 422
    assert not Receipt.objects.exists()


def test_a_banks_account_is_offered_first_and_how_money_comes_into_it(greta, alice):
    cash = BankAccount.objects.create(name="Cash box", kind="cash")
    for address in (f"{CARD}add/", "/billing/receipts/capture/", "/billing/receipts/split/"):
        page = greta.get(address).content.decode()
        assert f'<option value="{cash.pk}" selected>' in page
        assert '<option value="cash" selected>' in page
    bank = BankAccount.objects.create(name="FNB")
    for address in (f"{CARD}add/", "/billing/receipts/capture/"):
        page = greta.get(address).content.decode()
        assert f'<option value="{bank.pk}" selected>' in page
        assert '<option value="eft" selected>' in page


def test_a_reversal_says_what_it_opens_again(greta, alice):
    invoice = make_invoice(alice, "454.00", date(2018, 8, 1))
    receipt = make_receipt(alice, "454.00", date(2018, 8, 15))
    dialog = greta.get(f"{CARD}reverse/{receipt.pk}/").content.decode()
    assert f"{invoice.name} R 454.00" in dialog
    early = greta.post(f"{CARD}reverse/{receipt.pk}/", {"reversed_on": "2018-08-01", "reason": "Unpaid"})
    assert "before the day it was received" in early.content.decode()
    greta.post(
        f"{CARD}reverse/{receipt.pk}/", {"reversed_on": "2018-08-20", "reason": "Unpaid", "code": "02"}
    )
    assert balance(alice) == Decimal("454.00")
    assert "reversed 2018-08-20: Unpaid" in greta.get(CARD).content.decode()


def test_what_a_receipt_pays_is_undone_and_said_anew(greta, alice):
    old = make_invoice(alice, "100.00", date(2018, 7, 1))
    new = make_invoice(alice, "100.00", date(2018, 8, 1))
    receipt = make_receipt(alice, "100.00", date(2018, 8, 15))
    made, debit = Allocation.objects.get(), OpenItem.objects.get(entry__reference=new.name).entry_id
    url = f"{CARD}allocate/{receipt.pk}/"
    too_much = greta.post(url, {"undo": made.pk, f"pay_{debit}": "100.01"})
    assert "Only R 100.00" in too_much.content.decode()
    assert greta.post(url, {"undo": made.pk, f"pay_{debit}": "100"}).status_code == 302
    assert OpenItem.objects.get(customer=alice).entry.reference == old.name


def test_dora_without_rights_sees_no_button_and_no_card(client, alice):
    receipt = make_receipt(alice)
    client.force_login(make_person("Dora", "customers.view_customer", "billing.view_receipt"))
    card = client.get(CARD).content.decode()
    assert "Reverse the receipt" not in card
    assert 'id="act-payment-receipts-add"' not in card
    assert client.post(f"{CARD}reverse/{receipt.pk}/", {}).status_code == 403
    assert client.post(f"/billing/receipts/{receipt.pk}/move/", {}).status_code == 403
    client.force_login(make_person("Eve", "customers.view_customer"))
    assert client.get(CARD).status_code == 403
    assert client.get("/billing/receipts/").status_code == 403


def test_the_card_asks_elsewhere_only_where_there_is_an_elsewhere(greta, alice):
    assert "Re-Sync" not in greta.get(CARD).content.decode()
    told = []

    def fetch(customer, user, now):
        told.append(customer)
        return ""

    receipt_syncs.register(ReceiptSync("books", "Books", "billing.view_receipt", fetch))
    try:
        assert "Re-Sync" in greta.get(CARD).content.decode()
        greta.post(f"{CARD}re-sync/")
    finally:
        receipt_syncs.unregister("books")
    assert told == [alice]


def test_a_refund_is_asked_for_on_the_card(greta, alice):
    receipt = make_receipt(alice, "100.00")
    data = {"amount": "100", "account": receipt.account_id, "destination": "source", "receipt": receipt.pk}
    assert greta.post(f"{CARD}refund/", {**data, "reason": "Paid twice"}).status_code == 302
    assert ApprovalRequest.objects.get(kind="refund").about == "Refund to Alice Liddel (ALI001)"


def test_the_card_takes_few_queries_however_much_there_is(greta, alice, django_assert_max_num_queries):
    for _ in range(12):
        make_receipt(alice, "1.00")
    greta.get(CARD)
    with django_assert_max_num_queries(10):
        card = greta.get(CARD).content.decode()
    assert "Show all receipts" in card
    assert greta.get(f"{CARD}?shown=all").content.decode().count('scope="row"') == 12


def grid(account, *rows, **more):
    data = {"account": account.pk, "method": "eft", "token": "g1", **more}
    for number, (code, day, amount, reference) in enumerate(rows):
        data |= {f"{number}-code": code, f"{number}-day": day, f"{number}-amount": amount}
        data |= {f"{number}-reference": reference}
    return data


def test_many_receipts_are_captured_in_one_go(greta, alice, account):
    bob = make_customer("Bob Hatter", "BOB001")
    rows = [
        ("ali001", "2018-08-15", "454", "a"),
        ("", "2018-08-15", "", ""),
        ("BOB001", "2018-08-16", "R 1 000,50", ""),
    ]
    assert greta.post("/billing/receipts/capture/", grid(account, *rows)).status_code == 302
    assert (balance(alice), balance(bob)) == (Decimal("-454.00"), Decimal("-1000.50"))
    again = greta.post(
        "/billing/receipts/capture/", grid(account, *rows, **{"0-twice": "on", "2-twice": "on"})
    )
    assert "booked already" in again.content.decode()
    assert Receipt.objects.count() == 2


def test_a_wrong_row_of_the_grid_keeps_all_that_was_typed(greta, alice, account):
    rows = [
        ("ALI001", "2018-08-15", "454", "a"),
        ("NOB999", "2018-08-15", "x", "b"),
        ("ALI001", "2018-08-15", "454", "c"),
    ]
    answer = greta.post("/billing/receipts/capture/", grid(account, *rows))
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no customer with this code." in said
    assert 'value="NOB999"' in said
    assert not Receipt.objects.exists()
    answer = greta.post("/billing/receipts/capture/", grid(account, rows[0], rows[2]))
    assert "Captured already" in answer.content.decode()
    assert not Receipt.objects.exists()


def test_a_payment_is_split_over_customers_and_the_shares_are_the_whole(greta, alice, account):
    bob = make_customer("Bob Hatter", "BOB001")
    data = {
        "account": account.pk,
        "receipt_date": "2018-08-15",
        "total": "500",
        "method": "eft",
        "token": "s1",
        "0-code": "ALI001",
        "0-amount": "300",
        "1-code": "BOB001",
        "1-amount": "199",
    }
    refused = greta.post("/billing/receipts/split/", data)
    assert "The shares come to R 499.00." in refused.content.decode()
    greta.post("/billing/receipts/split/", data | {"1-amount": "200"})
    assert (balance(alice), balance(bob)) == (Decimal(-300), Decimal(-200))
    page = greta.get(Receipt.objects.get(customer=alice).get_absolute_url()).content.decode()
    assert "Bob Hatter R 200.00" in page


def test_a_receipt_is_moved_on_its_page(greta, alice):
    bob, receipt = make_customer("Bob Hatter", "BOB001"), make_receipt(alice)
    answer = greta.post(f"/billing/receipts/{receipt.pk}/move/", {"to": "bob001", "reason": "Wrong code"})
    made = Receipt.objects.get(customer=bob)
    assert answer.url == made.get_absolute_url()
    assert "Moved from" in greta.get(answer.url).content.decode()
    assert "Reversed" in greta.get(receipt.get_absolute_url()).content.decode()


def test_the_list_is_narrowed(greta, alice, monkeypatch):
    bob = make_customer("Bob Hatter", "BOB001")
    make_invoice(alice, "454.00", date(2018, 8, 1))
    make_receipt(alice)
    make_receipt(bob, "10.00", date(2018, 7, 1))

    def shown(query):
        page = greta.get(f"/billing/receipts/?{query}").content.decode()
        return [name for name in ("Alice Liddel", "Bob Hatter") if name in page]

    assert shown("all=1") == ["Alice Liddel", "Bob Hatter"]
    assert shown("unallocated=true") == ["Bob Hatter"]
    assert shown("unallocated=false") == ["Alice Liddel"]
    assert shown("from=2018-08-01") == ["Alice Liddel"]
    assert shown("amount_max=20") == ["Bob Hatter"]
    assert shown("reversed=true") == []
    assert shown("q=BOB001") == ["Bob Hatter"]
    assert shown("q=no such reference") == []
    assert shown("q=bob0") == ["Bob Hatter"]
    monkeypatch.setattr(among, "MOST", 0)  # As if there were more than are named one by one.
    assert shown("q=bob0") == ["Bob Hatter"]
    assert shown("captured_by=none") == ["Alice Liddel", "Bob Hatter"]


def test_a_receipt_is_mailed_with_its_print(greta, alice):
    receipt = make_receipt(alice)
    page = greta.get(receipt.get_absolute_url()).content.decode()
    assert f"/billing/receipts/{receipt.pk}/print/" in page
    greta.post(f"/billing/receipts/{receipt.pk}/mail/")
    greta.post(f"/billing/receipts/{receipt.pk}/mail/")
    message = Message.objects.filter(template="receipt").first()
    assert (message.customer_id, message.subject_id) == (alice.pk, receipt.pk)
    assert message.context["amount"] == "454.00"
    assert providers["receipt"].fetch(receipt.pk).content.startswith(b"%PDF")
