"""Facts that were written for programs alone go when they are old and everybody has heard, and nothing is missed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from customers.services import facts
from herotill import events, retention
from herotill.api.models import Delivery
from herotill.api.services import webhooks
from herotill.models import Fact, FactCursor, RetentionRules
from tests.api.listening import Listener, hook_of
from tests.factories import make_customer

pytestmark = pytest.mark.django_db
CHANGED = "customer.changed"
OLD = timedelta(days=93)


def now() -> datetime:
    return timezone.now()


def happened(*keys: str, ago: timedelta = OLD, asked: bool = True, kind: str = CHANGED) -> None:
    for key in keys:
        Fact.objects.create(kind=kind, key=key, asked=asked, at=now() - ago)
    events.hand_out(now())


def let_go() -> str:
    (kept,) = [one for one in retention.kinds if one.name == "asked-facts"]
    assert kept.period(RetentionRules.objects.get()).startswith("92 days")
    return kept.forget(now())


def there() -> list[str]:
    return list(Fact.objects.order_by("pk").values_list("key", flat=True))


def test_what_was_asked_for_goes_when_it_is_old_and_the_newest_stays() -> None:
    happened("first", "second")
    happened("for us", asked=False)
    happened("of today", ago=timedelta(0))
    assert let_go() == "2 facts forgotten."
    assert there() == ["for us", "of today"]
    assert let_go() == ""


def test_the_next_is_numbered_behind_what_went_so_nobody_misses_it(listener: Listener) -> None:
    hook, _ = hook_of(listener, CHANGED)
    happened("first", "last")
    let_go()
    assert there() == ["last"]  # it went nowhere: the next is counted on from it
    (place,) = Fact.objects.values_list("position", flat=True)
    happened("next", ago=timedelta(0))
    assert Fact.objects.get(key="next").position == (place or 0) + 1
    assert [one.webhook_id for one in Delivery.objects.all()] == [hook.pk]


def test_what_somebody_is_still_to_hear_stays() -> None:
    happened("first", "last")
    FactCursor.objects.filter(consumer="webhooks").update(position=0)
    assert let_go() == ""
    FactCursor.objects.filter(consumer="webhooks").delete()
    assert let_go() == ""
    assert there() == ["first", "last"]


def test_another_who_takes_the_kind_is_waited_for_too() -> None:
    happened("first", "last")
    late = events.Consumer("late", frozenset({CHANGED}), lambda told: None)
    events.consumers.register(late)
    try:
        assert let_go() == ""
        events.hand_out(now())
        assert let_go() == "1 facts forgotten."
    finally:
        events.consumers.unregister("late")


def test_what_a_delivery_tells_of_stays_until_that_is_forgotten(listener: Listener) -> None:
    hook, _ = hook_of(listener, CHANGED)
    happened("first", "last")
    first = Fact.objects.get(key="first")
    Delivery.objects.create(webhook=hook, fact_id=first.pk, kind=CHANGED, body="{}", next_at=now())
    assert let_go() == ""
    webhooks.remove(hook=hook)
    assert let_go() == "1 facts forgotten."


def test_services_mark_what_only_programs_asked_for(listener: Listener) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    hook_of(listener, "customer.created")
    facts.created([alice.pk])
    assert [(one.kind, one.asked) for one in Fact.objects.all()] == [("customer.created", True)]


@pytest.mark.parametrize(("asked", "ago"), [(False, OLD), (True, timedelta(days=80)), (True, timedelta(0))])
def test_the_database_keeps_what_consumers_here_take_and_what_is_young(asked: bool, ago: timedelta) -> None:
    happened("first", "last", asked=asked, ago=ago)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Fact.objects.filter(key="first").delete()


def test_the_database_keeps_the_newest_and_lets_nobody_call_another_asked_for() -> None:
    happened("first")
    for wrong in (Fact.objects.all().delete, lambda: Fact.objects.update(asked=False)):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
            wrong()
    assert there() == ["first"]
