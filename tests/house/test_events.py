"""Facts: each consumer gets each fact once and in order, whatever commits late or is killed."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from herotill import events
from herotill.models import Fact, FactCursor
from tests.sampleapp.models import Mark

pytestmark = pytest.mark.django_db
committing = pytest.mark.django_db(transaction=True)


def made(*keys: str) -> None:
    for key in keys:
        events.record(kind="sample.made", key=key, customer_id=7, subject_kind="gadget", subject_id=1)


def hand_out() -> str:
    return events.hand_out(timezone.now())


def remembered() -> list[str]:
    return list(Mark.objects.order_by("id").values_list("text", flat=True))


@pytest.fixture
def bob_listens():
    """A second consumer, which came later than the first."""
    heard: list[str] = []
    consumer = events.Consumer(
        "bob",
        frozenset({"sample.made", "sample.sold"}),
        lambda facts: heard.extend(fact.key for fact in facts),
    )
    events.consumers.register(consumer)
    yield heard
    events.consumers.unregister("bob")


def test_a_fact_reaches_its_consumer_once():
    made("alice-1", "alice-2")
    hand_out()
    made("alice-3")
    hand_out()
    hand_out()

    assert remembered() == ["alice-1", "alice-2", "alice-3"]


def test_the_same_fact_told_twice_is_one():
    made("alice-1")
    made("alice-1", "alice-2")
    events.record_many([events.NewFact("sample.made", "alice-2"), events.NewFact("sample.made", "alice-3")])
    hand_out()

    assert remembered() == ["alice-1", "alice-2", "alice-3"]


def test_a_fact_nobody_asked_for_waits_for_who_comes_later(bob_listens):
    events.consumers.unregister("bob")
    bob = events.Consumer(
        "bob", frozenset({"sample.sold"}), lambda facts: bob_listens.extend(fact.key for fact in facts)
    )
    events.record(kind="sample.sold", key="carol-1")
    made("alice-1")
    hand_out()
    assert remembered() == ["alice-1"]

    events.consumers.register(bob)
    hand_out()

    assert bob_listens == ["carol-1"]


def test_a_batch_is_no_limit(monkeypatch):
    monkeypatch.setattr(events, "BATCH", 3)
    monkeypatch.setattr(events, "SETTLED_AT_ONCE", 4)
    keys = [f"dora-{number}" for number in range(10)]
    events.record_many(events.NewFact("sample.made", key) for key in keys)
    hand_out()

    assert remembered() == keys


@committing
def test_a_fact_that_commits_late_is_not_passed_over(bob_listens):
    """Alice's transaction takes its number first and commits last; without a place given after the commit
    Bob's fact would move the cursor past hers."""
    recorded, may_commit = threading.Event(), threading.Event()

    def alice() -> None:
        try:
            with transaction.atomic():
                made("alice-early")
                recorded.set()
                may_commit.wait(20)
        finally:
            connections.close_all()

    slow = threading.Thread(target=alice)
    slow.start()
    assert recorded.wait(20)
    made("bob-late")
    hand_out()
    may_commit.set()
    slow.join()
    hand_out()

    assert Fact.objects.get(key="alice-early").pk < Fact.objects.get(key="bob-late").pk
    assert remembered() == ["bob-late", "alice-early"]
    assert bob_listens == ["bob-late", "alice-early"]


@committing
def test_a_consumer_killed_between_act_and_cursor_gets_the_fact_again_and_acts_once(monkeypatch):
    def dies(facts) -> None:
        Mark.objects.create(text="done, and the cursor not moved")
        raise SystemExit

    made("alice-1")
    Mark.objects.all().delete()
    FactCursor.objects.all().delete()
    with monkeypatch.context() as patch:
        patch.setitem(
            events.consumers._items,
            "sample-memory",
            events.Consumer("sample-memory", frozenset({"sample.made"}), dies),
        )
        events.consumers._ordered = None
        with pytest.raises(SystemExit):
            hand_out()
    events.consumers._ordered = None
    assert remembered() == []

    hand_out()

    assert remembered() == ["alice-1"]


def test_trouble_stops_only_the_consumer_that_has_it_and_is_said(bob_listens, monkeypatch, caplog):
    def stumbles(facts) -> None:
        Mark.objects.create(text="half")
        raise ZeroDivisionError

    broken = events.Consumer("broken", frozenset({"sample.made"}), stumbles, order=1)
    events.consumers.register(broken)
    try:
        made("alice-1")
        hand_out()
        assert [cursor.consumer for cursor in events.late()] == ["broken"]
        assert remembered() == ["alice-1"]
        assert bob_listens == ["alice-1"]
    finally:
        events.consumers.unregister("broken")

    mended = events.Consumer("broken", frozenset({"sample.made"}), lambda facts: None)
    events.consumers.register(mended)
    hand_out()
    events.consumers.unregister("broken")
    assert events.late() == []


@committing
def test_two_at_once_hand_a_consumer_nothing_twice():
    made("alice-1")
    FactCursor.objects.update_or_create(consumer="sample-memory", defaults={"position": 0})
    Mark.objects.all().delete()
    with transaction.atomic():
        FactCursor.objects.select_for_update().get(consumer="sample-memory")
        other = threading.Thread(target=lambda: (hand_out(), connections.close_all()))
        other.start()
        other.join(20)
        assert not other.is_alive()
    assert remembered() == []

    hand_out()
    assert remembered() == ["alice-1"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE house_fact SET kind = 'other'",
        "UPDATE house_fact SET data = '{\"amount\": 1}'",
        "UPDATE house_fact SET position = position + 1",
        "DELETE FROM house_fact",
    ],
)
def test_the_database_lets_nobody_change_what_happened(change):
    made("alice-1")
    hand_out()

    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    assert Fact.objects.get().kind == "sample.made"


def test_a_fact_is_recorded_and_rolled_back_with_what_it_tells():
    def sell_and_stumble() -> None:
        with transaction.atomic():
            made("alice-1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sell_and_stumble()

    assert not Fact.objects.exists()


def test_the_workers_are_nudged_once_for_all_facts_of_a_transaction(
    django_capture_on_commit_callbacks, monkeypatch
):
    sent = []
    monkeypatch.setattr("herotill.jobs.send", lambda task, name, **where: sent.append((task, name)))
    with django_capture_on_commit_callbacks(execute=True):
        made("alice-1", "alice-2")
        made("alice-3")

    assert sent == [("job", "facts-consume")]


def test_reading_costs_the_same_for_ten_times_the_facts(django_assert_max_num_queries):
    for many in (10, 100):
        events.record_many(events.NewFact("sample.made", f"alice-{many}-{one}") for one in range(many))
        with django_assert_max_num_queries(7 * len(list(events.consumers))):
            hand_out()
