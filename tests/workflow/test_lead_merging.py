"""Two leads that are one person, and who may be known already."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from herotill.errors import DomainError
from tests.factories import client_of, make_customer, make_person
from tests.factories.workflow import make_lead
from workflow.models import Lead, Survey
from workflow.selectors import lead_duplicates
from workflow.selectors.lead_duplicates import Probe
from workflow.services import lead_merging, leads, moving

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


def names(probe: Probe) -> list[str]:
    return [f"{one.name}: {one.same}" for one in lead_duplicates.of(probe)]


@pytest.mark.django_db
def test_likenesses_are_found_by_phone_email_number_and_address():
    make_customer(
        "Bob Bubble", contact={"phone": "+27821111111", "email": "bob@example.com"}, id_number="800"
    )
    make_lead("Carol Carter", other_phone="+27821111111", id_number="800")
    make_lead("Dan Dodo", lines="12 Oak Street", suburb="Gardens", town="Paarl")

    assert names(Probe(phones=("+27821111111",))) == [
        "Bob Bubble: phone number",
        "Carol Carter: phone number",
    ]
    assert names(Probe(email="BOB@example.com")) == ["Bob Bubble: email"]
    assert names(Probe(id_number="800")) == ["Bob Bubble: ID number", "Carol Carter: ID number"]
    assert names(Probe(lines="12 oak street", suburb="GARDENS", town="paarl")) == ["Dan Dodo: address"]
    assert names(Probe(lines="12 Oak Street", suburb="Gardens", town="Upington")) == []
    assert names(Probe(phones=("", "+27000000000"))) == []


@pytest.mark.django_db
def test_a_second_contact_and_the_customers_address_count_too():
    bob = make_customer("Bob Bubble")
    bob.contacts.create(name="Wife", phone="+27822222222", email="wife@example.com")
    bob.addresses.create(kind="physical", lines="1 Main Road", suburb="Central", town="Paarl")

    assert names(Probe(phones=("+27822222222",))) == ["Bob Bubble: phone number"]
    assert names(Probe(email="wife@example.com")) == ["Bob Bubble: email"]
    assert names(Probe(lines="1 main road", suburb="central")) == ["Bob Bubble: address"]


@pytest.mark.django_db
def test_many_are_asked_for_at_once(django_assert_num_queries):
    for number in range(20):
        make_lead(f"Lead {number}", phone=f"+278300000{number:02d}")
    probes = {number: Probe(phones=(f"+278300000{number:02d}",)) for number in range(20)}
    with django_assert_num_queries(1):
        found = lead_duplicates.of_many(probes)
    assert [found[number][0].name for number in range(20)] == [f"Lead {number}" for number in range(20)]


@pytest.mark.django_db
def test_the_page_shows_who_is_alike_but_by_id_number_only_to_who_may_see_it():
    alice = make_lead("Alice", id_number="800")
    make_lead("Bob", id_number="800")
    looks, sees = (
        make_person("Thabo", "workflow.view_lead"),
        make_person("Mia", "workflow.view_lead", "customers.see_id_numbers"),
    )
    assert "Known already?" not in client_of(looks).get(f"/workflow/leads/{alice.pk}/").content.decode()
    assert "Same ID number" in client_of(sees).get(f"/workflow/leads/{alice.pk}/").content.decode()


@pytest.mark.django_db
def test_one_goes_on_with_everything_and_the_other_ends_as_known_already():
    mia = make_person("Mia")
    alice = leads.capture(values={"first_names": "Alice", "phone": "+27821111111"}, actor=mia, now=NOW)
    twin = leads.capture(
        values={
            "first_names": "A.",
            "surname": "Liddel",
            "phone": "+27822222222",
            "email": "a@example.com",
            "town": "Paarl",
        },
        actor=mia,
        now=NOW,
    )
    older = make_lead("Older", step_id="lead-new")
    leads.note(lead=twin, text="Called twice", actor=mia, now=NOW)
    for lead in (alice, twin):
        Survey.objects.create(lead=lead)
    leads.merge(into=twin, other=older, actor=mia, now=NOW)

    leads.merge(into=alice, other=twin, actor=mia, now=NOW, taking={"name"})
    for lead in (alice, twin, older):
        lead.refresh_from_db()

    assert (alice.name, alice.phone, alice.email, alice.town) == (
        "A. Liddel",
        "+27821111111",
        "a@example.com",
        "Paarl",
    )
    assert {note.text for note in alice.notes.all()} >= {"Called twice", f"{twin} was merged into this lead."}
    assert sorted(alice.surveys.values_list("state", flat=True)) == ["called_off", "new"]
    assert (twin.place, twin.merged_into, twin.lost_reason.name) == ("lost", alice, "Known already")
    assert older.merged_into == alice
    assert twin.moves.last().why == f"Merged into L{alice.pk}."


@pytest.mark.django_db
def test_who_was_merged_is_moved_changed_merged_and_brought_back_no_more():
    mia = make_person("Mia")
    alice, twin, third = (leads.capture(values={"first_names": name}, actor=mia, now=NOW) for name in "ABC")
    leads.merge(into=alice, other=twin, actor=mia, now=NOW)

    for deed in (
        lambda: moving.move(leads=[twin.pk], to="lead-worked", actor=mia, now=NOW),
        lambda: leads.bring_back(leads=[twin.pk], actor=mia, now=NOW),
        lambda: leads.change(lead=twin, values={"surname": "X"}, actor=mia, now=NOW),
        lambda: leads.merge(into=third, other=twin, actor=mia, now=NOW),
        lambda: leads.merge(into=alice, other=alice, actor=mia, now=NOW),
    ):
        with pytest.raises(DomainError):
            deed()
    with pytest.raises(IntegrityError, match="merged_lead_is_lost"), transaction.atomic():
        Lead.objects.filter(pk=twin.pk).update(step="lead-new")


@pytest.mark.django_db
def test_a_lead_with_a_customer_is_the_one_that_goes_on():
    mia = make_person("Mia")
    bob = make_lead("Bob", customer=make_customer("Bob Bubble"), step_id="customer-active")
    twin = leads.capture(values={"first_names": "Bob"}, actor=mia, now=NOW)
    assert "merge the other way round" in lead_merging.why_not(twin, bob)
    leads.merge(into=bob, other=twin, actor=mia, now=NOW)
    twin.refresh_from_db()
    assert twin.merged_into_id == bob.pk


@pytest.mark.django_db
def test_the_preview_says_what_stays_and_the_choice_is_kept():
    mia = make_person("Mia", "workflow.view_lead", "workflow.merge_leads")
    alice = make_lead("Alice Liddel", phone="+27821111111")
    twin = make_lead("Alice Hargreaves", phone="+27822222222", town="Paarl", id_number="8001015009087")
    path = f"/workflow/leads/{alice.pk}/merge/{twin.pk}/"

    shown = client_of(mia).get(path, headers=HTMX).content.decode()
    assert "taken over" in shown
    assert "8001015009087" not in shown
    assert client_of(make_person("Dora", "workflow.view_lead")).get(path).status_code == 403
    done = client_of(mia).post(path, {"name": "other", "phone": "into"}, headers=HTMX)
    assert done.headers["HX-Redirect"] == f"/workflow/leads/{alice.pk}/"
    alice.refresh_from_db()
    assert (alice.name, alice.phone, alice.town) == ("Alice Hargreaves", "+27821111111", "Paarl")
    assert "Merged into" in client_of(mia).get(f"/workflow/leads/{twin.pk}/").content.decode()


@pytest.mark.django_db
def test_the_number_of_the_other_lead_can_be_typed():
    mia = make_person("Mia", "workflow.view_lead", "workflow.merge_leads")
    alice, twin = make_lead("Alice"), make_lead("Twin")
    client = client_of(mia)

    def typed(number: str):
        return client.post(f"/workflow/leads/{alice.pk}/merge/", {"number": number}, headers=HTMX)

    assert typed(f"l{twin.pk}").headers["HX-Redirect"] == f"/workflow/leads/{alice.pk}/merge/{twin.pk}/"
    assert "There is no lead" in typed("L999999").content.decode()
    assert typed("everybody").status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_two_leads_both_ways_at_once_end_with_one():
    mia = make_person("Mia")
    alice, twin = (
        leads.capture(values={"first_names": name}, actor=mia, now=NOW) for name in ("Alice", "Twin")
    )
    ready, said = threading.Barrier(2), []

    def merge(into, other):
        try:
            ready.wait()
            leads.merge(into=into, other=other, actor=mia, now=NOW)
            said.append("merged")
        except DomainError:
            said.append("refused")
        finally:
            connection.close()

    both = [threading.Thread(target=merge, args=pair) for pair in ((alice, twin), (twin, alice))]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(said) == ["merged", "refused"]
    assert Lead.objects.filter(merged_into__isnull=False).count() == 1
