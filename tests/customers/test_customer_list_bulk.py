"""Many customers at once: labelled, moved, and put back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from customers.models import BillingGroup, Customer, CustomerGroup, Label
from herotill.lists import undoing
from herotill.models import AuditEvent, BulkChange
from herotill.users.models import User
from tests.customers.test_customer_list import SEES, URL
from tests.factories import make_customer, make_person

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def alice(client: Client) -> User:
    person = make_person("Alice", *SEES, "customers.label_customers", "customers.group_customers")
    client.force_login(person)
    return person


@pytest.fixture
def green() -> Label:
    return Label.objects.create(name="Green", colour="green")


def do(client: Client, action: str, query: str = "all=1", **sent: Any) -> Any:
    return client.post(f"{URL}list/bulk/{action}/?{query}", {"_given": "1", **sent}, headers=HTMX)


def said(response: Any) -> dict[str, str]:
    assert response.status_code == 204, response.content.decode()
    return json.loads(response.headers["HX-Trigger"])["toast"]


def undo(client: Client, response: Any) -> str:
    return said(client.post(said(response)["post"], headers=HTMX))["text"]


def labelled(label: Label) -> set[str]:
    return set(Customer.objects.filter(labels=label).values_list("code", flat=True))


def test_the_dialog_says_how_many_would_change_before_they_do(
    client: Client, alice: User, green: Label
) -> None:
    bob, carol = make_customer("Bob Bubble", "BOB001"), make_customer("Carol Carter", "CAR001")
    bob.labels.add(green)
    ids = [bob.pk, carol.pk]
    html = client.get(f"{URL}list/bulk/label/", {"ids": ids}, headers=HTMX).content.decode()
    assert "<b>2 customers</b> chosen" in html
    query = {"ids": ids, "label": green.pk, "_given": "1"}
    html = client.get(f"{URL}list/bulk/label/", query, headers=HTMX).content.decode()
    assert "<b>1 customer</b> will change" in html
    assert "Label 1 customer<" in html
    assert labelled(green) == {"BOB001"}, "looking changes nothing"


def test_a_label_goes_on_the_chosen_and_off_again_by_undo(client: Client, alice: User, green: Label) -> None:
    bob, carol = make_customer("Bob Bubble", "BOB001"), make_customer("Carol Carter", "CAR001")
    make_customer("Alice Liddel", "ALI001")
    bob.labels.add(green)
    done = do(client, "label", ids=[bob.pk, carol.pk], label=green.pk)
    assert said(done)["text"] == "“Green” put on 1 customer."
    assert labelled(green) == {"BOB001", "CAR001"}
    assert undo(client, done) == "Undone for 1 customer."
    assert labelled(green) == {"BOB001"}, "Bob had it before"


def test_all_that_match_the_filter_are_changed_and_nobody_else(
    client: Client, alice: User, green: Label
) -> None:
    for n in range(4):
        make_customer(f"Person Number{n}", f"PER00{n}", status="suspended" if n % 2 else "active")
    done = do(client, "label", "status=suspended", matching="on", label=green.pk)
    assert said(done)["text"] == "“Green” put on 2 customers."
    assert labelled(green) == {"PER001", "PER003"}
    assert BulkChange.objects.get().query == "status=suspended"


@pytest.mark.parametrize("query", ["status=asleep", "group=99999"])
def test_a_filter_not_understood_chooses_nobody(
    client: Client, alice: User, green: Label, query: str
) -> None:
    make_customer("Bob Bubble", "BOB001")
    said(do(client, "label", query, matching="on", label=green.pk))
    assert labelled(green) == set()


def test_a_filter_one_may_not_use_chooses_nobody(client: Client, green: Label) -> None:
    client.force_login(make_person("Sipho", "customers.view_customer", "customers.label_customers"))
    make_customer("Bob Bubble", "BOB001")
    said(do(client, "label", "balance_min=-5", matching="on", label=green.pk))
    assert labelled(green) == set()


def test_a_label_is_taken_off_and_comes_back_by_undo(client: Client, alice: User, green: Label) -> None:
    bob, carol = make_customer("Bob Bubble", "BOB001"), make_customer("Carol Carter", "CAR001")
    bob.labels.add(green)
    done = do(client, "unlabel", ids=[bob.pk, carol.pk], label=green.pk)
    assert said(done)["text"] == "“Green” removed from 1 customer."
    assert labelled(green) == set()
    undo(client, done)
    assert labelled(green) == {"BOB001"}


@pytest.mark.parametrize(
    ("action", "field", "model"),
    [("group", "group", CustomerGroup), ("billing-group", "billing_group", BillingGroup)],
)
def test_customers_move_to_a_group_and_each_back_to_where_it_was(
    client: Client, alice: User, action: str, field: str, model: Any
) -> None:
    old, new, third = (model.objects.create(name=name) for name in ("Old", "New", "Third"))
    bob, carol, dave, eve = (make_customer(f"Person {name}", **{field: old}) for name in "BCDE")
    Customer.objects.filter(pk=carol.pk).update(**{field: third})
    Customer.objects.filter(pk=eve.pk).update(**{field: new})
    done = do(client, action, ids=[bob.pk, carol.pk, dave.pk, eve.pk], group=new.pk)
    assert said(done)["text"] == "3 customers moved to “New”."
    Customer.objects.filter(pk=dave.pk).update(**{field: third})
    assert (
        undo(client, done) == "Undone for 2 customers. 1 customer had changed since and stayed as they are."
    )
    where = dict(Customer.objects.values_list("pk", f"{field}__name"))
    assert where == {bob.pk: "Old", carol.pk: "Third", dave.pk: "Third", eve.pk: "New"}


def test_customers_without_a_billing_group_go_back_to_none(client: Client, alice: User) -> None:
    bob, new = make_customer("Bob Bubble"), BillingGroup.objects.create(name="New")
    done = do(client, "billing-group", ids=[bob.pk], group=new.pk)
    bob.refresh_from_db()
    assert bob.billing_group == new
    undo(client, done)
    bob.refresh_from_db()
    assert bob.billing_group is None


def test_a_retired_group_or_label_is_not_offered(client: Client, alice: User, green: Label) -> None:
    bob = make_customer("Bob Bubble")
    gone = CustomerGroup.objects.create(name="Gone", retired=True)
    Label.objects.filter(pk=green.pk).update(retired=True)
    assert do(client, "group", ids=[bob.pk], group=gone.pk).status_code == 422
    assert do(client, "label", ids=[bob.pk], label=green.pk).status_code == 422


def test_undo_is_once_ones_own_and_for_a_while(client: Client, alice: User, green: Label) -> None:
    bob = make_customer("Bob Bubble", "BOB001")
    done = do(client, "label", ids=[bob.pk], label=green.pk)
    desk = Client()
    desk.force_login(make_person("Naledi", *SEES, "customers.label_customers"))
    assert undo(desk, done) == "There is nothing of yours to undo here."
    BulkChange.objects.update(at=BulkChange.objects.get().at - timedelta(hours=1))
    assert "can no longer be undone" in undo(client, done)
    BulkChange.objects.update(at=BulkChange.objects.get().at + timedelta(hours=1))
    assert undo(client, done) == "Undone for 1 customer."
    assert undo(client, done) == "This has been undone already."


def test_what_can_no_longer_be_undone_is_forgotten(client: Client, alice: User, green: Label) -> None:
    bob = make_customer("Bob Bubble", "BOB001")
    done = do(client, "label", ids=[bob.pk], label=green.pk)
    at = BulkChange.objects.get().at
    assert undoing.clear(at + timedelta(hours=23)) == ""
    assert undoing.clear(at + timedelta(hours=25)) == "Forgot 1 bulk changes."
    assert undo(client, done) == "There is nothing of yours to undo here."


def test_undo_asks_the_right_again(client: Client, alice: User, green: Label) -> None:
    bob = make_customer("Bob Bubble", "BOB001")
    done = do(client, "label", ids=[bob.pk], label=green.pk)
    alice.groups.first().permissions.filter(codename="label_customers").delete()
    assert undo(client, done) == "There is nothing of yours to undo here."
    assert labelled(green) == {"BOB001"}


@pytest.mark.parametrize(("action", "right"), [("label", "label_customers"), ("group", "group_customers")])
def test_each_action_asks_its_own_right_and_is_absent_without(
    client: Client, action: str, right: str
) -> None:
    make_customer("Bob Bubble")
    sipho = make_person("Sipho", "customers.view_customer")
    client.force_login(sipho)
    assert do(client, action).status_code == 403
    assert f"bulk-{action}" not in client.get(URL).content.decode()
    client.force_login(make_person("Thabo", "customers.view_customer", f"customers.{right}"))
    assert f'id="bulk-{action}"' in client.get(URL).content.decode()
    assert do(client, "explode").status_code == 404


def test_many_cost_no_more_statements_than_few_and_each_is_audited(
    client: Client, alice: User, green: Label
) -> None:
    customers = [make_customer(f"Person Number{n:02}") for n in range(30)]
    others = CustomerGroup.objects.create(name="Estate")
    for action, sent in (("label", {"label": green.pk}), ("group", {"group": others.pk})):
        few = statements(client, action, ids=[one.pk for one in customers[:3]], **sent)
        many = statements(client, action, ids=[one.pk for one in customers[3:]], **sent)
        assert many == few
    moved = AuditEvent.objects.filter(model="customers.customer", operation="change", actor_id=alice.pk)
    assert moved.count() == 30
    put_on = AuditEvent.objects.filter(model="customers.customer_labels", operation="add", actor_id=alice.pk)
    assert put_on.count() == 30
    assert put_on.values_list("source", flat=True)[0].startswith("/customers/list/bulk/label/")


def statements(client: Client, action: str, **sent: Any) -> int:
    with CaptureQueriesContext(connection) as asked:
        said(do(client, action, **sent))
    return len(asked)
