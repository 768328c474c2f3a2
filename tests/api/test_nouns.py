"""What the API gives and does for each noun: the same as the screens, through the same services."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import Receipt
from dataaccounts.models import UsageDay
from helpdesk.models import Post, Ticket
from herotill.models import Fact
from tests.api.programs import program
from tests.factories import make_customer, make_person
from tests.factories.banking import bank_account
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.data import make_account
from tests.factories.helpdesk import make_department, make_priority, make_ticket

pytestmark = pytest.mark.django_db
TODAY = date(2018, 1, 5)


def test_alice_is_found_by_her_code_in_any_case() -> None:
    make_customer("Alice Liddel", "ALI001", vat_number="4123456789", id_number="8001015009087")
    stock = program(make_person("Thabo", "customers.view_customer"), "customers:read")
    found = stock.get("/customers/ali001")
    assert (found.json()["code"], found.json()["vat_number"]) == ("ALI001", "4123456789")
    assert "8001015009087" not in found.content.decode()


def test_customers_are_filtered_by_status_and_master() -> None:
    wonderland = make_customer("Wonderland", "WON001")
    make_customer("Alice Liddel", "ALI001", master=wonderland)
    make_customer("Carol Petersen", "CAR001", status="suspended")
    stock = program(make_person("Thabo", "customers.view_customer"), "customers:read")
    assert [one["code"] for one in stock.get("/customers", master="WON001").json()["items"]] == ["ALI001"]
    assert [one["code"] for one in stock.get("/customers", status="suspended").json()["items"]] == ["CAR001"]


def test_a_data_account_is_suspended_and_restored_and_the_fact_is_told() -> None:
    account = make_account(make_customer("Alice Liddel", "ALI001"), "alice")
    thabo = make_person("Thabo", "dataaccounts.view_dataaccount", "dataaccounts.suspend_dataaccount")
    stock = program(thabo, "data-accounts:read", "data-accounts:suspend")
    url = f"/data-accounts/{account.pk}"
    assert stock.get("/data-accounts", username="alice").json()["items"][0]["customer"] == "ALI001"

    done = stock.post(f"{url}/suspend", {"reason": "Stolen router"})
    assert (done.status_code, done.json()["state"]) == (200, "suspended")
    again = stock.post(f"{url}/suspend", {"reason": "Stolen router"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "refused")
    assert stock.post(f"{url}/restore", {"reason": "Found"}).json()["state"] == "active"
    for answer in (done, again):
        assert "alice" not in answer.content.decode().lower()
        assert "ALI001" not in answer.content.decode()
    assert Fact.objects.filter(kind="data-account.suspended").count() == 1
    assert "password" not in stock.get(url).json()


def test_usage_is_told_by_day_for_days_that_can_be_asked() -> None:
    account = make_account(make_customer("Alice Liddel", "ALI001"), "alice")
    today = timezone.localdate()
    UsageDay.objects.create(account=account, day=today, download=5, upload=7)
    stock = program(make_person("Thabo", "dataaccounts.view_usageday"), "usage:read")
    url = f"/data-accounts/{account.pk}/usage"
    first = (today - timedelta(days=6)).isoformat()
    assert stock.get(url, first=first, last=today.isoformat()).json() == [
        {"day": today.isoformat(), "download": 5, "upload": 7}
    ]
    assert stock.get(url, first=today.isoformat(), last=first).status_code == 409
    assert stock.get(url, first="2000-01-01", last=today.isoformat()).status_code == 409


def test_issued_documents_are_told_and_drafts_are_not() -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    issued = make_invoice(alice)
    draft = make_draft(alice)
    stock = program(make_person("Thabo", "billing.view_document"), "documents:read")
    listed = stock.get("/documents", customer="ALI001", first=str(issued.document_date)).json()["items"]
    assert [(one["id"], one["number"]) for one in listed] == [(issued.pk, issued.name)]
    assert Decimal(listed[0]["incl"]) == issued.incl
    whole = stock.get(f"/documents/{issued.pk}").json()
    assert sum(Decimal(line["incl"]) for line in whole["lines"]) == issued.incl
    assert stock.get(f"/documents/{draft.pk}").status_code == 404


def test_documents_of_one_day_follow_each_other_over_pages() -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    made = [make_invoice(alice).pk for _ in range(3)]
    stock = program(make_person("Thabo", "billing.view_document"), "documents:read")
    seen, cursor = [], ""
    while True:
        page = stock.get("/documents", limit=1, cursor=cursor).json()
        seen += [one["id"] for one in page["items"]]
        if not page["next"]:
            break
        cursor = page["next"]
    assert seen == made


def captured(**changed: object) -> dict[str, object]:
    new = {"customer": "ALI001", "account": "FNB cheque", "receipt_date": "2018-01-05", "amount": "454.00"}
    return new | changed


def test_a_receipt_is_booked_once_whatever_is_sent_again() -> None:
    make_customer("Alice Liddel", "ALI001")
    bank_account("FNB cheque", source="capture")
    thabo = make_person(
        "Thabo", "billing.add_receipt", "billing.view_receipt", "customers.see_customer_balance"
    )
    stock = program(thabo, "receipts:write", "receipts:read", "balances:read")

    first, second = (stock.post("/receipts", captured(), key="money-1") for _ in range(2))
    assert (first.status_code, first.json()) == (201, second.json())
    third = stock.post("/receipts", captured(), key="money-2")
    assert (third.status_code, list(third.json()["error"]["fields"])) == (409, ["another"])
    assert stock.post("/receipts", captured(another=True), key="money-3").status_code == 201
    assert Receipt.objects.count() == 2
    assert Decimal(stock.get("/customers/ALI001/balance").json()["amount"]) == Decimal("-908.00")
    assert len(stock.get("/receipts", customer="ALI001").json()["items"]) == 2


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"amount": "0"}, 422),
        ({"amount": "1.005"}, 422),
        ({"amount": "NaN"}, 422),
        ({"receipt_date": "2999-01-01"}, 409),
        ({"account": "Elsewhere"}, 409),
        ({"account": "Statement"}, 409),
        ({"customer": "NOB001"}, 404),
        ({"note": "a\tb"}, 422),
    ],
)
def test_a_receipt_that_a_person_could_not_capture_is_refused(
    changed: dict[str, object], status: int
) -> None:
    make_customer("Alice Liddel", "ALI001")
    bank_account("FNB cheque", source="capture")
    bank_account("Statement", source="statement")
    stock = program(make_person("Thabo", "billing.add_receipt"), "receipts:write")
    assert stock.post("/receipts", captured(**changed)).status_code == status
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("changed", [{"account": "Elsewhere"}, {"receipt_date": "2999-01-01"}])
def test_what_is_refused_anyhow_tells_nobody_who_is_a_customer(changed: dict[str, object]) -> None:
    make_customer("Alice Liddel", "ALI001")
    bank_account("FNB cheque", source="capture")
    stock = program(make_person("Thabo", "billing.add_receipt"), "receipts:write")
    answers = [stock.post("/receipts", captured(customer=code, **changed)) for code in ("ALI001", "NOB001")]
    assert [one.status_code for one in answers] == [409, 409]
    assert answers[0].content == answers[1].content


def test_a_reversed_receipt_says_so() -> None:
    receipt = make_receipt(make_customer("Alice Liddel", "ALI001"))
    stock = program(make_person("Thabo", "billing.view_receipt"), "receipts:read")
    assert stock.get(f"/receipts/{receipt.pk}").json()["reversed_on"] is None


def test_a_ticket_is_opened_answered_and_noted() -> None:
    make_customer("Alice Liddel", "ALI001")
    make_priority(usual=True)
    make_department("Support")
    thabo = make_person("Thabo", "helpdesk.view_ticket", "helpdesk.add_ticket", "helpdesk.answer_ticket")
    stock = program(thabo, "tickets:read", "tickets:open", "tickets:answer")
    new = {"customer": "ALI001", "subject": "No signal", "text": "Since noon.", "department": "Support"}

    made = stock.post("/tickets", new).json()
    said = stock.post(f"/tickets/{made['number']}/posts", {"text": "We look into it."})
    noted = stock.post(f"/tickets/{made['number']}/posts", {"text": "Tower 4?", "kind": "note"})
    assert (said.status_code, noted.json()["kind"]) == (201, "note")
    whole = stock.get(f"/tickets/{made['number']}").json()
    assert [one["kind"] for one in whole["posts"]] == ["said", "answer", "note"]
    assert (whole["state"], Post.objects.filter(kind="answer").get().author) == ("pending", thabo)
    assert stock.post("/tickets", new | {"department": "Elsewhere"}).status_code == 409
    assert Ticket.objects.count() == 1


def test_lists_take_as_many_questions_with_ten_times_the_rows(django_assert_max_num_queries) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    thabo = make_person(
        "Thabo",
        "helpdesk.view_ticket",
        "billing.view_document",
        "billing.view_receipt",
        "dataaccounts.view_dataaccount",
    )
    stock = program(thabo, "tickets:read", "documents:read", "receipts:read", "data-accounts:read")
    for number in range(10):
        make_ticket(alice)
        make_invoice(alice)
        make_receipt(alice)
        make_account(alice, f"alice{number}")
    stock.get("/tickets")
    for noun in ("tickets", "documents", "receipts", "data-accounts"):
        for limit in (1, 10):
            with django_assert_max_num_queries(
                8 if noun == "documents" else 7
            ):  # with the entry of its taking
                assert len(stock.get(f"/{noun}", limit=limit).json()["items"]) == limit
