"""Alice rates us in the portal: what she was asked about, and us in general; nobody rates for her."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from customers.models import Customer
from helpdesk.models import Rating
from helpdesk.services import ratings
from tests.factories.helpdesk import make_ticket
from tests.portal.conftest import at_portal
from workflow.models import SalesRules

pytestmark = pytest.mark.django_db
LIST = "/portal/ratings/"


def asked(customer: Customer, **fields: Any) -> Rating:
    now = fields.pop("now", timezone.now())
    rating = ratings.ask(
        kind="ticket", customer=customer, subject_id=make_ticket(customer).pk, now=now, **fields
    )
    assert rating
    return rating


def test_alice_rates_us_in_general_once_a_day(alice: Customer) -> None:
    browser = at_portal(alice)
    assert "What do you think of us?" not in browser.get(LIST).content.decode()
    assert browser.post(LIST, {"stars": "5"}).status_code == 422, "it is switched off"
    SalesRules.objects.update(rate_in_general=True)
    assert "What do you think of us?" in browser.get(LIST).content.decode()
    assert browser.post(LIST, {"comment": "Hm"}).status_code == 422
    assert browser.post(LIST, {"stars": "4", "comment": "Friendly"}).status_code == 302
    rating = Rating.objects.get()
    assert (rating.kind, rating.stars, rating.comment, rating.customer) == ("general", 4, "Friendly", alice)
    page = browser.get(LIST).content.decode()
    assert ("Friendly" in page, "What do you think of us?" in page) == (True, False)
    again = browser.post(LIST, {"stars": "5"})
    assert (again.status_code, "today already" in again.content.decode()) == (422, True)


def test_a_rating_that_the_desk_asked_for_is_the_one_she_gives(alice: Customer) -> None:
    SalesRules.objects.update(rate_in_general=True)
    ratings.ask(kind="general", customer=alice, now=timezone.now())
    at_portal(alice).post(LIST, {"stars": "5"})
    assert Rating.objects.get().stars == 5


def test_alice_rates_a_ticket_she_was_asked_about(
    alice: Customer, django_assert_max_num_queries: Any
) -> None:
    rating, browser = asked(alice), at_portal(alice)
    with django_assert_max_num_queries(12):
        assert f"{LIST}{rating.pk}/" in browser.get(LIST).content.decode()
    url = f"{LIST}{rating.pk}/"
    assert "No connection" in browser.get(url).content.decode()
    assert browser.post(url, {"stars": "2", "comment": "Slow"}).status_code == 302
    rating.refresh_from_db()
    assert rating.stars == 2
    assert rating.ticket
    assert browser.get(url).status_code == 404, "once"


def test_bob_can_neither_see_nor_give_alices_rating(alice: Customer, bob: Customer) -> None:
    rating, browser = asked(alice), at_portal(bob)
    assert browser.get(f"{LIST}{rating.pk}/").status_code == 404
    assert browser.post(f"{LIST}{rating.pk}/", {"stars": "1"}).status_code == 404
    rating.refresh_from_db()
    assert rating.stars is None
    assert "No connection" not in browser.get(LIST).content.decode()


def test_what_has_expired_is_gone(alice: Customer) -> None:
    rating = asked(alice, now=timezone.now() - timedelta(days=31))
    assert at_portal(alice).get(f"{LIST}{rating.pk}/").status_code == 404


def test_the_navigation_leads_there_only_where_ratings_are_on(alice: Customer) -> None:
    cache.clear()
    assert f'href="{LIST}"' not in at_portal(alice).get("/portal/").content.decode()
    SalesRules.objects.update(rate_tickets=True)
    cache.clear()
    assert f'href="{LIST}"' in at_portal(alice).get("/portal/").content.decode()
