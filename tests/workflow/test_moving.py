"""Moving leads: gates both ways, who is there already, back from lost, two clerks at once, what is written down."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from herotill.errors import DomainError
from tests.factories import make_customer, make_person
from tests.factories.workflow import make_lead
from workflow.arrivals import Arrival, arrivals
from workflow.gates import Gate, gates
from workflow.models import Lead, LostReason, Move, Place, Step
from workflow.services import moving

pytestmark = pytest.mark.django_db
NOON = datetime(2018, 8, 22, 10, tzinfo=UTC)


@pytest.fixture
def sipho():
    return make_person("Sipho", "workflow.view_lead", "workflow.move_lead")


@pytest.fixture
def named_gate():
    """A gate of the test's own: who has no next action lacks one."""

    def without(leads):
        lacking = Lead.objects.filter(pk__in=leads, next_action="")
        return dict.fromkeys(lacking.values_list("pk", flat=True), "A next action is missing.")

    gates.register(Gate("test-next-action", "Has a next action", without))
    yield "test-next-action"
    gates.unregister("test-next-action")


def test_a_move_is_written_down_with_person_and_time(sipho):
    alice = make_lead("Alice Liddel", step_since=NOON - timedelta(days=2))

    assert moving.move(leads=[alice.pk], to=Place.LEAD_WORKED, actor=sipho, now=NOON, why="Called her") == 1

    alice.refresh_from_db()
    move = alice.moves.get()
    assert (alice.place, alice.step_since) == ("lead-worked", NOON)
    assert (move.from_step, move.to_step, move.by, move.at, move.why) == (
        "lead-new",
        "lead-worked",
        sipho,
        NOON,
        "Called her",
    )
    assert move.since == NOON - timedelta(days=2)


def test_who_is_there_already_stays(sipho):
    alice = make_lead("Alice Liddel", step_id="lead-worked")

    assert moving.move(leads=[alice.pk], to=Place.LEAD_WORKED, actor=sipho, now=NOON) == 0
    assert not Move.objects.exists()


def test_a_gate_of_setup_keeps_back_who_misses_something_and_lets_the_others_pass(sipho, named_gate):
    Step.objects.filter(pk="lead-worked").update(gates=[named_gate])
    alice, bob = make_lead("Alice Liddel", next_action="Call"), make_lead("Bob Nkosi")

    with pytest.raises(DomainError, match="Bob Nkosi: A next action is missing"):
        moving.move(leads=[alice.pk, bob.pk], to=Place.LEAD_WORKED, actor=sipho, now=NOON)
    assert not Move.objects.exists()
    assert moving.move(leads=[alice.pk], to=Place.LEAD_WORKED, actor=sipho, now=NOON) == 1


def test_a_gate_on_the_way_is_asked_also_by_who_jumps_over_it_but_not_on_the_way_back(sipho, named_gate):
    Step.objects.filter(pk="survey-new").update(gates=[named_gate])
    alice, bob = make_lead("Alice Liddel"), make_lead("Bob Nkosi", step_id="quote-new")

    with pytest.raises(DomainError, match="A next action is missing"):
        moving.move(leads=[alice.pk], to=Place.QUOTE_NEW, actor=sipho, now=NOON)
    assert moving.move(leads=[bob.pk], to=Place.LEAD_NEW, actor=sipho, now=NOON) == 1


@pytest.mark.parametrize(
    "place", ["survey-scheduled", "quote-sent", "job-scheduled", "job-failed", "won", "lost"]
)
def test_nobody_puts_a_lead_by_hand_where_only_a_deed_brings_it(sipho, place):
    alice = make_lead("Alice Liddel")

    with pytest.raises(DomainError):
        moving.by_hand(leads=[alice.pk], to=place, actor=sipho, now=NOON)
    assert moving.by_hand(leads=[alice.pk], to="lead-worked", actor=sipho, now=NOON) == 1


def test_who_is_won_goes_nowhere(sipho):
    alice = make_lead("Alice Liddel", step_id="won", customer=make_customer("Alice Liddel", "ALI001"))

    with pytest.raises(DomainError, match="is won"):
        moving.move(leads=[alice.pk], to=Place.LEAD_NEW, actor=sipho, now=NOON)


def test_a_lost_lead_comes_back_through_the_gates(sipho, named_gate):
    reason = LostReason.objects.first()
    alice = make_lead("Alice Liddel", step_id="lost", lost_reason=reason)
    Step.objects.filter(pk="lead-worked").update(gates=[named_gate])

    with pytest.raises(DomainError, match="A next action is missing"):
        moving.move(leads=[alice.pk], to=Place.LEAD_WORKED, actor=sipho, now=NOON)
    assert moving.move(leads=[alice.pk], to=Place.LEAD_NEW, actor=sipho, now=NOON) == 1


def test_arrivals_are_called_once_for_all_who_come_and_can_refuse(sipho):
    came: list[tuple[list[int], object]] = []
    arrivals.register(
        Arrival(
            "lead-worked", lambda leads, actor, now: came.append((sorted(leads), actor)), name="test-came"
        )
    )
    alice, bob = make_lead("Alice Liddel"), make_lead("Bob Nkosi")
    carol = make_lead("Carol Smit", step_id="lead-worked")

    moving.move(leads=[alice.pk, bob.pk, carol.pk], to=Place.LEAD_WORKED, actor=sipho, now=NOON)

    arrivals.unregister("test-came")
    assert came == [([alice.pk, bob.pk], sipho)]


def test_settling_moves_on_only_who_misses_nothing(monkeypatch):
    alice, bob = (
        make_lead(name, step_id="customer-active", customer=make_customer(name, code))
        for name, code in (("Alice Liddel", "ALI001"), ("Bob Nkosi", "BOB001"))
    )
    monkeypatch.setattr(moving, "missing", lambda leads, to: {bob.pk: ["A payment method is missing."]})
    monkeypatch.setattr(moving, "arrived", lambda *told: None)

    assert moving.settle(now=NOON) == 1
    assert moving.settle(now=NOON) == 0
    assert list(Lead.objects.order_by("pk").values_list("step", flat=True)) == ["job-new", "customer-active"]
    assert alice.moves.get().by is None


def test_the_database_refuses_a_place_without_a_move():
    alice = make_lead("Alice Liddel")

    with pytest.raises(IntegrityError, match="without a move"), transaction.atomic():
        Lead.objects.filter(pk=alice.pk).update(step="quote-sent", step_since=NOON)
        connection.check_constraints()


def test_moves_are_neither_changed_nor_deleted_but_go_with_their_lead(sipho):
    alice = make_lead("Alice Liddel")
    moving.move(leads=[alice.pk], to=Place.LEAD_WORKED, actor=sipho, now=NOON)

    connection.check_constraints()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Move.objects.update(why="Something else")
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
        Move.objects.all().delete()
        connection.check_constraints()
    alice.delete()
    connection.check_constraints()
    assert not Move.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_move_the_same_lead_move_it_once():
    """Both have asked; the second waits for the first, and then finds the lead there already."""
    sipho, thandi = (make_person(name, "workflow.move_lead") for name in ("Sipho", "Thandi"))
    alice = make_lead("Alice Liddel")
    holds, moved = threading.Event(), []

    def second() -> None:
        try:
            holds.wait(20)
            moved.append(moving.move(leads=[alice.pk], to=Place.LEAD_WORKED, actor=thandi, now=NOON))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        moved.append(moving.move(leads=[alice.pk], to=Place.LEAD_WORKED, actor=sipho, now=NOON))
        holds.set()
        _wait_for_a_waiter()
    thread.join(20)

    assert moved == [1, 0]
    assert [move.by for move in alice.moves.all()] == [sipho]


def _wait_for_a_waiter() -> None:
    """Until another connection waits for a lock of this one."""
    pause = threading.Event()
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        pause.wait(0.05)
    raise AssertionError("The second clerk does not wait.")


def test_one_leads_trouble_stops_nobody_else(monkeypatch, caplog):
    def refuse(found, actor, now):
        if Lead.objects.filter(pk__in=found, surname="Trouble").exists():
            raise DomainError("No type of job installs a service.")

    monkeypatch.setattr(moving, "missing", lambda leads, to: {})
    arrivals.register(Arrival(Place.JOB_NEW, refuse, name="test-refuses"))
    leads = [
        make_lead(name, step_id="customer-active", customer=make_customer(name))
        for name in ("Alice Liddel", "Tom Trouble", "Bob Hatter")
    ]
    try:
        assert moving.settle(now=NOON) == 2
        assert moving.settle(now=NOON, leads=[leads[1].pk]) == 0
    finally:
        arrivals.unregister("test-refuses")

    places = dict(Lead.objects.values_list("pk", "step"))
    assert [places[lead.pk] for lead in leads] == ["job-new", "customer-active", "job-new"]
    assert not leads[1].moves.exists()
    assert "No type of job installs a service." in caplog.text
