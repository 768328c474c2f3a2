"""Where billing and collections stand in the navigation."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_who_sees_mandates_alone_is_led_to_them(client):
    client.force_login(make_person("Alice", "billing.view_mandate"))
    page = client.get(reverse("billing:mandates")).content.decode()
    assert page.count(f'href="{reverse("billing:mandates")}"') == 2  # the heading and the line under it
    assert reverse("billing:suspensions") not in page


def test_who_sees_nothing_of_it_has_no_heading(client):
    client.force_login(make_person("Dora", "customers.view_customer"))
    assert ">Collections<" not in client.get(reverse("start")).content.decode()
