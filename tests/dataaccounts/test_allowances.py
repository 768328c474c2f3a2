"""Caps, toppings and the notices on the way there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from customers.models import Customer
from dataaccounts.models import DataAccount, NoticeSent, SessionOrder, ToppingOffer, UsageNotice
from dataaccounts.policies.allowances import Added, level, reached
from dataaccounts.selectors.allowances import standings
from dataaccounts.services import allowances, expiring, toppings
from dataaccounts.services.toppings import Given
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.models import Fact
from tests.factories import ContactFactory, make_customer
from tests.factories.data import GB, make_account, make_nas, make_package, make_session
from tests.factories.products import make_product

NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
TODAY = date(2018, 8, 22)
octets = st.integers(min_value=0, max_value=10**13)
added = st.lists(st.builds(Added, st.integers(1, 10**12), octets), max_size=5)


def use(account: DataAccount, amount: int, day: date = TODAY) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dataaccounts_usageday (account_id, day, download, upload) VALUES (%s, %s, %s, 0)"
            " ON CONFLICT (account_id, day) DO UPDATE SET download = dataaccounts_usageday.download"
            " + excluded.download",
            [account.pk, day, amount],
        )


def judged(account: DataAccount, now: datetime = NOW) -> DataAccount:
    allowances.judge(accounts=[account.pk], now=now)
    account.refresh_from_db()
    return account


@pytest.fixture
def alice(db: None) -> Customer:
    return make_customer(code="ALI001")


@pytest.fixture
def capped(alice: Customer) -> DataAccount:
    """Alice, 10 GB a month and then 1 Mb/s, who is online."""
    slow = make_package("1Mb/s once capped", staff=True, down_kbit=1000, up_kbit=500)
    package = make_package("10 GB", allowance=10 * GB, once_capped=slow)
    account = make_account(alice, package=package)
    make_session(account, make_nas())
    return account


@pytest.fixture
def five() -> ToppingOffer:
    return ToppingOffer.objects.create(name="5 GB", octets=5 * GB, product=make_product("TOP5", "50.00"))


class TestLevel:
    @given(octets, added)
    def test_a_topping_adds_what_it_says(self, base: int, toppings: list[Added]) -> None:
        assert level(base, toppings, any_restores=False) == base + sum(one.octets for one in toppings)

    @given(octets, added)
    def test_where_any_restores_nobody_gets_less(self, base: int, toppings: list[Added]) -> None:
        strict = level(base, toppings, any_restores=False)
        assert level(base, toppings, any_restores=True) >= strict

    @given(octets, octets, st.integers(1, 10**12))
    def test_where_any_restores_it_leaves_something_to_use(self, base: int, used: int, more: int) -> None:
        assert level(base, [Added(more, used)], any_restores=True) > used

    def test_thresholds_are_reached_and_not_nearly_reached(self) -> None:
        assert reached(999, 1000) == [50, 75, 90]
        assert reached(1000, 1000) == [50, 75, 90, 100]
        assert reached(0, 1000) == []


class TestCap:
    def test_alice_goes_on_slowly_at_a_hundred_per_cent(self, capped: DataAccount) -> None:
        use(capped, 10 * GB)
        assert judged(capped).capped_at == NOW
        order = SessionOrder.objects.get()
        assert (order.account, order.why) == (capped, "Allowance used up")
        assert Fact.objects.filter(kind="data-account.capped", customer_id=capped.customer_id).count() == 1

    def test_an_octet_less_leaves_her_alone(self, capped: DataAccount) -> None:
        use(capped, 10 * GB - 1)
        assert judged(capped).capped_at is None
        assert not SessionOrder.objects.exists()

    def test_judging_twice_caps_once(self, capped: DataAccount) -> None:
        use(capped, 11 * GB)
        judged(capped)
        assert allowances.judge(accounts=[capped.pk], now=NOW) == 0
        assert Fact.objects.filter(kind="data-account.capped").count() == 1

    def test_upload_counts_only_where_the_package_counts_it(self, capped: DataAccount) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO dataaccounts_usageday (account_id, day, download, upload) VALUES (%s, %s, 0, %s)",
                [capped.pk, TODAY, 20 * GB],
            )
        capped.package.counts = "download"
        capped.package.save()
        assert judged(capped).capped_at is None
        capped.package.counts = "both"
        capped.package.save()
        assert judged(capped).capped_at == NOW

    def test_last_months_use_is_no_matter(self, capped: DataAccount) -> None:
        use(capped, 50 * GB, date(2018, 7, 31))
        assert judged(capped).capped_at is None

    def test_the_months_turn_restores_everybody(self, capped: DataAccount) -> None:
        use(capped, 10 * GB)
        judged(capped)
        first = datetime(2018, 8, 31, 22, 5, tzinfo=UTC)  # five past midnight here
        assert allowances.turn_month(now=datetime(2018, 8, 31, 21, 55, tzinfo=UTC)) == 0
        assert allowances.turn_month(now=first) == 1
        capped.refresh_from_db()
        assert capped.capped_at is None
        assert SessionOrder.objects.get(state="owed").why == "Allowance again"

    def test_uncapped_packages_have_no_standing(self, alice: Customer) -> None:
        account = make_account(alice)
        use(account, 900 * GB)
        assert standings(accounts=[account.pk], day=TODAY) == []
        assert judged(account).capped_at is None


class TestTopping:
    def test_one_that_covers_the_overrun_brings_the_speed_back(
        self, capped: DataAccount, five: ToppingOffer
    ) -> None:
        use(capped, 12 * GB)
        judged(capped)
        toppings.give(account=capped, given=Given(five, charge="next"), actor=None, now=NOW)
        capped.refresh_from_db()
        assert capped.capped_at is None
        (found,) = standings(accounts=[capped.pk], day=TODAY)
        assert (found.level, found.left) == (15 * GB, 3 * GB)

    def test_one_that_does_not_leaves_her_capped(self, capped: DataAccount, five: ToppingOffer) -> None:
        use(capped, 16 * GB)
        judged(capped)
        toppings.give(account=capped, given=Given(five, charge="next"), actor=None, now=NOW)
        capped.refresh_from_db()
        assert capped.capped_at == NOW

    def test_unless_her_package_says_that_any_does(self, capped: DataAccount, five: ToppingOffer) -> None:
        capped.package.any_topping_restores = True
        capped.package.save()
        use(capped, 16 * GB)
        judged(capped)
        toppings.give(account=capped, given=Given(five, charge="next"), actor=None, now=NOW)
        capped.refresh_from_db()
        assert capped.capped_at is None
        use(capped, 5 * GB)
        assert judged(capped).capped_at == NOW

    def test_it_ends_with_the_month(self, capped: DataAccount, five: ToppingOffer) -> None:
        made = toppings.give(account=capped, given=Given(five, charge="next"), actor=None, now=NOW)
        assert made.ends_on == date(2018, 8, 31)
        assert standings(accounts=[capped.pk], day=date(2018, 9, 1))[0].level == 10 * GB

    def test_what_is_free_needs_a_reason(self, capped: DataAccount) -> None:
        with pytest.raises(DomainError, match="why it is given free"):
            toppings.give(account=capped, given=Given(octets=GB), actor=None, now=NOW)

    def test_what_was_given_by_mistake_is_taken_back(self, capped: DataAccount) -> None:
        use(capped, 10 * GB)
        made = toppings.give(account=capped, given=Given(octets=5 * GB, reason="Sorry"), actor=None, now=NOW)
        assert judged(capped).capped_at is None
        toppings.take_back(topping=made, actor=None, now=NOW)
        capped.refresh_from_db()
        assert capped.capped_at == NOW
        with pytest.raises(DomainError, match="already"):
            toppings.take_back(topping=made, actor=None, now=NOW)

    def test_what_is_charged_is_credited_instead(self, capped: DataAccount, five: ToppingOffer) -> None:
        made = toppings.give(account=capped, given=Given(five, charge="next"), actor=None, now=NOW)
        with pytest.raises(DomainError, match="credit its invoice"):
            toppings.take_back(topping=made, actor=None, now=NOW)


class TestPrepaid:
    @pytest.fixture
    def account(self, alice: Customer) -> DataAccount:
        return make_account(alice, prepaid=True, expires_at=NOW)

    def _bundle(self, **fields: object) -> ToppingOffer:
        return ToppingOffer.objects.create(
            kind="bundle", name="Bundle", product=make_product("BUN", "99.00"), **fields
        )

    def test_days_are_added_to_what_runs(self, account: DataAccount) -> None:
        offer = self._bundle(days=30)
        toppings.give(account=account, given=Given(offer, charge="paid"), actor=None, now=NOW)
        toppings.give(account=account, given=Given(offer, charge="paid"), actor=None, now=NOW)
        account.refresh_from_db()
        assert account.expires_at == datetime(2018, 10, 21, 10, tzinfo=UTC)

    def test_gigabytes_run_out_and_another_bundle_lets_him_in_again(self, account: DataAccount) -> None:
        offer = self._bundle(octets=5 * GB, days=30)
        toppings.give(account=account, given=Given(offer, charge="paid"), actor=None, now=NOW)
        use(account, 5 * GB)
        assert judged(account).expires_at == NOW
        toppings.give(account=account, given=Given(offer, charge="paid"), actor=None, now=NOW)
        account.refresh_from_db()
        assert account.expires_at == datetime(2018, 9, 21, 10, tzinfo=UTC)
        assert standings(accounts=[account.pk], day=TODAY)[0].left == 5 * GB

    def test_gigabytes_without_days_last_three_years(self, account: DataAccount) -> None:
        toppings.give(
            account=account, given=Given(self._bundle(octets=GB), charge="paid"), actor=None, now=NOW
        )
        account.refresh_from_db()
        assert account.expires_at.date() == date(2021, 8, 22)

    def test_gigabytes_used_up_take_no_days_away_that_he_paid_for(self, account: DataAccount) -> None:
        paid = Given(self._bundle(days=30), charge="paid", document="INV-1")
        toppings.give(account=account, given=paid, actor=None, now=NOW)
        more = ToppingOffer.objects.create(
            name="1 GB", kind="bundle", octets=GB, product=make_product("GB1", "20.00")
        )
        given = Given(more, charge="paid", document="INV-2")
        toppings.give(account=account, given=given, actor=None, now=NOW)
        use(account, 2 * GB)
        later = NOW + timedelta(hours=1)
        until = judged(account, later).expires_at
        assert until
        assert until > NOW + timedelta(days=29)
        after = NOW + timedelta(days=31)
        assert judged(account, after).expires_at == until, (
            "what was used while days ran counts towards nothing"
        )
        use(account, GB, after.date())
        assert judged(account, after).expires_at == after

    def test_what_he_uses_while_days_run_counts_towards_no_gigabytes_bought_after(
        self, account: DataAccount
    ) -> None:
        days, more = self._bundle(days=3), self._gigabytes()
        toppings.give(account=account, given=Given(days, charge="paid"), actor=None, now=NOW)
        later = NOW + timedelta(days=1)
        toppings.give(account=account, given=Given(more, charge="paid"), actor=None, now=later)
        for day in (22, 23, 24, 25):
            use(account, 7 * GB, date(2018, 8, day))
        after = date(2018, 8, 26)
        assert standings(accounts=[account.pk], day=after)[0].left == 5 * GB
        use(account, 2 * GB, after)
        assert standings(accounts=[account.pk], day=after)[0].left == 3 * GB

    def test_what_he_used_of_his_gigabytes_before_he_bought_days_stays_used(
        self, account: DataAccount
    ) -> None:
        more, days = self._gigabytes(), self._bundle(days=3)
        toppings.give(account=account, given=Given(more, charge="paid"), actor=None, now=NOW)
        use(account, 4 * GB)
        later = NOW + timedelta(hours=1)
        toppings.give(account=account, given=Given(days, charge="paid"), actor=None, now=later)
        use(account, 9 * GB, date(2018, 8, 24))
        assert standings(accounts=[account.pk], day=date(2018, 8, 26))[0].left == GB

    def test_days_run_from_now_however_long_his_gigabytes_keep(self, account: DataAccount) -> None:
        toppings.give(account=account, given=Given(self._gigabytes(), charge="paid"), actor=None, now=NOW)
        made = toppings.give(
            account=account, given=Given(self._bundle(days=3), charge="paid"), actor=None, now=NOW
        )
        assert made.ends_on == date(2018, 8, 25)
        assert standings(accounts=[account.pk], day=made.ends_on) == []
        assert standings(accounts=[account.pk], day=date(2018, 8, 26))[0].left == 5 * GB
        account.refresh_from_db()
        assert account.expires_at.date() == date(2021, 8, 25)

    def _gigabytes(self) -> ToppingOffer:
        product = make_product("GB5", "99.00")
        return ToppingOffer.objects.create(kind="bundle", name="5 GB", octets=5 * GB, product=product)

    def test_a_topping_is_not_for_him(self, account: DataAccount, five: ToppingOffer) -> None:
        with pytest.raises(DomainError, match="takes a bundle"):
            toppings.give(account=account, given=Given(five, charge="next"), actor=None, now=NOW)

    def test_sessions_of_the_expired_are_cut_once(self, account: DataAccount) -> None:
        make_session(account, make_nas())
        assert expiring.cut_expired(now=NOW) == 1
        assert expiring.cut_expired(now=NOW) == 0
        assert SessionOrder.objects.get().kind == "disconnect"


class TestNotices:
    def test_each_goes_out_once_a_period_and_the_highest_alone(self, capped: DataAccount) -> None:
        ContactFactory(customer=capped.customer, email="alice@home.example", purposes=["usage"])
        use(capped, 8 * GB)
        judged(capped)
        assert Message.objects.get().context["percent"] == "75"
        use(capped, 2 * GB)
        judged(capped)
        judged(capped)
        assert sorted(one.context["percent"] for one in Message.objects.all()) == ["100", "75"]
        assert NoticeSent.objects.filter(account=capped).count() == 4

    def test_they_go_where_the_account_says_and_not_to_the_contacts(self, capped: DataAccount) -> None:
        ContactFactory(customer=capped.customer, email="alice@home.example", purposes=["usage"])
        UsageNotice.objects.create(account=capped, email="noc@wonder.example", sms="+27821234567")
        use(capped, 9 * GB)
        judged(capped)
        assert sorted(one.address for one in Message.objects.all()) == ["+27821234567", "noc@wonder.example"]

    def test_a_threshold_that_is_unticked_is_passed_in_silence(self, capped: DataAccount) -> None:
        UsageNotice.objects.create(account=capped, email="noc@wonder.example", at_75=False, at_90=False)
        use(capped, 9 * GB)
        judged(capped)
        assert not Message.objects.exists()

    def test_another_month_begins_anew(self, capped: DataAccount) -> None:
        UsageNotice.objects.create(account=capped, email="noc@wonder.example")
        use(capped, 8 * GB)
        judged(capped)
        use(capped, 8 * GB, date(2018, 9, 3))
        judged(capped, datetime(2018, 9, 3, 10, tzinfo=UTC))
        assert Message.objects.count() == 2
