"""The global search: apps make kinds known, people find what they may, and nothing that is typed breaks it."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from customers.models import Customer
from herotill.menu import menu
from herotill.models import SearchDocument
from herotill.search import find, ids, marked
from tests.factories import make_customer, make_person
from tests.sampleapp.models import Gadget

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
GADGETS = "sampleapp.view_gadget"
CUSTOMERS = "customers.view_customer"


def gadget(name: str, **fields):
    customer = Customer.objects.first() or make_customer("Bob Stone", "BOB001")
    return Gadget.objects.create(customer=customer, name=name, **fields)


def titles(found) -> list[str]:
    return [hit.title for group in found.groups for hit in group.hits]


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_an_app_makes_its_own_kind_known():
    made = gadget("Brass telescope", size="l")
    found = find(make_person("Alice", GADGETS), "tele")

    (group,) = found.groups
    (hit,) = group.hits
    assert (group.label, hit.title, hit.url) == ("Gadgets", "Brass telescope", f"/sample/gadgets/{made.pk}/")
    assert hit.chip == ("Large", "accent")


def test_dora_finds_nothing_of_a_kind_she_may_not_see():
    gadget("Brass telescope")

    assert not find(make_person("Dora"), "telescope")
    assert ids("telescope", kind="gadget", limit=10, user=make_person("Dick", CUSTOMERS)) == []


def test_kinds_stand_in_groups_and_one_with_an_exact_answer_comes_first():
    make_customer("Lantern Farms", "LAN001", kind="company")
    gadget("Lantern")
    person = make_person("Alice", GADGETS, CUSTOMERS)

    assert [group.name for group in find(person, "lante").groups] == ["customer", "gadget"]
    assert [group.name for group in find(person, "lantern").groups] == ["gadget", "customer"]
    assert [hit.title for hit in find(person, "lantern").exact] == ["Lantern"]


def test_only_the_kinds_asked_for_are_searched():
    make_customer("Lantern Farms", "LAN001", kind="company")
    gadget("Lantern")
    person = make_person("Alice", GADGETS, CUSTOMERS)

    assert titles(find(person, "lantern", kinds=["gadget"])) == ["Lantern"]


def test_exact_codes_then_names_that_begin_so_then_any_word():
    for name in ("New lamp", "Lamp", "Lamp of brass", "Old lamp"):
        gadget(name)

    found = find(make_person("Alice", GADGETS), "lamp")
    assert titles(found) == ["Lamp", "Lamp of brass", "New lamp", "Old lamp"]


def test_more_than_the_limit_is_said_and_not_shown():
    for number in range(4):
        gadget(f"Lamp {number}")
    (group,) = find(make_person("Alice", GADGETS), "lamp", limit=3).groups

    assert (len(group.hits), group.more) == (3, True)


def test_ids_come_in_the_order_of_the_answers_for_the_box_of_a_list():
    old, lamp = gadget("Old lamp"), gadget("Lamp")
    person = make_person("Alice", GADGETS)

    assert ids("lamp", kind="gadget", limit=10, user=person) == [lamp.pk, old.pk]
    assert ids("lamp", kind="gadget", limit=1, user=person) == [lamp.pk]
    assert ids("", kind="gadget", limit=10, user=person) == []


def test_one_question_however_many_kinds(django_assert_num_queries):
    gadget("Lantern")
    person = make_person("Alice", GADGETS, CUSTOMERS)
    person.get_all_permissions()

    with django_assert_num_queries(1):
        find(person, "lantern")


def test_a_person_without_any_right_costs_no_question(django_assert_num_queries):
    dora = make_person("Dora")
    dora.get_all_permissions()

    with django_assert_num_queries(0):
        find(dora, "lantern")


def test_screens_are_found_by_name_with_what_they_stand_under():
    found = find(make_person("Sam", "house.view_run"), "setup ru")

    assert [(hit.title, hit.url) for hit in found.groups[0].hits] == [
        ("Setup › Runs", menu["setup.runs"].url)
    ]


def test_a_screen_is_not_found_by_whom_it_is_shut_to():
    assert not find(make_person("Dora"), "setup runs")


def test_a_change_of_the_row_is_found_at_once_and_a_deleted_one_never_again():
    made = gadget("Compass")
    person = make_person("Alice", GADGETS)
    Gadget.objects.filter(pk=made.pk).update(name="Sextant")
    assert (titles(find(person, "compass")), titles(find(person, "sextant"))) == ([], ["Sextant"])

    made.delete()
    assert titles(find(person, "sextant")) == []


def test_a_rebuild_repairs_what_happened_behind_the_triggers(capsys):
    kept, lost = gadget("Compass"), gadget("Sextant")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE sampleapp_gadget DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM sampleapp_gadget WHERE id = %s", [lost.pk])
        cursor.execute("UPDATE sampleapp_gadget SET name = 'Astrolabe' WHERE id = %s", [kept.pk])
        cursor.execute("ALTER TABLE sampleapp_gadget ENABLE TRIGGER USER")

    call_command("search_rebuild", "gadget")
    call_command("search_rebuild", "gadget")
    assert capsys.readouterr().out.splitlines() == [
        "gadget: 2 documents differed",
        "gadget: 0 documents differed",
    ]
    assert list(SearchDocument.objects.filter(kind="gadget").values_list("title")) == [("Astrolabe",)]


def test_what_stayed_the_same_is_not_written_again():
    made = gadget("Compass")
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid FROM house_search_gadget WHERE object_id = %s", [made.pk])
        before = cursor.fetchone()
        cursor.execute("UPDATE sampleapp_gadget SET rings = rings + 1 WHERE id = %s", [made.pk])
        cursor.execute("SELECT ctid FROM house_search_gadget WHERE object_id = %s", [made.pk])
        assert cursor.fetchone() == before


def whole_readings(text: str) -> int:
    """How often a question read the gadgets' documents from the first row on."""
    counted = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'house_search_gadget'"
    with connection.cursor() as cursor:
        cursor.execute(counted)
        before = cursor.fetchone()[0]
        assert find(make_person(f"Alice {text}", GADGETS), text).groups[0].hits
        cursor.execute(counted)
        return cursor.fetchone()[0] - before


def test_only_a_common_word_is_looked_for_without_the_index():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO house_search_gadget (kind, object_id, title, words) SELECT 'gadget', n, n::text,"
            " array_to_tsvector(ARRAY['brass', 'no' || n] || house_search_numbers((100000 + n)::text))"
            " FROM generate_series(1, 2000) n"
        )
        cursor.execute("ANALYZE house_search_gadget")

    assert [whole_readings(text) for text in ("bras", "no777", "100777", "0777", "brass no77")] == [
        1,
        0,
        0,
        0,
        0,
    ]


def test_the_box_gets_options_that_the_keys_can_walk():
    made = gadget("Brass telescope")
    answer = client_of(make_person("Alice", GADGETS)).get("/search/?q=tele", headers=HTMX)
    shown = answer.content.decode()

    assert f'<a role="option" aria-selected="false" tabindex="-1" href="/sample/gadgets/{made.pk}/">' in shown
    assert "Brass <mark>tele</mark>scope" in shown
    assert "<html" not in shown


def test_the_box_is_empty_before_anything_is_typed_and_says_when_nothing_is_found():
    client = client_of(make_person("Alice", GADGETS))

    assert client.get("/search/?q=", headers=HTMX).content == b""
    assert client.get("/search/", headers=HTMX).content == b""
    assert "Nothing found." in client.get("/search/?q=xyzzy", headers=HTMX).content.decode()


def test_the_box_offers_all_answers_when_there_are_more():
    for number in range(9):
        gadget(f"Lamp & {number}")
    shown = client_of(make_person("Alice", GADGETS)).get("/search/?q=lamp %26", headers=HTMX).content.decode()

    assert 'href="/search/?q=lamp+%26"' in shown


def test_enter_shows_all_answers_on_a_page():
    for number in range(9):
        gadget(f"Lamp {number}")
    shown = client_of(make_person("Alice", GADGETS)).get("/search/?q=lamp&go=1").content.decode()

    assert shown.count("/sample/gadgets/") == 9
    assert 'value="lamp"' in shown


def test_enter_on_an_exact_code_goes_straight_there():
    made = gadget("Lamp")
    gadget("Lamp of brass")
    client = client_of(make_person("Alice", GADGETS))

    assert client.get("/search/?q= LAMP &go=1").headers["Location"] == f"/sample/gadgets/{made.pk}/"
    assert client.get("/search/?q=lamp").status_code == 200


def test_enter_on_a_code_that_two_have_shows_both():
    gadget("Lamp")
    gadget("Lamp")

    assert client_of(make_person("Alice", GADGETS)).get("/search/?q=lamp&go=1").status_code == 200


def test_nobody_is_sent_to_log_in_and_dora_gets_an_empty_page():
    gadget("Lamp")

    assert Client().get("/search/?q=lamp").headers["Location"].startswith("/login/")
    answer = client_of(make_person("Dora")).get("/search/?q=lamp&go=1")
    assert answer.status_code == 200
    assert "Nothing found." in answer.content.decode()


def test_searching_is_reading():
    assert client_of(make_person("Alice")).post("/search/", {"q": "lamp"}).status_code == 405


def test_s19_what_stands_in_names_and_in_the_box_is_shown_as_text():
    gadget('<img src=http://x> {{ 7 }} "onload')
    client = client_of(make_person("Alice", GADGETS))

    for headers in ({}, HTMX):
        shown = client.get("/search/", {"q": "<img {{ onload"}, headers=headers).content.decode()
        assert "&lt;<mark>img</mark>" in shown or "&lt;img" in shown
        assert "<img" not in shown


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("Élise du Toit", ["eli"], "<mark>Éli</mark>se du Toit"),
        ("Wonderland (Pty) Ltd", ["pt", "wonderland"], "<mark>Wonderland</mark> (<mark>Pt</mark>y) Ltd"),
        ("Straße", ["strasse"], "Straße"),
        ("A & B", ["b"], "A &amp; <mark>B</mark>"),
        ("Alice", [], "Alice"),
    ],
)
def test_what_was_typed_is_marked_in_the_answer(text, words, shown):
    assert marked(text, words) == shown
