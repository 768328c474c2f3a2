"""The profile: who sees which cards, and how actions in them work."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from customers.models import Asset, Contact, Customer, CustomerNote
from customers.screen import widgets
from herotill.users.models import Preference
from tests.factories import ContactFactory, client_of, make_customer, make_person

pytestmark = pytest.mark.django_db

SEES = ("customers.view_customer", "customers.view_contact", "customers.view_customernote")


@pytest.fixture
def alice() -> Customer:
    master = make_customer("Wonderland (Pty) Ltd", "WON001", kind="company")
    return make_customer("Alice Liddel", "ALI001", master=master, id_number="9292929292929")


def test_the_profile_shows_the_cards_a_person_may_see_and_names_whom_to_ask(alice: Customer) -> None:
    page = client_of(make_person("Sam", *SEES)).get("/customers/ALI001/").content.decode()

    assert "Alice Liddel" in page
    assert 'id="card-contacts"' in page
    assert 'id="card-addresses"' not in page
    assert "ask your system administrator" in page


def test_a_sub_account_names_its_master_and_links_to_it(alice: Customer) -> None:
    page = client_of(make_person("Sam", *SEES)).get("/customers/ALI001/").content.decode()

    assert "This is a Sub-Account of" in page
    assert '<a href="/customers/WON001/">Wonderland (Pty) Ltd (WON001)</a>' in page


def test_an_id_number_is_absent_without_the_right_and_warned_about_with_it(alice: Customer) -> None:
    without = client_of(make_person("Sam", *SEES)).get("/customers/ALI001/").content.decode()
    within = (
        client_of(make_person("Ida", *SEES, "customers.see_id_numbers"))
        .get("/customers/ALI001/")
        .content.decode()
    )

    assert "9292929292929" not in without
    assert "9292929292929" in within
    assert "no valid South African ID number" in within


def test_dora_may_not_open_a_profile_and_nobody_is_sent_to_log_in(alice: Customer) -> None:
    assert client_of(make_person("Dora")).get("/customers/ALI001/").status_code == 403
    assert Client().get("/customers/ALI001/").status_code == 302


def test_a_code_in_lower_case_leads_to_the_profile_and_an_unknown_one_is_not_found(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES))

    assert sam.get("/customers/ali001/").headers["Location"] == "/customers/ALI001/"
    assert sam.get("/customers/ZZZ999/").status_code == 404


def test_a_widget_without_its_right_is_refused_before_anything_is_read(alice: Customer) -> None:
    sam = client_of(make_person("Sam", "customers.view_customer"))

    assert sam.get("/customers/ALI001/widgets/contacts/").status_code == 403
    assert sam.get("/customers/ALI001/widgets/contacts/add/").status_code == 403
    assert sam.post("/customers/ALI001/widgets/contacts/add/").status_code == 403


def test_a_contact_without_a_phone_begins_with_the_address(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES, "customers.view_contact"))
    ContactFactory(customer=alice, phone="", other_phone="", email="dinah@wonder.example")

    assert (
        '<span class="wide"><a href="mailto:dinah@wonder.example"'
        in sam.get("/customers/ALI001/widgets/contacts/").content.decode()
    )


def test_seeing_and_changing_are_two_rights(alice: Customer) -> None:
    sees = client_of(make_person("Sam", *SEES))
    changes = client_of(make_person("Cleo", *SEES, "customers.add_customernote"))

    assert "widgets/customer-notes/add/" not in sees.get("/customers/ALI001/").content.decode()
    assert sees.post("/customers/ALI001/widgets/customer-notes/add/", {"text": "No."}).status_code == 403
    assert "widgets/customer-notes/add/" in changes.get("/customers/ALI001/").content.decode()


def test_a_note_is_added_pops_up_and_is_put_away_per_person(alice: Customer) -> None:
    cleo, sam = make_person("Cleo", *SEES, "customers.add_customernote"), make_person("Sam", *SEES)

    done = client_of(cleo).post(
        "/customers/ALI001/widgets/customer-notes/add/",
        {"text": "Gate code 4471", "pops_up": "on"},
        headers={"HX-Request": "true"},
    )
    note = CustomerNote.objects.get()

    assert done.status_code == 204
    assert {"customer-notes", "profile-head", "audit-trail", "toast"} <= set(
        json.loads(done.headers["HX-Trigger"])
    )
    assert note.author == cleo
    assert 'class="pop"' in client_of(sam).get("/customers/ALI001/head/").content.decode()

    client_of(sam).post(
        f"/customers/ALI001/widgets/customer-notes/dismiss/{note.pk}/", headers={"HX-Request": "true"}
    )

    assert 'class="pop"' not in client_of(sam).get("/customers/ALI001/head/").content.decode()
    assert 'class="pop"' in client_of(cleo).get("/customers/ALI001/head/").content.decode()


def test_a_refused_field_comes_back_into_the_dialog_with_what_was_typed(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES, "customers.add_contact"))

    answer = sam.post(
        "/customers/ALI001/widgets/contacts/add/",
        {"name": "Dinah", "phone": "12", "email": "dinah@example.com"},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "12 cannot be a phone number" in page
    assert 'value="dinah@example.com"' in page
    assert Contact.objects.filter(name="Dinah").count() == 0


def test_the_last_holder_of_a_purpose_keeps_it_and_the_reason_is_said(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES, "customers.change_contact"))
    primary = Contact.objects.get(customer=alice)

    answer = sam.post(
        f"/customers/ALI001/widgets/contacts/edit/{primary.pk}/",
        {
            "name": "Alice",
            "phone": "082 000 0001",
            "email": "a@example.com",
            "purposes": ["invoices"],
            "is_primary": "on",
        },
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 422
    assert "Nobody would be left for: Statements" in answer.content.decode()


def test_another_customers_row_is_not_found(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES, "customers.change_contact"))
    other = Contact.objects.get(customer__code="WON001")

    assert sam.get(f"/customers/ALI001/widgets/contacts/edit/{other.pk}/").status_code == 404


def test_an_edit_over_somebody_elses_edit_is_told_so_once(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES, "customers.change_customer"))
    form = {
        "kind": "individual",
        "first_names": "Alice",
        "surname": "Hargreaves",
        "group": alice.group_id,
        "version": alice.version,
    }
    Customer.objects.filter(pk=alice.pk).update(prepaid=True)

    first = sam.post("/customers/ALI001/widgets/account-details/edit/", form, headers={"HX-Request": "true"})
    alice.refresh_from_db()

    assert first.status_code == 422
    assert "Somebody else changed this customer" in first.content.decode()
    assert f'name="version" value="{alice.version}"' in first.content.decode()
    assert alice.surname == "Liddel"


def test_fields_without_their_right_are_absent_and_cannot_be_posted(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES, "customers.change_customer"))
    form = sam.get("/customers/ALI001/widgets/account-details/edit/").content.decode()

    assert 'name="status"' not in form
    assert 'name="id_number"' not in form

    values = {
        "kind": "individual",
        "first_names": "Alice",
        "surname": "Liddel",
        "group": alice.group_id,
        "master": "WON001",
    }
    values |= {"version": alice.version, "status": "cancelled", "id_number": "1"}
    answer = sam.post(
        "/customers/ALI001/widgets/account-details/edit/", values, headers={"HX-Request": "true"}
    )
    alice.refresh_from_db()

    assert answer.status_code == 204
    assert (alice.status, alice.id_number) == ("active", "9292929292929")


def test_the_right_to_change_an_id_number_does_not_show_it(alice: Customer) -> None:
    dialog = "/customers/ALI001/widgets/account-details/edit/"
    changes = (*SEES, "customers.change_customer", "customers.change_id_numbers")
    blind = client_of(make_person("Bob", *changes)).get(dialog).content.decode()
    sees = client_of(make_person("Sam", *changes, "customers.see_id_numbers")).get(dialog).content.decode()
    assert "9292929292929" not in blind
    assert "9292929292929" in sees


def test_s19_control_characters_are_refused_and_markup_is_shown_as_text(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES, "customers.add_contact"))
    add = "/customers/ALI001/widgets/contacts/add/"

    tab = sam.post(add, {"name": "Tab\there", "phone": "082 000 0002"}, headers={"HX-Request": "true"})
    crlf = sam.post(
        add, {"name": "Bcc:\r\nx@example.com", "phone": "082 000 0002"}, headers={"HX-Request": "true"}
    )
    odd = sam.post(
        add,
        {"name": "{{ 7|add:7 }} <img src=http://x.example/>", "phone": "0820000002"},
        headers={"HX-Request": "true"},
    )
    page = sam.get("/customers/ALI001/").content.decode()

    assert (tab.status_code, crlf.status_code, odd.status_code) == (422, 422, 204)
    assert "{{ 7|add:7 }} &lt;img src=http://x.example/&gt;" in page


def test_cards_keep_a_persons_own_order_and_stay_collapsed(alice: Customer) -> None:
    sam = make_person("Sam", *SEES)
    client = client_of(sam)

    client.post("/customers/cards/", {"order": "customer-notes,contacts,account-details,no-such-card"})
    client.post("/customers/cards/", {"card": "contacts", "collapsed": "1"})
    page = client.get("/customers/ALI001/").content.decode()

    assert page.index('id="card-customer-notes"') < page.index('id="card-contacts"')
    assert Preference.objects.get(user=sam, key="profile.cards").value["collapsed"] == ["contacts"]
    assert page.count("data-collapsed") == 1


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize(
    "name", sorted(one.name for one in widgets if one.__module__.startswith("customers."))
)
def test_a_widget_asks_at_most_six_queries_however_much_there_is(
    name: str, rows: int, django_assert_max_num_queries, rf
) -> None:
    customer = make_customer(code="FUL001")
    person = make_person("Ada")
    CustomerNote.objects.bulk_create(
        CustomerNote(customer=customer, text=f"note {n}", author=person) for n in range(rows)
    )
    Contact.objects.bulk_create(Contact(customer=customer, name=f"Person {n}") for n in range(rows))
    request = rf.get("/")
    request.user = person
    widget = widgets[name](customer=customer, user=person, request=request)

    with django_assert_max_num_queries(6):
        context = widget.context()
    assert context


@pytest.mark.parametrize("rows", [3, 30])
def test_the_profile_asks_at_most_twenty_queries_however_much_there_is(
    alice: Customer, rows: int, django_assert_max_num_queries
) -> None:
    ada = make_person(
        "Ada", *SEES, "customers.view_address", "customers.view_asset", "customers.see_customer_balance"
    )
    CustomerNote.objects.bulk_create(
        CustomerNote(customer=alice, text=f"note {n}", author=ada, pops_up=True) for n in range(rows)
    )
    Contact.objects.bulk_create(Contact(customer=alice, name=f"Person {n}") for n in range(rows))
    client = client_of(ada)
    client.get("/customers/ALI001/")

    with django_assert_max_num_queries(20):
        page = client.get("/customers/ALI001/")
    assert page.status_code == 200


def test_equipment_comes_back_today_unless_another_day_is_given(alice: Customer) -> None:
    router = Asset.objects.create(customer=alice, description="Router")
    terry = client_of(make_person("Terry", *SEES, "customers.view_asset", "customers.change_asset"))
    url = f"/customers/ALI001/widgets/asset-register/give-back/{router.pk}/"
    today = timezone.localdate()

    assert f'value="{today.isoformat()}"' in terry.get(url).content.decode()
    assert terry.post(url, {"returned_on": today.isoformat()}).status_code == 302
    router.refresh_from_db()
    assert router.returned_on == today
