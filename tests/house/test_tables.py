"""Tables kept in Setup: names once, retired rather than deleted, and each deed behind its own right."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from customers.models import BillingGroup, Category, CustomerGroup, Label
from dataaccounts.models import VendorTemplate
from herotill.models import AuditEvent
from herotill.reference.models import Highsite
from herotill.tables import Table, keeping, tables
from herotill.users.models import User
from tests.factories import make_customer, make_person
from tests.factories.calls import make_deck, make_profile, make_source
from tests.factories.products import make_product

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
VERBS = ("view", "add", "change", "delete")
FIELDS: dict[str, dict[str, Any]] = {
    "customer-groups": {"description": "Behind the boom"},
    "billing-groups": {
        "run_day": 2,
        "due_days": 7,
        "overdue_days": 7,
        "second_notice_days": 12,
        "suspension_days": 15,
    },
    "categories": {},
    "product-types": {},
    "adjustment-reasons": {},
    "cancellation-reasons": {},
    "payer-banks": {"branch_code": "632005", "check_rule": ""},
    "price-lists": {},
    "bank-accounts": {"kind": "bank", "source": "capture"},
    "labels": {"colour": "green"},
    "highsites": {"town": "Paarl"},
    "lead-sources": {},
    "areas": {"towns": "Paarl\nWellington", "covered": True},
    "lost-reasons": {},
    "decline-reasons": {},
    "fail-reasons": {},
    "job-types": {"minutes": 60, "checklist": "Fault found\nwrite: Signal"},
    "departments": {"office_hours": "Monday to Friday 08:00–17:00", "offered": True},
    "ticket-categories": {},
    "priorities": {"rank": 30, "answer_minutes": 60},
    "close-reasons": {},
    "canned-answers": {"text": "Dear {customer}, please switch it off and on again."},
}
# Their words never change once they are given.
FIXED = {"cancellation-reasons", "lost-reasons", "decline-reasons", "fail-reasons"}
# Rows that point at others or have parts, as they stand in the database.
POINTING: dict[str, Callable[[], dict[str, Any]]] = {
    "toppings": lambda: {"product": make_product("TOP5", "50.00"), "octets": 10**9},
    "nas": lambda: {"address": "10.9.9.9", "vendor": VendorTemplate.objects.get(slug="mikrotik")},
    "sectors": lambda: {"highsite": Highsite.objects.create(name="Paarl Rock")},
    "makes": lambda: {"slug": "golf"},
    "call-sources": dict,
    "decks": lambda: {"side": "sell"},
    "voice-packages": lambda: {"deck": make_deck(), "calls_product": make_product("CALLS", None)},
    "call-formats": lambda: {"source": make_source(), "kind": "freepbx_report"},
    "call-drops": lambda: {"profile": make_profile(), "files": "calls-*.csv"},
    "usage-sources": lambda: {"kind": "detail", "files": "detail-*"},
    "job-types": lambda: {"minutes": 60},
    "departments": lambda: {"offered": True},
}


@pytest.fixture
def alice(client: Client) -> User:
    """Alice, who sets everything up."""
    person = make_person(
        "Alice", *(table.right(verb) for table in tables for verb in VERBS if "sample" not in table.name)
    )
    client.force_login(person)
    return person


def said(response: Any) -> str:
    assert response.status_code == 204, response.content.decode()
    return json.loads(response.headers["HX-Trigger"])["toast"]["text"]


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, data, headers=HTMX)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_row_is_added_changed_retired_restored_and_deleted(client: Client, alice: User, name: str) -> None:
    model, url = tables[name].model, f"/setup/{name}/"
    assert "Golf Estate" not in client.get(url).content.decode()
    assert said(post(client, f"{url}new/", name="Golf Estate", **FIELDS[name])) == "“Golf Estate” saved."
    row: Any = model.objects.get(name="Golf Estate")
    assert "Golf Estate" in client.get(url).content.decode()
    assert said(post(client, f"{url}{row.pk}/", name="Golf & Wine Estate", **FIELDS[name]))
    later = "Golf Estate" if name in FIXED else "Golf & Wine Estate"
    assert "is no longer offered" in said(post(client, f"{url}{row.pk}/", retire="1"))
    assert "Retired" in client.get(url, {"state": "true"}).content.decode()
    assert escape(later) not in client.get(url, {"state": "false"}).content.decode()
    assert "is offered again" in said(post(client, f"{url}{row.pk}/", restore="1"))
    assert "cannot be undone" in client.get(f"{url}{row.pk}/delete/").content.decode()
    assert said(post(client, f"{url}{row.pk}/delete/")) == f"“{later}” deleted."
    assert not model.objects.filter(pk=row.pk).exists()
    trail = AuditEvent.objects.filter(model=model._meta.label_lower, object_id=str(row.pk), actor_id=alice.pk)
    assert list(trail.order_by("id").values_list("operation", flat=True)) == [
        "add",
        *["change"] * (2 if name in FIXED else 3),
        "remove",
    ]


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_two_rows_never_have_one_name_in_whatever_writing(client: Client, alice: User, name: str) -> None:
    post(client, f"/setup/{name}/new/", name="Golf Estate", **FIELDS[name])
    refused = post(client, f"/setup/{name}/new/", name="GOLF ESTATE", **FIELDS[name])
    assert refused.status_code == 422
    assert "called “GOLF ESTATE”" in refused.content.decode()
    assert post(client, f"/setup/{name}/new/", name="", **FIELDS[name]).status_code == 422


def test_what_is_in_use_is_not_deleted_and_says_by_whom(client: Client, alice: User) -> None:
    estate, run = CustomerGroup.objects.create(name="Estate"), BillingGroup.objects.create(name="Run 1")
    tower, vip = Highsite.objects.create(name="Paarl Rock"), Category.objects.create(name="VIP")
    green = Label.objects.create(name="Green")
    bob = make_customer("Bob Bubble", group=estate, billing_group=run, highsite=tower)
    carol = make_customer("Carol Carter", group=estate)
    bob.labels.add(green)
    bob.categories.add(vip)
    for name, row, by in (
        ("customer-groups", estate, "2 customers use"),
        ("billing-groups", run, "1 customer uses"),
        ("highsites", tower, "1 customer uses"),
        ("labels", green, "1 customer uses"),
        ("categories", vip, "1 customer uses"),
    ):
        url = f"/setup/{name}/{row.pk}/delete/"
        assert f"“{row.name}” cannot be deleted: {by} it" in client.get(url).content.decode()
        assert post(client, url).status_code == 422
        assert type(row).objects.filter(pk=row.pk).exists()
        assert "is no longer offered" in said(post(client, f"/setup/{name}/{row.pk}/", retire="1"))
    carol.refresh_from_db()
    assert carol.group == estate, "whoever has it keeps it"


def test_the_default_group_stays(client: Client, alice: User) -> None:
    others = CustomerGroup.objects.get(is_default=True)
    url = f"/setup/customer-groups/{others.pk}/"
    refused = post(client, url, retire="1")
    assert refused.status_code == 422
    assert "so it stays" in refused.content.decode()
    assert post(client, f"{url}delete/").status_code == 422
    others.refresh_from_db()
    assert not others.retired


def test_a_billing_group_warns_before_it_suspends(client: Client, alice: User) -> None:
    wrong = FIELDS["billing-groups"] | {"second_notice_days": 3, "suspension_days": 2}
    refused = post(client, "/setup/billing-groups/new/", name="Run 1", **wrong)
    assert refused.status_code == 422
    assert "cannot come before the first" in refused.content.decode()
    assert "cannot come before the second warning" in refused.content.decode()
    never = FIELDS["billing-groups"] | {"run_day": 32}
    assert post(client, "/setup/billing-groups/new/", name="Run 1", **never).status_code == 422
    assert not BillingGroup.objects.exists()


@pytest.mark.parametrize(
    "table", [table for table in tables if "sample" not in table.name], ids=lambda table: table.name
)
def test_each_deed_asks_its_own_right(client: Client, table: Table) -> None:
    fields = POINTING[table.name]() if table.name in POINTING else FIELDS[table.name]
    row: Any = table.model(name="Golf Estate", **fields)
    row.save()
    list_url, new, edit, delete = (
        f"/setup/{table.name}/{part}" for part in ("", "new/", f"{row.pk}/", f"{row.pk}/delete/")
    )
    client.force_login(make_person("Dora"))
    assert {client.get(url).status_code for url in (list_url, new, edit, delete)} == {403}
    client.force_login(make_person("Sipho", table.right("view")))
    html = client.get(list_url).content.decode()
    assert "Golf Estate" in html
    assert "btn--row" not in html
    assert f"New {table.listing.noun}" not in html
    assert {client.post(url).status_code for url in (new, edit, delete)} == {403}
    client.force_login(make_person("Thabo", table.right("view"), table.right("change")))
    html = client.get(edit, headers=HTMX).content.decode()
    assert "Retire" in html
    assert "Delete" not in html
    assert client.post(delete).status_code == 403


def test_without_htmx_the_dialogs_are_pages_and_lead_back(client: Client, alice: User) -> None:
    page = client.get("/setup/labels/new/").content.decode()
    assert "<html" in page
    sent = client.post("/setup/labels/new/", {"name": "Green", "colour": "green"})
    assert sent.headers["Location"] == "/setup/labels/"
    assert "“Green” saved." in client.get("/setup/labels/").content.decode()


def test_the_search_box_of_a_table_finds_a_part_of_the_name(client: Client, alice: User) -> None:
    Label.objects.create(name="Élite Estate")
    Label.objects.create(name="Slow payer")
    html = client.get("/setup/labels/", {"q": "elite est"}).content.decode()
    assert "Élite Estate" in html
    assert "Slow payer" not in html


def test_uses_are_counted_in_words() -> None:
    green = Label.objects.create(name="Green")
    assert keeping.uses(green) == []
    for name in ("Bob Bubble", "Carol Carter"):
        make_customer(name).labels.add(green)
    assert keeping.uses(green) == ["2 customers"]
