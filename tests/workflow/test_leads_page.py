"""A lead's page: who it is, where it is, and the cards of everybody who works on it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from herotill.reference.models import Highsite
from tests.factories import client_of, make_person
from tests.factories.workflow import make_lead
from workflow.lead_cards import LeadCard, lead_cards
from workflow.models import LostReason
from workflow.services import leads

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def page(person, lead):
    return client_of(person).get(f"/workflow/leads/{lead.pk}/").content.decode()


def test_the_page_names_the_lead_and_asks_the_right():
    alice = make_lead("Alice Liddel", phone="+27821234567")
    thabo, dora = make_person("Thabo", "workflow.view_lead"), make_person("Dora", "customers.view_customer")

    assert "Alice Liddel" in page(thabo, alice)
    assert "082 123 4567" in page(thabo, alice)
    assert client_of(dora).get(f"/workflow/leads/{alice.pk}/").status_code == 403
    assert client_of(thabo).get("/workflow/leads/0/").status_code == 404


def test_a_card_shows_to_those_who_hold_its_right_and_gives_its_own_context():
    alice = make_lead("Alice Liddel")
    lead_cards.register(
        LeadCard("probe", "Probe", "workflow.add_lead", "workflow/leads/_card.html", lambda *of: {"x": 1})
    )
    try:
        sells = make_person("Thabo", "workflow.view_lead", "workflow.add_lead")
        looks = make_person("Mia", "workflow.view_lead")
        assert 'id="lead-card-probe"' in page(sells, alice)
        assert 'id="lead-card-probe"' not in page(looks, alice)
    finally:
        lead_cards.unregister("probe")


def test_id_numbers_show_to_those_who_may_see_them():
    alice = make_lead("Alice Liddel", id_number="8001015009087")
    mia = make_person("Mia", "workflow.view_lead", "customers.see_id_numbers")

    assert "8001015009087" in page(mia, alice)
    assert "8001015009087" not in page(make_person("Thabo", "workflow.view_lead"), alice)


def test_the_map_shows_highsites_with_distance_and_bearing():
    Highsite.objects.create(name="Paarl Rock", latitude=Decimal("-33.740000"), longitude=Decimal("18.950000"))
    Highsite.objects.create(name="Nowhere")
    alice = make_lead("Alice", latitude=Decimal("-33.731800"), longitude=Decimal("18.962100"))
    shown = page(make_person("Thabo", "workflow.view_lead"), alice)

    assert 'href="geo:-33.731800,18.962100"' in shown
    assert "Paarl Rock 1.4 km at 231° SW" in shown
    assert "Nowhere" not in shown


def test_without_coordinates_there_is_no_map():
    alice = make_lead("Alice")
    assert '<svg viewBox="0 0 640' not in page(make_person("Thabo", "workflow.view_lead"), alice)


def test_the_way_of_a_lead_names_who_moved_it_when_and_why():
    johan = make_person("Johan")
    alice = leads.capture(values={"first_names": "Alice"}, actor=johan, now=NOW)
    too_dear = LostReason.objects.get(name="Too expensive")
    later = datetime(2026, 11, 24, 8, tzinfo=UTC)
    leads.lose(leads=[alice.pk], reason=too_dear, words="R 300 too much", actor=johan, now=later)
    shown = page(make_person("Thabo", "workflow.view_lead"), alice)

    assert "Captured in Leads: New" in shown
    assert "Leads: New →" in shown
    assert "after 3 days" in shown
    assert "R 300 too much" in shown
    assert "Johan · " in shown


def test_the_page_costs_the_same_with_many_notes_and_moves(django_assert_max_num_queries):
    johan = make_person("Johan", "workflow.view_lead", "workflow.view_leadnote")
    alice = leads.capture(values={"first_names": "Alice", "phone": "+27821234567"}, actor=johan, now=NOW)
    for number in range(30):
        leads.note(lead=alice, text=f"Call {number}", actor=johan, now=NOW)
    client = client_of(johan)
    client.get(f"/workflow/leads/{alice.pk}/")

    with django_assert_max_num_queries(24):
        assert "Call 29" in client.get(f"/workflow/leads/{alice.pk}/").content.decode()


def test_names_with_code_in_them_are_only_names():
    nasty = "{{ 7|add:7 }}<img src=x onerror=alert(1)>\"'"
    alice = make_lead(
        nasty, wants=nasty, lines=nasty, next_action="{% now %}", next_action_on=date(2026, 11, 1)
    )
    shown = page(make_person("Thabo", "workflow.view_lead"), alice)

    assert "<img src=x" not in shown
    assert "{{ 7|add:7 }}" in shown
