"""Tickets: opened, answered, closed, reopened, given away, merged and split."""

from datetime import timedelta

import pytest

from helpdesk.models import Ticket
from helpdesk.services import tickets
from herotill.errors import DomainError
from herotill.events import hand_out
from herotill.messages.models import Message
from herotill.models import Fact
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import NOON, make_department, make_priority, make_reason, make_ticket, say

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kinds(ticket: Ticket) -> list[str]:
    return [f"{one.kind}: {one.text}" for one in ticket.posts.all()]


def test_a_ticket_goes_from_its_opening_to_its_closing():
    alice, thandi = make_customer("Alice Liddel", "ALI001"), make_person("Thandi")
    ticket = make_ticket(alice, text="No light on the radio")

    tickets.answer(ticket=ticket, text="Please switch it off and on.", actor=thandi, now=NOON + HOUR)
    assert (ticket.state, ticket.answered_at, ticket.last_by_customer) == ("pending", NOON + HOUR, False)
    say(ticket, "It works", now=NOON + 2 * HOUR)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.last_by_customer, ticket.answered_at) == ("open", True, NOON + HOUR)
    tickets.close(
        ticket=ticket, reason=make_reason("Solved"), words="Loose plug", actor=thandi, now=NOON + DAY
    )
    assert (ticket.state, ticket.closed_at, ticket.closed_by) == ("closed", NOON + DAY, thandi)
    assert kinds(ticket) == [
        "said: No light on the radio",
        "answer: Please switch it off and on.",
        "said: It works",
        "event: Closed: Solved. Loose plug",
    ]
    facts = Fact.objects.filter(subject_kind="ticket", subject_id=ticket.pk, customer_id=alice.pk)
    assert list(facts.order_by("pk").values_list("kind", flat=True)) == [
        "ticket.opened",
        "ticket.answered",
        "ticket.said",
        "ticket.closed",
    ]


def test_nothing_is_closed_without_a_reason_nor_answered_with_nothing():
    ticket, thandi = make_ticket(), make_person("Thandi")

    with pytest.raises(DomainError, match="Say why"):
        tickets.close(ticket=ticket, reason=None, actor=thandi, now=NOON)
    with pytest.raises(DomainError, match="Write something"):
        tickets.answer(ticket=ticket, text=" \n", actor=thandi, now=NOON)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.posts.count()) == ("open", 1)


def test_a_word_of_the_customer_reopens_and_after_the_days_a_new_ticket_follows():
    alice = make_customer("Alice Liddel", "ALI001")
    ticket = make_ticket(alice, state="closed")

    assert say(ticket, "Again", now=NOON + 14 * DAY).ticket_id == ticket.pk
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopened) == ("open", 1)
    tickets.close(ticket=ticket, reason=make_reason(), actor=None, now=NOON + 14 * DAY)
    later = say(ticket, "And again", now=NOON + 29 * DAY)
    assert later.ticket.linked_to == ticket
    assert (later.ticket.state, later.ticket.customer) == ("open", alice)
    ticket.refresh_from_db()
    assert ticket.state == "closed"


def test_tickets_are_given_and_moved_one_or_many():
    thandi, dora = make_person("Thandi"), make_person("Dora")
    first, second = make_ticket(), make_ticket()

    tickets.assign(ticket=first, assignee=thandi, actor=dora, now=NOON)
    assert first.assignee == thandi
    given = tickets.assign_many(tickets=[first.pk, second.pk], assignee=thandi, actor=dora, now=NOON)
    assert given == [second.pk]
    accounts = make_department("Accounts")
    moved = tickets.move_many(tickets=[first.pk, second.pk], actor=dora, now=NOON, department=accounts)
    assert moved == [first.pk, second.pk]
    assert kinds(first)[-1] == "event: Department: Support → Accounts."
    with pytest.raises(DomainError, match="cannot be given"):
        dora.is_active = False
        tickets.assign(ticket=first, assignee=dora, actor=thandi, now=NOON)


def test_a_closed_ticket_is_given_to_nobody():
    thandi, ticket = make_person("Thandi"), make_ticket(state="closed")
    assert tickets.assign_many(tickets=[ticket.pk], assignee=thandi, actor=None, now=NOON) == []
    with pytest.raises(DomainError, match="Reopen it first"):
        tickets.assign(ticket=ticket, assignee=thandi, actor=thandi, now=NOON)
    ticket.refresh_from_db()
    assert ticket.assignee is None


def test_what_was_merged_before_comes_along_to_the_customer():
    alice, wrote = make_customer("Alice Liddel", "ALI001"), {"requester_email": "alice@example.com"}
    first, second, hers = make_ticket(**wrote), make_ticket(**wrote), make_ticket(alice, **wrote)
    tickets.merge(into=second, others=[first], actor=None, now=NOON)
    tickets.merge(into=hers, others=[second], actor=None, now=NOON)
    assert set(Ticket.objects.filter(customer=alice, merged_into=hers)) == {first, second}


def test_a_split_has_the_times_of_both_tickets_reckoned_at_once():
    thandi = make_person("Thandi")
    make_priority("Normal", usual=True, answer_minutes=60, solve_minutes=480)
    ticket = make_ticket()
    tickets.answer(ticket=ticket, text="Try again", actor=thandi, now=NOON)
    answer = ticket.posts.latest("pk")
    assert ticket.waits_since
    tickets.split(ticket=ticket, posts=[answer.pk], subject="Else", actor=thandi, now=NOON + HOUR)
    rest = Ticket.objects.get(pk=ticket.pk)
    assert (rest.state, rest.waits_since, bool(rest.solve_due_at)) == ("open", None, True)


def test_tickets_of_one_customer_are_merged_and_words_go_on_there():
    alice, thandi = make_customer("Alice Liddel", "ALI001"), make_person("Thandi")
    first, second, third = (make_ticket(alice, text=f"Word {n}", now=NOON + n * HOUR) for n in range(3))

    tickets.merge(into=second, others=[third], actor=thandi, now=NOON + DAY)
    tickets.merge(into=first, others=[second], actor=thandi, now=NOON + DAY)
    assert set(Ticket.objects.filter(merged_into=first)) == {second, third}
    assert [one.text for one in first.posts.filter(kind="said")] == ["Word 0", "Word 1", "Word 2"]
    assert first.posts.get(text="Word 2").moved_from == third
    assert say(third, "Here", now=NOON + DAY).ticket_id == first.pk
    with pytest.raises(DomainError, match="merged into"):
        tickets.answer(ticket=second, text="No", actor=thandi, now=NOON + DAY)


def test_tickets_of_different_people_are_not_merged():
    alice, bob = make_customer("Alice Liddel", "ALI001"), make_customer("Bob Mokoena", "BOB001")
    with pytest.raises(DomainError, match="not of the same customer"):
        tickets.merge(into=make_ticket(alice), others=[make_ticket(bob)], actor=None, now=NOON)
    one = make_ticket(requester_email="Carol@example.com")
    tickets.merge(into=one, others=[make_ticket(requester_email="carol@example.com")], actor=None, now=NOON)
    assert one.posts.filter(kind="said").count() == 2


def test_an_address_that_two_customers_share_does_not_bring_their_tickets_together():
    alice, bob = make_customer("Alice Liddel", "ALI001"), make_customer("Bob Mokoena", "BOB001")
    shared = {"requester_email": "shop@example.com"}
    nobodys, hers, his = make_ticket(**shared), make_ticket(alice, **shared), make_ticket(bob, **shared)
    with pytest.raises(DomainError, match="not of the same customer"):
        tickets.merge(into=nobodys, others=[hers, his], actor=None, now=NOON)
    tickets.merge(into=hers, others=[nobodys], actor=None, now=NOON)
    nobodys.refresh_from_db()
    assert nobodys.customer == alice
    with pytest.raises(DomainError, match="not of the same customer"):
        tickets.merge(into=his, others=[hers], actor=None, now=NOON)


def test_a_ticket_about_two_things_is_split():
    alice, thandi = make_customer("Alice Liddel", "ALI001"), make_person("Thandi")
    ticket = make_ticket(alice)
    other = say(ticket, "And my invoice is wrong", now=NOON + HOUR)

    made = tickets.split(ticket=ticket, posts=[other.pk], subject="Invoice", actor=thandi, now=NOON + DAY)
    assert (made.linked_to, made.customer, made.opened_at) == (ticket, alice, NOON + HOUR)
    assert made.posts.get(kind="said").moved_from == ticket
    assert (ticket.last_at, ticket.last_by_customer) == (NOON, True)
    with pytest.raises(DomainError, match="has to stay"):
        tickets.split(
            ticket=ticket, posts=[ticket.posts.get(kind="said").pk], subject="x", actor=thandi, now=NOON
        )


def test_what_was_not_read_yet_holds_an_answer_back():
    ticket, thandi, johan = make_ticket(), make_person("Thandi"), make_person("Johan")
    seen = ticket.posts.get().pk

    tickets.answer(ticket=ticket, text="One", actor=johan, now=NOON, seen=seen)
    with pytest.raises(DomainError, match="Johan answered meanwhile"):
        tickets.answer(ticket=ticket, text="Two", actor=thandi, now=NOON, seen=seen)
    say(ticket, "Wait")
    with pytest.raises(DomainError, match="customer wrote meanwhile"):
        tickets.close(ticket=ticket, reason=make_reason(), actor=johan, now=NOON, seen=seen)


def test_a_ticket_is_linked_to_whom_it_is_about():
    alice, thandi = make_customer("Alice Liddel", "ALI001"), make_person("Thandi")
    ticket = make_ticket(requester_email="alice@example.com")

    tickets.link(ticket=ticket, customer=alice, actor=thandi, now=NOON)
    assert (ticket.customer, ticket.link_version) == (alice, 2)
    assert "Alice Liddel" in kinds(ticket)[-1]


def test_who_follows_a_ticket_is_told_by_mail_but_not_of_their_own_deeds():
    thandi = make_person("Thandi", email="thandi@isp.example")
    johan = make_person("Johan", email="johan@isp.example")
    ticket = make_ticket(assignee=thandi)
    tickets.watch(ticket=ticket, user=johan)
    tickets.watch(ticket=ticket, user=johan)

    say(ticket, "Still dead")
    tickets.answer(ticket=ticket, text="On our way", actor=thandi, now=NOON)
    tickets.close(ticket=ticket, reason=make_reason(), actor=johan, now=NOON)
    hand_out(NOON)
    told = Message.objects.filter(template="ticket_watched").order_by("pk")
    assert [(one.address, one.context["happened"]) for one in told] == [
        ("johan@isp.example", "The customer wrote"),
        ("thandi@isp.example", "The customer wrote"),
        ("johan@isp.example", "Answered by Thandi"),
    ]
    tickets.watch(ticket=ticket, user=johan, on=False)
    assert not ticket.watchers.exists()
