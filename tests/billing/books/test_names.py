"""Each page about the books is called the same in the navigation and above itself."""

from __future__ import annotations

import pytest
from django.urls import reverse

from herotill.integrations.sageone.standin import SageStandIn
from herotill.menu import menu
from tests.factories.people import client_of, in_role

pytestmark = pytest.mark.django_db


def test_a_page_has_the_name_that_the_navigation_gives_it(sage: SageStandIn) -> None:
    client = client_of(in_role("Mary", "manager"))
    entries = [
        entry for entry in menu if entry.name.startswith("billing.books") or entry.name == "setup.books"
    ]
    assert len(entries) == 4
    for entry in entries:
        assert f"<h1>{entry.label}</h1>" in client.get(reverse(entry.url_name)).content.decode()
