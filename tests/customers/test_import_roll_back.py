"""An import is taken back: what came by it goes, what it replaced returns, and what people did since stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.models import Entry, OpenItem, SuspensionCase
from billing.services import suspensions
from customers.models import Address, Asset, Category, Contact, Customer, CustomerNote, Label
from customers.services import customers as services
from herotill.errors import DomainError
from herotill.imports import steps
from herotill.imports.kinds import kinds
from herotill.messages.models import Message
from herotill.models import AuditEvent, Import
from herotill.users.models import User
from tests.acceptance.test_customers import dump
from tests.customers.importing.files import company, person
from tests.customers.importing.stories import (
    applied,
    debit_runs,
    fresh,
    importer,
    rolled_back,
    told,
)
from tests.factories import make_customer
from tests.factories.billing import make_receipt

pytestmark = pytest.mark.django_db

Commits = Any
ALICE = person("Liddel, Alice", code="ALI001", email="alice@example.com", tag="Green", notes="Gate code 4471")
BOB = person("Lidd, Bob", code="BOB001", email="bob@example.com", balance="R 120.50")
PAID_UP = person("Lidd, Bob", code="BOB001", email="bob@example.com")
WONDERLAND = company("Wonderland (Pty) Ltd", code="WON001", cat="Estate")
DINAH = person("Cat, Dinah", code="DIN001", email="dinah@example.com", parent="WON001")


@pytest.fixture
def naledi() -> User:
    return importer()


@pytest.fixture
def commits(django_capture_on_commit_callbacks: Any) -> Any:
    return django_capture_on_commit_callbacks


def plan(batch: Import) -> dict[str, tuple[str, str]]:
    return {fate.code: (fate.done, fate.why) for fate in kinds["customers"].plan(batch, False).fates}


def test_everything_that_an_import_made_goes(naledi: User, commits: Commits) -> None:
    before = dump()
    batch = applied(naledi, commits, ALICE, BOB, WONDERLAND, DINAH)
    assert Customer.objects.get(code="DIN001").master == Customer.objects.get(code="WON001")
    assert {Category.objects.get().name, Label.objects.get().colour} == {"Estate", "green"}

    rolled_back(batch, naledi, commits)

    assert dump() == before
    assert set(told(batch).values()) == {"removed"}


def test_who_came_in_and_who_took_it_back_stand_in_the_audit(naledi: User, commits: Commits) -> None:
    batch = applied(naledi, commits, ALICE)
    pk = Customer.objects.get().pk
    batch = rolled_back(batch, naledi, commits)

    events = AuditEvent.objects.filter(model="customers.customer", object_id=str(pk))
    assert [(e.operation, e.actor_id, e.run_id) for e in events.order_by("at", "id")] == [
        ("add", naledi.pk, batch.run_id),
        ("remove", naledi.pk, batch.back_run_id),
    ]
    assert events.get(operation="add").source == f"import {batch.run_id} (old system.csv)"


def test_a_customer_who_was_changed_since_stays_and_is_listed(naledi: User, commits: Commits) -> None:
    batch = applied(naledi, commits, ALICE, BOB)
    Customer.objects.filter(code="ALI001").update(vat_number="4012345678")

    assert plan(batch) == {"ALI001": ("stays", "It has been changed since."), "BOB001": ("removed", "")}
    rolled_back(batch, naledi, commits)

    assert [one.code for one in Customer.objects.all()] == ["ALI001"]
    assert told(batch) == {"ALI001": "stays: It has been changed since.", "BOB001": "removed"}
    assert Label.objects.get().name == "Green"


@pytest.mark.parametrize(
    "happens",
    [
        lambda one: Contact.objects.create(customer=one, name="Dinah"),
        lambda one: CustomerNote.objects.create(customer=one, text="Rang, was friendly."),
        lambda one: Asset.objects.create(customer=one, description="Router"),
        lambda one: one.labels.add(Label.objects.create(name="Watch")),
        lambda one: User.objects.filter(portal_login__customer=one).update(last_login=timezone.now()),
        lambda one: make_customer("Sub Account", "SUB001", master=one),
    ],
    ids=["contact", "note", "equipment", "label", "portal", "sub-account"],
)
def test_a_customer_on_whom_something_hangs_stays(naledi: User, commits: Commits, happens: Any) -> None:
    batch = applied(naledi, commits, BOB)
    happens(Customer.objects.get(code="BOB001"))

    rolled_back(batch, naledi, commits)

    assert Customer.objects.filter(code="BOB001").exists()
    assert told(batch)["BOB001"].startswith("stays: It")


def test_who_came_suspended_stays_once_a_case_was_opened_and_the_case_waits_on(
    naledi: User, commits: Commits
) -> None:
    batch = applied(naledi, commits, BOB | {"Status": "Suspended"}, ALICE)
    assert suspensions.take_over(day=date(2018, 9, 1)) == 1

    assert plan(batch)["BOB001"] == ("stays", "It has suspension cases.")
    rolled_back(batch, naledi, commits)

    assert told(batch) == {"BOB001": "stays: It has suspension cases.", "ALI001": "removed"}
    assert SuspensionCase.objects.get(customer__code="BOB001").state == "taken_over"


def test_a_case_ends_when_the_roll_back_makes_its_customer_active_again(
    naledi: User, commits: Commits
) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    batch = applied(naledi, commits, ALICE | {"Status": "Suspended"})
    suspensions.take_over(day=date(2018, 9, 1))
    assert suspensions.settle(timezone.now()) == 0, "while she is suspended, a person decides"

    rolled_back(batch, naledi, commits)

    alice.refresh_from_db()
    assert (alice.status, suspensions.settle(timezone.now())) == ("active", 1)
    case = SuspensionCase.objects.get()
    assert (case.state, case.ended_why) == ("ended", "Is not suspended any more.")
    assert not Message.objects.filter(template__startswith="suspension").exists()


def test_a_master_stays_with_the_sub_that_stays(naledi: User, commits: Commits) -> None:
    batch = applied(naledi, commits, WONDERLAND, DINAH, BOB)
    Customer.objects.filter(code="DIN001").update(vat_number="4012345678")

    rolled_back(batch, naledi, commits)

    assert told(batch) == {
        "WON001": "stays: It has sub-accounts that stay.",
        "DIN001": "stays: It has been changed since.",
        "BOB001": "removed",
    }


def test_values_return_unless_somebody_changed_them_since(naledi: User, commits: Commits) -> None:
    debit_runs()
    alice = make_customer(
        "Alice Liddel",
        "ALI001",
        status="suspended",
        customer_since=date(2010, 1, 1),
        contact={"email": "old@example.com"},
    )
    Address.objects.create(customer=alice, kind="physical", lines="1 Old Road", town="Howick")
    record = ALICE | {
        "E-Mail": "new@example.com; two@example.com",
        "Physical Addr 1": "2 New Road",
        "Debit Run": "15",
        "Opened": "2018-03-26",
        "Cat": "VIP",
    }
    before = dump(without=("version",))
    batch = applied(naledi, commits, record)
    alice.refresh_from_db()
    assert (alice.status, alice.contact_email, str(alice.billing_group)) == (
        "active",
        "new@example.com",
        "Netcash Run 15",
    )
    assert alice.addresses.get().one_line == "2 New Road, Howick"

    with transaction.atomic():
        services.update(customer=alice, changes={"status": "cancelled"}, actor=naledi)
    rolled_back(batch, naledi, commits)

    alice.refresh_from_db()
    assert alice.status == "cancelled"
    assert told(batch) == {"ALI001": "kept: Changed since: status."}
    Customer.objects.filter(pk=alice.pk).update(status="suspended")
    after = dump(without=("version",))
    assert {name for name in before if before[name] != after[name]} == set()


def test_a_value_that_two_lines_changed_returns_to_what_it_was_at_first(
    naledi: User, commits: Commits
) -> None:
    alice = make_customer("Alice Liddel", "ALI001", vat_number="4000000001")
    batch = applied(
        naledi,
        commits,
        ALICE | {"VAT Reg": "4000000002", "Status": "Susp"},
        ALICE | {"VAT Reg": "4000000003"},
    )
    alice.refresh_from_db()
    assert (alice.vat_number, alice.status) == ("4000000003", "active")

    rolled_back(batch, naledi, commits)

    alice.refresh_from_db()
    assert (alice.vat_number, alice.status) == ("4000000001", "active")


def test_a_note_that_was_written_by_the_import_goes_and_others_stay(naledi: User, commits: Commits) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    CustomerNote.objects.create(customer=alice, text="Has a dog.")
    batch = applied(naledi, commits, ALICE)
    assert {note.text for note in alice.notes.all()} == {"Has a dog.", "Gate code 4471"}

    rolled_back(batch, naledi, commits)

    assert [note.text for note in alice.notes.all()] == ["Has a dog."]


def test_an_address_at_which_equipment_stands_is_not_taken_away(naledi: User, commits: Commits) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    batch = applied(naledi, commits, ALICE | {"Physical Addr 1": "2 New Road"})
    Asset.objects.create(customer=alice, description="Router", address=alice.addresses.get())

    rolled_back(batch, naledi, commits)

    assert alice.addresses.get().lines == "2 New Road"
    assert told(batch) == {"ALI001": "kept: Changed since: physical address."}


def test_a_customer_deleted_since_is_told(naledi: User, commits: Commits) -> None:
    make_customer("Alice Liddel", "ALI001")
    batch = applied(naledi, commits, ALICE, PAID_UP)
    Customer.objects.all().delete()

    rolled_back(batch, naledi, commits)

    assert told(batch) == {
        "ALI001": "kept: The customer has been deleted since.",
        "BOB001": "removed: The customer has been deleted since.",
    }


def test_an_import_is_rolled_back_once_and_by_whoever_may(naledi: User, commits: Commits) -> None:
    sam = importer("Sam", without=("roll_back_import",))
    batch = applied(naledi, commits, BOB)
    with pytest.raises(DomainError, match="may not roll back"):
        steps.roll_back(pk=batch.pk, actor=sam)

    batch = rolled_back(batch, naledi, commits)
    assert steps.roll_back(pk=batch.pk, actor=naledi).pk == batch.back_run_id
    assert fresh(batch).state == Import.State.ROLLED_BACK


EDITS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["vat_number", "status", "phone", "note", "label", "nothing"]),
    ),
    max_size=6,
)


@given(edits=EDITS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_roll_back_keeps_every_edit_and_lists_it(
    edits: list[tuple[int, str]], django_capture_on_commit_callbacks: Any
) -> None:
    """Three who come by the import, three who were there; some are edited between import and roll-back."""
    commits = django_capture_on_commit_callbacks
    with transaction.atomic():
        naledi = importer("Naledi")
        codes = [f"P{number:05d}" for number in range(6)]
        names = ["Liddel, Alice", "Lidd, Bob", "Petersen, Carol", "Cat, Dinah", "Hatter, Mad", "Hare, March"]
        for code, name in list(zip(codes, names, strict=True))[3:]:
            last, _, first = name.partition(", ")
            make_customer(f"{first} {last}", code, vat_number="1", status="active")
        records = [
            person(name, code=code, vat="2", status="Susp") for code, name in zip(codes, names, strict=True)
        ]
        batch = applied(naledi, commits, *records)
        edited: dict[str, set[str]] = {}
        for number, what in edits:
            if edit(codes[number], what):
                edited.setdefault(codes[number], set()).add(what)

        rolled_back(batch, naledi, commits)

        said = told(batch)
        for number, code in enumerate(codes):
            changed = edited.get(code, set())
            one = Customer.objects.filter(code=code).first()
            assert (one is not None) == (number >= 3 or bool(changed)), (code, changed, said)
            if one:
                check_kept(one, changed, came_by_import=number < 3)
            listed = changed if number < 3 else changed & {"vat_number", "status", "phone"}
            assert (": " in said[code]) == bool(listed), (code, changed, said)
        transaction.set_rollback(True)


def edit(code: str, what: str) -> bool:
    """Somebody changes one thing; whether anything changed."""
    one = Customer.objects.get(code=code)
    if what == "vat_number":
        return bool(Customer.objects.exclude(vat_number="9").filter(pk=one.pk).update(vat_number="9"))
    if what == "status":
        return bool(Customer.objects.exclude(status="cancelled").filter(pk=one.pk).update(status="cancelled"))
    if what == "phone":
        return bool(
            Contact.objects.exclude(phone="+27839999999").filter(customer=one).update(phone="+27839999999")
        )
    if what == "note":
        CustomerNote.objects.create(customer=one, text="Rang.")
        return True
    if what == "label":
        label, _ = Label.objects.get_or_create(name="Watch")
        one.labels.add(label)
        return True
    return False


def check_kept(one: Customer, changed: set[str], *, came_by_import: bool) -> None:
    """Every edit stands; what nobody edited is as it was before the import, or as the import left it."""
    usual = "2" if came_by_import else "1"
    assert one.vat_number == ("9" if "vat_number" in changed else usual)
    assert one.status == ("cancelled" if "status" in changed else "suspended" if came_by_import else "active")
    assert ("phone" in changed) == (one.contact_phone == "+27839999999")
    assert ("note" in changed) == one.notes.filter(text="Rang.").exists()
    assert ("label" in changed) == one.labels.filter(name="Watch").exists()


def test_the_ledger_answers_an_opening_balance_that_is_taken_back(naledi: User, commits: Commits) -> None:
    batch = applied(naledi, commits, BOB)
    bob = Customer.objects.get(code="BOB001")

    rolled_back(batch, naledi, commits)

    assert not Customer.objects.exists()
    entries = Entry.objects.filter(customer_id=bob.pk).order_by("id").values_list("kind", "amount")
    assert list(entries) == [("opening", Decimal("120.50")), ("opening_back", Decimal("-120.50"))]
    assert not OpenItem.objects.exists()


def test_whoever_has_paid_since_stays(naledi: User, commits: Commits) -> None:
    batch = applied(naledi, commits, BOB)
    make_receipt(Customer.objects.get(code="BOB001"), "20.50")

    rolled_back(batch, naledi, commits)

    assert "stays" in told(batch)["BOB001"]
    assert Customer.objects.get(code="BOB001").balance.amount == Decimal("100.00")
