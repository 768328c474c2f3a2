"""The server that stands in for SageOne keeps the promises that the client relies on."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from herotill.integrations.books import Customer
from herotill.integrations.sageone import filters, writing
from herotill.integrations.sageone.live import SageOne
from herotill.integrations.sageone.standin import CREDENTIALS, SageStandIn

AUTH = (CREDENTIALS.user, CREDENTIALS.password)
KEY = {"apikey": f"{{{CREDENTIALS.api_key}}}", "companyid": "1"}
ROW = {
    "ID": 7,
    "Name": "O'Brien",
    "Total": Decimal("4.50"),
    "Active": True,
    "Modified": "2026-11-02T08:00:00",
}


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counting(clock: Clock) -> Iterator[SageStandIn]:
    with SageStandIn(now=clock, a_minute=5) as found:
        yield found


def ask(there: SageStandIn, what: str, auth: Any = AUTH, **query: str) -> requests.Response:
    return requests.get(f"{there.url}/api/2.0.0/{what}", params=KEY | query, auth=auth, timeout=10)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("ID eq 7", True),
        ("ID ne 7", False),
        ("ID ge 8 or Name eq 'O''Brien'", True),
        ("ID ge 8 or (Name eq 'O''Brien' and Total lt 4.50)", False),
        ("ID le 7 and ID gt 6 and Active eq true", True),
        ("Modified ge DateTime'2026-11-02T08:00:00'", True),
        ("Modified ge DateTime'2026-11-02T08:00:01'", False),
        ("Missing ne 5", False),
    ],
)
def test_filters(text: str, passes: bool) -> None:
    assert filters.test(text)(ROW) is passes


@pytest.mark.parametrize(
    "text", ["", "ID", "ID eq", "ID is 5", "(ID eq 5", "ID eq 5)", "ID eq 'x", "ID eq 5 7"]
)
def test_no_filters(text: str) -> None:
    with pytest.raises(ValueError, match=r"filter|operator|parenthesis"):
        filters.test(text)


def test_it_really_counts_and_blocks_for_an_hour(counting: SageStandIn, clock: Clock) -> None:
    said = [ask(counting, "TaxType/Get").status_code for _ in range(6)]
    assert said == [200] * 5 + [429]
    clock.at += timedelta(minutes=59)
    assert ask(counting, "TaxType/Get").status_code == 429
    clock.at += timedelta(minutes=2)
    assert ask(counting, "TaxType/Get").status_code == 200


def test_twenty_failed_log_ins_block_for_a_day(clock: Clock) -> None:
    with SageStandIn(now=clock, a_minute=0) as there:
        said = [ask(there, "TaxType/Get", ("who", "ever")).status_code for _ in range(20)]
        assert set(said) == {401}
        assert ask(there, "TaxType/Get").status_code == 429
        clock.at += timedelta(hours=23)
        assert ask(there, "TaxType/Get").status_code == 429


def test_the_door(there: SageStandIn) -> None:
    wrong = ask(there, "TaxType/Get", apikey="{other}")
    assert (wrong.status_code, wrong.headers["X-APIKey"]) == (401, "Invalid")
    assert wrong.text.startswith("<!DOCTYPE html>")
    assert ask(there, "TaxType/Get", companyid="5").status_code == 404
    assert ask(there, "Unknown/Get").status_code == 404
    form = requests.post(f"{there.url}/api/2.0.0/Customer/Save", params=KEY, auth=AUTH, data="x", timeout=10)
    assert form.status_code == 415
    other = requests.get(f"{there.url}/api/3.1/Customer/Get", params=KEY, auth=AUTH, timeout=10)
    assert other.status_code == 404
    assert all(said.headers["LOGUID"] for said in (wrong, form, other))


def test_a_post_without_a_length(there: SageStandIn) -> None:
    with socket.create_connection(("127.0.0.1", there.server.server_port)) as line:
        line.sendall(b"POST /api/2.0.0/Customer/Save HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b" 411 " in line.recv(200)


def test_never_more_than_a_hundred(there: SageStandIn) -> None:
    customer = there.add_customer("ALI001", "Alice")
    for _ in range(120):
        there.add_receipt(customer, Decimal(1), date(2026, 11, 2))
    said = ask(there, "CustomerReceipt/Get", **{"$top": "500", "$orderby": "ID"}).json()
    assert (said["TotalResults"], said["ReturnedResults"], len(said["Results"])) == (120, 100, 100)
    rest = ask(there, "CustomerReceipt/Get", **{"$skip": "100", "$orderby": "ID"}).json()
    assert len(rest["Results"]) == 20


def test_what_is_in_use_stays(there: SageStandIn) -> None:
    customer = there.add_customer("ALI001", "Alice")
    receipt = there.add_receipt(customer, Decimal(1), date(2026, 11, 2))
    base = f"{there.url}/api/2.0.0"
    said = [
        requests.delete(f"{base}/{what}", params=KEY, auth=AUTH, timeout=10).status_code
        for what in (
            f"Customer/Delete/{customer}",
            f"CustomerReceipt/Delete/{receipt}",
            f"Customer/Delete/{customer}",
        )
    ]
    assert said == [409, 204, 204]


def test_it_goes_on_where_it_ended(tmp_path: Path) -> None:
    kept = tmp_path / "demo" / "sage.json"
    with SageStandIn(kept=kept) as there:
        customer = there.add_customer("ALI001", "Alice")
        there.add_receipt(customer, Decimal("4.50"), date(2026, 11, 2))
        there.lock_until(date(2026, 10, 31))
        ask(there, "TaxType/Get")
    with SageStandIn(kept=kept) as again:
        assert again.ledger.balance(int(customer)) == Decimal("-4.50")
        assert again.ledger.company["LockProcessing"]
        assert int(again.add_customer("BOB001", "Bob")) > int(customer) + 1


def test_it_does_only_what_it_can(there: SageStandIn) -> None:
    with pytest.raises(ValueError, match="cannot"):
        there.misbehave("explode")


def test_an_allocation_lowers_what_is_free_and_what_is_due(clock: Clock) -> None:
    with SageStandIn(now=clock) as there:
        alice = int(there.add_customer("ALI001", "Alice Liddel"))
        line = {"SelectionId": 1, "Quantity": 1, "UnitPriceInclusive": "454.00", "TaxTypeId": 2}
        invoice, _ = there.ledger.save(
            "TaxInvoice",
            {"CustomerId": alice, "Date": "2026-11-01", "Inclusive": True, "Lines": [line]},
        )
        receipt = int(there.add_receipt(str(alice), Decimal("500.00"), date(2026, 11, 2)))
        wanted = {"SourceDocumentId": receipt, "AllocatedToDocumentId": invoice["ID"], "Discount": 0}
        said = [
            requests.post(
                f"{there.url}/api/2.0.0/Allocation/Save",
                params=KEY,
                json=wanted | {"Total": total},
                auth=AUTH,
                timeout=10,
            ).status_code
            for total in (454.01, 454, 1)
        ]
        due = ask(there, f"TaxInvoice/Get/{invoice['ID']}").json()
        free = ask(there, f"CustomerReceipt/Get/{receipt}").json()
    assert said == [400, 201, 400]
    assert (due["AmountDue"], due["Paid"], free["TotalUnallocated"]) == (0, True, 46)


@pytest.mark.parametrize("field", ["TextField1", "TextField2"])
def test_our_code_stands_in_the_field_that_the_settings_name(
    there: SageStandIn, books: SageOne, settings: Any, field: str
) -> None:
    settings.SAGEONE_CODE_FIELD = field
    settings.SAGEONE_MOMENT = "datetime'%Y-%m-%dT%H:%M:%S'"
    made = books.save_customer(Customer("ALI001", "Alice Liddel"))
    assert there.ledger.rows["Customer"][int(made.id)][field] == "ALI001"
    assert [one.id for one in books.customers_of("ALI001")] == [made.id]
    assert writing.literal(datetime(2026, 11, 2, 8, tzinfo=UTC)) == "datetime'2026-11-02T10:00:00'"
