"""Statements on their screens: given, laid out, named row by row, signed off."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Alias, BankRow, Receipt, Reconciliation, StatementImport
from herotill import runs
from tests.factories import make_customer, make_person
from tests.factories.banking import bank_account, import_statement, statement_of

pytestmark = pytest.mark.django_db
RIGHTS = (
    "billing.see_statements",
    "billing.import_statements",
    "billing.match_rows",
    "billing.take_back_statements",
    "billing.sign_reconciliation",
    "billing.view_receipt",
)
ROWS = (
    ("2018-08-15", "CAR001", "454.00"),
    ("2018-08-16", "C WHITE", "10.00"),
    ("2018-08-17", "SERVICE FEE", "-65.00"),
)


@pytest.fixture
def carol():
    return make_customer("Carol White", "CAR001")


@pytest.fixture
def greta(client):
    client.force_login(make_person("Greta", *RIGHTS))
    return client


def give(client, account, data, name="august.csv"):
    return client.post("/billing/bank/", {"account": account.pk, "file": SimpleUploadedFile(name, data)})


def test_a_statement_shows_how_it_is_read_before_it_is_and_the_next_goes_straight_in(greta, carol):
    account = bank_account()
    answer = give(greta, account, statement_of(*ROWS))
    statement = StatementImport.objects.get()
    assert answer.url == f"/billing/bank/statements/{statement.pk}/"
    page = greta.get(answer.url).content.decode()
    assert "CAR001" in page
    assert "Found by its headings" in page
    columns = {
        "headed": "1",
        "day": "date",
        "texts": ["description"],
        "amount": "amount",
        "balance": "balance",
    }
    assert greta.post(answer.url, columns | {"amount": ""}).status_code == 422
    greta.post(answer.url, columns)
    statement.refresh_from_db()
    runs.work(statement.run_id)
    page = greta.get(answer.url).content.decode()
    assert "Unmatched on these days" in page
    assert Receipt.objects.get().customer == carol
    assert give(greta, account, statement_of(("2018-08-18", "CAR001", "1.00"))).url.startswith("/runs/")


def test_what_is_no_statement_is_said(greta):
    answer = give(greta, bank_account(), b"\n")
    assert answer.status_code == 422
    assert "The file is empty." in answer.content.decode()


def test_the_queue_is_worked_through_and_undone(greta, carol):
    account = bank_account()
    import_statement(account, statement_of(*ROWS))
    white, fee = BankRow.objects.filter(kind="unmatched").order_by("day")
    page = greta.get("/billing/bank/unmatched/").content.decode()
    assert "C WHITE" in page
    assert 'data-hotkey="1"' in page
    answer = greta.post(f"/billing/bank/rows/{white.pk}/accept/", {"customer": carol.pk})
    page = greta.get(answer.url).content.decode()
    assert "SERVICE FEE" in page
    assert "Undo R 10.00" in page
    greta.post(f"/billing/bank/rows/{white.pk}/undo/")
    refused = greta.post(f"/billing/bank/rows/{white.pk}/book/", {"code": "NOB999"}, follow=True)
    assert "There is no customer with this code." in refused.content.decode()
    greta.post(f"/billing/bank/rows/{white.pk}/book/", {"code": "car001"})
    greta.post(f"/billing/bank/rows/{fee.pk}/name/", {"kind": "fee"})
    assert "Every row has a name." in greta.get("/billing/bank/unmatched/").content.decode()
    assert (
        "Somebody has said"
        in greta.post(f"/billing/bank/rows/{fee.pk}/name/", {"kind": "fee"}, follow=True).content.decode()
    )


def test_a_row_is_split_on_a_page_of_its_own(greta, carol):
    make_customer("Bob Hatter", "BOB001")
    import_statement(bank_account(), statement_of(("2018-08-15", "SCHOOL", "100.00")))
    url = f"/billing/bank/rows/{BankRow.objects.get().pk}/split/"
    data = {"0-code": "CAR001", "0-amount": "60", "1-code": "BOB001", "1-amount": "30"}
    refused = greta.post(url, data)
    assert "The parts come to R 90.00, the row brought R 100.00." in refused.content.decode()
    assert 'value="BOB001"' in refused.content.decode()
    assert greta.post(url, data | {"1-amount": "40"}).status_code == 302
    assert Receipt.objects.count() == 2


def test_days_are_checked_signed_and_opened_again(greta, carol):
    account = bank_account()
    import_statement(account, statement_of(ROWS[0]))
    url = f"/billing/bank/accounts/{account.pk}/"
    days = {"first": "2018-08-01", "last": "2018-08-31", "opening": "1 000.00", "closing": "1453.00"}
    assert (
        "R -1.00 is missing" in (page := greta.get(url, days).content.decode())
        or "-R 1.00 is missing" in page
    )
    assert (
        "Opening and rows make the closing balance."
        in greta.get(url, days | {"closing": "1454"}).content.decode()
    )
    assert greta.post(url, days).status_code == 422
    assert greta.post(url, days | {"closing": "1454"}).status_code == 302
    signed = Reconciliation.objects.get()
    assert (signed.closing, signed.signed_by.name) == (Decimal(1454), "Greta")
    assert 'value="2018-09-01"' in greta.get(url).content.decode()
    greta.post(f"/billing/bank/signed/{signed.pk}/open/", {"reason": "A row came late"})
    assert "A row came late" in greta.get(url).content.decode()


def test_a_statement_is_taken_back_on_its_page(greta, carol):
    statement, _ = import_statement(bank_account(), statement_of(*ROWS))
    greta.post(f"/billing/bank/statements/{statement.pk}/take-back/", {"reason": "Wrong account"})
    assert Receipt.objects.get().reversal.reversed_on == date(2018, 8, 15)
    assert "taken back" in greta.get(f"/billing/bank/statements/{statement.pk}/").content.decode()


def test_dora_who_only_sees_statements_changes_nothing(client, carol):
    account = bank_account()
    import_statement(account, statement_of(*ROWS))
    row = BankRow.objects.filter(kind="unmatched").first()
    client.force_login(make_person("Dora", "billing.see_statements"))
    page = client.get(f"/billing/bank/unmatched/?row={row.pk}").content.decode()
    assert "Accept" not in page
    for part in ("accept", "book", "name", "split", "undo", "receipt"):
        assert client.post(f"/billing/bank/rows/{row.pk}/{part}/", {"customer": carol.pk}).status_code == 403
    assert "Import statement" not in client.get("/billing/bank/").content.decode()
    give(client, account, statement_of(*ROWS))
    assert StatementImport.objects.count() == 1


def test_the_start_page_counts_what_waits(client, carol):
    import_statement(bank_account(), statement_of(*ROWS))
    client.force_login(make_person("Greta", *RIGHTS))
    page = client.get("/").content.decode()
    assert "Bank rows without a name" in page
    assert "R 10.00 came in, oldest 2018-08-16" in page


def test_what_was_learned_of_payers_is_listed_found_and_forgotten(client, carol):
    alias = Alias.objects.create(key="c white", text="PMT C WHITE", customer=carol)
    fee = Alias.objects.create(key="service fee", text="SERVICE FEE", kind="fee")
    client.force_login(make_person("Dora", "billing.see_statements"))
    page = client.get("/billing/bank/payers/").content.decode()
    assert "PMT C WHITE" in page
    assert "Carol White" in page
    assert "Bank fee" in page
    assert client.get(f"/billing/bank/payers/{alias.pk}/forget/").status_code == 403
    client.force_login(make_person("Greta", *RIGHTS))
    assert "Learned payers" in client.get("/billing/bank/unmatched/").content.decode()
    assert "SERVICE FEE" not in client.get("/billing/bank/payers/?q=car001").content.decode()
    asked = client.get(f"/billing/bank/payers/{alias.pk}/forget/").content.decode()
    assert "“PMT C WHITE” suggests CAR001 Carol White" in asked
    assert client.post(f"/billing/bank/payers/{alias.pk}/forget/").status_code == 302
    assert list(Alias.objects.all()) == [fee]
    done = client.post("/billing/bank/payers/list/bulk/forget/", {"ids": [fee.pk], "_given": "1"})
    assert done.status_code in (204, 302)
    assert not Alias.objects.exists()


def test_an_account_says_from_which_day_money_is_taken_in(client):
    account = bank_account(starts_on=date(2018, 3, 15))
    client.force_login(make_person("Greta", "billing.view_bankaccount", "billing.change_bankaccount"))
    assert "2018-03-15" in client.get(f"/billing/bank-accounts/{account.pk}/").content.decode()
    assert 'name="starts_on"' in client.get(f"/setup/bank-accounts/{account.pk}/").content.decode()
