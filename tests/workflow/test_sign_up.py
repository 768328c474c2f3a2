"""The public sign-up form: open to everybody while it is open, and telling nobody whom we know."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from herotill.models import AuditEvent
from tests.factories import make_customer
from tests.factories.workflow import make_lead
from workflow.forms import sign_up as forms
from workflow.models import Area, Lead, LeadNote, SalesRules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def form_is_open():
    cache.clear()
    SalesRules.objects.update(sign_up_open=True)


def stamp(seconds: int = 60) -> str:
    return forms.new_stamp(datetime.now(UTC) - timedelta(seconds=seconds))


def sent(**more: str):
    values = {
        "town": "Paarl",
        "first_names": "Alice",
        "surname": "Liddel",
        "phone": "082 123 4567",
        "email": "Alice@Example.com",
        "stamp": stamp(),
    }
    return Client().post("/sign-up/", values | more)


def words(answer) -> str:
    """The page without its token, which is another one each time."""
    return re.sub(r'"X-CSRFToken": "\w+"', "", answer.content.decode())


def test_alice_signs_up_and_becomes_a_lead_in_the_area_of_her_town():
    area = Area.objects.create(name="Winelands", towns="Paarl\nWellington")
    answer = sent(suburb="Klein Parys", wants="Fibre, or what there is")
    alice = Lead.objects.get()

    assert "Thank you" in answer.content.decode()
    assert (alice.name, alice.phone, alice.email) == ("Alice Liddel", "+27821234567", "alice@example.com")
    assert (alice.area, alice.origin, alice.source.name) == (area, "form", "Sign-up form")
    assert (alice.place, alice.owner, alice.marketing) == ("lead-new", None, False)
    assert alice.moves.get().to_step == "lead-new"


def test_a_company_signs_up_with_somebody_to_ask_for():
    sent(company_name="Mad Hatters (Pty) Ltd")
    lead = Lead.objects.get()
    assert (lead.kind, lead.name, lead.contact_name) == ("company", "Mad Hatters (Pty) Ltd", "Alice Liddel")


def test_a_closed_page_is_politely_not_there():
    SalesRules.objects.update(sign_up_open=False)

    assert sent().status_code == 404
    assert "Nothing to sign up for here" in Client().get("/sign-up/").content.decode()
    assert Client().get("/sign-up/coverage/", {"town": "Paarl"}).status_code == 404
    assert not Lead.objects.exists()


def test_s24_opening_the_page_and_asking_of_a_town_change_nothing():
    before = AuditEvent.objects.count()
    client = Client()
    client.get("/sign-up/", {"first_names": "Alice", "town": "Paarl"})
    client.get("/sign-up/coverage/", {"town": "Paarl"})

    assert (Lead.objects.count(), AuditEvent.objects.count()) == (0, before)
    assert "Alice" not in client.get("/sign-up/", {"first_names": "Alice"}).content.decode()


def test_a_form_of_elsewhere_is_refused():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-up/", {"first_names": "Alice", "stamp": stamp()}).status_code == 403


def test_the_page_says_whether_we_are_there():
    Area.objects.create(name="Winelands", towns="Paarl\nKlein Parys")
    Area.objects.create(name="Karoo", towns="Beaufort West", covered=False)

    def said(**place: str) -> str:
        return Client().get("/sign-up/coverage/", place).content.decode()

    assert "we cover PAARL" in said(town="PAARL")
    assert "we cover Klein Parys" in said(suburb="Klein Parys", town="Elsewhere")
    assert "do not cover Beaufort West yet" in said(town="Beaufort West")
    assert "Tell me once you reach us" in said(town="Upington")
    assert "Tell me once" not in said(town="Paarl")


def test_without_areas_nobody_is_promised_anything():
    said = Client().get("/sign-up/coverage/", {"town": "Paarl"}).content.decode()
    assert "We look whether we reach Paarl" in said


def test_who_wants_to_be_told_is_remembered():
    sent(town="Upington", tell_when_covered="on", marketing="on")
    lead = Lead.objects.get()
    assert (lead.tell_when_covered, lead.marketing) == (True, True)


def test_a_machine_that_fills_every_field_is_thanked_and_forgotten():
    answer = sent(nothing="http://spam.example")
    assert "Thank you" in answer.content.decode()
    assert not Lead.objects.exists()


@pytest.mark.parametrize("wrong", ["", "forged:stamp", "x" * 300])
def test_a_form_without_our_stamp_is_to_be_sent_once_more_with_all_that_was_typed(wrong: str):
    answer = sent(stamp=wrong)
    assert answer.status_code == 422
    assert "once more" in answer.content.decode()
    assert "Liddel" in answer.content.decode()
    assert not Lead.objects.exists()


@pytest.mark.parametrize("seconds", [0, 13 * 3600])
def test_a_form_sent_at_once_or_much_later_is_to_be_sent_once_more(seconds: int):
    assert sent(stamp=stamp(seconds)).status_code == 422
    assert not Lead.objects.exists()


def test_the_same_form_sent_twice_is_one_sign_up():
    same = stamp()
    assert words(sent(stamp=same)) == words(sent(stamp=same))
    assert Lead.objects.count() == 1
    assert not LeadNote.objects.exists()


def test_who_is_known_is_answered_like_who_is_new():
    new = sent(email="new@example.com", phone="083 111 1111")
    make_customer("Bob Bubble", contact={"phone": "+27821234567"})
    carol = make_lead("Carol Carter", email="carol@example.com", phone="+27844444444")
    customer = sent(email="bob@example.com", phone="082 123 4567")
    lead = sent(email="carol@example.com", phone="083 222 2222", wants="Faster")

    assert words(new) == words(customer) == words(lead)
    assert new.status_code == customer.status_code == lead.status_code == 200
    assert Lead.objects.filter(phone="+27821234567").exists(), "a customer who signs up is a lead too"
    assert "Wants: Faster" in carol.notes.get().text
    carol.refresh_from_db()
    assert (carol.phone, carol.name) == ("+27844444444", "Carol Carter")


def test_the_same_said_again_is_one_note():
    carol = make_lead("Carol Carter", email="carol@example.com")
    for _ in range(3):
        sent(email="carol@example.com")
    assert carol.notes.count() == 1


def test_a_network_that_sends_without_end_has_to_wait():
    answers = [sent().status_code for _ in range(7)]
    assert answers[0] == 200
    assert answers[-1] == 429


NASTY = "{{ 7|add:7 }}<img src=http://evil.example/x.png>\"'"


def test_s19_hostile_text_is_only_text_wherever_it_shows():
    sent(first_names=NASTY, surname=NASTY, wants=NASTY, lines=NASTY, town=NASTY[:100])
    lead = Lead.objects.get()
    assert lead.wants == NASTY
    shown = sent(first_names=NASTY, phone="no number").content.decode()
    assert "<img src=http" not in shown
    assert "{{ 7|add:7 }}" in shown


@pytest.mark.parametrize("control", ["\r\nBcc: everybody@example.com", "\t", "\x00", "\x1b[0m"])
@pytest.mark.parametrize(
    "field", ["first_names", "surname", "phone", "email", "town", "lines", "company_name"]
)
def test_s19_control_characters_are_refused(field: str, control: str):
    typed = {"phone": "082 123 4567", "email": "alice@example.com"}.get(field, "Alice")
    answer = sent(**{field: typed[:3] + control + typed[3:]})
    assert answer.status_code == 422
    assert not Lead.objects.exists()


def test_what_is_missing_is_said_and_what_was_typed_stays():
    answer = sent(phone="", email="nonsense")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "cannot be an email address" in shown
    assert 'value="Liddel"' in shown
