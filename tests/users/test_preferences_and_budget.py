"""What Alice chose for her screens, and what a logged-in page costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from herotill.users.models import Preference, User
from herotill.users.selectors import preferences
from tests.factories.people import in_role
from tests.users.conftest import log_in

pytestmark = pytest.mark.django_db


def test_a_choice_is_kept_and_shown(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.post("/preferences/", {"key": "theme", "value": "dark"}).status_code == 204
    assert (
        client.post("/preferences/density/", '"compact"', content_type="application/json").status_code == 204
    )
    page = client.get("/log-ins/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    assert preferences.one(user=alice, key="theme") == "dark"


@pytest.mark.parametrize(
    ("key", "body"),
    [
        ("theme", '"pink"'),
        ("nonsense", '"dark"'),
        ("theme", "not json"),
        ("list:customers", '{"columns": "' + "x" * 9000 + '"}'),
    ],
)
def test_what_nobody_registered_is_not_kept(client: Client, alice: User, key: str, body: str) -> None:
    client.force_login(alice)
    refused = client.post(f"/preferences/{key}/", body, content_type="application/json")
    assert refused.status_code == 400
    assert not Preference.objects.exists()


def test_null_forgets(client: Client, alice: User) -> None:
    client.force_login(alice)
    client.post("/preferences/", {"key": "theme", "value": "dark"})
    client.post("/preferences/theme/", "null", content_type="application/json")
    assert not Preference.objects.exists()


@pytest.mark.parametrize("choices", [0, 40])
def test_a_logged_in_page_costs_three_queries_for_session_person_and_rights(
    client: Client, django_assert_num_queries: Any, choices: int
) -> None:
    """With ten times the rights and any number of preferences; figures in the menu are counted now and then."""
    manager = in_role("Max", "manager", "accounts", "sales", "support", "technician")
    Preference.objects.bulk_create(
        Preference(user=manager, key=f"list:{n}", value={"n": n}) for n in range(choices)
    )
    client.force_login(manager)
    client.get("/setup/")
    with django_assert_num_queries(3):
        assert client.get("/setup/").status_code == 200


def test_a_portal_page_costs_three_queries(
    client: Client, carol: User, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Log-in, person and customer; how we call ourselves is remembered. Cards have budgets of their own."""
    monkeypatch.setattr("herotill.users.views.portal.portal_cards", [])
    log_in(client, "CAR001", door="/portal/login/")
    client.get("/portal/")
    with django_assert_num_queries(3):
        assert client.get("/portal/").status_code == 200


def test_a_stranger_costs_none(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/login/")
        client.get("/customers/")


def test_pages_of_setup_cost_the_same_for_many(
    client: Client, naledi: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(naledi)
    for number in range(20):
        in_role(f"Clerk{number}", "support")
    client.get("/setup/")  # What the navigation counts is remembered from here on.
    for path in ("/setup/people/", "/setup/roles/", "/setup/rights/customers/", "/setup/approvals/"):
        with django_assert_max_num_queries(10):
            assert client.get(path).status_code == 200
