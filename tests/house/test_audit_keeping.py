"""The audit's table by quarter: made ahead, dropped as a whole, and what it watches."""

from datetime import UTC, datetime

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection

from herotill.audit import keeping, subjects
from herotill.models import AuditEvent

pytestmark = pytest.mark.django_db

WATCHED = ("customers", "users", "reference", "api")
# Kept by triggers or by the person alone, or a record of its own.
UNWATCHED = {
    "api.delivery",
    "api.keptanswer",
    "customers.anonymisation",
    "customers.customerbalance",
    "customers.datacopy",
    "customers.detailscheck",
    "customers.forgetwish",
    "customers.notedismissal",
    "users.accesslink",
    "users.appliedgrant",
    "users.preference",
    "users.rightsrequest",
    "users.securitymail",
    "users.session",
}


def event(at: datetime, name: str) -> None:
    AuditEvent.objects.create(
        at=at,
        operation="add",
        model="sampleapp.safe",
        object_id="1",
        name=name,
        old={},
        new={},
        source="test",
    )


def quarters() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'house_auditevent'::regclass"
        )
        return {name for (name,) in cursor.fetchall()}


def holding(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM house_auditevent WHERE name = %s", [name])
        return cursor.fetchone()[0]


def test_quarters_are_made_once_ahead_of_time() -> None:
    now = datetime(2031, 2, 3, tzinfo=UTC)
    assert keeping.prepare(now) == "Made room for 4 quarters."
    assert keeping.prepare(now) == "There is room."
    assert {"house_auditevent_2031q1", "house_auditevent_2031q4"} <= quarters()


def test_what_came_before_its_quarter_was_made_moves_into_it() -> None:
    event(datetime(2033, 5, 1, tzinfo=UTC), "early")
    assert holding("early") == "house_auditevent_default"
    keeping.prepare(datetime(2033, 4, 1, tzinfo=UTC))
    assert holding("early") == "house_auditevent_2033q2"


def test_s25_old_quarters_go_as_a_whole_and_nothing_else_does() -> None:
    keeping.prepare(datetime(2020, 1, 1, tzinfo=UTC))
    event(datetime(2020, 3, 31, 23, 59, tzinfo=UTC), "first quarter")
    event(datetime(2020, 4, 1, tzinfo=UTC), "second quarter")
    event(datetime(2019, 4, 1, tzinfo=UTC), "before there were quarters")
    assert keeping.forget(before=datetime(2020, 6, 30, tzinfo=UTC)) == 2
    assert set(AuditEvent.objects.filter(source="test").values_list("name", flat=True)) == {"second quarter"}
    assert "house_auditevent_2020q1" not in quarters()
    with pytest.raises(Exception, match="only ever added to"):
        AuditEvent.objects.all().delete()


def test_every_model_that_a_person_can_edit_is_watched() -> None:
    models = {
        model._meta.label_lower for label in WATCHED for model in apps.get_app_config(label).get_models()
    }
    links = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if model._meta.auto_created
    }
    ours = {label for label in links if label.split(".")[0] in WATCHED} | {"auth.group_permissions"}
    proxies = {model._meta.label_lower for model in apps.get_models() if model._meta.proxy}
    assert (models | ours) - proxies - UNWATCHED - set(subjects) == set()


def test_the_database_has_the_triggers_that_the_models_declare() -> None:
    watching = [(model, one) for model, one in pgtrigger.registered() if one.name.startswith("audit_")]
    assert len(watching) == 3 * len(subjects)
    assert {one.get_installation_status(model) for model, one in watching} == {("INSTALLED", True)}
