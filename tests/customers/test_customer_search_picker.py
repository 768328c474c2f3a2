"""The customer picker: whom one opened last, then who matches; and the straight way by a code."""

import pytest
from django.test import Client

from customers.models import Customer
from customers.selectors import recents
from customers.services.recents import opened
from herotill.users.models import Preference, User
from tests.factories import make_customer, make_person

pytestmark = pytest.mark.django_db

SEES = "customers.view_customer"


@pytest.fixture
def sam() -> User:
    return make_person("Sam", SEES)


@pytest.fixture
def browser(sam) -> Client:
    client = Client()
    client.force_login(sam)
    return client


@pytest.fixture
def alice() -> Customer:
    return make_customer("Alice Liddel", "ALI001")


def codes_of(person: User) -> list[str]:
    return [customer.code for customer in recents.latest(user=User.objects.get(pk=person.pk))]


def test_before_anything_is_typed_it_lists_whom_this_person_opened_last(browser, sam, alice):
    make_customer("Wonderland (Pty) Ltd", "WON001", kind="company")
    for code in ("ALI001", "WON001"):
        browser.get(f"/customers/{code}/")
    shown = browser.get("/customers/picker/").content.decode()

    assert shown.index("/customers/WON001/") < shown.index("/customers/ALI001/")
    assert "Opened last" in shown
    assert "Wonderland (Pty) Ltd (Wonderland (Pty) Ltd)" in shown


def test_another_person_has_another_list(browser, sam, alice):
    browser.get("/customers/ALI001/")

    assert codes_of(sam) == ["ALI001"]
    assert codes_of(make_person("Tim", SEES)) == []


def test_the_last_ten_are_kept_each_once(sam):
    made = [make_customer("Bob Stone", f"BOB{n:03d}") for n in range(12)]
    for customer in [*made, made[5]]:
        opened(user=User.objects.get(pk=sam.pk), customer=customer)

    assert codes_of(sam) == [f"BOB{n:03d}" for n in (5, 11, 10, 9, 8, 7, 6, 4, 3, 2)]


def test_opening_the_same_customer_again_writes_nothing(sam, alice, django_assert_num_queries):
    opened(user=sam, customer=alice)
    person = User.objects.get(pk=sam.pk)
    with django_assert_num_queries(1):
        opened(user=person, customer=alice)
    assert Preference.objects.get(user=sam, key=recents.KEY).value == [alice.pk]


def test_one_query_remembers(sam, alice, django_assert_num_queries):
    recents.ids(user=sam)
    with django_assert_num_queries(1):
        opened(user=sam, customer=alice)


def test_who_was_deleted_vanishes_from_the_list(sam, alice):
    opened(user=sam, customer=alice)
    alice.contacts.all().delete()
    alice.delete()

    assert codes_of(sam) == []


def test_typing_finds_customers_and_no_screens(browser, alice):
    make_customer("Bob Stone", "BOB001")
    shown = browser.get("/customers/picker/?q=lid").content.decode()

    assert 'href="/customers/ALI001/"' in shown
    assert "Alice <mark>Lid</mark>del" in shown
    assert "BOB001" not in shown
    assert "No such customer." in browser.get("/customers/picker/?q=customers").content.decode()


def test_an_empty_list_says_what_to_do(browser):
    assert (
        "Type a name, code, phone number or email address."
        in browser.get("/customers/picker/").content.decode()
    )


def test_dora_gets_no_picker_and_nobody_is_sent_to_log_in(alice):
    dora = Client()
    dora.force_login(make_person("Dora"))

    assert dora.get("/customers/picker/").status_code == 403
    assert "picker" not in dora.get("/search/").content.decode()
    assert Client().get("/customers/picker/").headers["Location"].startswith("/login/")


def test_the_picker_stands_on_every_page_and_names_whom_it_is_about(browser, alice):
    assert 'hx-get="/customers/picker/"' in browser.get("/customers/edit/").content.decode()
    assert "<span>ALI001 Alice Liddel</span>" in browser.get("/customers/ALI001/").content.decode()


def test_a_code_and_enter_in_the_search_box_opens_the_profile(browser, alice):
    make_customer("Alistair Ali", "ALI002", contact={"email": "ali001@example.com"})

    for typed in ("ALI001", "ali001", " ali001 "):
        assert browser.get("/search/", {"q": typed, "go": "1"}).headers["Location"] == "/customers/ALI001/"
    assert browser.get("/search/", {"q": "ali", "go": "1"}).status_code == 200


def test_the_answers_of_the_page_say_code_number_and_state(browser, alice):
    Customer.objects.filter(pk=alice.pk).update(status="cancelled")
    shown = browser.get("/search/?q=alice").content.decode()

    assert '<td class="id">ALI001</td>' in shown
    assert "Cancelled" in shown


@pytest.mark.parametrize("path", ["/search/", "/customers/picker/"])
def test_queries_do_not_grow_with_the_customers(browser, path, django_assert_max_num_queries):
    """One question beside what every page asks: session, person, rights, preferences."""
    for n in range(30):
        make_customer("Alice Liddel", f"ALI{n:03d}")
    with django_assert_max_num_queries(7):
        answer = browser.get(path, {"q": "alice"}, headers={"HX-Request": "true"})
    assert answer.content.decode().count('role="option"') >= 7
