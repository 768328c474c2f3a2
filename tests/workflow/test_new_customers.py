"""Customers – New: accepted leads become customers once, with all they said; the no beside the yes."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from customers.models import Address, Attachment, Customer, CustomerGroup
from customers.services.customers import NewAddress, NewContact, NewCustomer
from herotill.errors import DomainError
from herotill.messages.models import Consent, Message
from herotill.users.models import AccessLink
from tests.factories import client_of, make_customer, make_person
from tests.factories.workflow import NOON, accept, make_lead, make_quote
from workflow.models import Lead, Place
from workflow.selectors.missing import missing
from workflow.services import moving, new_customers

pytestmark = pytest.mark.django_db
SELLS = ("workflow.view_lead", "customers.view_customer", "customers.add_customer")


@pytest.fixture
def sally():
    """She sells: creates customers and lets them into the portal."""
    return make_person("Sally", *SELLS, "workflow.link_customer", "customers.manage_portal_login")


def accepted(name: str = "Alice Liddel", details: dict[str, str] | None = None, **fields: Any) -> Lead:
    """A lead who accepted QUO00001 and now waits under Customers, New."""
    values = {
        "phone": "+27821234567",
        "email": "alice@isp.example",
        "lines": "12 Rabbit Lane",
        "town": "Parys",
    }
    lead = make_lead(name, **(values | fields))
    accept(make_quote(lead), **(details or {}))
    lead.refresh_from_db()
    return lead


def typed(**given: str) -> dict[str, str]:
    """The dialog as it is sent when nothing was changed in it."""
    return {
        "kind": "individual",
        "first_names": "Alice",
        "surname": "Liddel",
        "contact_phone": "082 123 4567",
        "contact_email": "alice@isp.example",
        "code": "ALI001",
        "proposed": "ALI001",
        "group": str(CustomerGroup.objects.get(is_default=True).pk),
        "physical-lines": "12 Rabbit Lane",
        "physical-town": "Parys",
        "welcome": "on",
        **given,
    }


def new_customer(**fields: Any) -> NewCustomer:
    group = CustomerGroup.objects.get(is_default=True)
    return NewCustomer(
        code="ALI001",
        fields={"kind": "individual", "first_names": "Alice", "surname": "Liddel", "group": group} | fields,
        contact=NewContact("Alice Liddel", "alice@isp.example", "+27821234567"),
        addresses=(NewAddress("physical", "12 Rabbit Lane"),),
        welcome=True,
    )


def dialog(person: Any, lead: Lead, **more: Any) -> Any:
    return client_of(person).get(
        f"/workflow/leads/{lead.pk}/customer/", headers={"HX-Request": "true"}, **more
    )


def test_the_dialog_is_filled_in_from_the_lead_and_from_what_the_customer_completed(sally) -> None:
    alice = accepted(
        details={"phone": "083 999 0000", "physical_suburb": "Oewersig", "vat_number": "4123456789"},
        directions="Green gate",
        latitude="-26.904000",
        longitude="27.457000",
    )

    page = dialog(sally, alice).content.decode()

    for value in ("Alice", "Liddel", "083 999 0000", "alice@isp.example", "4123456789", "Oewersig", "ALI001"):
        assert f'value="{value}"' in page, value
    assert "12 Rabbit Lane" in page
    assert "Green gate\nCoordinates: -26.904000, 27.457000" in page
    assert "The lead says: 082 123 4567." in page, "the customer's own word wins; the other is shown"
    assert "QUO00001" in page


def test_add_customer_writes_profile_log_in_mail_and_move_in_one(sally) -> None:
    alice = accepted(marketing=True)

    answer = client_of(sally).post(
        f"/workflow/leads/{alice.pk}/customer/", typed(), headers={"HX-Request": "true"}
    )

    alice.refresh_from_db()
    customer = Customer.objects.get()
    assert answer.status_code == 204
    assert (alice.customer, alice.place) == (customer, "customer-active")
    assert customer.portal_login.user.username == "ALI001"
    assert Message.objects.filter(template="welcome", customer_id=customer.pk).count() == 1
    assert AccessLink.objects.get().token_hash is None
    assert Address.objects.get().one_line == "12 Rabbit Lane, Parys"
    assert Attachment.objects.get().filename == "QUO00001.pdf"
    assert Consent.objects.get().customer_id == customer.pk
    assert alice.moves.latest("pk").by == sally


def test_what_is_missing_is_red_and_named_and_nothing_is_written(sally) -> None:
    alice = accepted()

    answer = client_of(sally).post(
        f"/workflow/leads/{alice.pk}/customer/",
        typed(contact_phone="", code=""),
        headers={"HX-Request": "true"},
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_contact_phone"' in page
    assert 'href="#id_code"' in page
    assert page.count('aria-invalid="true"') == 2
    assert 'value="alice@isp.example"' in page, "what was typed stays"
    assert not Customer.objects.exists()


def test_a_company_brings_its_names_and_its_contact(sally) -> None:
    lead = accepted("Mad Hatters CC", kind="company", first_names="Bob", surname="Hatter")

    page = dialog(sally, lead).content.decode()

    assert 'value="Mad Hatters CC"' in page
    assert 'name="contact_name" value="Bob Hatter"' in page
    assert 'value="MAD001"' in page


def test_an_id_number_that_the_clerk_may_not_see_goes_into_the_profile_all_the_same(sally) -> None:
    alice = accepted(id_number="8001015009087", registration_number="2001/012345/07")
    assert "8001015009087" not in dialog(sally, alice).content.decode()

    client_of(sally).post(f"/workflow/leads/{alice.pk}/customer/", typed(), headers={"HX-Request": "true"})

    assert Customer.objects.get().id_number == "8001015009087"
    assert Customer.objects.get().registration_number == "", "that is a company's"


def test_the_technician_is_sent_where_the_clerk_and_the_customer_said_it_is(sally) -> None:
    lead = accepted(
        details={"physical_lines": "12 Rabbit Lane, at the back", "physical_directions": "Two dogs."}
    )
    values = typed(
        **{"physical-lines": "12B Rabbit Lane", "physical-directions": "Blue gate.\nCoordinates: 1, 2"}
    )

    client_of(sally).post(f"/workflow/leads/{lead.pk}/customer/", values, headers={"HX-Request": "true"})

    lead.refresh_from_db()
    assert (lead.lines, lead.town, lead.directions) == ("12B Rabbit Lane", "Parys", "Blue gate.")


def test_a_linked_lead_lies_where_the_customer_said_when_accepting(sally) -> None:
    said = {"physical_lines": "Plot 7", "physical_town": "Vredefort", "physical_directions": "Two dogs."}
    lead = accepted(details=said)

    new_customers.link(lead=lead, customer=make_customer("Alice Liddel"), actor=sally, now=NOON)

    lead.refresh_from_db()
    assert (lead.lines, lead.town, lead.directions) == ("Plot 7", "Vredefort", "Two dogs.")


def test_two_clerks_who_press_the_same_button_make_one_customer(sally) -> None:
    alice = accepted()
    first = client_of(sally).post(
        f"/workflow/leads/{alice.pk}/customer/", typed(), headers={"HX-Request": "true"}
    )
    again = client_of(sally).post(
        f"/workflow/leads/{alice.pk}/customer/", typed(), headers={"HX-Request": "true"}
    )

    assert (first.status_code, again.status_code) == (204, 422)
    assert "Alice Liddel is the customer Alice Liddel (ALI001) already." in again.content.decode()
    assert Customer.objects.count() == 1
    assert "ALI001" in dialog(sally, alice).content.decode(), "the button tells where she is now"


@pytest.mark.django_db(transaction=True)
def test_two_connections_at_once_make_one_customer(sally) -> None:
    alice = accepted()
    meet = threading.Barrier(2, timeout=60)
    ended: list[str] = []

    def clerk() -> None:
        try:
            meet.wait()
            new_customers.create(lead=alice, new=new_customer(), actor=sally, now=NOON)
            ended.append("made")
        except DomainError as no:
            ended.append(str(no))
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=clerk) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(ended) == ["Alice Liddel is the customer Alice Liddel (ALI001) already.", "made"]
    assert Customer.objects.count() == 1
    assert Message.objects.filter(template="welcome").count() == 1


def test_a_lead_whose_quote_was_not_accepted_gets_no_profile(sally) -> None:
    bob = make_lead("Bob Hatter", email="bob@isp.example")
    make_quote(bob)

    with pytest.raises(DomainError, match="no longer under Customers, New"):
        new_customers.create(lead=bob, new=new_customer(), actor=sally, now=NOON)

    assert not Customer.objects.exists()


def test_the_gate_before_active_both_ways(sally) -> None:
    alice = accepted()
    assert missing([alice.pk], Place.CUSTOMER_ACTIVE) == {alice.pk: ["The profile is not created yet."]}
    with pytest.raises(DomainError, match="profile is not created"):
        moving.move(leads=[alice.pk], to=Place.CUSTOMER_ACTIVE, actor=sally, now=NOON)

    new_customers.create(lead=alice, new=new_customer(), actor=sally, now=NOON)

    assert missing([alice.pk], Place.CUSTOMER_ACTIVE) == {}


def test_dora_may_neither_create_nor_link() -> None:
    alice, dora = accepted(), make_person("Dora", "workflow.view_lead", "customers.view_customer")
    for path in ("customer", "link", "link/found", "active", "active/payment"):
        assert client_of(dora).get(f"/workflow/leads/{alice.pk}/{path}/").status_code == 403


def test_s19_what_a_customer_wrote_is_words_and_nothing_else(sally) -> None:
    evil = '{{ 7*7 }}<img src="http://evil.example/x">'
    alice = accepted(details={"surname": evil[:60]})

    page = dialog(sally, alice).content.decode()

    assert "<img src=" not in page
    assert "{{ 7*7 }}" in page


# Linking


def test_the_likely_ones_come_first_and_others_are_found_by_code_or_name(sally) -> None:
    make_customer("Alice Liddel", "OLD001", contact={"email": "alice@isp.example"})
    make_customer("Bob Hatter", "BOB001")
    alice = accepted()
    address = f"/workflow/leads/{alice.pk}/link/"

    assert "OLD001" in client_of(sally).get(address).content.decode()
    assert "BOB001" not in client_of(sally).get(address).content.decode()
    assert "BOB001" in client_of(sally).get(f"{address}found/", {"q": "hatter"}).content.decode()
    assert "BOB001" in client_of(sally).get(f"{address}found/", {"q": "bob001"}).content.decode()


def test_a_linked_lead_doubles_nobody_and_adds_what_was_ticked() -> None:
    rose = make_person(
        "Rose",
        *SELLS,
        "workflow.link_customer",
        "customers.add_contact",
        "customers.add_address",
        "customers.change_customer",
    )
    old = make_customer("Alice Liddel", "OLD001", contact={"email": "old@isp.example"})
    alice = accepted(vat_number="4123456789")
    page = client_of(rose).get(f"/workflow/leads/{alice.pk}/link/?customer=OLD001").content.decode()
    for told in (
        "VAT number: 4123456789",
        "Contact: Alice Liddel, alice@isp.example",
        "12 Rabbit Lane, Parys",
    ):
        assert told in page

    answer = client_of(rose).post(
        f"/workflow/leads/{alice.pk}/link/",
        {"customer": "OLD001", "add": ["contact", "vat_number"]},
        headers={"HX-Request": "true"},
    )

    alice.refresh_from_db()
    old.refresh_from_db()
    assert answer.status_code == 204
    assert (alice.customer, alice.place) == (old, "customer-active")
    assert old.vat_number == "4123456789"
    assert old.contacts.filter(email="alice@isp.example", phone="+27821234567").exists()
    assert not old.addresses.filter(lines="12 Rabbit Lane").exists(), "that was not ticked"
    assert Customer.objects.count() == 1
    assert not Message.objects.filter(template="welcome").exists()


def test_only_what_the_clerk_may_write_is_offered_or_added(sally) -> None:
    old = make_customer("Alice Liddel", "OLD001")
    alice = accepted(vat_number="4123456789")
    page = client_of(sally).get(f"/workflow/leads/{alice.pk}/link/?customer=OLD001").content.decode()
    assert "4123456789" not in page

    client_of(sally).post(
        f"/workflow/leads/{alice.pk}/link/",
        {"customer": "OLD001", "add": ["vat_number"]},
        headers={"HX-Request": "true"},
    )

    old.refresh_from_db()
    assert old.vat_number == ""


def test_a_customer_who_left_is_not_linked_and_nobody_is_linked_twice(sally) -> None:
    gone = make_customer("Carol Reddy", "CAR001", status="cancelled")
    old = make_customer("Alice Liddel", "OLD001")
    alice = accepted()
    with pytest.raises(DomainError, match="cancelled"):
        new_customers.link(lead=alice, customer=gone, actor=sally, now=NOON)

    new_customers.link(lead=alice, customer=old, actor=sally, now=NOON)

    with pytest.raises(DomainError, match="past that"):
        new_customers.link(lead=alice, customer=make_customer("Bob Hatter", "BOB001"), actor=sally, now=NOON)


def test_who_is_linked_before_the_yes_goes_to_active_by_accepting(sally) -> None:
    old = make_customer("Alice Liddel", "OLD001")
    alice = make_lead("Alice Liddel", email="alice@isp.example")
    new_customers.link(lead=alice, customer=old, actor=sally, now=NOON)
    alice.refresh_from_db()
    assert alice.place == "lead-new"

    accept(make_quote(alice))

    alice.refresh_from_db()
    assert alice.place == "customer-active"
    assert Attachment.objects.get().customer == old


def test_a_lead_that_was_linked_to_the_wrong_customer_is_put_back_and_linked_again(sally) -> None:
    wrong, right = make_customer("Alice Springs", "ALI001"), make_customer("Alice Liddel", "ALI002")
    alice = accepted()
    new_customers.link(lead=alice, customer=wrong, actor=sally, now=NOON)
    with pytest.raises(DomainError, match="back to Customers, New first"):
        new_customers.unlink(lead=alice, actor=sally, now=NOON)
    moving.move(leads=[alice.pk], to=Place.CUSTOMER_NEW, actor=sally, now=NOON, why="Wrong Alice")
    alice.refresh_from_db()
    assert (alice.place, alice.customer) == ("customer-new", wrong), "put back by a person, it stays there"
    assert "Take ALI001 off" in dialog(sally, alice).content.decode()

    client_of(sally).post(f"/workflow/leads/{alice.pk}/unlink/", headers={"HX-Request": "true"})
    new_customers.link(lead=alice, customer=right, actor=sally, now=NOON)

    alice.refresh_from_db()
    assert (alice.place, alice.customer) == ("customer-active", right)


def test_the_expiry_tab_is_there_for_who_approves_cancellations(sally) -> None:
    alice = accepted()
    chief = make_person("Chief", *SELLS, "billing.approve_cancellation")
    assert "Account expiry" not in dialog(sally, alice).content.decode()
    assert "Account expiry" in dialog(chief, alice).content.decode()


def test_the_day_a_customer_is_since_is_proposed(sally) -> None:
    page = dialog(sally, accepted()).content.decode()
    assert 'name="customer_since"' in page
    assert f'value="{timezone.localdate():%Y-%m-%d}"' in page
