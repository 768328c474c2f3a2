"""What stands around every page of the portal: our name, logo and colour, the navigation, the terms."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from customers.models import Customer
from herotill.portal import PortalEntry, portal_menu
from herotill.reference.models import Company
from herotill.reference.policies import colours
from herotill.reference.policies.logos import logo_of
from herotill.reference.services import company as ourselves
from tests.portal.conftest import at_portal

HEX = st.tuples(*[st.integers(0, 255)] * 3).map(lambda parts: "#{:02x}{:02x}{:02x}".format(*parts))


@pytest.fixture
def karoo() -> Company:
    """We are Karoo Wireless, in yellow, with a logo and terms."""
    drawn = BytesIO()
    Image.new("RGB", (300, 80), "gold").save(drawn, "PNG")
    terms = "Pay on the first.\n\nBe <b>kind</b>."
    Company.objects.update(
        name="Karoo Wireless (Pty) Ltd",
        trading_name="Karoo Wireless",
        accent="#ffd400",
        logo=logo_of(drawn.getvalue()),
        terms=terms,
    )
    return Company.objects.get()


@pytest.fixture
def company_line() -> Iterator[None]:
    """A line of the navigation for companies alone."""
    portal_menu.register(
        PortalEntry("firms", "Firms", "portal-terms", "home", shown=lambda customer: customer.is_company)
    )
    yield
    portal_menu.unregister("firms")


@pytest.mark.django_db
def test_the_portal_is_ours_also_at_its_door(karoo: Company, alice: Customer) -> None:
    for page in (Client().get("/portal/login/"), at_portal(alice).get("/portal/")):
        text = page.content.decode()
        assert "· Karoo Wireless</title>" in text
        assert "/portal/logo/?" in text
        assert "HeroTill" not in text
    assert "HeroTill" in Client().get("/login/").content.decode()


@pytest.mark.django_db
def test_logo_and_colour_are_kept_by_browsers_and_change_their_address(
    karoo: Company, alice: Customer, django_capture_on_commit_callbacks
) -> None:
    sheet = Client().get("/portal/colours/")
    assert sheet.headers["Content-Type"] == "text/css"
    assert colours.light("#ffd400").accent in sheet.content.decode()
    assert "max-age" in sheet.headers["Cache-Control"]
    picture = Client().get("/portal/logo/")
    assert picture.content.startswith(b"\x89PNG")
    assert "max-age" in picture.headers["Cache-Control"]
    before = at_portal(alice).get("/portal/").content.decode()
    karoo.accent = "#00aa00"
    with django_capture_on_commit_callbacks(execute=True):
        ourselves.change(company=karoo, no_logo=True)
    after = at_portal(alice).get("/portal/").content.decode()
    assert "/portal/logo/" not in after
    assert colour_address(before) != colour_address(after)
    assert Client().get("/portal/logo/").status_code == 404


def colour_address(page: str) -> str:
    return page.split("/portal/colours/?")[1][:8]


@pytest.mark.django_db
def test_terms_are_read_by_anybody_and_are_only_text(karoo: Company) -> None:
    words = Client().get("/portal/terms/").content.decode()
    assert "<p>Pay on the first.</p>" in words
    assert "&lt;b&gt;kind&lt;/b&gt;" in words
    Company.objects.update(terms="")
    assert Client().get("/portal/terms/").status_code == 404


@pytest.mark.django_db
def test_a_line_of_the_navigation_is_there_for_whom_it_concerns(company_line: None, alice: Customer) -> None:
    assert "Firms" not in at_portal(alice).get("/portal/").content.decode()
    Customer.objects.filter(pk=alice.pk).update(kind="company", company_name="Liddel Ltd")
    assert "Firms" in at_portal(alice).get("/portal/").content.decode()


@given(HEX)
def test_every_colour_can_be_read_on_light_and_on_dark(colour: str) -> None:
    light, dark = colours.light(colour), colours.dark(colour)
    for shades, grounds in ((light, ("#ffffff", "#f1f3f5")), (dark, ("#191d23", "#111419", "#20252d"))):
        for ground in (*grounds, shades.on, shades.ground):
            assert colours.contrast(shades.accent, ground) >= 4.5
        assert colours.contrast(shades.strong, shades.ground) >= 4.5


@pytest.mark.django_db
def test_home_asks_at_most_twelve_questions(alice: Customer, django_assert_max_num_queries) -> None:
    client = at_portal(alice)
    client.get("/portal/")
    with django_assert_max_num_queries(12):
        assert client.get("/portal/").status_code == 200
