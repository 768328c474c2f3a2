"""A clerk finds a customer by whatever the caller can say, and the documents follow every change."""

import threading

import pytest
from django.db import connection, connections, transaction

from customers.models import ALL_PURPOSES, Contact, Customer, CustomerGroup
from herotill.bulk import copy_rows
from herotill.models import SearchDocument
from herotill.search import find, ids
from tests.factories import ContactFactory, make_customer, make_person

pytestmark = pytest.mark.django_db

SEES = "customers.view_customer"
NUMBERS = "customers.see_id_numbers"


@pytest.fixture
def clerk():
    return make_person("Sam", SEES)


@pytest.fixture
def alice():
    return make_customer(
        "Alice Liddel",
        "ALI001",
        id_number="8001015009087",
        vat_number="4012345678",
        contact={
            "email": "alice.l@wonderland.example.com",
            "other_emails": ["queen@hearts.example"],
            "phone": "+27821234567",
            "other_phone": "+27215550142",
        },
    )


@pytest.fixture
def others():
    """Whoever must not be taken for Alice."""
    make_customer("Bob Stone", "BOB001", contact={"email": "bob@stone.example", "phone": "+27831110000"})
    hatter = {"name": "Elise Hatter", "email": "hatter@tea.example", "phone": "+27860001111"}
    make_customer("Mad Hatters", "MAD001", kind="company", contact=hatter)


def found(person, text) -> list[str]:
    return [hit.code for group in find(person, text, kinds=["customer"]).groups for hit in group.hits]


@pytest.mark.parametrize(
    "said",
    [
        "ali",
        "Alice Lid",
        "liddel al",
        "ALI001",
        "ali001 ",
        "ali0",
        "082 123",
        "0821234567",
        "082-123 4567",
        "+27 82 123",
        "27821234567",
        "4567",
        "123 4567",
        "021 555",
        "0142",
        "wonderland",
        "@wonderland",
        "example.com",
        "alice.l@wonder",
        "alice.l@wonderland.example.com",
        "queen@hearts",
        "4012345678",
        "alice 4567",
        "liddel a",
    ],
)
def test_a_clerk_finds_alice_by_what_a_caller_can_say(clerk, alice, others, said):
    assert found(clerk, said) == ["ALI001"]


@pytest.mark.parametrize("said", ["alix", "liddel bob", "9999", "083 123", "12345", "345", "%", "_", "'"])
def test_a_clerk_does_not_find_her_by_what_is_not_hers(clerk, alice, others, said):
    assert found(clerk, said) == []


def test_accents_and_apostrophes_do_not_matter(clerk):
    make_customer("Élise O’Brien", "ELI001")
    make_customer("Straße & Söhne", "STR001", kind="company")

    for said in ("elise", "Élise", "ELISE obr", "o'brien", "obrien"):
        assert found(clerk, said) == ["ELI001"], said
    assert found(clerk, "strasse sohne") == ["STR001"]


def test_a_company_shows_its_contact_and_everybody_their_first_number_and_state(clerk, alice, others):
    Customer.objects.filter(code="MAD001").update(status="suspended")
    hatters, liddel = (find(clerk, said).groups[0].hits[0] for said in ("mad", "ali"))

    assert (hatters.title, hatters.chip) == ("Mad Hatters (Elise Hatter)", ("Suspended", "bad"))
    assert (liddel.title, liddel.chip, liddel.url) == ("Alice Liddel", None, "/customers/ALI001/")
    assert liddel.detail == "082 123 4567 · alice.l@wonderland.example.com"


def test_further_contacts_count_and_a_renamed_one_is_found_under_the_new_name_at_once(clerk, alice):
    hare = ContactFactory(customer=alice, name="March Hare", email="hare@tea.example", phone="+27849990001")
    assert found(clerk, "march ha") == found(clerk, "0001") == found(clerk, "tea.ex") == ["ALI001"]

    hare.name = "Dormouse"
    hare.save()
    assert (found(clerk, "march"), found(clerk, "dormouse")) == ([], ["ALI001"])

    hare.delete()
    assert (found(clerk, "dormouse"), found(clerk, "ali")) == ([], ["ALI001"])


def test_a_contact_that_moves_to_another_customer_is_found_there(clerk, alice):
    bob = make_customer("Bob Stone", "BOB001")
    hare = ContactFactory(customer=alice, name="March Hare")
    Contact.objects.filter(pk=hare.pk).update(customer=bob)

    assert found(clerk, "march") == ["BOB001"]


def test_a_renamed_customer_is_found_under_the_new_name_and_a_deleted_one_never_again(clerk, alice):
    Customer.objects.filter(pk=alice.pk).update(surname="Hargreaves")
    assert found(clerk, "hargr") == ["ALI001"]
    assert found(clerk, "alice h") == ["ALI001"]

    alice.contacts.all().delete()
    alice.delete()
    assert found(clerk, "hargr") == found(clerk, "ALI001") == []
    assert not SearchDocument.objects.filter(customer_id=alice.pk).exists()


def test_rows_that_arrive_by_copy_are_found(clerk):
    group = CustomerGroup.objects.get(is_default=True)
    columns = ["id", "code", "kind", "first_names", "surname", "group"]
    copy_rows(
        Customer,
        columns,
        [(900_000 + n, f"CPY{n:03d}", "individual", "Cheshire", f"Cat{n}", group.pk) for n in range(3)],
    )
    rows = [
        (900_000 + n, "Cheshire", "cat@grin.example", f"+2783000000{n}", ALL_PURPOSES, True) for n in range(3)
    ]
    copy_rows(Contact, ["customer", "name", "email", "phone", "purposes", "is_primary"], rows)

    assert found(clerk, "cheshire") == ["CPY000", "CPY001", "CPY002"]
    assert found(clerk, "000 0001") == ["CPY001"]


def test_raw_sql_is_caught_too(clerk, alice, others):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_contact SET phone = '+27110009999' WHERE customer_id = %s", [alice.pk]
        )
        cursor.execute("UPDATE customers_customer SET vat_number = '4999999999'")

    assert found(clerk, "9999") == ["ALI001"]
    assert sorted(found(clerk, "4999999999")) == ["ALI001", "BOB001", "MAD001"]


def test_contacts_may_come_before_their_customer_in_one_transaction(clerk):
    group = CustomerGroup.objects.get(is_default=True)
    with transaction.atomic():
        Contact.objects.create(
            customer_id=910_000, name="Early Bird", email="e@example.com", phone="+27830000000",
            purposes=ALL_PURPOSES, is_primary=True,
        )  # fmt: skip
        Customer.objects.create(pk=910_000, code="EAR001", first_names="Early", surname="Bird", group=group)

    assert found(clerk, "early b") == ["EAR001"]


def test_dora_without_the_right_finds_nothing(alice):
    dora = make_person("Dora")

    assert found(dora, "alice") == found(dora, "ALI001") == []
    assert ids("alice", kind="customer", limit=5, user=dora) == []


def test_id_numbers_find_only_for_those_who_may_see_them(clerk, alice):
    company = make_customer(
        "Wonderland (Pty) Ltd", "WON001", kind="company", registration_number="2018/123456/07"
    )
    ida = make_person("Ida", SEES, NUMBERS)

    for said in ("8001015009087", "800101", "9087", "8001 0150"):
        assert (found(clerk, said), found(ida, said)) == ([], ["ALI001"]), said
    for said in ("2018/123456/07", "2018/12", "123456", "5607"):
        assert (found(clerk, said), found(ida, said)) == ([], ["WON001"]), said
    assert ids("9087", kind="customer", limit=5, user=ida) == [alice.pk]
    assert ids("2018", kind="customer", limit=5, user=ida) == [company.pk]


def test_the_right_to_numbers_alone_finds_no_customer(alice):
    assert found(make_person("Nora", NUMBERS), "8001015009087") == []


def test_a_number_changed_or_removed_is_no_longer_found(alice):
    ida = make_person("Ida", SEES, NUMBERS)
    Customer.objects.filter(pk=alice.pk).update(id_number="7503305044089")
    assert (found(ida, "8001015009087"), found(ida, "7503305044089")) == ([], ["ALI001"])

    Customer.objects.filter(pk=alice.pk).update(id_number="")
    assert found(ida, "7503305044089") == []


def test_who_is_found_by_name_and_number_stands_there_once(alice):
    Customer.objects.filter(pk=alice.pk).update(surname="8001015009087")

    assert found(make_person("Ida", SEES, NUMBERS), "8001015009087") == ["ALI001"]


def test_a_customer_has_one_document_and_one_for_its_numbers(alice, others):
    kinds = SearchDocument.objects.order_by("kind", "object_id").values_list("kind", "code")

    assert list(kinds) == [
        ("customer", "ALI001"),
        ("customer", "BOB001"),
        ("customer", "MAD001"),
        ("customer_number", "ALI001"),
    ]


def test_very_long_names_and_strange_letters_can_be_saved_and_found(clerk):
    make_customer("Ω" * 200, "LON001", kind="company", contact={"name": "ﷺ" * 180})
    make_customer("日本 Telecom", "NIP001", kind="company")

    assert found(clerk, "LON001") == ["LON001"]
    assert found(clerk, "日") == found(clerk, "日本 tel") == ["NIP001"]


WITHOUT_THE_LOCK = """
CREATE OR REPLACE FUNCTION search_contacts_of(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN PERFORM house_search_write('customer', ids); END $$
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_two_people_change_two_contacts_at_once_and_only_the_lock_keeps_both(clerk, locked):
    alice = make_customer("Alice Liddel", "ALI001")
    hare, mouse = (ContactFactory(customer=alice, name=name) for name in ("Hare", "Mouse"))
    if not locked:
        with connection.cursor() as cursor:
            cursor.execute(WITHOUT_THE_LOCK)

    def second() -> None:
        Contact.objects.filter(pk=mouse.pk).update(name="Walrus")
        connections.close_all()

    other = threading.Thread(target=second)
    with transaction.atomic():
        Contact.objects.filter(pk=hare.pk).update(name="Carpenter")
        other.start()
        _wait_until_it_waits()
    other.join()

    assert found(clerk, "walrus") == ["ALI001"]
    assert found(clerk, "carpenter") == (["ALI001"] if locked else [])


def _wait_until_it_waits() -> None:
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), pg_stat_clear_snapshot(), pg_sleep(0.01) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("The second change did not wait for the first.")
