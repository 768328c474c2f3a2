"""Tickets that open by themselves, and what our own people are told of tickets."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from billing.models import Cancellation, CancellationReason
from customers.services import forget_wishes
from helpdesk.models import Department, HelpdeskRules, OfficeHours, Ticket
from helpdesk.services import sources, telling, tickets
from herotill import events
from herotill.clock import moment
from herotill.messages.models import Message
from herotill.models import Fact
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import make_department, make_priority, make_ticket
from tests.factories.workflow import make_job
from workflow.models import FailReason
from workflow.services import jobs

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23).date()  # noqa: DTZ001 - a day, no moment


def at(hour: int, minute: int = 0) -> datetime:
    return moment(MONDAY, time(hour, minute))


def fact(kind: str, subject: int, now: datetime, **data: object) -> Fact:
    return Fact(kind=kind, key=f"{kind}-{subject}", subject_id=subject, at=now, data=data)


def person(name: str, mobile: str = "") -> object:
    made = make_person(name)
    made.email, made.mobile = f"{name.lower()}@isp.example", mobile
    made.save()
    return made


def denied() -> Cancellation:
    return Cancellation.objects.create(
        customer=make_customer("Alice Liddel", "ALI001"),
        reason=CancellationReason.objects.first() or CancellationReason.objects.create(name="Moves"),
        whole=True,
        last_day=MONDAY,
        state=Cancellation.State.DENIED,
        asked_by=make_person("Sipho"),
        asked_at=at(8),
        approved_by=make_person("Thabo"),
        approved_at=at(8),
        answer="I never asked for this",
        answered_at=at(9),
    )


def test_a_cancellation_that_the_customer_denies_is_the_approvers_ticket_once() -> None:
    cancellation = denied()
    for _ in range(2):
        sources.consume([fact("cancellation.denied", cancellation.pk, at(10))])
    ticket = Ticket.objects.get()
    assert (ticket.origin, ticket.customer, str(ticket.assignee)) == (
        "cancellation",
        cancellation.customer,
        "Thabo",
    )
    assert str(ticket.category) == "Cancellation"
    assert "I never asked for this" in ticket.posts.get().text


def test_at_night_it_goes_to_who_stands_by() -> None:
    thandi = make_person("Thandi")
    Department.objects.filter(for_ratings=True).update(standby=thandi)
    sources.consume([fact("cancellation.denied", denied().pk, at(22))])
    assert Ticket.objects.get().assignee == thandi


def test_a_job_that_failed_opens_a_ticket() -> None:
    sipho = make_person("Sipho", "workflow.do_jobcard")
    job = make_job(make_customer("Bob Bubble"), state="scheduled", technician=sipho)
    reason = FailReason.objects.get(name="Nobody at home")
    jobs.fail(job=job, reason=reason, words="Dog in the yard", actor=sipho, now=at(11))
    assert Fact.objects.get(kind="job.failed").subject_id == job.pk
    events.hand_out(at(11))
    events.hand_out(at(12))
    ticket = Ticket.objects.get()
    assert (ticket.origin, ticket.subject) == ("job", "Repair failed: Nobody at home")
    assert "Dog in the yard" in ticket.posts.get().text
    assert "Sipho was there" in ticket.posts.get().text


def test_what_happened_long_ago_opens_nothing() -> None:
    old = fact("cancellation.denied", 1, at(10) - timedelta(days=8))
    new = fact("cancellation.denied", 2, at(10))
    assert events.lately([old, new], now=at(11)) == [new]


def opened(ticket: Ticket, now: datetime) -> None:
    telling.consume([fact("ticket.opened", ticket.pk, now)])


def assigned(ticket: Ticket, now: datetime, actor: int | None = None) -> None:
    data = {"assignee": ticket.assignee_id, "actor": actor}
    telling.consume([fact("ticket.assigned", ticket.pk, now, **data)])


def told() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("template", "address"))


def test_who_gets_a_ticket_is_told_by_mail_and_where_set_by_sms() -> None:
    thabo = person("Thabo", "+27821234567")
    ticket = make_ticket(make_customer("Alice Liddel", "ALI001"), assignee=thabo)
    assigned(ticket, at(10))
    assigned(ticket, at(10))
    assert told() == [("ticket_assigned", "thabo@isp.example")], "once, and no SMS unless it is switched on"
    HelpdeskRules.objects.update(mail_on_assignment=False, sms_on_assignment=True)
    other = make_ticket(assignee=thabo, requester_email="x@y.example")
    assigned(other, at(10))
    assert told()[-1] == ("ticket_assigned_sms", "+27821234567")


def test_who_took_it_or_lost_it_since_is_not_told() -> None:
    thabo = person("Thabo")
    ticket = make_ticket(assignee=thabo)
    assigned(ticket, at(10), actor=thabo.pk)
    late = fact("ticket.assigned", ticket.pk, at(10), assignee=thabo.pk, actor=None)
    Ticket.objects.update(assignee=None)
    telling.consume([late])
    assert told() == []


def test_a_department_is_told_of_a_ticket_that_opened_by_itself() -> None:
    for name in ("Thabo", "Thandi"):
        make_department("Support", person(name))
    make_department("Sales", person("Sipho"))
    opened(make_ticket(origin="rating"), at(10))
    opened(make_ticket(), at(10))
    assert told() == [
        ("ticket_opened_by_itself", "thabo@isp.example"),
        ("ticket_opened_by_itself", "thandi@isp.example"),
    ]


def test_what_cannot_wait_for_the_morning_goes_to_who_stands_by_with_an_sms() -> None:
    thandi = person("Thandi", "+27821234567")
    Department.objects.filter(name="Support").update(standby=thandi)
    urgent, normal = make_priority("Urgent", around_the_clock=True), make_ticket(now=at(22))
    ticket = make_ticket(priority=urgent, now=at(22))
    for one in (ticket, normal):
        opened(one, at(22))
        one.refresh_from_db()
    assert (ticket.assignee, normal.assignee) == (thandi, None)
    assigned(ticket, at(22))
    assert [template for template, _ in told()] == ["ticket_assigned", "ticket_assigned_sms"]


def test_people_are_told_once_before_tickets_are_late_and_once_when_they_are() -> None:
    thabo, thandi = person("Thabo"), person("Thandi")
    make_department("Support", thandi)
    make_priority("Normal", answer_minutes=120, solve_minutes=480)
    mine, nobodys = make_ticket(assignee=thabo, now=at(9)), make_ticket(now=at(9))
    assert telling.warn(now=at(9, 30)) == 0, "there is time yet"
    assert telling.warn(now=at(10, 15)) == 2
    assert told() == [("tickets_due", "thabo@isp.example"), ("tickets_due", "thandi@isp.example")]
    assert telling.warn(now=at(10, 20)) == 0
    assert telling.warn(now=at(11, 5)) == 2
    assert [template for template, _ in told()] == ["tickets_due"] * 2 + ["tickets_late"] * 2
    assert telling.warn(now=at(11, 10)) == 0
    tickets.answer(ticket=mine, text="On it.", actor=thabo, now=at(11, 10), state="open")
    assert telling.warn(now=at(16, 15)) == 2, "both wait for the solution now"
    assert telling.warn(now=at(16, 20)) == 0
    late = Message.objects.filter(template="tickets_late", address="thandi@isp.example").get()
    assert f"#{nobodys.pk} Support, Normal (Mon 11:00)" in late.context["tickets"]


def test_after_a_late_answer_nobody_gave_a_late_solution_is_told_of_too_once() -> None:
    make_department("Support", person("Thandi"))
    make_priority("Normal", answer_minutes=60, solve_minutes=240)
    ticket = make_ticket(now=at(8))

    def told_at(hour: int, minute: int = 0) -> list[str]:
        before = set(Message.objects.values_list("pk", flat=True))
        telling.warn(now=at(hour, minute))
        new = Message.objects.exclude(pk__in=before)
        return [f"{one.template} {one.context['tickets'][-11:]}" for one in new]

    assert told_at(9, 5) == ["tickets_late (Mon 09:00)"]
    assert told_at(10) == [], "the solution is far away still"
    assert told_at(11, 30) == ["tickets_due (Mon 12:00)"]
    assert told_at(12, 5) == ["tickets_late (Mon 12:00)"]
    assert told_at(13) == []
    tickets.move(ticket=ticket, priority=make_priority("High", solve_minutes=120), actor=None, now=at(13))
    assert told_at(13, 10) == ["tickets_late (Mon 09:00)"], "what was promised changed"
    assert told_at(13, 20) == []


def test_an_answer_and_a_solution_that_are_both_late_when_somebody_looks_are_one_mail() -> None:
    make_department("Support", person("Thandi"))
    make_priority("Normal", answer_minutes=60, solve_minutes=120)
    make_ticket(now=at(8))
    assert telling.warn(now=at(15)) == 1
    assert telling.warn(now=at(15, 5)) == 0
    assert "(Mon 09:00)" in Message.objects.get().context["tickets"]


def test_alice_asks_to_be_forgotten_and_somebody_has_a_ticket_of_it_once() -> None:
    thabo = person("Thabo")
    make_department("Support", thabo)
    alice = make_customer("Alice Liddel", "ALI001")
    wish = forget_wishes.ask(customer=alice, words="I have moved abroad.", actor=None, now=at(10))
    for hour in (10, 11):
        events.hand_out(at(hour))
    ticket = Ticket.objects.get()
    assert (ticket.origin, ticket.customer, ticket.about_id) == ("wish", alice, wish.pk)
    assert "I have moved abroad." in ticket.posts.get(kind="event").text
    assert not ticket.posts.filter(kind="said").exists(), (
        "she reads it where she asked, not among her tickets"
    )
    forget_wishes.withdraw(customer=alice, actor=None, now=at(12))
    forget_wishes.ask(customer=alice, words="", actor=None, now=at(13))
    forget_wishes.withdraw(customer=alice, actor=None, now=at(13))
    events.hand_out(at(14))
    assert Ticket.objects.count() == 1, "what was taken back before anybody saw it is nobody's work"


def test_many_tickets_of_one_person_are_one_mail() -> None:
    thabo = person("Thabo")
    make_priority("Normal", answer_minutes=60)
    for _ in range(25):
        make_ticket(assignee=thabo, now=at(9))
    OfficeHours.objects.all().delete()
    assert telling.warn(now=at(12)) == 25
    message = Message.objects.get()
    assert (message.context["count"], message.context["tickets"].count("\n")) == ("25 tickets", 20)
    assert message.context["tickets"].endswith("and 5 more")
