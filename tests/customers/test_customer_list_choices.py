"""What a person chooses for the list and finds again: rows a page, filters, columns, views."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from herotill.models import SavedView
from herotill.users.models import User
from tests.customers.test_customer_list import SEES, URL, codes, headings, page
from tests.factories import make_customer, make_person

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def alice(client: Client) -> User:
    """Alice, who works with the list."""
    person = make_person("Alice", *SEES)
    client.force_login(person)
    return person


@pytest.fixture
def bob() -> tuple[User, Client]:
    """Bob, who works with it at another desk."""
    person, desk = make_person("Bob", *SEES), Client()
    desk.force_login(person)
    return person, desk


def remember(client: Client, query: str = "all=1", **chosen: Any) -> str:
    """Post a choice and return the address it leads to."""
    response = client.post(f"{URL}list/remember/?{query}", chosen)
    assert response.status_code == 302
    return str(response.headers["Location"])


def save_view(client: Client, query: str, **data: str) -> SavedView:
    response = client.post(f"{URL}list/views/new/?{query}", data)
    assert response.status_code == 302, response.content.decode()
    return SavedView.objects.latest("pk")


# ---- rows a page and filters ----------------------------------------------------------------------


def test_rows_a_page_are_remembered_for_the_person(
    client: Client, alice: User, bob: tuple[User, Client]
) -> None:
    remember(client, size="10")
    assert '<option value="10" selected>' in page(client)
    assert '<option value="50" selected>' in page(bob[1])


@pytest.mark.parametrize("size", ["0", "11", "-10", "1000000", "ten", ""])
def test_only_offered_numbers_of_rows_are_kept(client: Client, alice: User, size: str) -> None:
    remember(client, size=size)
    assert '<option value="50" selected>' in page(client)


def test_filters_chosen_are_there_again_when_the_list_is_opened(
    client: Client, alice: User, bob: tuple[User, Client]
) -> None:
    make_customer("Alice Liddel", "ALI001")
    make_customer("Carol Carter", "CAR001", status="suspended")
    url = remember(client, "sort=-name&panel=1", filters="1", status="suspended", kind="")
    assert url == "/customers/?status=suspended&sort=-name&panel=1"
    opened = client.get(URL)
    assert opened.headers["Location"] == "/customers/?status=suspended&sort=-name"
    assert bob[1].get(URL).status_code == 200
    assert codes(bob[1]) == ["ALI001", "CAR001"]


def test_a_chip_taken_off_and_all_cleared_are_remembered_too(client: Client, alice: User) -> None:
    remember(client, filters="1", status=["suspended"], kind="company")
    assert remember(client, "status=suspended&kind=company", without="status") == "/customers/?kind=company"
    assert client.get(URL).headers["Location"] == "/customers/?kind=company"
    assert remember(client, "kind=company&q=x", clear="1") == "/customers/?all=1"
    assert client.get(URL).status_code == 200


def test_looking_at_the_list_keeps_nothing(client: Client, alice: User) -> None:
    page(client, status="suspended", sort="-balance")
    assert client.get(URL).status_code == 200
    assert client.get(f"{URL}list/remember/").status_code == 405


# ---- columns --------------------------------------------------------------------------------------


def test_columns_are_picked_ordered_and_remembered(
    client: Client, alice: User, bob: tuple[User, Client]
) -> None:
    make_customer("Alice Liddel")
    chosen = {"order": ["name", "code", "highsite", "email"], "columns": ["name", "code", "highsite"]}
    done = client.post(f"{URL}list/columns/?all=1", chosen, headers=HTMX)
    assert done.status_code == 204
    assert "list-changed" in done.headers["HX-Trigger"]
    assert headings(page(client)) == ["Name", "Account code", "Highsite", "Open"]
    assert len(headings(page(bob[1]))) == 12
    client.post(f"{URL}list/columns/?all=1", {"usual": "1", **chosen})
    assert len(headings(page(client))) == 12


def test_an_arrow_moves_a_column_in_the_dialog_and_keeps_nothing_yet(client: Client, alice: User) -> None:
    query = {"order": ["name", "code", "email"], "columns": ["name", "email"], "up": "email"}
    html = client.get(f"{URL}list/columns/", query, headers=HTMX).content.decode()
    order = re.findall(r'name="order" value="(\w+)"', html)
    assert order[:3] == ["name", "email", "code"]
    assert re.findall(r'id="column-(\w+)" checked', html) == ["name", "email"]
    query |= {"up": "", "down": "name"}
    html = client.get(f"{URL}list/columns/", query, headers=HTMX).content.decode()
    assert re.findall(r'name="order" value="(\w+)"', html)[:3] == ["code", "name", "email"]
    assert "list:customers" not in alice.preferences.values_list("key", flat=True)


def test_a_column_one_may_not_see_cannot_be_picked(client: Client) -> None:
    sipho = make_person("Sipho", "customers.view_customer")
    client.force_login(sipho)
    make_customer("Alice Liddel")
    client.post(f"{URL}list/columns/?all=1", {"order": ["name", "balance"], "columns": ["name", "balance"]})
    assert headings(page(client)) == ["Name", "Open"]


# ---- saved views ----------------------------------------------------------------------------------


def test_a_view_keeps_filters_order_and_columns_under_a_name(client: Client, alice: User) -> None:
    make_customer("Alice Liddel", "ALI001")
    make_customer("Carol Carter", "CAR001", status="suspended")
    client.post(f"{URL}list/columns/?all=1", {"order": ["name", "code"], "columns": ["name", "code"]})
    view = save_view(client, "status=suspended&sort=-name&panel=1&after=x", name="Suspended")
    client.post(f"{URL}list/columns/?all=1", {"usual": "1"})
    opened = client.get(URL, {"view": view.pk})
    assert opened.headers["Location"] == f"/customers/?status=suspended&sort=-name&view={view.pk}"
    html = client.get(opened.headers["Location"]).content.decode()
    assert headings(html) == ["Name", "Account code", "Open"]
    assert "Carol Carter" in html
    assert "Alice Liddel" not in html
    assert re.search(r'aria-current="page">Suspended</a>', html)


def test_a_view_is_ones_own_until_shared(client: Client, alice: User, bob: tuple[User, Client]) -> None:
    _, desk = bob
    view = save_view(client, "kind=company", name="Companies")
    assert "Companies" not in page(desk)
    assert desk.get(f"{URL}list/views/{view.pk}/").status_code == 404
    client.post(f"{URL}list/views/{view.pk}/?kind=company", {"name": "Companies", "shared": "on"})
    assert "Companies" in page(desk)


def test_a_shared_view_is_changed_and_deleted_by_its_owner_alone(
    client: Client, alice: User, bob: tuple[User, Client]
) -> None:
    _, desk = bob
    view = save_view(client, "kind=company", name="Companies", shared="on")
    desk.post(f"{URL}list/views/{view.pk}/?kind=individual", {"name": "Mine now", "now": "1", "delete": "1"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("Companies", "kind=company")
    client.post(f"{URL}list/views/{view.pk}/?kind=individual", {"name": "People", "now": "1"})
    view.refresh_from_db()
    assert (view.name, view.query) == ("People", "kind=individual")
    client.post(f"{URL}list/views/{view.pk}/", {"delete": "1"})
    assert not SavedView.objects.exists()


def test_the_list_opens_with_the_view_a_person_chose(
    client: Client, alice: User, bob: tuple[User, Client]
) -> None:
    _, desk = bob
    view = save_view(client, "kind=company", name="Companies", shared="on", opens="on")
    address = f"/customers/?kind=company&view={view.pk}"
    assert client.get(URL).headers["Location"] == address
    assert desk.get(URL).status_code == 200
    desk.post(f"{URL}list/views/{view.pk}/", {"opens": "on"})
    assert desk.get(URL).headers["Location"] == address
    client.post(f"{URL}list/views/{view.pk}/?kind=company", {"delete": "1"})
    assert desk.get(URL).status_code == 200, "what is gone opens nothing"


def test_two_views_of_one_person_never_share_a_name(client: Client, alice: User) -> None:
    save_view(client, "kind=company", name="Companies")
    refused = client.post(f"{URL}list/views/new/?all=1", {"name": "COMPANIES"}, headers=HTMX)
    assert refused.status_code == 422
    assert "You already have a view called “COMPANIES”" in refused.content.decode()
    assert client.post(f"{URL}list/views/new/?all=1", {"name": ""}, headers=HTMX).status_code == 422


def test_a_view_by_a_filter_one_may_not_use_shows_nobody(client: Client, alice: User) -> None:
    make_customer("Bob Bubble", "BOB001")
    view = save_view(client, "balance_min=-5", name="Owing", shared="on")
    assert codes(client, balance_min="-5") == ["BOB001"]
    desk = Client()
    desk.force_login(make_person("Sipho", "customers.view_customer"))
    html = desk.get(URL, {"view": view.pk}, follow=True).content.decode()
    assert "a filter that you may not use" in html
    assert "Bob Bubble" not in html
