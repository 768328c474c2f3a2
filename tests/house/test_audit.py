"""Alice works at the desk, a job works at night, Bob types SQL: the audit tells them apart."""

import pytest
from django.db import connection, transaction

from customers.models import Contact, Label
from herotill import audit
from herotill.bulk import copy_rows
from herotill.models import AuditEvent
from herotill.users.models import User
from tests.factories import make_customer
from tests.sampleapp.models import Gadget, Remark, Safe

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice():
    return User.objects.create_user("alice", name="Alice of the desk")


def newest(**wanted) -> AuditEvent:
    return AuditEvent.objects.filter(**wanted).latest("at", "id")


def test_insert_update_and_delete_are_recorded_with_old_and_new():
    safe = Safe.objects.create(name="Front")
    Safe.objects.filter(pk=safe.pk).update(name="Back")
    safe.delete()
    told = [
        (one.operation, one.old, one.new)
        for one in AuditEvent.objects.filter(model="sampleapp.safe").order_by("id")
    ]
    assert told == [
        ("add", {}, {"name": "Front"}),
        ("change", {"name": "Front"}, {"name": "Back"}),
        ("remove", {"name": "Back"}, {}),
    ]


def test_an_update_that_changes_nothing_leaves_no_event():
    Safe.objects.create(name="Front")
    before = AuditEvent.objects.count()
    Safe.objects.update(name="Front")
    assert AuditEvent.objects.count() == before


def test_derived_columns_make_no_events():
    customer = make_customer()
    gadget = Gadget.objects.create(customer=customer, name="Router")
    before = AuditEvent.objects.count()
    Gadget.objects.update(rings=5)
    Contact.objects.filter(customer=customer).update(email="a@liddel.example")
    customer.refresh_from_db()
    assert customer.contact_email == "a@liddel.example"
    assert [one.model for one in AuditEvent.objects.order_by("id")[before:]] == ["customers.contact"]
    assert gadget.pk


def test_who_when_and_from_where_for_every_way_of_writing(alice):
    with audit.acting(actor=alice, source="/customers/ALI001/", ip="10.0.0.7"):
        Safe.objects.create(name="By the ORM")
        Safe.objects.bulk_create([Safe(name="By bulk 1"), Safe(name="By bulk 2")])
        Safe.objects.filter(name="By bulk 2").update(name="By update")
        copy_rows(Safe, ["name", "combination", "combination_last_four"], [("By COPY", "", "")])
        with connection.cursor() as cursor:
            cursor.execute("UPDATE sampleapp_safe SET name = 'By SQL' WHERE name = 'By bulk 1'")
            cursor.execute("DELETE FROM sampleapp_safe WHERE name = 'By the ORM'")
    events = AuditEvent.objects.filter(model="sampleapp.safe")
    assert {(one.actor_id, one.source, one.ip) for one in events} == {
        (alice.pk, "/customers/ALI001/", "10.0.0.7")
    }
    assert len({one.act for one in events}) == 1
    assert events.count() == 7


def test_plain_sql_is_put_down_to_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sampleapp_safe (name, combination, combination_last_four) VALUES ('Bob was here', '', '')"
        )
    event = newest()
    assert event.actor_id is None
    assert event.source.startswith("database: ")
    assert audit.trail().entries[0].who == "Database"


def test_what_follows_in_the_transaction_is_not_put_down_to_who_acted_before(alice):
    with transaction.atomic():
        with audit.acting(actor=alice, source="/setup/"):
            Safe.objects.create(name="Alice's")
        Safe.objects.create(name="Nobody's")
        copy_rows(Safe, ["name", "combination", "combination_last_four"], [("Nobody's either", "", "")])
    actors = dict(AuditEvent.objects.filter(model="sampleapp.safe").values_list("name", "actor_id"))
    assert actors == {"Alice's": alice.pk, "Nobody's": None, "Nobody's either": None}


def test_one_who_acts_inside_another_takes_the_place_and_gives_it_back(alice):
    with audit.acting(actor=alice, source="/imports/4/"):
        with audit.acting(source="job: nightly", run=4):
            Safe.objects.create(name="Job's")
        Safe.objects.create(name="Alice's")
    told = {
        one.name: (one.actor_id, one.source, one.run_id)
        for one in AuditEvent.objects.filter(model="sampleapp.safe")
    }
    assert told == {"Job's": (None, "job: nightly", 4), "Alice's": (alice.pk, "/imports/4/", None)}


def test_an_error_inside_leaves_nothing_behind(alice):
    def stumble() -> None:
        with audit.acting(actor=alice, source="/setup/"):
            Safe.objects.create(name="Alice's")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    Safe.objects.create(name="Nobody's")
    assert newest().actor_id is None


def test_a_row_reaches_its_customer_by_a_path():
    customer = make_customer()
    gadget = Gadget.objects.create(customer=customer, name="Router")
    Remark.objects.create(gadget=gadget, text="Blinks red")
    assert newest(model="sampleapp.remark").customer_id == customer.pk


def test_history_outlives_the_row_and_its_customer():
    customer = make_customer()
    gadget = Gadget.objects.create(customer=customer, name="Router")
    pk = customer.pk
    gadget.delete()
    customer.delete()
    names = [(one.operation, one.name) for one in AuditEvent.objects.filter(customer_id=pk).order_by("id")]
    assert ("remove", "Alice Liddel") in names
    assert ("remove", "Router") in names


def test_labels_put_on_and_taken_off_are_in_the_customers_trail():
    customer = make_customer()
    vip = Label.objects.create(name="VIP")
    customer.labels.add(vip)
    customer.labels.remove(vip)
    told = [(one.verb, one.what) for one in audit.trail(customer_id=customer.pk).entries]
    assert told[:2] == [("removed", "Label VIP"), ("added", "Label VIP")]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE house_auditevent SET name = 'x'", "DELETE FROM house_auditevent", "TRUNCATE house_auditevent"],
)
def test_events_are_only_ever_added(statement):
    Safe.objects.create(name="Front")
    with pytest.raises(Exception, match="only ever added to"), connection.cursor() as cursor:
        cursor.execute(statement)
