"""Two at the same quote at the same time: one answer, one number each, and never an answer to what is being changed."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from herotill.errors import DomainError
from tests.factories.workflow import NOON, link_of, make_lead, make_quote
from workflow.models import Acceptance, DeclineReason, Lead, Quote
from workflow.services import quotes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.money]


def together(*deeds: Callable[[], object]) -> list[str]:
    """Do all at once, each on a connection of its own; what each said no with, or nothing."""
    start, said = threading.Barrier(len(deeds)), [""] * len(deeds)

    def do(place: int, deed: Callable[[], object]) -> None:
        try:
            start.wait(20)
            deed()
        except DomainError as no:
            said[place] = str(no)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return said


def alice() -> Lead:
    return make_lead("Alice Liddel", email="alice@isp.example", step_id="quote-new")


def yes(token: str, name: str) -> Callable[[], object]:
    return lambda: quotes.accept(token=token, name=name, details={}, address="", browser="", now=NOON)


def test_of_many_acceptances_one_counts() -> None:
    token = link_of(make_quote(alice()))
    said = together(*(yes(token, f"Alice {n}") for n in range(5)))

    assert sorted(said) == ["", *["This quote was accepted."] * 4]
    assert Acceptance.objects.count() == 1
    assert Lead.objects.get().moves.filter(to_step="customer-new").count() == 1


def test_yes_and_no_at_once_are_one_answer() -> None:
    quote = make_quote(alice())
    token, reason = link_of(quote), DeclineReason.objects.all()[0]
    said = together(
        yes(token, "Alice"), lambda: quotes.decline(token=token, reason=reason, words="", now=NOON)
    )

    quote.refresh_from_db()
    assert sum(one == "" for one in said) == 1
    assert quote.state == ("accepted" if said[0] == "" else "declined")
    assert Acceptance.objects.count() == (quote.state == "accepted")


def test_a_yes_while_a_new_version_is_made_is_refused_politely() -> None:
    quote = make_quote(alice())
    token, waits, said = link_of(quote), threading.Event(), []

    def accept() -> None:
        waits.set()
        try:
            yes(token, "Alice")()
        except DomainError as no:
            said.append(str(no))
        finally:
            connection.close()

    customer = threading.Thread(target=accept)
    with transaction.atomic():
        quotes.revise(quote=quote, actor=None, now=NOON)
        customer.start()
        assert waits.wait(20)
    customer.join(60)
    assert said == ["This quote is being changed. You will get the new version by mail."]
    assert not Acceptance.objects.exists()


def test_yes_and_new_version_at_once_leave_one_that_stands() -> None:
    quote = make_quote(alice())
    token = link_of(quote)
    said = together(yes(token, "Alice"), lambda: quotes.revise(quote=quote, actor=None, now=NOON))

    quote.refresh_from_db()
    assert sum(one == "" for one in said) == 1
    assert quote.state == ("accepted" if said[0] == "" else "replaced")
    assert Quote.objects.count() == (1 if said[0] == "" else 2)


def test_two_offers_accepted_at_once_are_one() -> None:
    lead = alice()
    tokens = [link_of(make_quote(lead)) for _ in range(2)]
    said = together(*(yes(token, "Alice") for token in tokens))

    assert sorted(said) == ["", "This quote was withdrawn."]
    assert sorted(Quote.objects.values_list("state", flat=True)) == ["accepted", "withdrawn"]


def test_numbers_are_given_once_and_without_gaps() -> None:
    leads = [make_lead(f"Lead {n}") for n in range(6)]
    said = together(*(lambda lead=lead: quotes.begin(lead=lead, actor=None, now=NOON) for lead in leads))

    assert said == [""] * 6
    assert sorted(Quote.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_lead_gets_one_draft_whoever_presses() -> None:
    lead = alice()
    said = together(*(lambda: quotes.begin(lead=lead, actor=None, now=NOON) for _ in range(3)))

    assert sorted(said) == ["", *["QUO00001 is a draft for Alice Liddel already."] * 2]


def test_a_quote_is_sent_once() -> None:
    quote = make_quote(alice(), sent=False)
    said = together(
        *(lambda: quotes.send(quote=quote, to="alice@isp.example", actor=None, now=NOON) for _ in range(3))
    )

    assert sorted(said) == ["", *["QUO00001 is sent by now; somebody was first."] * 2]
