"""The figures of the helpdesk: how many tickets come, and how long they take."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from helpdesk.models import Ticket
from helpdesk.policies.lengths import in_hours, in_short
from helpdesk.selectors.figures import times, volumes
from helpdesk.services import tickets
from herotill.figures import Days
from herotill.models import Export
from herotill.reference.models import Highsite
from tests.factories import client_of, make_customer, make_person
from tests.factories.helpdesk import NOON, make_reason, make_ticket

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AUGUST = Days(date(2018, 8, 1), date(2018, 8, 31))
SEE = "helpdesk.see_helpdesk_reports"
VOLUMES, TIMES = "/reports/helpdesk/", "/reports/helpdesk/times/"


def worked(now=NOON, *, answer=HOUR, close: timedelta | None = 5 * HOUR, by=None, **fields) -> Ticket:
    """A ticket answered and closed so long after it came."""
    person = by or make_person(f"Thandi{Ticket.objects.count()}")
    ticket = make_ticket(now=now, assignee=person, actor=None, **fields)
    tickets.answer(ticket=ticket, text="Hello", actor=person, now=now + answer)
    if close:
        tickets.close(ticket=ticket, reason=make_reason(), actor=person, now=now + close)
    return ticket


def test_what_came_was_closed_and_stayed_open_day_by_day() -> None:
    worked(NOON - 40 * DAY, close=None)
    worked(NOON - 2 * DAY, close=2 * DAY)
    worked(NOON)
    worked(NOON + 60 * DAY)
    found = {one.day.day: one for one in volumes.volumes(AUGUST, now=NOON + 90 * DAY)}
    assert len(found) == 31
    assert [(found[day].opened, found[day].closed, found[day].open) for day in (1, 20, 22, 31)] == [
        (0, 0, 1),
        (1, 0, 2),
        (1, 2, 1),
        (0, 0, 1),
    ]
    total = volumes.total(list(found.values()))
    assert (total.opened, total.closed, total.open) == (2, 2, 1)


def test_longer_stretches_are_told_by_week_and_by_month() -> None:
    worked(NOON)
    weeks = volumes.volumes(Days(date(2018, 8, 1), date(2018, 10, 31)), now=NOON)
    assert [one.day for one in weeks][:2] == [date(2018, 7, 30), date(2018, 8, 6)]
    months = volumes.volumes(Days(date(2018, 1, 15), date(2018, 12, 31)), now=NOON)
    assert [(one.day.month, one.opened) for one in months if one.opened] == [(8, 1)]
    assert len(months) == 12


def test_late_answers_and_solutions_count_where_they_belong() -> None:
    ticket = worked(NOON, answer=2 * DAY, close=5 * DAY)
    Ticket.objects.filter(pk=ticket.pk).update(answer_due_at=NOON + HOUR, solve_due_at=NOON + DAY)
    total = volumes.total(volumes.volumes(AUGUST, now=NOON + 9 * DAY))
    assert (total.answered_late, total.solved_late) == (1, 1)
    row = times.times(AUGUST, "department", now=NOON + 9 * DAY)[0]
    assert (row.answers_due, row.answers_in_time, row.answer_rate) == (1, 0, Decimal(0))
    assert (row.solves_due, row.solves_in_time, row.solve_rate) == (1, 0, Decimal(0))


def test_what_was_closed_without_an_answer_before_one_was_due_is_not_a_late_answer() -> None:
    soon, late = (make_ticket(now=NOON, requester_email=f"{name}@example.com") for name in ("ann", "ben"))
    for ticket, after in ((soon, HOUR / 2), (late, 2 * HOUR)):
        tickets.close(ticket=ticket, reason=make_reason(), actor=None, now=NOON + after)
    Ticket.objects.update(answer_due_at=NOON + HOUR)
    assert volumes.total(volumes.volumes(AUGUST, now=NOON + 9 * DAY)).answered_late == 1
    row = times.times(AUGUST, "department", now=NOON + 9 * DAY)[0]
    assert (row.answers_due, row.answers_in_time) == (1, 0)


def test_medians_and_means_by_department_person_category_and_highsite() -> None:
    thandi, sipho = make_person("Thandi"), make_person("Sipho")
    tower = Highsite.objects.create(name="Paarl Rock")
    alice = make_customer("Alice Liddel", "ALI001", highsite=tower)
    for hours in (1, 2, 6):
        worked(answer=hours * HOUR, close=10 * hours * HOUR, by=thandi, customer=alice)
    worked(answer=HOUR, close=None, by=sipho, department="Accounts")

    first, second = times.times(AUGUST, "department", now=NOON + DAY)
    assert (first.name, first.opened, first.answered, first.closed) == ("Support", 3, 3, 3)
    assert (first.answer_median, first.answer_mean) == (2 * HOUR, 3 * HOUR)
    assert (first.solve_median, first.solve_mean) == (20 * HOUR, 30 * HOUR)
    assert (second.name, second.closed, second.solve_median, second.waiting) == ("Accounts", 0, None, 1)
    assert [one.name for one in times.times(AUGUST, "person", now=NOON)] == ["Thandi", "Sipho"]
    assert [one.name for one in times.times(AUGUST, "highsite", now=NOON)] == ["Paarl Rock", "No highsite"]
    assert [one.name for one in times.times(AUGUST, "category", now=NOON)] == ["None"]
    assert [one.name for one in times.times(AUGUST, "origin", now=NOON)] == ["Staff"]
    only = times.times(AUGUST, "person", now=NOON, department=second_department(sipho))
    assert [one.name for one in only] == ["Sipho"]


def second_department(person) -> int:
    return Ticket.objects.get(assignee=person).department_id


def test_a_merged_ticket_counts_as_the_one_it_went_into() -> None:
    alice, thandi = make_customer("Alice Liddel", "ALI001"), make_person("Thandi")
    one, two = make_ticket(alice), make_ticket(alice)
    tickets.merge(into=one, others=[two], actor=thandi, now=NOON)
    assert volumes.total(volumes.volumes(AUGUST, now=NOON)).opened == 1
    assert times.times(AUGUST, "department", now=NOON)[0].opened == 1


def test_lengths_are_said_shortly() -> None:
    said = [in_short(one) for one in (None, 12 * timedelta(minutes=1), 3.5 * HOUR, 2 * DAY + 4 * HOUR)]
    assert said == ["", "12 min", "3 h 30 min", "2 d 4 h"]
    assert str(in_hours(timedelta(minutes=100))) == "1.67"


@pytest.mark.parametrize("address", [VOLUMES, TIMES, f"{TIMES}?by=highsite", f"{TIMES}?by=nonsense"])
def test_thabo_sees_the_figures_with_a_chart_and_takes_them_along(address: str) -> None:
    worked(timezone.now() - 6 * HOUR)
    client = client_of(make_person("Thabo", SEE))
    page = client.get(address).content.decode()
    assert "<svg" in page
    assert "Show as table" in page
    file = client.get(address, {"format": "csv"} | ({"by": "highsite"} if "highsite" in address else {}))
    assert b"Opened" in b"".join(file.streaming_content)
    book = client.get(address, {"format": "xlsx"})
    assert b"".join(book.streaming_content)[:2] == b"PK"
    assert Export.objects.filter(list_name__startswith="helpdesk-").count() == 2


def test_days_that_cannot_be_are_refused_and_dora_sees_nothing() -> None:
    client = client_of(make_person("Thabo", SEE))
    page = client.get(VOLUMES, {"first": "2018-08-31", "last": "2018-08-01"})
    assert "error" in page.content.decode()
    assert "No ticket was opened" in client.get(f"{TIMES}?first=2018-08-01&last=2018-08-02").content.decode()
    dora = client_of(make_person("Dora"))
    assert [dora.get(one).status_code for one in (VOLUMES, TIMES)] == [403, 403]


def test_however_many_tickets_it_takes_the_same_questions(django_assert_max_num_queries) -> None:
    client = client_of(make_person("Thabo", SEE))
    for _ in range(12):
        worked(timezone.now() - 6 * HOUR)
    for address in (VOLUMES, TIMES):
        client.get(address)
        with django_assert_max_num_queries(16):
            client.get(address)
