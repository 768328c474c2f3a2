"""Long lists of tickets are walked along an index, never read whole."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.lists.tickets import FOUND, ticket_lists
from helpdesk.models import Ticket
from herotill.users.models import User
from tests.bench import helpdesk
from tests.factories import client_of, make_person

pytestmark = pytest.mark.django_db
MANY = 5000


@pytest.fixture
def thandi() -> User:
    """She came today; there are many tickets, and none was ever hers."""
    helpdesk.tickets(MANY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE helpdesk_ticket, house_search_ticket, customers_customer")
    return make_person("Thandi", "helpdesk.view_ticket", "customers.view_customer")


def walked(browser: Client, address: str) -> tuple[set[str], set[str]]:
    """The indexes that a page's questions use, and the tables they read from end to end."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    indexes: set[str] = set()
    whole: set[str] = set()
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if query["sql"].startswith("SELECT") and "helpdesk_ticket" in query["sql"]:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
                plan = cursor.fetchone()[0]
                _look(plan if isinstance(plan, list) else json.loads(plan), indexes, whole)
    return indexes, whole


def _look(node: Any, indexes: set[str], whole: set[str]) -> None:
    if isinstance(node, list):
        for one in node:
            _look(one, indexes, whole)
    elif isinstance(node, dict):
        indexes |= {node["Index Name"]} if "Index Name" in node else set()
        whole |= {node["Relation Name"]} if node.get("Node Type") == "Seq Scan" else set()
        _look(list(node.values()), indexes, whole)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("all/?assignee={new}", "tickets_given"),
        ("closed/?assignee={new}", "tickets_given"),
        ("all/?sort=due", "tickets_by_next_due"),
        ("all/?sort=-due", "tickets_by_next_due"),
    ],
)
def test_a_long_list_is_walked_along_an_index(thandi, asked, index):
    new = User.objects.filter(username__startswith="agent").order_by("pk")[0]
    indexes, whole = walked(client_of(thandi), f"/helpdesk/{asked.format(new=new.pk)}")
    assert index in indexes
    assert "helpdesk_ticket" not in whole


def test_a_search_finds_all_that_match_whichever_way_it_is_asked(thandi):
    radios = Ticket.objects.filter(subject__startswith="Radio blinks")
    narrowed = ticket_lists["all/"].search("radio blinks", thandi)
    assert narrowed(Ticket.objects.all()).count() == radios.count() > FOUND
    assert narrowed(Ticket.objects.all(), "last_at").count() == radios.count()
    one = radios[0]
    by_number = ticket_lists["all/"].search(f"#{one.pk}", thandi)
    assert one in by_number(Ticket.objects.all())


def test_nothing_is_due_next_about_a_closed_ticket(thandi):
    client = client_of(thandi)
    first = client.get("/helpdesk/all/?sort=due").content.decode()
    late = Ticket.objects.exclude(state="closed").order_by("solve_due_at")[0]
    assert f"#{late.pk}<" in first or f"#{late.pk} " in first
