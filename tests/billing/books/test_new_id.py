"""The SageOne ID of a customer who is being created: an administrator gives the one there is, or SageOne a new one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from billing.models import BooksConnection, BooksCustomer
from billing.services.books import sending
from customers.models import Customer
from herotill.integrations.sageone.standin import SageStandIn
from tests.billing.books.test_sending import Clock, clock
from tests.customers.test_creation import form
from tests.factories.books import connect
from tests.factories.customers import make_customer
from tests.factories.people import client_of, in_role, make_person
from tests.workflow.test_new_customers import accepted

__all__ = ["clock"]
pytestmark = pytest.mark.django_db
NEW = "/customers/new/"
WARNING = "Be VERY careful when editing this ID"


@pytest.fixture
def adam() -> Client:
    return client_of(in_role("Adam", "administrator"))


def alice(**given: str) -> dict[str, str]:
    return form(**{f"sageone-{name}": value for name, value in given.items()})


def there(sage: SageStandIn) -> list[tuple[str, str]]:
    return [(str(row["ID"]), row["Name"]) for row in sage.ledger.rows["Customer"].values()]


def test_who_is_new_there_gets_a_number_as_soon_as_they_are_created(
    sage: SageStandIn, adam: Client, clock: Clock
) -> None:
    connect()
    assert WARNING in adam.get(NEW).content.decode()
    assert adam.post(NEW, alice()).status_code == 302
    assert sending.push(clock=clock) == "1 sent, 0 refused."
    (given,) = there(sage)
    assert (BooksCustomer.objects.get().their_id, "Alice Liddel") == given


def test_who_stands_there_already_is_created_with_the_id_and_not_made_again(
    sage: SageStandIn, adam: Client, clock: Clock
) -> None:
    connect()
    theirs = sage.add_customer("", "A. Liddel, Parys")
    assert adam.post(NEW, alice(their_id=theirs)).status_code == 302
    assert sending.push(clock=clock) == "1 sent, 0 refused."
    assert there(sage) == [(theirs, "Alice Liddel")]


@pytest.mark.parametrize(
    ("typed", "no"),
    [
        ("99999", "SageOne has no customer with this ID."),
        ("none", "A SageOne ID is a number."),
        ("bob", "Another customer of ours has this ID."),
        ("carol", "carries the code CAR001."),
    ],
)
def test_an_id_that_cannot_be_hers_creates_nobody(
    sage: SageStandIn, adam: Client, typed: str, no: str
) -> None:
    connect()
    bob, carol = sage.add_customer("BOB001", "Bob"), sage.add_customer("CAR001", "Carol")
    BooksCustomer.objects.create(customer=make_customer("Bob Builder", code="BOB001"), their_id=bob)
    answer = adam.post(NEW, alice(their_id={"bob": bob, "carol": carol}.get(typed, typed)))
    assert (answer.status_code, no in answer.content.decode()) == (422, True)
    assert not Customer.objects.filter(code="ALI001").exists()


def test_while_sageone_cannot_be_asked_nobody_is_linked(sage: SageStandIn, adam: Client) -> None:
    connect()
    sage.misbehave(*["503"] * 3)
    answer = adam.post(NEW, alice(their_id="1001"))
    assert (answer.status_code, "SageOne must be asked first." in answer.content.decode()) == (422, True)


def test_while_the_books_are_off_the_number_is_kept_as_it_is_given(adam: Client) -> None:
    assert adam.post(NEW, alice(their_id="501")).status_code == 302
    assert BooksCustomer.objects.get().their_id == "501"
    assert not BooksConnection.objects.get().is_on


def test_nobody_but_an_administrator_sees_or_gives_it(sage: SageStandIn) -> None:
    connect()
    theirs = sage.add_customer("", "A. Liddel")
    for role in ("manager", "accounts", "sales"):
        client = client_of(in_role(role.title(), role))
        assert WARNING not in client.get(NEW).content.decode()
    assert client.post(NEW, alice(their_id=theirs)).status_code == 302
    assert not BooksCustomer.objects.exists()


def test_the_dialog_of_an_accepted_lead_has_it_too(adam: Client) -> None:
    lead = accepted()
    address = f"/workflow/leads/{lead.pk}/customer/"
    assert WARNING in adam.get(address).content.decode()
    sally: Any = make_person(
        "Sally", "workflow.view_lead", "customers.view_customer", "customers.add_customer"
    )
    assert WARNING not in client_of(sally).get(address).content.decode()
