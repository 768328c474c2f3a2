"""Package changes: planned, withdrawn, applied on the day, caught up, once."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from dataaccounts.models import PackageChange, SessionOrder
from dataaccounts.services import package_changes
from dataaccounts.services.package_changes import Wish
from herotill.errors import DomainError
from herotill.models import Fact
from tests.factories import make_customer, make_person
from tests.factories.data import GB, make_account, make_nas, make_package, make_session

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 10, 8, tzinfo=UTC)
DAY = date(2018, 8, 15)
MORNING = datetime(2018, 8, 14, 22, 5, tzinfo=UTC)  # five past midnight here


def plan(account, day=DAY, package=None, now=NOW, actor=None, **more):
    wish = Wish(day=day, reason="Asked for more", package=package, **more)
    return package_changes.schedule(accounts=[account.pk], wish=wish, actor=actor, now=now)


def spans(account):
    return [
        (span.package.name, span.starts_on, span.ends_on)
        for span in account.spans.select_related("package").order_by("starts_on")
    ]


def test_alice_goes_up_on_the_day_and_not_before():
    alice, johan = make_account(make_customer("Alice Liddel")), make_person("Johan")
    faster = make_package("20Mb/s")
    make_session(alice, make_nas())
    [change] = plan(alice, package=faster, actor=johan)
    assert (change.asked_by, change.reason, change.from_package) == (johan, "Asked for more", alice.package)

    assert package_changes.apply_due(now=NOW) == 0
    assert package_changes.apply_due(now=MORNING) == 1
    alice.refresh_from_db()
    assert alice.package == faster
    assert spans(alice) == [
        ("10Mb/s Uncapped", date(2018, 8, 1), date(2018, 8, 14)),
        ("20Mb/s", DAY, None),
    ]
    assert SessionOrder.objects.get().why == "Package changed"
    assert Fact.objects.get(kind="data-account.package-changed").data["change"] == change.pk
    assert package_changes.apply_due(now=MORNING) == 0


def test_what_is_planned_for_today_is_made_at_once():
    alice = make_account(make_customer("Alice Liddel"))
    [change] = plan(alice, day=date(2018, 8, 10), package=make_package("20Mb/s"))
    change.refresh_from_db()
    assert (change.applied_at, len(spans(alice))) == (NOW, 2)


def test_missed_days_are_caught_up_in_their_order_and_with_their_days():
    alice = make_account(make_customer("Alice Liddel"))
    faster, fastest = make_package("20Mb/s"), make_package("50Mb/s")
    plan(alice, package=faster)
    [later] = plan(alice, day=date(2018, 8, 20), package=fastest)
    assert later.from_package == faster

    assert package_changes.apply_due(now=datetime(2018, 9, 3, 1, tzinfo=UTC)) == 2
    assert spans(alice) == [
        ("10Mb/s Uncapped", date(2018, 8, 1), date(2018, 8, 14)),
        ("20Mb/s", DAY, date(2018, 8, 19)),
        ("50Mb/s", date(2018, 8, 20), None),
    ]


def test_many_are_changed_in_as_many_statements_as_one(django_assert_max_num_queries):
    slow, fast = make_package(), make_package("20Mb/s")
    for number in range(9):
        plan(make_account(make_customer(f"C {number}", f"CCC00{number}"), f"c{number}", slow), package=fast)
    with django_assert_max_num_queries(35):
        assert package_changes.apply_due(now=MORNING) == 9


def test_a_change_is_withdrawn_until_it_is_made_and_the_next_begins_at_what_is_there():
    alice = make_account(make_customer("Alice Liddel"))
    [first] = plan(alice, package=make_package("20Mb/s"))
    [second] = plan(alice, day=date(2018, 8, 20), package=make_package("50Mb/s"))
    package_changes.withdraw(change=first, actor=None, now=NOW)
    second.refresh_from_db()
    assert second.from_package == alice.package

    assert package_changes.apply_due(now=datetime(2018, 8, 21, tzinfo=UTC)) == 1
    with pytest.raises(DomainError, match="applied or withdrawn"):
        package_changes.withdraw(change=second, actor=None, now=NOW)
    assert [name for name, *_ in spans(alice)] == ["10Mb/s Uncapped", "50Mb/s"]


def test_what_makes_no_sense_is_not_planned():
    alice = make_account(make_customer("Alice Liddel"), ends_on=date(2018, 8, 31))
    faster = make_package("20Mb/s")
    for day, package, why in (
        (date(2018, 8, 9), faster, "gone by"),
        (date(2018, 9, 1), faster, "ends before"),
        (DAY, alice.package, "have that"),
        (DAY, make_package("Old", retired=True), "no longer sold"),
    ):
        with pytest.raises(DomainError, match=why):
            plan(alice, day=day, package=package)
    plan(alice, package=faster)
    with pytest.raises(DomainError, match="planned for that day already"):
        plan(alice, package=make_package("50Mb/s"))


def test_one_that_ended_meanwhile_is_refused_and_says_why():
    alice = make_account(make_customer("Alice Liddel"))
    [change] = plan(alice, package=make_package("20Mb/s"))
    alice.state = "cancelled"
    alice.save()
    assert package_changes.apply_due(now=MORNING) == 0
    change.refresh_from_db()
    assert (change.refused, change.applied_at) == ("The account had ended.", None)


def test_the_price_of_its_own_stays_only_where_somebody_says_so():
    own = {"price": Decimal("300.00")}
    alice = make_account(make_customer("Alice Liddel"), **own)
    bob = make_account(make_customer("Bob Hatter", "BOB001"), "bob", **own)
    carol = make_account(make_customer("Carol", "CAR001"), "carol")
    faster = make_package("20Mb/s")
    plan(alice, package=faster)
    plan(bob, package=faster, keeps_price=True)
    plan(carol, package=faster, price=Decimal("500.00"))
    package_changes.apply_due(now=MORNING)

    def prices(account):
        return list(account.prices.order_by("starts_on").values_list("starts_on", "amount"))

    assert prices(alice) == [(date(2018, 8, 1), Decimal("300.00")), (DAY, None)]
    assert prices(bob) == [(date(2018, 8, 1), Decimal("300.00"))]
    assert prices(carol) == [(DAY, Decimal("500.00"))]


def test_the_switch_to_prepaid_and_back_is_a_change_too():
    alice = make_account(make_customer("Alice Liddel"))
    plan(alice, prepaid=True)
    package_changes.apply_due(now=MORNING)
    alice.refresh_from_db()
    assert (alice.prepaid, alice.expires_at) == (True, datetime(2018, 8, 14, 22, tzinfo=UTC))
    assert list(alice.spans.order_by("starts_on").values_list("prepaid", flat=True)) == [False, True]

    plan(alice, day=date(2018, 8, 20), prepaid=False, now=MORNING)
    package_changes.apply_due(now=datetime(2018, 8, 20, tzinfo=UTC))
    alice.refresh_from_db()
    assert (alice.prepaid, alice.expires_at, alice.spans.count()) == (False, None, 3)


def test_killed_in_the_middle_nothing_is_half_done_and_the_rest_follows(monkeypatch):
    slow, fast = make_package(), make_package("20Mb/s")
    for number in range(3):
        plan(make_account(make_customer(f"C {number}", f"CCC00{number}"), f"c{number}", slow), package=fast)
    monkeypatch.setattr(package_changes, "AT_ONCE", 2)
    carry_out, calls = package_changes._carry_out, []

    def killed(cursor, now):
        calls.append(1)
        done = carry_out(cursor, now)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(package_changes, "_carry_out", killed)
    with pytest.raises(KeyboardInterrupt):
        package_changes.apply_due(now=MORNING)
    assert PackageChange.objects.filter(applied_at=None).count() == 1
    monkeypatch.setattr(package_changes, "_carry_out", carry_out)
    assert package_changes.apply_due(now=MORNING) == 1
    assert not PackageChange.objects.filter(applied_at=None).exists()


def test_who_is_capped_and_goes_up_has_the_speed_of_the_new_package_at_once():
    slow = make_package("Slow", down_kbit=512, up_kbit=512)
    small = make_package("5 GB", allowance=5 * GB, once_capped=slow)
    alice = make_account(make_customer("Alice Liddel"), package=small, capped_at=NOW)
    plan(alice, package=make_package("20Mb/s"))
    package_changes.apply_due(now=MORNING)
    alice.refresh_from_db()
    assert alice.capped_at is None


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_each_change_once():
    slow, fast = make_package(), make_package("20Mb/s")
    many = [make_account(make_customer(f"C {n}", f"CCC00{n}"), f"c{n}", slow) for n in range(6)]
    for account in many:
        plan(account, package=fast)
    done = []

    def make_them():
        try:
            done.append(package_changes.apply_due(now=MORNING))
        finally:
            connection.close()

    both = [threading.Thread(target=make_them) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum(done) == 6
    assert [account.spans.count() for account in many] == [2] * 6
