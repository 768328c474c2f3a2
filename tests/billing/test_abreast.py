"""Two batches issued at the same moment: numbers without gaps, whatever becomes of the first or comes between."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, connections, transaction

from billing.models import Document, Entry, Series, Snapshot
from billing.selectors.verifying import verify
from billing.services import abreast, issuing
from herotill.errors import DomainError
from tests.factories import make_customer
from tests.factories.billing import make_draft, make_invoice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.money]
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)


def drafts(how_many: int) -> list[int]:
    names = [f"Client {chr(65 + number)}" for number in range(how_many)]
    return [make_draft(make_customer(name)).pk for name in names]


def numbers() -> list[int | None]:
    return [one.number for one in Document.objects.filter(status="issued").order_by("pk")]


def apart(work, *arguments, **named):
    """Start work on a connection of its own; its thread and what it raised, if it did."""
    trouble: list[Exception] = []

    def carry_out():
        try:
            work(*arguments, **named)
        except Exception as raised:
            trouble.append(raised)
        finally:
            connections.close_all()

    thread = threading.Thread(target=carry_out)
    thread.start()
    return thread, trouble


@pytest.fixture
def both_in_time(monkeypatch):
    """The first batch goes on once the second has its numbers; how fast either is decides nothing."""
    ahead_of, from_the_series = abreast._Pair._numbers_ahead, abreast._Pair._numbers
    taken = threading.Event()

    def numbers(pair, kind, count):
        given = from_the_series(pair, kind, count)
        assert taken.wait(60)
        return given

    def numbers_ahead(pair, kind, count):
        given = ahead_of(pair, kind, count)
        taken.set()
        return given

    monkeypatch.setattr(abreast._Pair, "_numbers", numbers)
    monkeypatch.setattr(abreast._Pair, "_numbers_ahead", numbers_ahead)


@pytest.mark.usefixtures("both_in_time")
def test_two_batches_are_numbered_as_one():
    made = drafts(5)
    assert abreast.issue(documents=made, actor=None, now=NOW) == 5
    assert numbers() == [1, 2, 3, 4, 5]
    assert Snapshot.objects.count() == Entry.objects.count() == 5
    assert list(verify()) == []


def test_what_cannot_be_issued_with_the_first_takes_the_second_with_it():
    made = drafts(4)
    Document.objects.get(pk=made[0]).lines.update(excl=1, vat=0, incl=1)
    with pytest.raises(IntegrityError, match="not the sums of its lines"):
        abreast.issue(documents=made, actor=None, now=NOW)
    assert numbers() == []
    assert not Entry.objects.exists()


def test_what_cannot_be_issued_with_the_second_is_left_for_later():
    made = drafts(4)
    Document.objects.get(pk=made[3]).lines.update(excl=1, vat=0, incl=1)
    assert abreast.issue(documents=made, actor=None, now=NOW) == 2
    assert numbers() == [1, 2]
    assert abreast.issue(documents=made[2:], actor=None, now=NOW) == 1
    with pytest.raises(IntegrityError, match="not the sums of its lines"):
        abreast.issue(documents=made[3:], actor=None, now=NOW)
    assert list(verify()) == []


def test_the_database_refuses_a_second_batch_whose_first_never_came():
    [one] = drafts(1)
    series = Series.objects.get(kind="invoice")
    with (
        pytest.raises(IntegrityError, match="leave a gap; the next of their series is 1"),
        transaction.atomic(),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS numbers_follow_on DEFERRED")
        issuing.issue(documents=[one], actor=None, now=NOW, numbers=lambda kind, count: (series, 2))
        assert numbers() == [2]
    assert numbers() == []


def test_without_being_asked_to_wait_the_database_refuses_a_gap_at_once():
    [one] = drafts(1)
    series = Series.objects.get(kind="invoice")
    with transaction.atomic(), pytest.raises(IntegrityError, match="leave a gap"), transaction.atomic():
        issuing.issue(documents=[one], actor=None, now=NOW, numbers=lambda kind, count: (series, 2))
    assert numbers() == []


def test_nobody_else_writes_which_numbers_were_given():
    make_invoice(make_customer("Alice Liddel"))
    for sql in ("DELETE FROM", "TRUNCATE"):
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute(f"{sql} billing_givennumbers")


@pytest.mark.usefixtures("both_in_time")
def test_a_person_who_issues_meanwhile_gets_the_number_after_both(monkeypatch):
    """Bob's invoice is wanted when the first batch has committed and the second has not."""
    *made, bobs = drafts(5)
    persons, ended = [], []
    end_of_the_turn = abreast.locks.hold_word

    def hold_word(word, number):
        end_of_the_turn(word, number)
        if word == abreast._BESIDE and threading.current_thread() in seconds:
            persons.append(apart(issuing.issue, documents=[bobs], actor=None, now=NOW))
            persons[0][0].join(0.5)
            ended.append(not persons[0][0].is_alive())

    seconds: set[threading.Thread] = set()
    ahead = abreast._Pair._numbers_ahead

    def numbers_ahead(pair, kind, count):
        seconds.add(threading.current_thread())
        return ahead(pair, kind, count)

    monkeypatch.setattr(abreast.locks, "hold_word", hold_word)
    monkeypatch.setattr(abreast._Pair, "_numbers_ahead", numbers_ahead)
    assert abreast.issue(documents=made, actor=None, now=NOW) == 4
    persons[0][0].join()
    assert (ended, persons[0][1]) == ([False], [])
    assert numbers() == [1, 2, 3, 4, 5]
    assert list(verify()) == []


def test_runs_and_persons_at_once_leave_no_gap_and_none_is_refused():
    made = drafts(24)
    shares = [made[:10], made[10:20], *([one] for one in made[20:])]
    begun = [apart(issue_all, share) for share in shares]
    for thread, _ in begun:
        thread.join()
    assert [trouble for _, trouble in begun] == [[]] * len(shares)
    assert set(numbers()) == set(range(1, 25))
    assert len(numbers()) == 24
    assert list(verify()) == []


def issue_all(share: list[int]) -> None:
    """As a run does: again with what was left."""
    while left := list(Document.objects.filter(pk__in=share, status="draft").values_list("pk", flat=True)):
        if not abreast.issue(documents=left, actor=None, now=NOW):
            raise DomainError("Nothing was issued.")
