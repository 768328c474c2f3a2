"""Phases, lists, gates and sales settings in Setup."""

import pytest

from tests.factories import make_person
from tests.factories.people import in_role
from workflow.models import Phase, SalesRules, Step

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def mandla(client):
    person = in_role("Mandla", "manager")
    client.force_login(person)
    return person


def test_a_phase_gets_a_name_and_a_place_and_the_others_close_up(client, mandla):
    done = client.post("/workflow/setup/phases/quotes/", {"name": "Offers", "position": "1"}, headers=HTMX)

    assert done.status_code == 204
    assert list(Phase.objects.values_list("name", "position"))[:3] == [
        ("Offers", 1),
        ("Leads", 2),
        ("Surveys", 3),
    ]
    assert sorted(Phase.objects.values_list("position", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_a_list_gets_days_and_free_gates_but_none_of_those_that_always_stand(client, mandla):
    url = "/workflow/setup/lists/quote-new/"
    free = {"name": "To quote", "late_after": "2", "overdue_after": "4", "gates": ["owner"]}

    assert client.post(url, free | {"overdue_after": "1"}, headers=HTMX).status_code == 422
    assert client.post(url, free | {"gates": ["quote-accepted"]}, headers=HTMX).status_code == 422
    assert client.post(url, free, headers=HTMX).status_code == 204
    step = Step.objects.get(pk="quote-new")
    assert (step.late_after, step.overdue_after, step.gates) == (2, 4, ["owner"])
    page = client.get("/workflow/setup/phases/").content.decode()
    assert "A quote was accepted" in page


def test_the_ends_have_no_settings(client, mandla):
    assert client.get("/workflow/setup/lists/won/").status_code == 404


def test_sales_settings_are_kept(client, mandla):
    page = client.get("/workflow/setup/sales/")
    assert page.status_code == 200
    values = {
        "quote_days": "14",
        "reminder_days": "2,5",
        "discount_limit": "15",
        "sign_up_open": "on",
        "terms": "Pay.",
    }

    assert client.post("/workflow/setup/sales/", values).status_code == 302
    rules = SalesRules.objects.get()
    assert (rules.quote_days, rules.reminder_days, rules.sign_up_open, rules.terms) == (
        14,
        [2, 5],
        True,
        "Pay.",
    )
    assert client.post("/workflow/setup/sales/", values | {"quote_days": "0"}).status_code == 422


def test_dora_looks_and_changes_nothing(client):
    client.force_login(make_person("Dora", "workflow.view_phase", "workflow.view_salesrules"))

    assert client.get("/workflow/setup/phases/").status_code == 200
    assert client.post("/workflow/setup/phases/quotes/", {"name": "X", "position": "1"}).status_code == 403
    assert client.post("/workflow/setup/sales/", {"quote_days": "3"}).status_code == 200
    assert SalesRules.objects.get().quote_days == 30
