"""What is owed to sessions that are up, and of which kind."""

from datetime import UTC, date, datetime, timedelta

import pytest

from dataaccounts.models import ServiceSpan, Session, SessionOrder
from dataaccounts.services import session_orders
from herotill.errors import DomainError
from tests.factories import make_customer, make_person
from tests.factories.data import make_account, make_nas, make_package, make_session

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 12, tzinfo=UTC)


def owed(account):
    return list(SessionOrder.objects.filter(account=account).values_list("kind", "state", "why"))


@pytest.fixture
def alice():
    account = make_account(make_customer("Alice Liddel", "ALI001"))
    make_session(account, make_nas())
    return account


def owe(account, **more):
    return session_orders.owe(account_ids=[account.pk], why="Capped", actor=None, now=NOW, **more)


def test_a_speed_is_changed_while_the_session_is_up(alice):
    assert owe(alice) == 1
    assert owed(alice) == [("change", "owed", "Capped")]


def test_nothing_is_owed_to_who_is_not_on(alice):
    Session.objects.update(stopped_at=NOW)

    assert owe(alice) == 0
    assert session_orders.owe(account_ids=[], why="Nobody", actor=None, now=NOW) == 0
    assert not owed(alice)


def test_a_session_is_cut_where_no_change_will_do(alice):
    def kind(**fields):
        SessionOrder.objects.all().delete()
        type(alice).objects.filter(pk=alice.pk).update(**fields)
        owe(alice)
        return SessionOrder.objects.get().kind

    assert kind(capped_at=NOW) == "change"
    assert kind(expires_at=NOW) == "disconnect"
    assert kind(expires_at=NOW + timedelta(days=1)) == "change"
    assert kind(static_ip="100.64.0.11") == "disconnect"
    assert kind(static_ip="100.64.0.10") == "change"
    assert kind(state_since=NOW) == "disconnect"  # restored, and the session still stands in the garden
    assert kind(state="suspended") == "disconnect"


def test_a_blocked_account_is_cut(alice):
    alice.package.when_capped = "block"
    alice.package.save()
    type(alice).objects.update(capped_at=NOW)
    owe(alice)

    assert owed(alice) == [("disconnect", "owed", "Capped")]


def test_another_pool_needs_a_new_session(alice):
    public = make_package("Public 10Mb/s", pool="public")
    alice.spans.update(ends_on=date(2018, 8, 22))
    ServiceSpan.objects.create(account=alice, package=public, starts_on=date(2018, 8, 23))
    type(alice).objects.update(package=public)
    owe(alice)

    assert owed(alice) == [("disconnect", "owed", "Capped")]


def test_a_make_that_changes_nothing_live_is_cut(alice):
    nas = make_nas("Old", "10.1.0.2")
    nas.vendor.can_change_speed = False
    nas.vendor.save()
    owe(alice)

    assert owed(alice) == [("disconnect", "owed", "Capped")]


def test_a_newer_order_takes_the_place_of_one_that_waits_but_a_cut_stays_one(alice):
    owe(alice)
    owe(alice, kind="disconnect")
    owe(alice)
    SessionOrder.objects.update(tries=3)
    session_orders.owe(account_ids=[alice.pk], why="Topped up", actor=None, now=NOW)

    order = SessionOrder.objects.get()
    assert (order.kind, order.why, order.tries) == ("disconnect", "Topped up", 0)


def test_many_are_owed_with_one_question(django_assert_num_queries):
    alice = make_account(make_customer("Alice Liddel", "ALI001"))
    nas = make_nas()
    for number in range(5):
        make_session(alice, nas, f"8160000{number}")
    with django_assert_num_queries(1):
        assert owe(alice) == 5


def test_one_session_is_cut_by_somebody_and_once_more_while_it_is_up(alice):
    johan = make_person("Johan")
    session = Session.objects.get()
    session_orders.cut(unique_ids=[session.unique_id], why="Asked to", actor=johan, now=NOW)
    order = SessionOrder.objects.get()
    assert (order.kind, order.account, order.ordered_by) == ("disconnect", alice, johan)

    with pytest.raises(DomainError, match="Only what failed"):
        session_orders.again(order=order, actor=johan, now=NOW)
    SessionOrder.objects.update(state="silent")
    order.refresh_from_db()
    session_orders.again(order=order, actor=johan, now=NOW)
    assert SessionOrder.objects.filter(state="owed").count() == 1
    Session.objects.update(stopped_at=NOW)
    with pytest.raises(DomainError, match="has ended"):
        session_orders.again(order=order, actor=johan, now=NOW)
