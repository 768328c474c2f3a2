"""Adding, activating, suspending, restoring, cancelling and changing data accounts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from dataaccounts.models import DataAccount, IdentityCheck, NetworkRules, Package, PackageChange, SessionOrder
from dataaccounts.services import account_prices, accounts, identity_checks, package_changes
from dataaccounts.services.accounts import NewAccount
from herotill.errors import DomainError
from herotill.models import Fact
from herotill.reference.models import Highsite
from tests.factories import make_customer, make_person
from tests.factories.data import make_account, make_checked, make_nas, make_package, make_session

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 12, tzinfo=UTC)
TODAY = date(2018, 8, 22)


def new(customer, username="alice@isp.example", **fields):
    return NewAccount(
        customer=customer,
        username=username,
        package=fields.pop("package", None) or Package.objects.first() or make_package(),
        starts_on=fields.pop("starts_on", TODAY),
        **fields,
    )


def facts():
    return list(
        Fact.objects.filter(kind__startswith="data-account").order_by("id").values_list("kind", flat=True)
    )


def password(account):
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM radius_password WHERE account_id = %s", [account.pk])
        found = cursor.fetchone()
    return found and found[0]


def test_alice_gets_an_account_with_a_password_of_its_own():
    alice, johan = make_customer("Alice Liddel"), make_person("Johan")
    [account] = accounts.add(new=[new(alice, price=Decimal("756.49"))], actor=johan, now=NOW)

    assert (account.state, account.created_by) == ("waiting", johan)
    assert len(password(account)) == 12
    span = account.spans.get()
    assert (span.package, span.starts_on, span.ends_on) == (account.package, TODAY, None)
    assert (account.prices.get().amount, account.prices.get().agreed) == (Decimal("756.49"), True)


@pytest.mark.parametrize("name", ["Alice", "al ice", "-alice", "alice'", "a" * 65, "alice@", ""])
def test_a_name_that_radius_would_not_take_is_refused(name):
    alice = make_customer("Alice Liddel")
    with pytest.raises(DomainError, match="RADIUS takes") as no:
        accounts.add(new=[new(alice, name)], actor=None, now=NOW)
    assert no.value.field == "username"
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        make_account(alice, username=name)


def test_nobody_gets_a_name_that_somebody_has_even_of_a_cancelled_account():
    alice, bob = make_customer("Alice Liddel"), make_customer("Bob Hatter", "BOB001")
    make_account(alice, state="cancelled")
    with pytest.raises(DomainError, match="is taken"):
        accounts.add(new=[new(bob)], actor=None, now=NOW)
    assert not DataAccount.objects.filter(customer=bob).exists()


def test_a_fixed_address_belongs_to_one_account():
    alice, bob = make_customer("Alice Liddel"), make_customer("Bob Hatter", "BOB001")
    make_account(alice, static_ip="10.9.0.7")
    with pytest.raises(DomainError, match="fixed IP"):
        accounts.add(new=[new(bob, "bob", static_ip="10.9.0.7")], actor=None, now=NOW)


def test_s29_nobody_is_activated_before_identity_and_address_are_checked():
    alice, johan = make_customer("Alice Liddel"), make_person("Johan")
    with pytest.raises(DomainError, match="Identity and address are not checked"):
        accounts.add(new=[new(alice)], actor=johan, now=NOW, activate=True)
    [account] = accounts.add(new=[new(alice)], actor=johan, now=NOW)

    note = {"customer": alice, "document": "ID card", "checked_on": TODAY, "today": TODAY, "actor": johan}
    identity_checks.note(kind=IdentityCheck.Kind.IDENTITY, **note)
    with pytest.raises(DomainError, match="Address is not checked"):
        accounts.activate(accounts=[account.pk], actor=johan, now=NOW)
    assert DataAccount.objects.get().state == "waiting"

    check = identity_checks.note(kind=IdentityCheck.Kind.ADDRESS, **note)
    assert (check.checked_by, check.checked_on, check.document) == (johan, TODAY, "ID card")
    accounts.activate(accounts=[account.pk], actor=johan, now=NOW)
    assert (DataAccount.objects.get().state, facts()) == ("active", ["data-account.activated"])


def test_s29_a_check_needs_a_document_and_a_day_that_has_come():
    alice, johan = make_customer("Alice Liddel"), make_person("Johan")
    note = {"customer": alice, "kind": "identity", "today": TODAY, "actor": johan}
    with pytest.raises(DomainError, match="which document"):
        identity_checks.note(document=" ", checked_on=TODAY, **note)
    with pytest.raises(DomainError, match="not come"):
        identity_checks.note(document="ID card", checked_on=date(2018, 8, 23), **note)


def test_s29_where_the_company_does_not_ask_for_checks_nobody_waits_for_them():
    NetworkRules.objects.update(checks_required=False)
    [account] = accounts.add(new=[new(make_customer("Alice"))], actor=None, now=NOW, activate=True)
    assert account.state == "active"


def test_what_waited_is_billed_from_the_day_it_is_activated():
    alice = make_customer("Alice Liddel")
    make_checked(alice)
    late, ahead = accounts.add(
        new=[
            new(alice, starts_on=date(2018, 8, 1)),
            new(alice, "alice-2", package=make_package("20Mb/s"), starts_on=date(2018, 9, 1)),
        ],
        actor=None,
        now=NOW,
    )
    accounts.activate(accounts=[late.pk, ahead.pk], actor=None, now=NOW)
    assert [one.spans.get().starts_on for one in (late, ahead)] == [TODAY, date(2018, 9, 1)]


def test_carol_is_suspended_and_restored_and_her_session_is_told():
    carol = make_account(make_customer("Carol"), username="carol")
    make_session(carol, make_nas())
    accounts.suspend(accounts=[carol.pk], reason="Owes since May", actor=None, now=NOW)
    carol.refresh_from_db()
    assert (carol.state, carol.state_reason, carol.state_since) == ("suspended", "Owes since May", NOW)
    order = SessionOrder.objects.get()
    assert (order.account, order.kind, order.state) == (carol, "disconnect", "owed")

    assert accounts.suspend(accounts=[carol.pk], reason="Again", actor=None, now=NOW) == []
    accounts.restore(accounts=[carol.pk], reason="Paid", actor=None, now=NOW)
    carol.refresh_from_db()
    assert (carol.state, carol.spans.get().ends_on) == ("active", None)
    assert facts() == ["data-account.suspended", "data-account.restored"]


def test_many_are_suspended_in_as_many_statements_as_one(django_assert_max_num_queries):
    package = make_package()
    many = [make_account(make_customer(f"C {n}", f"CCC00{n}"), f"c{n}", package) for n in range(9)]
    with django_assert_max_num_queries(5):
        accounts.suspend(accounts=[many[0].pk], reason="One", actor=None, now=NOW)
    with django_assert_max_num_queries(5):
        done = accounts.suspend(accounts=[one.pk for one in many], reason="All", actor=None, now=NOW)
    assert len(done) == 8


def test_a_cancelled_account_ends_with_its_day_and_not_before():
    alice = make_account(make_customer("Alice Liddel"))
    PackageChange.objects.create(
        account=alice,
        from_package=alice.package,
        to_package=make_package("20Mb/s"),
        takes_effect_on=date(2018, 10, 1),
        reason="Moves up",
    )
    end = {"accounts": [alice.pk], "last_day": date(2018, 8, 31), "reason": "Moves", "actor": None}
    accounts.cancel(**end, now=NOW)
    alice.refresh_from_db()
    assert (alice.state, alice.ends_on, alice.spans.get().ends_on) == ("active", *[date(2018, 8, 31)] * 2)
    assert alice.changes.get().withdrawn_at == NOW

    assert accounts.end_due(now=datetime(2018, 8, 31, 21, 59, tzinfo=UTC)) == 0
    midnight = datetime(2018, 8, 31, 22, tzinfo=UTC)
    assert (accounts.end_due(now=midnight), accounts.end_due(now=midnight)) == (1, 0)
    alice.refresh_from_db()
    assert (alice.state, alice.state_reason, facts()) == ("cancelled", "Moves", ["data-account.cancelled"])


def test_one_that_is_cancelled_today_is_cut_at_once_and_one_that_was_never_used_costs_nothing():
    alice = make_customer("Alice Liddel")
    used = make_account(alice)
    unused = make_account(alice, "alice-2", state="waiting")
    make_session(used, make_nas())
    accounts.cancel(accounts=[used.pk, unused.pk], last_day=TODAY, reason="Moves", actor=None, now=NOW)
    assert set(DataAccount.objects.values_list("state", flat=True)) == {"cancelled"}
    assert (SessionOrder.objects.get().kind, unused.spans.count()) == ("disconnect", 0)


def test_a_last_day_before_the_present_package_began_is_refused():
    alice = make_account(make_customer("Alice Liddel"))
    with pytest.raises(DomainError, match="began on 2018-08-01"):
        accounts.cancel(accounts=[alice.pk], last_day=date(2018, 7, 31), reason="Moves", actor=None, now=NOW)


def test_a_cancellation_is_withdrawn_until_its_day():
    alice = make_account(make_customer("Alice Liddel"))
    end = {"accounts": [alice.pk], "reason": "Moves", "actor": None, "now": NOW}
    accounts.cancel(last_day=date(2018, 8, 31), **end)
    assert accounts.keep(accounts=[alice.pk], actor=None, now=NOW) == 1
    alice.refresh_from_db()
    assert (alice.ends_on, alice.spans.get().ends_on) == (None, None)

    accounts.cancel(last_day=TODAY, **end)
    assert accounts.keep(accounts=[alice.pk], actor=None, now=NOW) == 0


def test_a_name_changes_until_it_was_used_and_a_monthly_account_does_not_expire():
    alice = make_account(make_customer("Alice Liddel"))
    change = {"account": alice, "actor": None, "now": NOW}
    accounts.change(values={"username": "alice"}, **change)
    with pytest.raises(DomainError, match="does not expire"):
        accounts.change(values={"expires_at": NOW}, **change)
    alice.refresh_from_db()
    make_session(alice, make_nas())
    with pytest.raises(DomainError, match="has been used"):
        accounts.change(values={"username": "alice-2"}, **change)
    accounts.change(values={"static_ip": "10.9.0.7"}, **change)
    assert SessionOrder.objects.get().kind == "disconnect"


def test_a_sector_belongs_to_its_highsite():
    alice = make_account(make_customer("Alice Liddel"))
    koppie, dam = Highsite.objects.create(name="Koppie"), Highsite.objects.create(name="Dam")
    sector = dam.sectors.create(name="North")
    with pytest.raises(DomainError, match="no sector of Koppie"):
        accounts.change(account=alice, values={"highsite": koppie, "sector": sector}, actor=None, now=NOW)


def test_a_price_of_its_own_begins_on_a_day_and_goes_back_to_the_list():
    alice = make_account(make_customer("Alice Liddel"))
    price = {"account": alice, "agreed": True, "actor": None}
    with pytest.raises(DomainError, match="follows the price list"):
        account_prices.set_price(amount=None, starts_on=TODAY, **price)
    account_prices.set_price(amount=Decimal("300.00"), starts_on=TODAY, **price)
    account_prices.set_price(amount=None, starts_on=date(2018, 10, 1), **price)
    assert list(alice.prices.order_by("starts_on").values_list("amount", flat=True)) == [Decimal(300), None]
    with pytest.raises(DomainError, match="begins on 2018-08-01"):
        account_prices.set_price(amount=Decimal(1), starts_on=date(2018, 7, 1), **price)


def test_what_changed_its_package_while_it_waited_begins_with_the_one_it_has():
    alice = make_customer("Alice Liddel")
    make_checked(alice)
    [account] = accounts.add(new=[new(alice, starts_on=date(2018, 8, 1))], actor=None, now=NOW)
    faster = make_package("20Mb/s")
    early = datetime(2018, 8, 10, 8, tzinfo=UTC)
    wish = package_changes.Wish(day=date(2018, 8, 10), reason="Asked for more", package=faster)
    package_changes.schedule(accounts=[account.pk], wish=wish, actor=None, now=early)
    accounts.activate(accounts=[account.pk], actor=None, now=NOW)
    span = account.spans.get()
    assert (span.package, span.starts_on, span.ends_on) == (faster, TODAY, None)
