"""What one who integrates looks for next: whom to reach, what is paid, the paper, and only what is new."""

from __future__ import annotations

from datetime import timedelta
from datetime import timezone as tz
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from billing.services import printing
from customers.models import Customer
from customers.services import addresses, contacts
from dataaccounts.models import DataAccount
from tests.api.programs import program
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.data import make_account
from tests.factories.helpdesk import make_ticket
from tests.factories.people import in_role

pytestmark = pytest.mark.django_db


def test_contacts_and_addresses_take_scopes_and_rights_of_their_own() -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    thabo = make_person(
        "Thabo", "customers.view_customer", "customers.view_contact", "customers.view_address"
    )
    contacts.change(contact=alice.contacts.get(), values={"phone": "+27821234567"}, actor=thabo)
    addresses.add(customer=alice, values={"kind": "physical", "town": "Oudtshoorn"}, actor=thabo)

    stock = program(thabo, "contacts:read", "addresses:read")
    (person,) = stock.get("/customers/ALI001/contacts").json()
    assert (person["phone"], person["is_primary"]) == ("+27821234567", True)
    assert "invoices" in person["purposes"]
    (place,) = stock.get("/customers/ALI001/addresses").json()
    assert (place["kind"], place["town"]) == ("physical", "Oudtshoorn")

    other = program(thabo, "customers:read")
    for noun in ("contacts", "addresses"):
        assert other.get(f"/customers/ALI001/{noun}").json()["error"]["code"] == "scope_missing"


def test_a_document_says_what_is_open_of_it_and_what_it_credits() -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    paid = make_invoice(alice, "454.00")
    make_receipt(alice, "454.00")
    part = make_invoice(alice, "100.00")
    make_receipt(alice, "30.00")
    credit = make_invoice(alice, "20.00", kind="credit_note", against=part)
    owed = make_invoice(alice, "5.00")
    credit_left = make_invoice(make_customer("Bob Smith", "BOB001"), "7.00", kind="credit_note")

    stock = program(make_person("Thabo", "billing.view_document"), "documents:read")
    known = {one["id"]: one for one in stock.get("/documents").json()["items"]}
    assert {pk: Decimal(one["open"]) for pk, one in known.items()} == {
        paid.pk: Decimal("0"),
        part.pk: Decimal("50"),
        credit.pk: Decimal("0"),
        owed.pk: Decimal("5"),
        credit_left.pk: Decimal("7"),
    }
    assert (known[credit.pk]["against"], known[part.pk]["against"]) == (part.pk, None)
    assert Decimal(stock.get(f"/documents/{part.pk}").json()["open"]) == 50


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_open_comes_with_the_documents_along_their_days(whole: bool) -> None:
    invoice = make_invoice(make_customer("Alice Liddel", "ALI001"), "454.00")
    stock = program(make_person("Thabo", "billing.view_document"), "documents:read")
    with CaptureQueriesContext(connection) as asked:
        stock.get(f"/documents/{invoice.pk}" if whole else "/documents")
    (question,) = [one["sql"] for one in asked if "billing_openitem" in one["sql"]]
    assert '"accounting_date" = ("billing_document"."document_date")' in question


def test_a_document_comes_as_the_print_that_was_stored() -> None:
    invoice = make_invoice(make_customer("Alice Liddel", "ALI001"))
    stock = program(make_person("Thabo", "billing.view_document"), "documents:read")
    waits = stock.get(f"/documents/{invoice.pk}/pdf")
    assert (waits.status_code, waits.json()["error"]["code"]) == (409, "refused")

    printing.print_some(among=[invoice.pk])
    paper = stock.get(f"/documents/{invoice.pk}/pdf")
    assert (paper.status_code, paper.headers["Content-Type"]) == (200, "application/pdf")
    assert paper.content == printing.original(printing.newest([invoice.pk])[invoice.pk])
    assert f"{invoice.name}-ALI001.pdf" in paper.headers["Content-Disposition"]
    assert stock.get("/documents/999999/pdf").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_only_what_was_changed_since_is_listed() -> None:
    alice, bob, carol = (
        make_customer(name, code)
        for name, code in (("Alice Liddel", "ALI001"), ("Bob Smith", "BOB001"), ("Carol", "CAR001"))
    )
    quiet, busy = make_account(alice, "alice"), make_account(bob, "bob")
    thabo, early = in_role("Thabo", "administrator"), make_ticket(alice)
    since = timezone.now()
    contacts.change(contact=carol.contacts.get(), values={"phone": "+27821234567"}, actor=thabo)
    Customer.objects.filter(pk=bob.pk).update(vat_number="4123456789")  # whatever changes it
    DataAccount.objects.filter(pk=busy.pk).update(text="Roof")
    late = make_ticket(bob, now=timezone.now())

    stock = program(thabo, "customers:read", "data-accounts:read", "tickets:read")
    nouns = {"customers": "code", "data-accounts": "id", "tickets": "number"}
    found = {
        noun: [
            [one[key] for one in stock.get(f"/{noun}", **asked).json()["items"]]
            for asked in ({}, {"changed_since": since.isoformat()})
        ]
        for noun, key in nouns.items()
    }
    assert found == {
        "customers": [["ALI001", "BOB001", "CAR001"], ["BOB001", "CAR001"]],
        "data-accounts": [[quiet.pk, busy.pk], [busy.pk]],
        "tickets": [[early.pk, late.pk], [late.pk]],
    }
    for noun in nouns:
        long_ago = stock.get(f"/{noun}", changed_since="2001-01-01T00:00:00Z")
        assert (long_ago.status_code, long_ago.json()["error"]["code"]) == (422, "too_long_ago")
        assert stock.get(f"/{noun}", changed_since="2026-11-23T09:00:00").status_code == 422  # of which zone?


@pytest.mark.django_db
def test_a_moment_of_an_odd_zone_or_far_off_is_the_moment_it_is() -> None:
    """There are offsets and years that a program can write and the database cannot read."""
    make_customer("Alice Liddel", "ALI001")
    stock = program(in_role("Thabo", "administrator"), "customers:read")
    hour_ago, odd = timezone.now() - timedelta(hours=1), tz(timedelta(hours=16, minutes=15))
    found = stock.get("/customers", changed_since=hour_ago.astimezone(odd).isoformat()).json()["items"]
    assert [one["code"] for one in found] == ["ALI001"]
    for far in ("5759-04-08T03:05:45.2-16:15", "9999-12-31T23:59:59-23:59"):
        assert stock.get("/customers", changed_since=far).json()["items"] == []
    early = stock.get("/customers", changed_since="0001-01-01T00:00:00+23:59")
    assert (early.status_code, early.json()["error"]["code"]) == (422, "too_long_ago")


def test_another_method_is_refused_in_the_shape_of_every_no() -> None:
    stock = program(make_person("Thabo", "customers.view_customer"), "customers:read")
    answer = stock.client.delete("/api/v1/customers/ALI001", headers=stock.headers)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")
    assert answer.json()["error"]["code"] == "method_not_allowed"
