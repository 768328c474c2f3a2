"""Two clerks at the same customer: nobody overwrites the other, and every no is a sentence."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction
from django.test import Client

from customers.models import Contact, Customer
from customers.services import contacts, customers
from customers.services.customers import NewContact, NewCustomer
from herotill.errors import DomainError
from tests.factories import make_customer, make_person
from tests.factories.customers import ContactFactory

pytestmark = pytest.mark.django_db
EDITS = ("customers.view_customer", "customers.change_customer", "customers.change_master")


@pytest.fixture
def alice() -> Customer:
    return make_customer("Alice Liddel", "ALI001")


@pytest.fixture
def greta(client: Client) -> Client:
    client.force_login(
        make_person("Greta", *EDITS, "customers.change_id_numbers", "customers.see_id_numbers")
    )
    return client


def edit(client: Client, customer: Customer, **changes: object) -> tuple[int, str]:
    """Status and text of the answer to saving Account Details with these changes."""
    customer.refresh_from_db()
    same = {name: getattr(customer, name) for name in ("kind", "first_names", "surname", "version")}
    data = same | {"group": customer.group_id} | changes
    answer = client.post(f"/customers/{customer.code}/widgets/account-details/edit/", data)
    return answer.status_code, answer.content.decode()


def test_a_ring_of_masters_is_refused_in_words(greta: Client, alice: Customer) -> None:
    bob = make_customer("Bob Owes", "BOB001")
    assert edit(greta, alice, master="BOB001")[0] == 302
    for master in ("ALI001", "BOB001"):
        status, said = edit(greta, bob, master=master)
        assert status == 422
        assert "cannot be its own master" in said
    bob.refresh_from_db()
    assert bob.master is None


def test_two_edits_in_the_same_moment_do_not_overwrite_each_other(alice: Customer) -> None:
    sam, seen = make_person("Sam"), alice.version
    customers.update(customer=alice, changes={"surname": "Lidl"}, actor=sam, seen=seen)
    with pytest.raises(DomainError, match="Somebody else changed this customer"):
        customers.update(customer=alice, changes={"surname": "Lydell"}, actor=sam, seen=seen)
    alice.refresh_from_db()
    assert alice.surname == "Lidl"


def test_a_contact_that_somebody_else_removed_is_said_to_be_gone(alice: Customer) -> None:
    sam, bob = make_person("Sam"), ContactFactory(customer=alice)
    Contact.objects.get(pk=bob.pk).delete()
    with pytest.raises(DomainError, match="removed this contact"):
        contacts.remove(contact=bob, actor=sam)
    with pytest.raises(DomainError, match="removed this contact"):
        contacts.change(contact=bob, values={"name": "Bob"}, actor=sam)


@pytest.mark.parametrize("field", ["id_number", "registration_number", "vat_number"])
def test_an_endless_number_is_refused_at_its_field(greta: Client, alice: Customer, field: str) -> None:
    status, said = edit(greta, alice, **{field: "".join(f"{number:x}" for number in range(3000))})
    assert status == 422
    assert "longer than 500 letters" in said


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_type_the_same_code_get_it_once_and_a_sentence() -> None:
    """Their names give other letters than the code, so only the code itself can hold one of them up."""
    said: list[str] = []
    begun = threading.Event()

    def create(name: str, last: bool) -> None:
        try:
            fields = {"kind": "individual", "first_names": name, "surname": "Liddel", "group_id": 1}
            new = NewCustomer("ZZZ001", fields, NewContact(name, f"{name}@example.com", "+27830000001"))
            with transaction.atomic():
                said.append(customers.create(new=new, actor=None).code)
                begun.set()
                threading.Event().wait(0 if last else 0.3)
        except DomainError as no:
            said.append(str(no))
        finally:
            connections["default"].close()

    first = threading.Thread(target=create, args=("Alice", False))
    first.start()
    assert begun.wait(5)
    second = threading.Thread(target=create, args=("Bob", True))
    second.start()
    first.join()
    second.join()
    assert said == ["ZZZ001", "The code ZZZ001 is taken by another customer or log-in."]
