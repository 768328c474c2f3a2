"""Two at the same rating in one moment: it is given once, and opens one ticket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

import pytest

from customers.models import Customer
from helpdesk.models import Rating, Ticket
from helpdesk.services import ratings
from herotill.clock import moment
from herotill.errors import DomainError
from herotill.models import Fact
from tests.factories import make_customer
from tests.helpdesk.test_ratings import asked
from tests.helpdesk.test_tickets_at_once import refusals, together
from workflow.models import SalesRules

pytestmark = pytest.mark.django_db(transaction=True)
NOON = moment(datetime(2026, 11, 23).date(), time(12))  # noqa: DTZ001 - a day, no moment


def test_a_link_that_is_pressed_twice_at_once_rates_once() -> None:
    rating, token = asked(make_customer("Alice Liddel", "ALI001"))

    def give(stars: int) -> Callable[[], Rating]:
        return lambda: ratings.give_by_link(token=token, stars=stars, comment="", now=NOON)

    results = together(*(give(stars) for stars in (1, 1, 2, 2)))
    assert len(refusals(results)) == 3
    assert all(isinstance(one, Rating | DomainError) for one in results)
    rating.refresh_from_db()
    kept = next(one for one in results if isinstance(one, Rating))
    assert rating.stars == kept.stars
    assert Ticket.objects.filter(origin="rating").count() == 1
    assert Fact.objects.filter(kind="rating.given").count() == 1


def test_rating_us_twice_at_once_in_the_portal_counts_once() -> None:
    SalesRules.objects.update(rate_in_general=True)
    alice: Customer = make_customer("Alice Liddel", "ALI001")

    def give() -> Rating:
        return ratings.give_in_general(customer=alice, stars=4, comment="", now=NOON)

    assert len(refusals(together(give, give, give))) == 2
    assert Rating.objects.count() == 1
