"""Sipho types the name that the caller says; one that several have is asked about, and who may not look finds nobody."""

from __future__ import annotations

import pytest

from helpdesk.forms.tickets import NewTicketForm
from helpdesk.models import Ticket
from herotill.users.models import User
from tests.factories import client_of, make_customer, make_person
from tests.factories.helpdesk import make_department, make_priority

pytestmark = pytest.mark.django_db
RIGHTS = ("helpdesk.view_ticket", "helpdesk.add_ticket")


def asked(text: str, *rights: str) -> str:
    """The customer's code, or what is said against the text."""
    sipho = User.objects.filter(username="sipho").first() or make_person("Sipho", *RIGHTS, *rights)
    form = NewTicketForm({"customer": text}, person=sipho)
    form.is_valid()
    found = form.cleaned_data.get("customer")
    return found.code if found else " ".join(form.errors.get("customer", ()))


@pytest.fixture(autouse=True)
def customers() -> None:
    make_customer("Alice Liddel", "ALI001")
    make_customer("Bob Naidoo", "BOB001")
    make_customer("Bob Naidoo", "BOB002")


@pytest.mark.parametrize("text", ["ali001", "Alice", "liddel"])
def test_a_customer_is_found_by_code_or_by_the_name_that_is_only_theirs(text):
    assert asked(text, "customers.view_customer") == "ALI001"


def test_a_name_that_several_have_is_asked_about():
    assert asked("Naidoo", "customers.view_customer") == (
        "Which one? Bob Naidoo (BOB001), Bob Naidoo (BOB002). Type the code."
    )
    assert asked("", "customers.view_customer") == ""


def test_nobody_is_found_by_name_whom_one_may_not_see():
    assert asked("Alice") == "There is no such customer."
    assert asked("ALI001") == "ALI001"


def test_the_name_opens_a_ticket_of_that_customer():
    sipho = client_of(make_person("Sipho", *RIGHTS, "customers.view_customer"))
    said = {"subject": "No light", "text": "Since noon", "kind": "said", "customer": "alice lid"}
    said |= {"department": str(make_department().pk), "priority": str(make_priority().pk)}
    assert sipho.post("/helpdesk/tickets/new/", said).status_code == 302
    ticket = Ticket.objects.select_related("customer").get()
    assert ticket.customer
    assert ticket.customer.code == "ALI001"
