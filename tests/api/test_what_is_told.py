"""What programs hear of money, customers, accounts and lines: each thing once, and what was taken back never."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from billing.services import issuing, moving, receipts
from customers.models import Customer, CustomerGroup, Label
from customers.services import addresses, contacts, customers, tagging
from customers.services.customers import NewContact, NewCustomer
from dataaccounts.services import accounts, voice_lines
from herotill.api.kinds import offers
from herotill.api.models import Delivery
from herotill.api.services import forgetting
from herotill.models import Fact
from tests.api.listening import Listener, hook_of, told
from tests.factories import make_customer, make_person
from tests.factories.billing import make_draft, make_invoice, make_receipt
from tests.factories.calls import make_line
from tests.factories.data import make_account

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
ISSUED, BOOKED, REVERSED = "document.issued", "receipt.booked", "receipt.reversed"
CREATED, CHANGED, CANCELLED = "customer.created", "customer.changed", "customer.cancelled"
GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "webhooks.md"


def new(name: str, code: str, **fields: Any) -> NewCustomer:
    given = {"kind": "individual", "first_names": name, "group": CustomerGroup.objects.get(is_default=True)}
    return NewCustomer(code, given | fields, NewContact(name, f"{name.lower()}@example.com", "0821234567"))


def test_issued_documents_are_told_by_their_numbers_and_drafts_are_not(listener: Listener) -> None:
    _, secret = hook_of(listener, ISSUED)
    alice = make_customer("Alice Liddel", "ALI001")
    make_draft(alice, "1.00")
    invoice = make_invoice(alice, "454.00")
    credit = make_invoice(alice, "54.00", kind="credit_note", against=invoice)

    first, second = told(listener, secret)
    assert (first["kind"], first["customer"]) == (ISSUED, "ALI001")
    assert first["subject"] == {"kind": "document", "id": invoice.pk}
    assert first["data"] == {
        "number": invoice.name,
        "kind": "invoice",
        "document_date": "2018-08-21",
        "due_date": "2018-08-21",
        "excl": "394.78",
        "vat": "59.22",
        "incl": "454.00",
    }
    assert (second["subject"]["id"], second["data"]["kind"]) == (credit.pk, "credit_note")
    assert told(listener, secret) == []


def test_documents_that_nobody_is_told_of_are_told_to_no_program(listener: Listener) -> None:
    _, secret = hook_of(listener, ISSUED)
    draft = make_draft(make_customer("Alice Liddel", "ALI001"))
    issuing.issue(documents=[draft.pk], actor=None, now=NOW, quiet=True)
    assert told(listener, secret) == []


def test_money_is_told_when_it_is_booked_when_it_is_reversed_and_when_it_moves(listener: Listener) -> None:
    _, secret = hook_of(listener, BOOKED, REVERSED)
    alice, bob = make_customer("Alice Liddel", "ALI001"), make_customer("Bob Smith", "BOB001")
    one, two = make_receipt(alice, "100.00"), make_receipt(alice, "200.00")
    receipts.reverse_many(receipts=[one.pk], reason="Alice Liddel's cheque bounced", actor=None)
    moved = moving.move(
        receipt=two, to=bob, reason="Bob paid", day=date(2018, 8, 23), actor=make_person("Thabo M")
    )

    said = told(listener, secret)
    assert [(each["kind"], each["customer"], each["subject"]["id"]) for each in said] == [
        (BOOKED, "ALI001", one.pk),
        (BOOKED, "ALI001", two.pk),
        (REVERSED, "ALI001", one.pk),
        (REVERSED, "ALI001", two.pk),
        (BOOKED, "BOB001", moved.pk),
    ]
    assert said[0]["data"] == {
        "receipt_date": "2018-08-22",
        "amount": "100.00",
        "method": "eft",
        "account": "Sage Pay",
    }
    assert said[2]["data"] == {
        "receipt_date": "2018-08-22",
        "amount": "100.00",
        "reversed_on": "2018-08-22",
        "code": "",
    }
    assert "bounced" not in str(said)


def test_a_customer_is_told_new_changed_and_cancelled_without_a_name(listener: Listener) -> None:
    _, secret = hook_of(listener, CREATED, CHANGED, CANCELLED)
    thabo = make_person("Thabo M")
    alice, bob = customers.create_many(new=[new("Alice", "ALI001"), new("Bob", "BOB001")], actor=thabo)
    said = told(listener, secret)
    assert [(each["kind"], each["customer"]) for each in said] == [(CREATED, "ALI001"), (CREATED, "BOB001")]
    assert said[0]["data"] == {"kind": "individual", "status": "active"}

    customers.update(customer=alice, changes={"surname": "Liddel", "first_names": "Alice"}, actor=thabo)
    customers.update(customer=alice, changes={"first_names": "Alice"}, actor=thabo)  # as it is
    contacts.change(contact=alice.contacts.get(), values={"phone": "0831234567"}, actor=thabo)
    addresses.add(customer=alice, values={"kind": "physical", "town": "Oudtshoorn"}, actor=thabo)
    tagging.put(customers=Customer.objects.all(), label=Label.objects.create(name="Green", colour="green"))
    customers.update(customer=bob, changes={"status": "cancelled"}, actor=thabo)
    said = told(listener, secret)
    assert [(each["kind"], each["customer"], each["data"].get("fields")) for each in said] == [
        (CHANGED, "ALI001", ["surname"]),
        (CHANGED, "ALI001", ["contacts"]),
        (CHANGED, "ALI001", ["addresses"]),
        (CHANGED, "ALI001", ["labels"]),
        (CHANGED, "BOB001", ["labels"]),
        (CHANGED, "BOB001", ["status"]),
        (CANCELLED, "BOB001", None),
    ]
    assert said[5]["data"]["status"] == "cancelled"
    for word in ("Liddel", "0831234567", "Oudtshoorn", "Bob"):
        assert word not in str(said)


def test_data_accounts_and_voice_lines_are_told(listener: Listener) -> None:
    kinds = [
        name for name in (each.name for each in offers) if name.startswith(("data-account", "voice-line"))
    ]
    _, secret = hook_of(listener, *kinds)
    alice = make_customer("Alice Liddel", "ALI001")
    account, line = make_account(alice, "alice"), make_line(customer=alice)
    thabo = make_person("Thabo M")
    accounts.change(account=account, values={"text": "Alice Liddel's roof"}, actor=thabo, now=NOW)
    accounts.suspend(accounts=[account.pk], reason="Alice moved out", actor=thabo, now=NOW)
    for deed, now in ((voice_lines.suspend, NOW), (voice_lines.restore, NOW.replace(hour=11))):
        assert deed(lines=[line.pk], reason="Alice moved out", now=now) == 1
        assert deed(lines=[line.pk], reason="Alice moved out", now=now) == 0

    said = told(listener, secret)
    assert [(each["kind"], each["data"]) for each in said] == [
        ("data-account.changed", {"username": "alice", "fields": ["text"]}),
        ("data-account.suspended", {"username": "alice"}),
        ("voice-line.suspended", {"number": line.number}),
        ("voice-line.restored", {"number": line.number}),
    ]


def test_what_was_rolled_back_is_told_nobody(listener: Listener) -> None:
    _, secret = hook_of(listener, ISSUED, BOOKED, CREATED)

    class ComesToNothing(Exception):
        pass

    with pytest.raises(ComesToNothing), transaction.atomic():
        alice = customers.create_many(new=[new("Alice", "ALI001")], actor=None)[0]
        make_invoice(alice)
        make_receipt(alice)
        raise ComesToNothing
    assert told(listener, secret) == []
    assert not Fact.objects.exists()


def issued_in(count: int, code: str) -> int:
    """How many questions it takes to issue so many drafts."""
    alice = make_customer("Alice Liddel", code)
    drafts = [make_draft(alice).pk for _ in range(count)]
    with CaptureQueriesContext(connection) as asked:
        issuing.issue(documents=drafts, actor=None, now=NOW)
    return len(asked)


def test_many_cost_one_statement_where_somebody_asks_and_none_are_written_where_nobody_does(
    listener: Listener,
) -> None:
    issued_in(1, "ALI000")
    few, many = issued_in(2, "ALI001"), issued_in(20, "ALI002")
    assert few == many
    assert not Fact.objects.exists()

    hook_of(listener, BOOKED)
    assert issued_in(2, "ALI003") == few
    assert not Fact.objects.exists()

    hook_of(listener, ISSUED, name="Books")
    assert (issued_in(2, "ALI004"), issued_in(20, "ALI005")) == (few + 1, few + 1)
    assert Fact.objects.filter(kind=ISSUED).count() == 22


def test_s29_nothing_is_told_of_who_was_forgotten_meanwhile(listener: Listener) -> None:
    hook, secret = hook_of(listener, ISSUED)
    alice = make_customer("Alice Liddel", "ALI001")
    make_invoice(alice)
    hook.paused = True
    hook.save()
    assert told(listener, secret) == []
    assert "454.00" in Delivery.objects.get().body
    forgetting.of_customers([alice.pk], ["ALI001"])

    hook.paused = False
    hook.save()
    (said,) = told(listener, secret)
    assert said["data"] == {}


def test_the_guide_names_every_kind_and_what_it_holds() -> None:
    row = re.compile(r"^\| `([a-z_.-]+)` \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
    named = {
        kind: set(re.findall(r"`([a-z_]+)`", holds)) for kind, _, holds in row.findall(GUIDE.read_text())
    }
    assert named == {each.name: set(each.holds) for each in offers}
