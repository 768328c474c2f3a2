"""What a customer is billed for every month: items, their prices, their ends, their holds."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from billing.models import BillingProfile, Hold, Line, Rules, SubAccountMode
from billing.selectors import profiles as profile_reading
from billing.selectors import recurring as reading
from billing.selectors.seen import mark
from billing.services import holds, issuing, profiles, recurring, sub_accounts
from customers.models import BillingGroup, Customer
from herotill.errors import DomainError
from herotill.reference.models import PriceList
from tests.factories import make_customer, make_person
from tests.factories.billing import make_draft
from tests.factories.products import make_price, make_product

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, tzinfo=UTC)
TODAY = date(2018, 8, 22)
AUGUST, SEPTEMBER = date(2018, 8, 1), date(2018, 9, 1)


def make_item(customer, product=None, starts_on=AUGUST, **more):
    new = recurring.NewItem(product=product or make_product(), starts_on=starts_on, **more)
    return recurring.add(customer=customer, new=new, actor=None)


def charge(item, period=AUGUST, first=None, last=date(2018, 8, 31), document=None, amount="454.00"):
    """A line as the run writes it, waiting or on a document."""
    if document:
        line = document.lines.get()
        line.source, line.item_id, line.period = "item", item.pk, period
        line.first, line.last = first or period, last
        line.save()
        return line
    return Line.objects.create(
        customer=item.customer,
        product=item.product,
        text="Uncapped",
        unit_price=Decimal(amount),
        vat_class="standard",
        vat_rate=Decimal(15),
        excl=Decimal("394.78"),
        vat=Decimal("59.22"),
        incl=Decimal("454.00"),
        source="item",
        item_id=item.pk,
        period=period,
        first=first or period,
        last=last,
    )


def billed(item, **more):
    draft = make_draft(item.customer, "454.00")
    charge(item, document=draft, **more)
    issuing.issue(documents=[draft.pk], actor=None, now=NOW)
    draft.refresh_from_db()
    return draft


def test_an_item_shows_the_list_price_and_what_is_left_after_its_own_and_a_discount():
    alice = make_customer("Alice Liddel")
    product = make_product("UNC10", "756.49")
    item = make_item(alice, product, price=Decimal("700.00"), quantity=Decimal(2), discount=Decimal(10))
    with pytest.raises(DomainError, match="no longer sold"):
        make_item(alice, make_product("OLD", retired=True))

    (row,) = reading.rows(customer=alice, day=TODAY)
    assert (row.listed, row.price, row.after) == (
        Decimal("1512.98"),
        Decimal("1400.00"),
        Decimal("1260.00"),
    )
    item.discount_until = date(2018, 8, 21)
    item.save()
    assert reading.rows(customer=alice, day=TODAY)[0].after == Decimal("1400.00")


def test_a_price_list_goes_before_the_price_of_everybody_and_an_unpriced_product_is_refused():
    bob = make_customer("Bob Hatter")
    estate = PriceList.objects.create(name="Estate")
    product = make_product("UNC10", "454.00")
    make_price(product, "399.00", date(2018, 7, 1), estate)
    BillingProfile.objects.create(customer=bob, price_list=estate)
    item = make_item(bob, product)
    assert reading.price_on(item, date(2018, 6, 30)) == Decimal("454.00")
    assert reading.price_on(item, TODAY) == Decimal("399.00")
    assert reading.list_price(product, bob, TODAY) == Decimal("399.00")
    assert reading.list_price(product, make_customer("Carol"), TODAY) == Decimal("454.00")
    with pytest.raises(DomainError, match="no price"):
        make_item(bob, make_product("NEW", None))


def test_a_change_says_so_if_somebody_else_was_faster():
    item = make_item(make_customer("Alice Liddel"))
    item.refresh_from_db()
    seen = mark(item)
    recurring.change(item=item, values={"quantity": Decimal(2)}, actor=None, seen=seen)
    with pytest.raises(DomainError, match="Somebody else"):
        recurring.change(item=item, values={"quantity": Decimal(3)}, actor=None, seen=seen)
    item.refresh_from_db()
    assert item.quantity == 2


def test_an_item_that_was_billed_is_ended_not_deleted_and_the_database_says_so_too():
    item = make_item(make_customer("Alice Liddel"))
    waiting = charge(item, SEPTEMBER, last=date(2018, 9, 30))
    document = billed(item)
    with pytest.raises(DomainError, match=rf"It has been billed \({document.name}\)"):
        recurring.delete(item=item, actor=None)
    with pytest.raises(IntegrityError, match="ended, not deleted"), transaction.atomic():
        item.delete()

    assert "credit the days from 2018-08-22" in recurring.end(
        item=item, last_day=date(2018, 8, 21), actor=None
    )
    assert not Line.objects.filter(pk=waiting.pk).exists()
    assert recurring.end(item=item, last_day=date(2018, 8, 31), actor=None) == ""
    with pytest.raises(DomainError, match="begins on"):
        recurring.end(item=item, last_day=date(2018, 7, 31), actor=None)


def test_an_item_never_billed_goes_with_its_waiting_charges():
    item = make_item(make_customer("Alice Liddel"))
    charge(item)
    recurring.delete(item=item, actor=None)
    assert not Line.objects.exists()
    with pytest.raises(DomainError, match="Somebody else has deleted"):
        recurring.delete(item=item, actor=None)


def test_a_price_changes_from_a_day_that_is_not_billed_yet():
    item = make_item(make_customer("Alice Liddel"))
    billed(item)
    with pytest.raises(DomainError, match="billed up to 2018-08-31"):
        recurring.set_price(
            item=item, amount=Decimal(500), starts_on=date(2018, 8, 15), agreed=True, actor=None
        )
    recurring.set_price(item=item, amount=Decimal(500), starts_on=SEPTEMBER, agreed=True, actor=None)
    assert reading.price_on(item, date(2018, 8, 31)) == Decimal("454.00")
    assert reading.price_on(item, SEPTEMBER) == Decimal("500.00")
    changes = reading.price_history(item)
    assert [(one.starts_on, one.amount, one.own) for one in changes] == [
        (SEPTEMBER, Decimal("500.00"), True),
        (date(2010, 1, 1), Decimal("454.00"), False),
    ]
    recurring.set_price(item=item, amount=Decimal(510), starts_on=SEPTEMBER, agreed=True, actor=None)
    assert item.prices.get().amount == 510


def test_a_fixed_price_rises_only_if_the_customer_agrees():
    item = make_item(make_customer("Alice Liddel"))
    item.fixed_until = date(2018, 12, 31)
    item.save()
    change = {"item": item, "starts_on": SEPTEMBER, "actor": None}
    with pytest.raises(DomainError, match="fixed until 2018-12-31"):
        recurring.set_price(amount=Decimal(500), agreed=False, **change)
    recurring.set_price(amount=Decimal(400), agreed=False, **change)
    recurring.set_price(amount=Decimal(500), agreed=True, **change)
    assert reading.price_on(item, SEPTEMBER) == 500


def test_a_month_can_be_left_out_once_and_only_while_it_is_not_billed():
    item = make_item(make_customer("Alice Liddel"))
    charge(item, SEPTEMBER, last=date(2018, 9, 30))
    billed(item)
    with pytest.raises(DomainError, match="Aug 2018 is billed"):
        recurring.waive(item=item, month=TODAY, reason="Tower down", actor=None)
    recurring.waive(item=item, month=date(2018, 9, 12), reason="Tower down", actor=None)
    assert not Line.objects.filter(document=None).exists()
    with pytest.raises(DomainError, match="left out already"):
        recurring.waive(item=item, month=SEPTEMBER, reason="Again", actor=None)


def test_holds_never_overlap_and_take_waiting_charges_with_them():
    alice = make_customer("Alice Liddel")
    item, other = make_item(alice), make_item(alice, make_product("UNC20"))
    charge(item, SEPTEMBER, last=date(2018, 9, 30))
    holding = {"customer": alice, "reason": "Away", "actor": None}
    hold = holds.add(item=item, first=date(2018, 9, 10), last=date(2018, 9, 20), **holding)
    assert not Line.objects.exists()
    holds.add(item=other, first=date(2018, 9, 10), last=date(2018, 9, 20), **holding)
    for clash in ({"item": item}, {}):
        with pytest.raises(DomainError, match="held already"):
            holds.add(first=date(2018, 9, 20), last=date(2018, 9, 30), **clash, **holding)
    with pytest.raises(IntegrityError, match="holds_do_not_overlap"), transaction.atomic():
        Hold.objects.create(
            customer=alice, first=date(2018, 9, 1), last=date(2018, 9, 10), reason="All of it"
        )
    holds.add(first=date(2018, 9, 21), last=date(2018, 9, 30), **holding)
    assert Hold.objects.count() == 3
    assert [one.hold for one in reading.rows(customer=alice, day=date(2018, 9, 12), holds=[hold])] == [
        hold,
        None,
    ]


def test_days_that_are_billed_cannot_be_held_and_a_hold_is_withdrawn_while_it_is_to_come():
    item = make_item(make_customer("Alice Liddel"))
    document = billed(item)
    holding = {"customer": item.customer, "item": item, "reason": "Away", "actor": None}
    with pytest.raises(DomainError, match=f"Days up to 2018-08-31 are billed already \\({document.name}\\)"):
        holds.add(first=date(2018, 8, 25), last=date(2018, 9, 5), **holding)
    with pytest.raises(DomainError, match="before the first"):
        holds.add(first=date(2018, 9, 5), last=date(2018, 9, 4), **holding)
    coming = holds.add(first=SEPTEMBER, last=date(2018, 9, 5), **holding)
    holds.withdraw(hold=coming, today=TODAY, actor=None)
    assert not Hold.objects.exists()
    running = holds.add(first=SEPTEMBER, last=date(2018, 9, 30), **holding)
    holds.withdraw(hold=running, today=date(2018, 9, 10), actor=None)
    running.refresh_from_db()
    assert running.last == date(2018, 9, 10)
    with pytest.raises(DomainError, match="over"):
        holds.withdraw(hold=running, today=date(2018, 9, 11), actor=None)


def test_a_month_billed_without_the_held_days_keeps_its_hold():
    item = make_item(make_customer("Alice Liddel"))
    hold = holds.add(
        customer=item.customer,
        item=item,
        first=date(2018, 8, 20),
        last=date(2018, 8, 31),
        reason="Away",
        actor=None,
    )
    billed(item, last=date(2018, 8, 19))
    with pytest.raises(DomainError, match="Aug 2018 was billed without the days held"):
        holds.withdraw(hold=hold, today=date(2018, 8, 10), actor=None)
    assert Hold.objects.get() == hold


def test_billing_details_change_together_or_not_at_all():
    alice, sam = make_customer("Alice Liddel"), make_person("Sam")
    run = BillingGroup.objects.create(name="Netcash Run 1", run_day=25, due_days=5)
    seen = (alice.version, mark(None))
    profiles.change(
        customer=alice,
        changes={"billing_group": run, "payment_method": "eft", "due_days": 14, "paused": True},
        actor=sam,
        seen=seen,
    )
    alice.refresh_from_db()
    assert (alice.billing_group, alice.payment_method) == (run, "eft")
    with pytest.raises(DomainError, match="Somebody else"):
        profiles.change(customer=alice, changes={"due_days": 3}, actor=sam, seen=seen)
    own = profile_reading.profile(customer=alice)
    with pytest.raises(DomainError, match="Somebody else"):
        profiles.change(customer=alice, changes={"due_days": 3}, actor=sam, seen=(alice.version, mark(None)))
    profiles.change(customer=alice, changes={"due_days": 3}, actor=sam, seen=(alice.version, mark(own)))
    profiles.use_the_groups(customer=alice, actor=sam)
    assert (own and BillingProfile.objects.get().due_days) is None
    assert BillingProfile.objects.get().paused


def test_the_due_rule_comes_from_the_customer_the_group_or_the_company():
    rules = Rules.objects.get()
    run = BillingGroup(name="Run", run_day=31, due_days=1)
    own = BillingProfile(due_days=0)
    said = [
        profile_reading.due(profile=profile, group=group, rules=rules)
        for profile, group in ((own, run), (BillingProfile(), run), (None, None))
    ]
    assert [(one.source, one.words) for one in said] == [
        ("own", "on the invoice's own date"),
        ("group", "1 day after the invoice"),
        ("company", "7 days after the invoice"),
    ]
    assert said[2].on(date(2018, 2, 27)) == date(2018, 3, 6)
    assert profile_reading.next_run(run, date(2018, 2, 28)) == date(2018, 2, 28)
    assert profile_reading.next_run(run, date(2018, 3, 1)) == date(2018, 3, 31)


def make_sub(reseller=False) -> Customer:
    master = make_customer("Wonderland (Pty) Ltd", "WON001", kind="company", is_reseller=reseller)
    return make_customer("Alice Liddel", "ALI001", master=master)


@pytest.mark.money
def test_s14_a_sub_accounts_mode_changes_only_from_a_next_period_and_posted_entries_never_move():
    alice = make_sub()
    setting = {"customer": alice, "today": TODAY, "actor": None}
    first = sub_accounts.set_mode(mode="master", month=AUGUST, **setting)
    with pytest.raises(DomainError, match="from Sep 2018"):
        sub_accounts.set_mode(mode="itself", month=AUGUST, **setting)
    item = make_item(alice)
    document = billed(item, period=SEPTEMBER, last=date(2018, 9, 30))
    with pytest.raises(DomainError, match="from Oct 2018"):
        sub_accounts.set_mode(mode="itself", month=SEPTEMBER, **setting)
    coming = sub_accounts.set_mode(mode="itself", month=date(2018, 10, 15), **setting)
    assert coming.starts_on == date(2018, 10, 1)
    modes = profile_reading.modes(customer=alice)
    assert [profile_reading.mode_on(modes, day) for day in (date(2018, 7, 1), TODAY, date(2018, 10, 1))] == [
        "itself",
        "master",
        "itself",
    ]
    document.refresh_from_db()
    assert document.customer == alice
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE billing_entry SET customer_id = %s", [alice.master_id])

    sub_accounts.withdraw(mode=coming, today=TODAY, actor=None)
    with pytest.raises(DomainError, match="has begun"):
        sub_accounts.withdraw(mode=first, today=TODAY, actor=None)
    assert SubAccountMode.objects.get() == first


def test_s14_only_a_resellers_sub_accounts_are_its_clients():
    setting = {"month": SEPTEMBER, "today": TODAY, "actor": None, "mode": "reseller"}
    with pytest.raises(DomainError, match="no reseller"):
        sub_accounts.set_mode(customer=make_sub(), **setting)
    with pytest.raises(DomainError, match="no sub-account"):
        sub_accounts.set_mode(customer=make_customer("Bob Hatter"), **setting)
    Customer.objects.filter(code="WON001").update(is_reseller=True)
    alice = Customer.objects.get(code="ALI001")
    assert sub_accounts.set_mode(customer=alice, **setting).mode == "reseller"
