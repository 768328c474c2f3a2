"""The lists of the desk, their counters, what is done with many tickets at once, and the card on the profile."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from helpdesk.models import Ticket
from helpdesk.selectors import counts
from helpdesk.services import tickets
from herotill.lists import lists
from herotill.users.models import User
from tests.factories import client_of, make_customer, make_person
from tests.factories.helpdesk import make_department, make_priority, make_reason, make_ticket, say

pytestmark = pytest.mark.django_db
RIGHTS = (
    "helpdesk.view_ticket",
    "helpdesk.assign_ticket",
    "helpdesk.change_ticket",
    "helpdesk.close_ticket",
    "customers.view_customer",
)


@pytest.fixture
def thandi() -> User:
    return make_person("Thandi", *RIGHTS)


@pytest.fixture
def desk(thandi: User) -> Client:
    return client_of(thandi)


@pytest.fixture
def office(thandi: User) -> dict[str, Ticket]:
    """A ticket in each list, opened now; only the one that is late has a time to be solved in."""
    now = timezone.now()
    calm = make_priority("Calm", usual=False, answer_minutes=None, solve_minutes=None)
    alice = make_customer("Alice Liddel", "ALI001")
    made = {
        name: make_ticket(alice, subject=f"The {name} one", now=now, priority=calm)
        for name in ("mine", "unassigned", "breaching", "late", "waiting", "closed")
    }
    tickets.assign(ticket=made["mine"], assignee=thandi, actor=None, now=now)
    tickets.answer(ticket=made["waiting"], text="Well?", actor=thandi, now=now)
    tickets.close(ticket=made["closed"], reason=make_reason(), actor=None, now=now)
    for name, minutes in (("late", -5), ("breaching", 30)):
        due = now + timedelta(minutes=minutes)
        Ticket.objects.filter(pk=made[name].pk).update(solve_due_at=due, assignee=make_person(name))
    Ticket.objects.filter(pk=made["waiting"].pk).update(assignee=User.objects.get(username="late"))
    return made


def shown(client: Client, route: str) -> set[str]:
    said = client.get(f"/helpdesk/{route}").content.decode()
    words = ("mine", "unassigned", "breaching", "late", "waiting", "closed")
    return {word for word in words if f"The {word} one" in said}


def test_each_ticket_stands_in_its_lists(desk, office):
    open_ones = {"mine", "unassigned", "breaching", "late", "waiting"}
    assert shown(desk, "") == open_ones
    for name in ("mine", "unassigned", "breaching", "late", "waiting", "closed"):
        assert shown(desk, f"{name}/") == {name}
    assert shown(desk, "all/") == open_ones | {"closed"}
    assert shown(client_of(make_person("Johan", "helpdesk.view_ticket")), "mine/") == set()
    assert client_of(make_person("Dora")).get("/helpdesk/").status_code == 403


def test_the_navigation_counts_what_waits(desk, thandi, office):
    cache.clear()
    assert {name: counts.count(name) for name in ("open", "unassigned", "breaching", "late", "waiting")} == {
        "open": 5,
        "unassigned": 1,
        "breaching": 1,
        "late": 1,
        "waiting": 1,
    }
    assert (counts.mine(thandi), counts.mine(make_person("Dora"))) == (1, 0)
    assert counts.mine(User.objects.get(username="late")) == 2, "as many as stand in their list"
    assert "Nobody&#x27;s tickets" in desk.get("/helpdesk/").content.decode()


def test_my_departments_narrow_a_list_and_say_how_many_are_open_there(desk, thandi, office):
    mine = make_department("Lines")
    mine.members.add(thandi)
    tickets.move(ticket=office["mine"], department=mine, actor=None, now=timezone.now())
    cache.clear()
    tab = f'<a href="/helpdesk/?department={mine.pk}"'
    assert f'{tab}>Lines <span class="count">1</span></a>' in desk.get("/helpdesk/").text
    assert f'{tab} aria-current="page">Lines' in desk.get(f"/helpdesk/?department={mine.pk}").text
    assert f'<a href="/helpdesk/late/?department={mine.pk}">Lines</a>' in desk.get("/helpdesk/late/").text


def test_a_deed_has_the_figures_counted_anew(thandi, office, django_capture_on_commit_callbacks):
    assert counts.count("unassigned") == 1
    with django_capture_on_commit_callbacks(execute=True):
        tickets.assign(ticket=office["unassigned"], assignee=thandi, actor=None, now=timezone.now())
    assert counts.count("unassigned") == 0


@pytest.mark.parametrize("many", [3, 30])
def test_a_list_takes_as_many_queries_whatever_it_holds(desk, office, many, django_assert_max_num_queries):
    for number in range(many):
        make_ticket(make_customer(f"Client {number}"), now=timezone.now())
    desk.get("/helpdesk/")
    with django_assert_max_num_queries(16):
        desk.get("/helpdesk/")


def test_tickets_are_found_and_narrowed(desk, office):
    number = office["late"].pk
    assert shown(desk, f"all/?q={number}") == {"late"}
    assert shown(desk, "all/?q=waiting") == {"waiting"}
    assert len(shown(desk, "all/?q=ALI001")) == 6
    accounts = make_department("Accounts")
    tickets.move(ticket=office["mine"], department=accounts, actor=None, now=timezone.now())
    assert shown(desk, f"?department={accounts.pk}") == {"mine"}
    assert shown(desk, "all/?state=closed") == {"closed"}
    assert shown(desk, "?assignee=none") == {"unassigned"}
    assert shown(desk, "?by=us") == {"waiting"}
    assert len(shown(desk, "?opened=1")) == 5


def test_many_tickets_are_given_moved_and_closed_at_once(desk, thandi, office):
    tickets.answer(ticket=office["late"], text="It works again.", actor=thandi, now=timezone.now())
    ids = {"_given": "1", "ids": [office["late"].pk, office["waiting"].pk]}
    base = "/helpdesk/list/bulk"
    high = make_priority("High")

    assert desk.post(f"{base}/assign/", ids | {"assignee": ""}).status_code in (204, 302)
    assert desk.post(f"{base}/move/", ids | {"priority": high.pk}).status_code in (204, 302)
    assert desk.post(f"{base}/move/", ids).status_code == 422
    assert desk.post(f"{base}/close/", ids).status_code == 422
    assert desk.post(f"{base}/close/", ids | {"reason": make_reason().pk}).status_code in (204, 302)
    found = Ticket.objects.filter(pk__in=ids["ids"])
    assert {(one.state, one.assignee, one.priority) for one in found} == {("closed", None, high)}
    dora = client_of(make_person("Dora", "helpdesk.view_ticket"))
    assert dora.post(f"{base}/close/", ids | {"reason": make_reason().pk}).status_code == 403


def test_what_the_customer_said_last_is_not_closed_with_many_unless_asked_for(desk, thandi, office):
    """Alice had the last word on "late"; she answers on "waiting" while the dialog stands open."""
    ids = {"_given": "1", "ids": [office["late"].pk, office["waiting"].pk]}
    url, reason = "/helpdesk/list/bulk/close/", {"reason": make_reason().pk}
    page = desk.get(url, ids | reason).text
    assert "<b>1 ticket</b> will change" in page
    shown = re.search(r'name="shown_at" value="([^"]+)"', desk.get(url, {"ids": ids["ids"]}).text)
    assert shown
    say(office["waiting"], "It broke again", now=timezone.now())
    with_unread = ids | reason | {"unread": "on", "shown_at": shown[1]}
    assert "<b>1 ticket</b> will change" in desk.get(url, with_unread).text
    closed, left = tickets.close_many(
        tickets=ids["ids"], reason=make_reason(), actor=thandi, now=timezone.now()
    )
    assert (closed, sorted(left)) == ([], sorted(ids["ids"]))
    answer = desk.post(url, with_unread, follow=True)
    assert "1 closed: Solved. 1 left open, for the customer had the last word there." in answer.text
    states = {name: Ticket.objects.get(pk=office[name].pk).state for name in ("late", "waiting")}
    assert states == {"late": "closed", "waiting": "open"}


def test_who_may_not_see_customers_reads_no_name_of_one_in_the_list():
    make_ticket(make_customer("Zanele Khumalo", "ZAN001"))
    seen = client_of(make_person("Vusi", "helpdesk.view_ticket", "customers.view_customer"))
    assert "Zanele Khumalo" in seen.get("/helpdesk/all/").content.decode()
    page = client_of(make_person("Dora", "helpdesk.view_ticket")).get("/helpdesk/all/").content.decode()
    assert "No connection" in page
    assert "Zanele Khumalo" not in page


def test_every_list_of_tickets_says_what_it_is_for():
    found = [one for one in lists if one.name.startswith("tickets")]
    assert len(found) == 8
    assert all(one.empty and one.export_permission for one in found)


def test_f120_f121_the_profile_shows_tickets_with_department_and_person(thandi, office, desk):
    answer = desk.get("/customers/ALI001/widgets/helpdesk-tickets/").content.decode()

    assert all(words in answer for words in ("Ticket No", "Status", "Date", "Support", "5 open"))
    assert f"#{office['late'].pk}" in answer
    assert "nobody yet" in answer
    dora = client_of(make_person("Dora", "customers.view_customer"))
    assert dora.get("/customers/ALI001/widgets/helpdesk-tickets/").status_code == 403
