"""What the helpdesk begins with, and how it is set up."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Category
from helpdesk.models import (
    CannedAnswer,
    CloseReason,
    Department,
    HelpdeskRules,
    OfficeHours,
    Priority,
    Ticket,
)
from helpdesk.policies import canned, office_hours
from helpdesk.selectors import service_levels
from helpdesk.services import due_times, tickets
from herotill.clock import moment
from herotill.models import AuditEvent
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import make_department, make_priority, make_reason, make_ticket, say

HTMX = {"HX-Request": "true"}
db = pytest.mark.django_db


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in the week of Monday 2026-11-23."""
    return moment(datetime(2026, 11, day).date(), time(hour, minute))  # noqa: DTZ001 - a day, no moment


def chief() -> Any:
    models = ("department", "priority", "closereason", "cannedanswer")
    every = (f"helpdesk.{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in models)
    return make_person("Naledi", *every, "helpdesk.view_helpdeskrules", "helpdesk.change_helpdeskrules")


@db
def test_a_new_installation_can_take_tickets_at_once() -> None:
    assert [one.name for one in Department.objects.all()] == ["Accounts", "Network", "Sales", "Support"]
    assert Department.objects.get(for_ratings=True).hours.count() == 6
    assert [one.name for one in Priority.objects.all()] == ["Urgent", "High", "Normal", "Low"]
    assert Priority.objects.get(usual=True).name == "Normal"
    assert CloseReason.objects.filter(name="Solved").exists()
    assert HelpdeskRules.objects.get().reopen_days == 14


def test_office_hours_are_written_as_people_say_them() -> None:
    week = {day: (time(8), time(17)) for day in range(5)} | {5: (time(8), time(13))}
    assert office_hours.read("Monday to Friday 08:00–17:00\nSaturday 08:00–13:00") == week
    assert office_hours.read("mon-fri 8-17\n\nSat: 8:00 until 13h00") == week
    assert office_hours.written(week) == "Monday to Friday 08:00–17:00\nSaturday 08:00–13:00"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("always", "says no hours"),
        ("Someday 08:00–17:00", "no day of the week"),
        ("Monday 17:00–08:00", "ends before it begins"),
        ("Monday 08:00–25:00", "no time of a day"),
        ("Friday to Monday 08:00–17:00", "begins on Monday"),
        ("Monday 08:00–12:00\nMonday 13:00–17:00", "stands there twice"),
    ],
)
def test_what_says_no_hours_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        office_hours.read(text)


clocks = st.builds(time, st.integers(0, 23), st.integers(0, 59))
spans = (
    st.tuples(clocks, clocks).filter(lambda both: both[0] != both[1]).map(lambda both: tuple(sorted(both)))
)


@given(st.dictionaries(st.integers(0, 6), spans))
def test_hours_that_were_written_are_read_again(week: dict[int, Any]) -> None:
    assert office_hours.read(office_hours.written(week)) == week


@db
def test_naledi_sets_a_department_up_with_its_people_and_hours(client: Client) -> None:
    naledi, thabo, sipho = chief(), make_person("Thabo"), make_person("Sipho")
    client.force_login(naledi)
    wanted = {
        "name": "Field",
        "members": [thabo.pk, sipho.pk],
        "office_hours": "Monday to Friday 07:00–16:00",
        "standby": sipho.pk,
        "offered": "on",
    }
    assert client.post("/setup/departments/new/", wanted, headers=HTMX).status_code == 204
    field = Department.objects.get(name="Field")
    assert [one.name for one in field.members.order_by("name")] == ["Sipho", "Thabo"]
    assert (field.standby, field.hours.count()) == (sipho, 5)
    html = client.get("/setup/departments/").content.decode()
    assert "Monday to Friday 07:00–16:00" in html
    assert "Sipho, Thabo" in html

    form = client.get(f"/setup/departments/{field.pk}/", headers=HTMX).content.decode()
    assert "Monday to Friday 07:00–16:00" in form
    wanted |= {"members": [thabo.pk], "office_hours": "", "standby": ""}
    assert client.post(f"/setup/departments/{field.pk}/", wanted, headers=HTMX).status_code == 204
    field.refresh_from_db()
    assert ([*field.members.all()], field.standby, field.hours.count()) == ([thabo], None, 0)
    assert AuditEvent.objects.filter(model="helpdesk.membership", operation="remove").count() == 1


@db
def test_hours_that_are_none_are_refused_and_nothing_typed_is_lost(client: Client) -> None:
    client.force_login(chief())
    sent = {"name": "Field", "office_hours": "whenever we like"}
    refused = client.post("/setup/departments/new/", sent, headers=HTMX)
    assert refused.status_code == 422
    assert "says no hours" in refused.content.decode()
    assert "whenever we like" in refused.content.decode()
    assert not Department.objects.filter(name="Field").exists()


@db
def test_low_ratings_open_in_one_department_which_stays(client: Client) -> None:
    client.force_login(chief())
    support, sales = Department.objects.get(name="Support"), Department.objects.get(name="Sales")
    assert client.post(f"/setup/departments/{support.pk}/", {"retire": "1"}, headers=HTMX).status_code == 422
    assert (
        client.post(f"/setup/departments/{support.pk}/", {"name": "Support"}, headers=HTMX).status_code == 422
    )
    taken = client.post(
        f"/setup/departments/{sales.pk}/", {"name": "Sales", "for_ratings": "on"}, headers=HTMX
    )
    assert taken.status_code == 204
    assert Department.objects.get(for_ratings=True) == sales


@db
def test_one_priority_is_the_usual_one(client: Client) -> None:
    client.force_login(chief())
    normal, low = Priority.objects.get(name="Normal"), Priority.objects.get(name="Low")
    assert client.post(f"/setup/priorities/{normal.pk}/", {"retire": "1"}, headers=HTMX).status_code == 422
    sent = {"name": "Low", "rank": 80, "usual": "on", "solve_minutes": 60, "answer_minutes": 90}
    refused = client.post(f"/setup/priorities/{low.pk}/", sent, headers=HTMX)
    assert "solved before it is answered" in refused.content.decode()
    done = client.post(f"/setup/priorities/{low.pk}/", sent | {"solve_minutes": 120}, headers=HTMX)
    assert done.status_code == 204
    assert [one.name for one in Priority.objects.filter(usual=True)] == ["Low"]
    assert "1 h 30 min" in client.get("/setup/priorities/").content.decode()


@db
def test_a_reason_keeps_its_words_once_a_ticket_was_closed_for_it(client: Client) -> None:
    client.force_login(chief())
    reason = make_reason("Solved")
    make_ticket(state="closed")
    client.post(f"/setup/close-reasons/{reason.pk}/", {"name": "Nonsense"}, headers=HTMX)
    reason.refresh_from_db()
    assert reason.name == "Solved"


@db
def test_a_canned_answer_knows_its_fields_and_no_others(client: Client) -> None:
    client.force_login(chief())
    sent = {"name": "Restart", "text": "Dear {customer}, your PIN is {pin}."}
    refused = client.post("/setup/canned-answers/new/", sent, headers=HTMX)
    assert "There is no field {pin} here." in refused.content.decode()
    sent["text"] = "Dear {customer}, about #{ticket}: {subject}"
    assert client.post("/setup/canned-answers/new/", sent, headers=HTMX).status_code == 204
    text = CannedAnswer.objects.get().text
    values = {"customer": "Alice {ticket}", "ticket": "7", "subject": "Slow\nBcc: all@example.test"}
    assert canned.filled(text, values) == "Dear Alice {ticket}, about #7: Slow Bcc: all@example.test"


@db
def test_naledi_changes_the_settings_and_dora_may_not(client: Client) -> None:
    url = "/helpdesk/setup/"
    client.force_login(make_person("Dora"))
    assert client.get(url).status_code == 403
    client.force_login(make_person("Sipho", "helpdesk.view_helpdeskrules"))
    client.post(url, {"reopen_days": 1})
    assert HelpdeskRules.objects.get().reopen_days == 14, "who only sees changes nothing"
    client.force_login(chief())
    assert client.post(url, {"reopen_days": "soon"}).status_code == 422
    sent = {"reopen_days": 7, "link_days": 14, "breach_minutes": 30, "rating_days": 20, "rating_threshold": 3}
    assert client.post(url, sent).status_code == 302
    rules = HelpdeskRules.objects.get()
    assert (rules.reopen_days, rules.rating_threshold, rules.portal_tickets) == (7, 3, False)
    assert re.search(r'name="reopen_days" value="7"', client.get(url).content.decode())


def due(ticket: Ticket) -> tuple[datetime | None, datetime | None]:
    ticket.refresh_from_db()
    return ticket.answer_due_at, ticket.solve_due_at


@db
def test_due_times_follow_a_ticket_through_its_life() -> None:
    thabo = make_person("Thabo")
    urgent = make_priority("Express", answer_minutes=30, solve_minutes=60)
    make_priority("Normal", answer_minutes=60, solve_minutes=240)
    network = make_department("Network")
    ticket = make_ticket(make_customer("Alice Liddel", "ALI001"), now=at(23, 16))
    assert due(ticket) == (at(23, 17), at(24, 11)), "support is there till five"

    tickets.move(ticket=ticket, priority=urgent, actor=thabo, now=at(23, 16, 5))
    assert due(ticket) == (at(23, 16, 30), at(23, 17))
    OfficeHours.objects.filter(department=network).delete()
    tickets.move(
        ticket=ticket,
        department=network,
        priority=Priority.objects.get(name="Normal"),
        actor=thabo,
        now=at(23, 16, 6),
    )
    assert due(ticket) == (at(23, 17), at(23, 20)), "the network is watched day and night"

    tickets.answer(ticket=ticket, text="Please restart it.", actor=thabo, now=at(23, 17))
    assert due(ticket)[1] is None, "Alice is waited for"
    say(ticket, "Done, nothing changed.", now=at(23, 18))
    assert due(ticket)[1] == at(23, 21)
    tickets.close(ticket=ticket, reason=make_reason(), actor=thabo, now=at(23, 19))
    assert due(ticket)[1] == at(23, 21), "it stays known by when it had to be solved"
    say(ticket, "It is off again.", now=at(24, 10))
    assert due(ticket)[1] == at(24, 14), "reopened, its time begins again"


@db
def test_a_vip_has_shorter_times_from_the_moment_they_become_one() -> None:
    make_priority(
        "Normal", answer_minutes=60, solve_minutes=240, vip_answer_minutes=15, vip_solve_minutes=None
    )
    alice = make_customer("Alice Liddel", "ALI001")
    vip = Category.objects.create(name="Gold")
    HelpdeskRules.objects.update(vip_category=vip)
    ticket = make_ticket(alice, now=at(23, 9))
    assert due(ticket)[0] == at(23, 10)
    alice.categories.add(vip)
    assert due_times.set_due_of_open(now=at(23, 9, 5)) == 1
    assert due(ticket) == (at(23, 9, 15), at(23, 13))
    assert due_times.set_due_of_open(now=at(23, 9, 10)) == 0, "nothing changed"


@db
def test_all_open_tickets_are_reckoned_with_few_questions(django_assert_max_num_queries: Any) -> None:
    for number in range(8):
        make_ticket(make_customer(f"Client {number}"), now=at(23, 9))
    Priority.objects.update(answer_minutes=10)
    with django_assert_max_num_queries(12):
        assert due_times.set_due_of_open(now=at(23, 9)) == 8


@db
def test_a_department_is_open_in_its_hours() -> None:
    support = Department.objects.get(name="Support")
    assert service_levels.is_open(support, at(23, 9))
    assert not service_levels.is_open(support, at(23, 20))
    assert not service_levels.is_open(support, at(28, 14)), "Saturday afternoon"
