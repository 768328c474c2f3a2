"""Two people at one ticket in the same moment: nothing is lost, and nobody answers past the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from helpdesk.models import Post, Ticket
from helpdesk.services import tickets
from helpdesk.services.tickets import posting
from herotill.errors import DomainError
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import NOON, make_reason, make_ticket, say

pytestmark = pytest.mark.django_db(transaction=True)


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """Do all at once, each on a connection of its own, begun together; what each gave or said no with."""
    start = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def go(place: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            results[place] = deed()
        except DomainError as trouble:
            results[place] = trouble
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def refusals(results: list[Any]) -> list[DomainError]:
    return [one for one in results if isinstance(one, DomainError)]


def test_two_answers_of_which_one_has_not_seen_the_other():
    ticket, people = make_ticket(), [make_person("Thandi"), make_person("Johan")]
    seen = ticket.posts.get().pk

    def answer(actor: Any) -> Callable[[], Any]:
        mine = Ticket.objects.get(pk=ticket.pk)
        return lambda: tickets.answer(ticket=mine, text="Try now", actor=actor, now=NOON, seen=seen)

    results = together(*(answer(one) for one in people))
    (no,) = refusals(results)
    assert "answered meanwhile" in str(no)
    assert ticket.posts.filter(kind="answer").count() == 1


def test_two_merges_of_the_same_tickets_into_each_other():
    alice = make_customer("Alice Liddel", "ALI001")
    one, two = make_ticket(alice, text="One"), make_ticket(alice, text="Two")

    def merge(into: Ticket, other: Ticket) -> Callable[[], Any]:
        return lambda: tickets.merge(into=into, others=[other], actor=None, now=NOON)

    (no,) = refusals(together(merge(one, two), merge(two, one)))
    assert "merged into" in str(no)
    (left,) = Ticket.objects.exclude(state="closed")
    assert {post.text for post in left.posts.filter(kind="said")} == {"One", "Two"}


@pytest.mark.parametrize("closed_first", [True, False])
def test_a_reply_that_meets_a_closing_is_never_lost(monkeypatch, closed_first):
    """Whoever comes first: what Alice wrote stands on a ticket that is open."""
    ticket, thandi, reason = make_ticket(), make_person("Thandi"), make_reason()
    seen = ticket.posts.get().pk
    holds, waits = threading.Event(), threading.Event()
    hold = posting.hold
    first = threading.local()

    def held(wanted: Any) -> Any:
        if not getattr(first, "mine", False):
            waits.set()
            holds.wait(timeout=30)
            return hold(wanted)
        found = hold(wanted)
        holds.set()
        waits.wait(timeout=30)
        return found

    monkeypatch.setattr(posting, "hold", held)

    def begins(mine: bool, deed: Callable[[], Any]) -> Callable[[], Any]:
        def go() -> Any:
            first.mine = mine
            return deed()

        return go

    def close() -> None:
        mine = Ticket.objects.get(pk=ticket.pk)
        tickets.close(ticket=mine, reason=reason, actor=thandi, now=NOON, seen=seen)

    results = together(
        begins(closed_first, close), begins(not closed_first, lambda: say(ticket, "Still broken"))
    )
    monkeypatch.undo()
    ticket.refresh_from_db()
    assert (ticket.state, ticket.reopened) == ("open", 1 if closed_first else 0)
    assert bool(refusals(results)) is not closed_first
    assert Post.objects.get(text="Still broken").ticket == ticket


def test_a_word_on_a_merged_ticket_holds_only_where_it_counts():
    """Held first, the merged one would be out of order: who merges on touches it while holding the other."""
    alice = make_customer("Alice Liddel", "ALI001")
    merged, into = make_ticket(alice), make_ticket(alice)
    tickets.merge(into=into, others=[merged], actor=None, now=NOON)

    def is_free(ticket: Ticket) -> bool:
        free = Ticket.objects.select_for_update(skip_locked=True).filter(pk=ticket.pk)
        with transaction.atomic():
            return bool(list(free))

    with transaction.atomic():
        assert posting.hold_where_it_goes_on(merged) == into
        assert together(lambda: is_free(merged), lambda: is_free(into)) == [True, False]


def test_a_reply_to_a_ticket_that_is_being_merged_goes_where_that_went():
    alice = make_customer("Alice Liddel", "ALI001")
    one, two = make_ticket(alice), make_ticket(alice)

    together(
        lambda: tickets.merge(into=one, others=[two], actor=None, now=NOON),
        lambda: say(two, "Here"),
    )
    assert Post.objects.get(text="Here").ticket == one
    assert Ticket.objects.get(pk=two.pk).posts.exclude(kind="event").count() == 0
