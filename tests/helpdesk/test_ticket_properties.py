"""Whatever is done with tickets in whatever order: nothing said is lost, and what a ticket says of itself holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from helpdesk.models import Post, Ticket
from helpdesk.policies import tickets as policy
from helpdesk.policies.tickets import Reply
from helpdesk.services import tickets
from herotill.errors import DomainError
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import NOON, make_reason, make_ticket, say

pytestmark = pytest.mark.django_db
which = st.integers(0, 3)
steps = st.integers(1, 40 * 24).map(lambda hours: timedelta(hours=hours))
SPOKEN = ("said", "answer")


class Desk(RuleBasedStateMachine):
    """Alice with some tickets, and Thandi, who does whatever comes to mind as time goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = NOON
        self.words = count()
        self.spoken: set[str] = set()

    @initialize()
    def people(self) -> None:
        self.thandi = make_person("Thandi")
        alice = make_customer("Alice Liddel")
        self.reason = make_reason()
        self.opened = [make_ticket(alice, text=self.word(), now=self.now) for _ in range(4)]

    def word(self) -> str:
        said = f"Word {next(self.words)}"
        self.spoken.add(said)
        return said

    def ticket(self, number: int) -> Ticket:
        return Ticket.objects.get(pk=self.opened[number % len(self.opened)].pk)

    def deed(self, do: Callable[[], Any]) -> Any:
        """What is refused leaves no trace."""
        try:
            with transaction.atomic():
                return do()
        except DomainError:
            return None

    def speak(self, do: Callable[[str], Any]) -> None:
        said = self.word()
        if self.deed(lambda: do(said)) is None:
            self.spoken.discard(said)

    @rule(step=steps)
    def time_goes_by(self, step: timedelta) -> None:
        self.now += step

    @rule(number=which, state=st.sampled_from(["open", "pending", "closed"]))
    def answer(self, number: int, state: str) -> None:
        mine = self.ticket(number)
        self.speak(
            lambda said: tickets.answer(
                ticket=mine, text=said, actor=self.thandi, now=self.now, state=state, reason=self.reason
            )
        )

    @rule(number=which)
    def note(self, number: int) -> None:
        self.speak(
            lambda said: tickets.note(ticket=self.ticket(number), text=said, actor=self.thandi, now=self.now)
        )

    @rule(number=which)
    def alice_writes(self, number: int) -> None:
        self.speak(lambda said: say(self.ticket(number), said, now=self.now))

    @rule(number=which)
    def close(self, number: int) -> None:
        self.deed(
            lambda: tickets.close(ticket=self.ticket(number), reason=self.reason, actor=None, now=self.now)
        )

    @rule(number=which)
    def reopen(self, number: int) -> None:
        self.deed(lambda: tickets.reopen(ticket=self.ticket(number), why="", actor=None, now=self.now))

    @rule(into=which, other=which)
    def merge(self, into: int, other: int) -> None:
        self.deed(
            lambda: tickets.merge(
                into=self.ticket(into), others=[self.ticket(other)], actor=None, now=self.now
            )
        )

    @rule(number=which, part=st.integers(1, 3))
    def split(self, number: int, part: int) -> None:
        theirs = [one.pk for one in self.ticket(number).posts.exclude(kind="event")][-part:]
        made = self.deed(
            lambda: tickets.split(
                ticket=self.ticket(number), posts=theirs, subject="Other", actor=None, now=self.now
            )
        )
        self.opened += [made] if made else []

    @invariant()
    def nothing_said_is_lost(self) -> None:
        there = list(Post.objects.exclude(kind="event").values_list("text", flat=True))
        assert sorted(there) == sorted(self.spoken)

    @invariant()
    def a_ticket_says_of_itself_what_was_said_on_it(self) -> None:
        for ticket in Ticket.objects.prefetch_related("posts"):
            spoken = [one for one in ticket.posts.all() if one.kind in SPOKEN]
            if ticket.merged_into_id:
                assert (ticket.state, spoken, ticket.merged_into.merged_into_id) == ("closed", [], None)
                continue
            assert bool(ticket.closed_at) == (ticket.state == "closed")
            if spoken:
                newest = spoken[-1].at
                lasts = {one.kind == "said" for one in spoken if one.at == newest}
                assert ticket.last_at == newest
                assert ticket.last_by_customer in lasts
            assert bool(ticket.answered_at) == any(one.kind == "answer" for one in spoken)

    @invariant()
    def what_the_customer_said_last_never_waits_for_the_customer(self) -> None:
        assert not Ticket.objects.filter(state="pending", last_by_customer=True, merged_into=None).exists()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)


def test_whatever_is_done_with_tickets_nothing_said_is_lost() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_reply_reopens_until_the_last_day() -> None:
    def effect(state: str, days: int) -> Reply:
        return policy.reply(state, NOON if state == "closed" else None, NOON + timedelta(days=days), 14)

    assert effect("open", 400) is effect("pending", 400) is Reply.COUNTS
    assert (effect("closed", 0), effect("closed", 14)) == (Reply.REOPENS, Reply.REOPENS)
    assert (effect("closed", 15), policy.reply("closed", NOON, NOON + timedelta(days=14, seconds=1), 14)) == (
        Reply.FOLLOWS,
        Reply.FOLLOWS,
    )
