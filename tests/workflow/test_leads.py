"""Leads captured, changed, given, lost and brought back."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from herotill.errors import DomainError
from tests.factories import client_of, make_customer, make_person
from tests.factories.workflow import make_lead
from workflow.models import Area, Lead, LostReason, Step
from workflow.selectors.missing import missing
from workflow.services import leads, moving

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 8, tzinfo=UTC)
RIGHTS = [
    f"workflow.{name}" for name in ("view_lead", "add_lead", "change_lead", "assign_leads", "lose_lead")
]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def thabo():
    return make_person("Thabo", *RIGHTS, "workflow.view_leadnote", "workflow.add_leadnote")


def lost(name="Too expensive") -> LostReason:
    return LostReason.objects.get(name=name)


def dialog(person, path, **values):
    return client_of(person).post(f"/workflow/leads/{path}/", values, headers=HTMX)


def test_thabo_captures_alice_and_owns_her(thabo):
    area = Area.objects.create(name="Winelands", towns="Paarl")
    values = {
        "kind": "individual",
        "first_names": "Alice",
        "surname": "Liddel",
        "phone": "082 123 4567",
        "email": "ALICE@example.com",
        "town": "paarl",
        "owner": thabo.pk,
        "next_action": "Call",
        "next_action_on": "2026-11-24",
    }
    answer = dialog(thabo, "capture", **values)
    alice = Lead.objects.get()

    assert answer.headers["HX-Redirect"] == f"/workflow/leads/{alice.pk}/"
    assert (alice.phone, alice.email, alice.area, alice.owner) == (
        "+27821234567",
        "alice@example.com",
        area,
        thabo,
    )
    assert alice.next_action_on == date(2026, 11, 24)
    assert [(one.from_step, one.to_step, one.by) for one in alice.moves.all()] == [("", "lead-new", thabo)]


def test_who_may_not_capture_does_not():
    dora = make_person("Dora", "workflow.view_lead")
    assert dialog(dora, "capture", kind="individual", first_names="Alice").status_code == 403
    assert not Lead.objects.exists()


def test_somebody_known_is_told_and_can_be_captured_all_the_same(thabo):
    make_customer("Bob Bubble", "BOB001", contact={"phone": "+27821234567"})
    make_lead("Carol Carter", email="carol@example.com")
    values = {
        "kind": "individual",
        "first_names": "Alice",
        "phone": "0821234567",
        "email": "carol@example.com",
    }

    warned = dialog(thabo, "capture", **values)
    assert warned.status_code == 422
    assert "A customer, whom you may not see" in warned.content.decode()
    mia = make_person("Mia", *RIGHTS, "customers.view_customer")
    assert "Bob Bubble" in dialog(mia, "capture", **values).content.decode()
    assert "Carol Carter" in warned.content.decode()
    assert "Same phone number" in warned.content.decode()
    assert Lead.objects.count() == 1

    assert dialog(thabo, "capture", **values, known_twice="on").status_code == 200
    assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"kind": "individual"}, "Give a name."),
        ({"kind": "company", "first_names": "Alice"}, "A company needs its name."),
        ({"kind": "individual", "first_names": "Alice", "latitude": "-33.7"}, "Give both coordinates"),
        ({"kind": "individual", "first_names": "Alice", "latitude": "-97", "longitude": "18"}, "-90"),
        ({"kind": "individual", "first_names": "Al\tice"}, "control character"),
        ({"kind": "individual", "first_names": "Alice", "phone": "12"}, "cannot be a phone number"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(thabo, values, said):
    answer = dialog(thabo, "capture", **values)
    assert (answer.status_code, Lead.objects.count()) == (422, 0)
    assert said in answer.content.decode()


def test_coordinates_are_read_as_phones_write_them(thabo):
    dialog(
        thabo,
        "capture",
        kind="individual",
        first_names="Alice",
        latitude="-33,7318",
        longitude="18.9621004567",
    )
    alice = Lead.objects.get()
    assert (str(alice.latitude), str(alice.longitude)) == ("-33.731800", "18.962100")


def test_a_change_moves_the_area_along_and_two_who_type_do_not_lose_each_others_work(thabo):
    paarl = Area.objects.create(name="Winelands", towns="Paarl")
    karoo = Area.objects.create(name="Karoo", towns="Beaufort West")
    alice = leads.capture(values={"first_names": "Alice", "town": "Paarl"}, actor=thabo, now=NOW)
    assert alice.area == paarl

    moved = leads.change(lead=alice, values={"town": "Beaufort West"}, actor=thabo, now=NOW, seen=1)
    assert (moved.area_id, moved.version) == (karoo.pk, 2)
    with pytest.raises(DomainError, match="Somebody else changed this lead"):
        leads.change(lead=alice, values={"town": "Paarl"}, actor=thabo, now=NOW, seen=1)


def test_a_change_by_the_dialog_asks_the_right_and_keeps_what_was_typed(thabo):
    alice = make_lead("Alice Liddel")
    dora = make_person("Dora", "workflow.view_lead")
    values = {"kind": "individual", "first_names": "Alice", "surname": "Hargreaves", "version": 1}

    assert dialog(dora, f"{alice.pk}/change", **values).status_code == 403
    assert dialog(thabo, f"{alice.pk}/change", **values).status_code == 204
    stale = dialog(thabo, f"{alice.pk}/change", **values | {"surname": "Elsewhere"})
    assert stale.status_code == 422
    assert "Elsewhere" in stale.content.decode()
    alice.refresh_from_db()
    assert alice.surname == "Hargreaves"


def test_numbers_are_changed_only_by_who_sees_and_may_change_them(thabo):
    alice = make_lead("Alice Liddel", id_number="8001015009087")
    mia = make_person("Mia", *RIGHTS, "customers.see_id_numbers", "customers.change_id_numbers")
    values = {"kind": "individual", "first_names": "Alice", "version": 1, "id_number": "9001015009086"}

    assert dialog(thabo, f"{alice.pk}/change", **values).status_code == 204
    alice.refresh_from_db()
    assert alice.id_number == "8001015009087"
    assert dialog(mia, f"{alice.pk}/change", **values | {"version": 2}).status_code == 204
    alice.refresh_from_db()
    assert alice.id_number == "9001015009086"


def test_leads_are_given_to_somebody_who_works_here(thabo):
    mia, gone = make_person("Mia"), make_person("Gone")
    gone.is_active = False
    gone.save()
    two = [make_lead("Alice").pk, make_lead("Bob").pk]

    assert leads.assign(leads=two, owner=mia, actor=thabo, now=NOW) == 2
    assert leads.assign(leads=two, owner=mia, actor=thabo, now=NOW) == 0
    with pytest.raises(DomainError, match="does not work here"):
        leads.assign(leads=two, owner=gone, actor=thabo, now=NOW)
    assert set(Lead.objects.values_list("owner", flat=True)) == {mia.pk}


def test_a_next_action_with_a_day_says_what_it_is(thabo):
    alice = make_lead("Alice")
    assert dialog(thabo, f"{alice.pk}/next", next_action_on="2026-11-24").status_code == 422
    assert (
        dialog(thabo, f"{alice.pk}/next", next_action="Call", next_action_on="2026-11-24").status_code == 204
    )
    alice.refresh_from_db()
    assert alice.next_action == "Call"


def test_a_lead_is_lost_for_a_reason_and_comes_back_where_it_was(thabo):
    alice = leads.capture(values={"first_names": "Alice"}, actor=thabo, now=NOW)
    moving.move(leads=[alice.pk], to="survey-new", actor=thabo, now=NOW)
    assert dialog(thabo, f"{alice.pk}/lose", words="Too dear").status_code == 422
    assert leads.lose(leads=[alice.pk], reason=lost(), words="R 300", actor=thabo, now=LATER) == 1
    alice.refresh_from_db()
    assert (alice.place, alice.lost_reason, alice.lost_words) == ("lost", lost(), "R 300")
    assert leads.lose(leads=[alice.pk], reason=lost(), words="", actor=thabo, now=LATER) == 0

    assert leads.bring_back(leads=[alice.pk], actor=thabo, now=LATER) == 1
    alice.refresh_from_db()
    assert (alice.place, alice.lost_reason, alice.lost_words) == ("survey-new", None, "")


def test_who_misses_something_by_now_comes_back_to_being_worked_on(thabo):
    alice = leads.capture(values={"first_names": "Alice"}, actor=thabo, now=NOW)
    moving.move(leads=[alice.pk], to="survey-new", actor=thabo, now=NOW)
    leads.lose(leads=[alice.pk], reason=lost(), words="", actor=thabo, now=LATER)
    Step.objects.filter(pk="survey-new").update(gates=["reachable"])
    leads.bring_back(leads=[alice.pk], actor=thabo, now=LATER)
    alice.refresh_from_db()
    assert alice.place == "lead-worked"


def test_a_lost_lead_without_a_reason_is_refused_by_the_database():
    alice = make_lead("Alice")
    with pytest.raises(IntegrityError, match="lost_lead_says_why"), transaction.atomic():
        Lead.objects.filter(pk=alice.pk).update(step="lost")


def test_a_note_is_written_and_never_changed(thabo):
    alice = make_lead("Alice")
    assert dialog(thabo, f"{alice.pk}/note", text="Wants to call back").status_code == 204
    note = alice.notes.get()
    assert (note.text, note.by) == ("Wants to call back", thabo)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        type(note).objects.filter(pk=note.pk).update(text="Something else")


@pytest.mark.parametrize(
    ("gate", "lacks", "has", "sentence"),
    [
        (
            "reachable",
            {"phone": "+27821234567"},
            {"email": "a@example.com", "phone": "+27821234567"},
            "No email address.",
        ),
        (
            "address",
            {"lines": "1 Main Road"},
            {"lines": "1 Main Road", "town": "Paarl"},
            "No address with street",
        ),
        ("coordinates", {}, {"latitude": "-33.7", "longitude": "18.9"}, "No coordinates."),
        ("owner", {}, {"owner": True}, "Nobody owns it."),
    ],
)
def test_a_gate_lets_by_who_has_what_it_asks_and_says_what_others_lack(thabo, gate, lacks, has, sentence):
    Step.objects.filter(pk="survey-new").update(gates=[gate])
    has = has | {"owner": thabo} if "owner" in has else has
    alice, bob = make_lead("Alice", **lacks), make_lead("Bob", **has)

    found = missing([alice.pk, bob.pk], "survey-new")
    assert list(found) == [alice.pk]
    assert found[alice.pk][0].startswith(sentence)
    assert moving.move(leads=[bob.pk], to="survey-new", actor=thabo, now=NOW) == 1
    with pytest.raises(DomainError, match="Alice"):
        moving.move(leads=[alice.pk], to="survey-new", actor=thabo, now=NOW)


def test_the_tile_counts_next_actions_that_are_due(thabo):
    make_lead("Alice", owner=thabo, next_action="Call", next_action_on=date(2020, 1, 1))
    make_lead("Bob", owner=thabo, next_action="Call", next_action_on=date(2199, 1, 1))
    shown = client_of(thabo).get("/").content.decode()
    assert "Next actions due" in shown
    listed = client_of(thabo).get("/workflow/leads/", {"action": "due", "owner": thabo.pk}).content.decode()
    assert "Alice" in listed
    assert "Bob" not in listed


def test_a_lead_is_found_by_the_search_and_numbers_only_by_who_may_see_them(thabo):
    from herotill.search import find

    alice = make_lead("Alice Liddel", phone="+27821234567", id_number="8001015009087")
    mia = make_person("Mia", "workflow.view_lead", "customers.see_id_numbers")

    for text in ("liddel", "0821234567", f"L{alice.pk}"):
        assert [group.name for group in find(thabo, text).groups] == ["lead"], text
    assert not find(thabo, "8001015009087").groups
    assert find(mia, "8001015009087").groups
    leads.change(lead=alice, values={"surname": "Hargreaves"}, actor=thabo, now=NOW)
    assert not find(thabo, "liddel").groups
    assert find(thabo, "hargreaves").groups
