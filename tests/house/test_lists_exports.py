"""The list of exports under Setup: who took what away."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.customers.test_customer_list_export import take
from tests.factories import make_customer, make_person

pytestmark = pytest.mark.django_db
URL = "/setup/exports/"


def test_who_exported_what_stands_on_a_list_of_its_own(client: Client) -> None:
    make_customer("Bob Bubble")
    alice = make_person("Alice", "customers.view_customer", "house.view_export")
    client.force_login(alice)
    assert "Nobody has exported a list yet" in client.get(URL).content.decode()
    assert b"".join(take(client, query="status=active&sort=-name").streaming_content)
    html = client.get(URL).content.decode()
    for shown in ("Alice", "Customers", "status=active, sort=-name", "CSV"):
        assert shown in html
    assert 'href="/customers/?status=active&amp;sort=-name"' in html


def test_the_list_of_exports_asks_its_right(client: Client) -> None:
    client.force_login(make_person("Dora", "customers.view_customer"))
    assert client.get(URL).status_code == 403
