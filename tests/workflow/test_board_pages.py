"""The board and the lists of the workflow."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.html import escape

from tests.factories import make_person
from tests.factories.people import in_role
from tests.factories.workflow import make_lead
from workflow.models import Area, Lead, LostReason, Phase, Step
from workflow.row_deeds import RowDeed, row_deeds

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def sipho(client):
    person = make_person("Sipho", "workflow.view_lead", "workflow.move_lead", "workflow.export_leads")
    client.force_login(person)
    return person


def test_the_board_shows_who_waits_where_and_what_they_need(client, sipho):
    make_lead("Alice Liddel")

    page = client.get("/workflow/").content.decode()

    assert "Alice Liddel" in page
    assert 'data-place="lead-new"' in page


def test_who_may_not_see_leads_sees_no_board(client):
    client.force_login(make_person("Dora"))

    assert client.get("/workflow/").status_code == 403
    assert client.get("/workflow/leads/new/").status_code == 403


def test_a_list_shows_its_leads_and_no_others(client, sipho):
    make_lead("Alice Liddel")

    assert "Alice Liddel" in client.get("/workflow/leads/new/").content.decode()
    assert "Alice Liddel" not in client.get("/workflow/quotes/sent/").content.decode()


def test_a_list_takes_as_many_questions_for_many_leads_as_for_one(
    client, sipho, django_assert_max_num_queries
):
    def asked() -> int:
        with django_assert_max_num_queries(15) as counted:
            assert client.get("/workflow/leads/new/?all=1").status_code == 200
        return len(counted)

    make_lead("Alice Liddel")
    client.get("/workflow/leads/new/?all=1")
    few = asked()
    for number in range(20):
        make_lead(f"Client Number{number}")
    assert asked() == few


@pytest.mark.parametrize("place", ["lead-new", "quote-sent", "customer-new"])
def test_the_board_takes_at_most_15_questions(client, sipho, place, django_assert_max_num_queries):
    for number in range(30):
        make_lead(f"Client Number{number}", step_id=place)
    client.get("/workflow/")

    with django_assert_max_num_queries(15):
        page = client.get("/workflow/").content.decode()

    assert page.count("data-lead=") == 20
    assert f"All of {'New' if place != 'quote-sent' else 'Sent'}" in page


def test_lists_wear_the_names_of_setup(client, sipho):
    Step.objects.filter(pk="quote-sent").update(name="With the customer")
    Phase.objects.filter(pk="quotes").update(name="Offers")

    page = client.get("/workflow/quotes/sent/?all=1").content.decode()

    assert "<h1>Offers: With the customer</h1>" in page


def test_the_board_is_narrowed_by_person_area_source_and_age(client, sipho):
    paarl = Area.objects.create(name="Paarl")
    old = timezone.now() - timedelta(days=9)
    make_lead("Alice Liddel", owner=sipho, area=paarl, step_since=old)
    make_lead("Bob Nkosi")

    for query in (f"owner={sipho.pk}", f"area={paarl.pk}", "days=5"):
        page = client.get(f"/workflow/?{query}").content.decode()
        assert ("Alice Liddel" in page, "Bob Nkosi" in page) == (True, False), query
    page = client.get("/workflow/?owner=none").content.decode()
    assert ("Alice Liddel" in page, "Bob Nkosi" in page) == (False, True)
    assert "Alice" not in client.get("/workflow/?days=many").content.decode()


def test_a_lead_that_waits_too_long_says_so_in_words(client, sipho):
    make_lead("Alice Liddel", step_since=timezone.now() - timedelta(days=5))

    assert "5 days, too long" in client.get("/workflow/leads/new/?all=1").content.decode()
    assert "Alice Liddel" in client.get("/workflow/leads/new/?age=overdue").content.decode()
    assert "Alice Liddel" not in client.get("/workflow/leads/worked/?age=overdue").content.decode()


def test_the_dialog_moves_or_says_what_is_missing(client, sipho):
    alice = make_lead("Alice Liddel")

    shown = client.get(f"/workflow/leads/{alice.pk}/move/", headers=HTMX).content.decode()
    refused = client.post(f"/workflow/leads/{alice.pk}/move/", {"to": "quote-sent"}, headers=HTMX)
    nowhere = client.post(f"/workflow/leads/{alice.pk}/move/", {"to": "moon"}, headers=HTMX)
    moved = client.post(f"/workflow/leads/{alice.pk}/move/", {"to": "survey-new"}, headers=HTMX)

    assert "A lead comes here when its quote is sent." in shown
    assert (refused.status_code, nowhere.status_code, moved.status_code) == (422, 422, 204)
    alice.refresh_from_db()
    assert alice.place == "survey-new"


def test_a_refused_drop_opens_the_dialog_of_the_deed_that_leads_there(client, sipho, monkeypatch):
    alice = make_lead("Alice Liddel", step_id="survey-new")
    monkeypatch.setattr(row_deeds, "_items", {})
    row_deeds.register(RowDeed("survey-new", "Schedule", "workflow:lead", "workflow.view_lead"))

    answer = client.post(
        f"/workflow/leads/{alice.pk}/move/", {"to": "survey-scheduled", "dragged": "1"}, headers=HTMX
    )

    told = json.loads(answer.headers["HX-Trigger"])
    assert (answer.status_code, told["board-deed"]["url"]) == (409, f"/workflow/leads/{alice.pk}/")
    assert "when its survey is scheduled" in told["toast"]["text"]


def test_many_are_assigned_moved_lost_and_brought_back(client):
    mandla = in_role("Mandla", "manager")
    client.force_login(mandla)
    leads = [make_lead(f"Client Number{number}") for number in range(3)]
    ids = [lead.pk for lead in leads]

    def deed(where: str, name: str, **data: object) -> int:
        url = f"/workflow/{where}/list/bulk/{name}/?all=1"
        return client.post(url, {"ids": ids, "_given": "1", **data}, headers=HTMX).status_code

    assert deed("leads/new", "assign", owner=mandla.pk) == 204
    assert deed("leads/new", "move", to="lead-worked", why="") == 204
    assert deed("leads/worked", "lose", reason=LostReason.objects.first().pk, words="") == 204
    assert set(Lead.objects.values_list("step", "owner")) == {("lost", mandla.pk)}
    assert deed("lost", "bring-back", why="They called") == 204
    assert set(Lead.objects.values_list("step", flat=True)) == {"lead-worked"}


def test_who_may_not_move_leads_finds_no_way_to(client):
    client.force_login(make_person("Dora", "workflow.view_lead"))
    alice = make_lead("Alice Liddel")

    page = client.get("/workflow/").content.decode()

    assert "Alice Liddel" in page
    assert "data-move-url" not in page
    assert client.post(f"/workflow/leads/{alice.pk}/move/", {"to": "lead-worked"}).status_code == 403


@pytest.mark.parametrize("name", ["{{ 7|add:7 }}", "<img src=x onerror=alert(1)>", '"><script>'])
def test_s19_a_name_is_only_a_name(client, sipho, name):
    Lead.objects.create(kind="company", company_name=name, next_action=name)

    for address in ("/workflow/", "/workflow/leads/new/?all=1"):
        page = client.get(address).content.decode()
        assert escape(name) in page
        assert "<img" not in page
        assert '"><script>' not in page


def test_a_list_leads_to_by_its_key(client, sipho):
    assert client.get("/workflow/lists/quote-sent/").url == "/workflow/quotes/sent/"
    assert client.get("/workflow/lists/moon/").status_code == 404
