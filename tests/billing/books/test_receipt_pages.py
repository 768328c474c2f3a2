"""Receipts from the books on their screens: what waits, whose accounts are ours, the buttons that hurry them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from billing.models import (
    BankAccount,
    BooksAccount,
    BooksAged,
    BooksAgeing,
    BooksConnection,
    BooksCustomer,
    BooksOwed,
    BooksReading,
    BooksReceipt,
    BooksTaxType,
    Receipt,
)
from billing.selectors import ageing, books_ageing
from billing.services import blanking, books_receipts
from customers.anonymising import Stage
from herotill import clock
from herotill.blanking import begin
from herotill.integrations import books as port
from herotill.models import Run
from tests.factories.billing import make_invoice
from tests.factories.books import STARTS, connect
from tests.factories.customers import make_customer
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
DAY = date(2018, 8, 15)
RIGHTS = (
    "customers.view_customer",
    "billing.view_document",
    "billing.view_receipt",
    "billing.view_booksreceipt",
    "billing.sync_books",
    "billing.settle_booksreceipt",
    "billing.view_booksaccount",
    "billing.change_booksaccount",
    "billing.view_booksageing",
    "billing.see_reports",
)


@pytest.fixture
def account():
    connect()
    ours = BankAccount.objects.create(name="Sage Pay", source=BankAccount.Source.ACCOUNTING)
    BooksAccount.objects.create(company="1", their_id="9", name="Sage Pay there", account=ours)
    return ours


@pytest.fixture
def greta(client):
    client.force_login(make_person("Greta", *RIGHTS))
    client.get("/")
    return client


def tell(*receipts, **also):
    told = [
        port.Receipt(
            id=str(number),
            customer_id=customer,
            bank_account_id=account,
            day=DAY,
            amount=Decimal("454.00"),
            reference="ALI001 -",
            **also,
        )
        for number, customer, account in receipts
    ]
    return books_receipts.take(told=told, company="1", cut_over=STARTS)


def test_greta_sees_what_waits_and_says_whose_it_is(greta, account):
    alice = make_customer("Alice Liddel", "ALI001")
    tell((1, "999", "9"))
    BooksTaxType.objects.create(company="1", their_id="2", name="Standard Rate", rate=15, usual=True)
    page = greta.get("/billing/books/receipts/reading/").content.decode()
    assert "1 receipt, R 454.00, waits for a person" in page
    assert "Sage Pay there" in page
    assert "Kinds of VAT there: Standard Rate 15 % (the usual one)." in " ".join(page.split())
    row = BooksReceipt.objects.get()
    listed = greta.get("/billing/books/receipts/?state=waits").content.decode()
    assert "Waits for a person" in listed
    assert (
        "No customer here has this SageOne ID."
        in greta.get(f"/billing/books/receipts/{row.pk}/").content.decode()
    )

    settle = f"/billing/books/receipts/{row.pk}/settle/"
    named = 'name="customer" value="'
    BooksReceipt.objects.update(reference="WALK in")
    assert named not in greta.get(settle).content.decode()  # no customer is called so
    BooksReceipt.objects.update(reference="ali001 thank you")
    assert f"{named}ALI001" in greta.get(settle).content.decode()
    assert greta.post(settle, {"is_a": "customer", "customer": ""}).status_code == 422
    assert greta.post(settle, {"is_a": "customer", "customer": "ALI001"}).status_code == 302
    made = Receipt.objects.get()
    assert made.customer == alice
    assert "what changes or is deleted there" in greta.get(made.get_absolute_url()).content.decode()
    assert greta.post(settle, {"is_a": "left", "why": "Twice"}).status_code == 422
    assert "Alice Liddel" in greta.get(f"/billing/books/receipts/{row.pk}/").content.decode()


def test_greta_sees_who_it_is_in_sageone_while_it_waits(greta, account):
    make_customer("Alice Liddel", "ALI001")
    make_customer("Willy Walker", "WAL001")
    tell((1, "999", "9"), customer="W Walker", code="WAL001")
    row = BooksReceipt.objects.get()
    url = f"/billing/books/receipts/{row.pk}/"
    for page in ("/billing/books/receipts/?state=waits", url, f"{url}settle/"):
        assert "W Walker (WAL001)" in greta.get(page).content.decode(), page
    assert 'name="customer" value="WAL001"' in greta.get(f"{url}settle/").content.decode()
    assert tell((1, "999", "9"), customer="Wilma Walker", code="WAL001").told == 1  # renamed there
    assert "Wilma Walker (WAL001)" in greta.get(url).content.decode()
    greta.post(f"{url}settle/", {"is_a": "customer", "customer": "WAL001"})
    row.refresh_from_db()
    assert (row.state, row.payer, row.payer_code) == ("booked", "", "")
    assert "Wilma" not in greta.get("/billing/books/receipts/").content.decode()


@pytest.mark.parametrize("end", ["linked", "left", "gone"])
def test_who_it_is_there_is_kept_only_while_nobody_here_is_it(account, end):
    tell((1, "999", "9"), customer="W Walker", code="WAL001")
    row = BooksReceipt.objects.get()
    assert (row.payer, row.payer_code) == ("W Walker", "WAL001")
    if end == "linked":
        BooksCustomer.objects.create(customer=make_customer("Willy Walker", "WAL001"), their_id="999")
        BooksAccount.objects.update(account=None)
        tell((1, "999", "9"), customer="W Walker", code="WAL001")
    elif end == "left":
        books_receipts.leave(row=row, why="Booked by hand", actor=make_person("Greta"))
    else:
        books_receipts.gone(their_ids=["1"], company="1")
    row.refresh_from_db()
    assert (row.state == "waits", row.payer, row.payer_code) == (end == "linked", "", "")


def test_a_forgotten_customer_who_is_linked_with_nobody_there_is_known_by_the_code(account):
    walker = make_customer("Willy Walker", "WAL001")
    tell((1, "999", "9"), customer="W Walker", code="WAL001")
    tell((2, "998", "9"), customer="B Builder", code="BOB001")
    asked = BooksAgeing.objects.create(
        company="1", as_at=date(2018, 8, 31), by_months=True, from_due=False, asked_at=clock.stamp()
    )
    zero = dict.fromkeys(("days120", "days90", "days60", "days30", "current"), Decimal(0))
    for their_id, name, code in (("999", "W Walker", "WAL001"), ("998", "B Builder", "BOB001")):
        BooksAged.objects.create(ageing=asked, their_customer=their_id, name=name, code=code, **zero)
    begin([walker.pk], Stage.PERSON)
    blanking.profile([walker.pk], clock.stamp())
    payers = BooksReceipt.objects.order_by("their_id").values_list("payer", "payer_code")
    assert list(payers) == [("", ""), ("B Builder", "BOB001")]
    assert list(BooksAged.objects.order_by("pk").values_list("name", flat=True)) == ["•••", "B Builder"]


def test_greta_leaves_one_out(greta, account):
    tell((1, "999", "9"))
    row = BooksReceipt.objects.get()
    greta.post(f"/billing/books/receipts/{row.pk}/settle/", {"is_a": "left", "why": "Booked by hand"})
    row.refresh_from_db()
    assert (row.state, row.decided_why, row.decided_by.name) == ("left", "Booked by hand", "Greta")


def test_greta_says_which_account_is_ours_and_what_waited_is_booked_next(greta, account):
    alice = make_customer("Alice Liddel", "ALI001")
    BooksCustomer.objects.create(customer=alice, their_id="501")
    theirs = BooksAccount.objects.create(company="1", their_id="10", name="Current account")
    tell((1, "501", "10"))
    url = f"/billing/books/accounts/{theirs.pk}/"
    assert "Current account in SageOne" in greta.get(url).content.decode()
    assert greta.post(url, {"account": account.pk, "starts_on": "2018-08-01"}).status_code == 302
    theirs.refresh_from_db()
    assert theirs.account == account
    assert books_receipts.take_again(company="1", cut_over=STARTS).booked == 1


def test_dora_without_the_rights_sees_and_does_nothing(client, account):
    tell((1, "999", "9"))
    row = BooksReceipt.objects.get()
    client.force_login(make_person("Dora", "customers.view_customer"))
    for url in ("receipts/reading/", "receipts/", f"receipts/{row.pk}/", f"receipts/{row.pk}/settle/"):
        assert client.get(f"/billing/books/{url}").status_code == 403
    assert client.post("/billing/books/receipts/sync/").status_code == 403
    assert client.post("/billing/books/accounts/look/").status_code == 403
    assert client.get("/reports/sageone-debtors/").status_code == 403


@pytest.mark.parametrize("card", ["payment-receipts", "age-analysis"])
def test_re_sync_stands_on_both_cards_while_sageone_is_in_use(greta, account, card):
    make_customer("Alice Liddel", "ALI001")
    url = f"/customers/ALI001/widgets/{card}/"
    assert "re-sync" in greta.get(url).content.decode()
    assert greta.post(f"{url}re-sync/").status_code in (204, 302)
    BooksConnection.objects.update(is_on=False)
    assert "re-sync" not in greta.get(url).content.decode()


def test_greta_has_receipts_and_accounts_asked_for(greta, account):
    assert greta.post("/billing/books/receipts/sync/", {"whole": "1"}).status_code == 302
    assert greta.post("/billing/books/accounts/look/").status_code == 302


def test_who_only_asks_for_what_changed_does_not_have_all_of_them_read(client, account):
    client.force_login(make_person("Sam", "billing.sync_books", "billing.view_booksreceipt"))
    assert "Read all" not in client.get("/billing/books/receipts/reading/").content.decode()
    assert client.post("/billing/books/receipts/sync/", {"whole": "1"}).status_code == 403
    assert client.post("/billing/books/receipts/sync/").status_code == 302


def test_debtors_beside_sageone_and_as_a_file(greta, account):
    alice = make_customer("Alice Liddel", "ALI001")
    BooksCustomer.objects.create(customer=alice, their_id="501")
    make_invoice(alice, "454.00", DAY)
    assert greta.get("/reports/sageone-debtors/").status_code == 200
    assert greta.post("/reports/sageone-debtors/", {"as_at": "2999-01-01"}).status_code == 422
    assert greta.post("/reports/sageone-debtors/", {"as_at": "2018-08-31"}).status_code == 302
    assert Run.objects.get().params == {"as_at": "2018-08-31"}

    asked = BooksAgeing.objects.create(
        company="1", as_at=date(2018, 8, 31), by_months=True, from_due=False, asked_at=clock.stamp()
    )
    zero = dict.fromkeys(("days120", "days90", "days60", "days30"), Decimal(0))
    told = BooksAged.objects.create(
        ageing=asked, their_customer="501", name="Alice", current=Decimal("400.00"), **zero
    )
    page = greta.get("/reports/sageone-debtors/").content.decode()
    assert "1 of 1 customers owe another amount" in page
    assert "R 54.00" in page
    told.current = Decimal("454.00")
    told.save()
    assert "All 1 customers owe the same" in greta.get("/reports/sageone-debtors/").content.decode()
    file = greta.get("/reports/sageone-debtors/?format=csv")
    assert b"ALI001" in b"".join(file.streaming_content)


def test_who_stands_on_both_sides_under_one_code_is_told_so_and_linked_by_a_button(greta, account):
    alice = make_customer("Alice Liddel", "ALI001")
    make_invoice(alice, "454.00", DAY)
    asked = BooksAgeing.objects.create(
        company="1", as_at=date(2018, 8, 31), by_months=True, from_due=False, asked_at=clock.stamp()
    )
    zero = dict.fromkeys(("days120", "days90", "days60", "days30"), Decimal(0))
    for their_id, code in (("501", "ALI001"), ("502", "BOB001"), ("503", "")):
        BooksAged.objects.create(
            ageing=asked, their_customer=their_id, name="A", code=code, current=Decimal("454.00"), **zero
        )
    page = greta.get("/reports/sageone-debtors/").content.decode()
    assert "not linked with SageOne ID 501 yet" in page
    assert 'carries the code <a href="/customers/ALI001/">ALI001</a>' in page
    assert [f"SageOne ID {one} is nobody" in page for one in ("501", "502", "503")] == [False, True, True]
    sync = "/customers/ALI001/widgets/sageone/sync/"
    assert sync not in page
    greta.force_login(make_person("Mary", *RIGHTS, "billing.view_bookscustomer", "billing.push_to_books"))
    assert f'action="{sync}"' in greta.get("/reports/sageone-debtors/").content.decode()
    assert greta.post(sync).status_code in (204, 302)
    assert BooksOwed.objects.filter(customer=alice, document=None).exists()
    BooksCustomer.objects.create(customer=alice, their_id="501")
    assert "All 3" not in greta.get("/reports/sageone-debtors/").content.decode()
    assert "not linked with" not in greta.get("/reports/sageone-debtors/").content.decode()


def test_a_hundred_readings_and_receipts_cost_no_more_questions(
    greta, account, django_assert_max_num_queries
):
    tell(*((number, "999", "9") for number in range(60)))
    now = clock.stamp()
    BooksReading.objects.bulk_create(
        BooksReading(company="1", whole=True, started_at=now, finished_at=now) for _ in range(100)
    )
    with django_assert_max_num_queries(18):
        greta.get("/billing/books/receipts/reading/")
    with django_assert_max_num_queries(14):
        greta.get("/billing/books/receipts/")


def test_a_file_of_debtors_is_read_a_part_at_a_time_with_everybody_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect()
    asked = BooksAgeing.objects.create(
        company="1", as_at=DAY, by_months=True, from_due=False, asked_at=clock.stamp()
    )
    for place in range(7):
        customer = make_customer(code=f"ALI{place:03}")
        BooksCustomer.objects.create(customer=customer, their_id=str(500 + place))
        make_invoice(customer, "454.00", DAY)
    zero = dict.fromkeys(("days120", "days90", "days60", "days30"), Decimal(0))
    BooksAged.objects.bulk_create(
        BooksAged(ageing=asked, their_customer=str(500 + place), name="A", current=Decimal(place), **zero)
        for place in range(3, 10)
    )
    monkeypatch.setattr(ageing, "AT_ONCE", 2)
    found = books_ageing.beside(asked)
    rows = list(books_ageing.Everybody(asked, found.many))
    assert (found.many, found.differing, len(rows)) == (10, 10, 10)
    assert [row[0] for row in rows] == [*(f"ALI{place:03}" for place in range(7)), "", "", ""]
    assert [row[1] for row in rows[-3:]] == ["507", "508", "509"]
    assert sum(row[-1] for row in rows) == found.ours.total - found.theirs.total
    assert found.differences[0].difference == Decimal("454.00")
