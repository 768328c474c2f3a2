"""Charges of a month as they are written: once, for whom, paid by whom, and what was missed before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from billing.models import BillingProfile, Line, PriceNotice, SubAccountMode, Waiver
from billing.services import charging, drafting
from herotill.billable import Billable, BillableSource, billable_sources
from herotill.months import Month
from tests.factories import make_customer
from tests.factories.items import AUGUST, make_hold, make_item, make_month_end
from tests.factories.products import make_price, make_product

pytestmark = [pytest.mark.django_db, pytest.mark.money]
SEPTEMBER = Month(2018, 9)


def charged(customer=None):
    found = Line.objects.filter(customer=customer) if customer else Line.objects.all()
    return list(found.order_by("period", "part").values_list("text", "incl"))


def test_a_month_is_charged_once_however_often_it_is_asked_for():
    alice = make_customer("Alice Liddel")
    make_item(alice)
    assert charging.generate(customers=[alice.pk], month=AUGUST) == 1
    assert charging.generate(customers=[alice.pk], month=AUGUST) == 0
    assert charged() == [("Uncapped UNC10, Aug 2018", Decimal("454.00"))]
    line = Line.objects.get()
    assert (line.source, line.period, line.first, line.last, line.document) == (
        "item",
        date(2018, 8, 1),
        date(2018, 8, 1),
        date(2018, 8, 31),
        None,
    )


def test_the_database_refuses_the_same_period_twice():
    alice = make_customer("Alice Liddel")
    make_item(alice)
    charging.generate(customers=[alice.pk], month=AUGUST)
    line = Line.objects.get()
    line.pk = None
    with pytest.raises(IntegrityError, match="billed_once_a_period"), transaction.atomic():
        line.save()


def test_who_begins_after_the_run_pays_those_days_with_the_next():
    alice = make_customer("Alice Liddel")
    make_item(alice)
    charging.generate(customers=[alice.pk], month=AUGUST)
    make_item(alice, starts_on=date(2018, 8, 22))
    charging.generate(customers=[alice.pk], month=SEPTEMBER)
    assert charged() == [
        ("Uncapped UNC10, Aug 2018", Decimal("454.00")),
        ("Uncapped UNC10, 22 to 31 Aug 2018 (10 of 31 days)", Decimal("146.45")),
        ("Uncapped UNC10, Sep 2018", Decimal("454.00")),
        ("Uncapped UNC10, Sep 2018", Decimal("454.00")),
    ]


def test_a_waived_month_stays_waived_and_held_days_are_left_out():
    bob = make_customer("Bob Hatter")
    item = make_item(bob)
    Waiver.objects.create(
        customer=bob, source="item", item_id=item.pk, period=date(2018, 8, 1), reason="Outage"
    )
    make_hold(bob, date(2018, 9, 1), date(2018, 9, 15))
    charging.generate(customers=[bob.pk], month=AUGUST)
    assert charged() == []
    charging.generate(customers=[bob.pk], month=SEPTEMBER)
    assert charged() == [("Uncapped UNC10, 16 to 30 Sep 2018 (15 of 30 days)", Decimal("227.00"))]


def test_what_is_billed_once_is_never_forgotten_however_late_it_is_captured():
    alice, master = make_customer("Alice Liddel"), make_customer("Wonderland Estate")
    callout = make_product("CALL", "575.00", name="Call-out")
    late = make_item(alice, callout, once=True, starts_on=date(2018, 2, 12))
    make_item(alice, callout, once=True, starts_on=date(2018, 7, 30))
    make_item(alice, callout, once=True, starts_on=date(2018, 8, 3))
    waived = make_item(alice, callout, once=True, starts_on=date(2018, 1, 5))
    Waiver.objects.create(
        customer=alice, source="item", item_id=waived.pk, period=date(2018, 1, 1), reason="Goodwill"
    )
    sub = make_customer("Sub of it", master=master)
    SubAccountMode.objects.create(customer=sub, starts_on=date(2018, 8, 1), mode="master")
    make_item(sub, callout, once=True, starts_on=date(2017, 3, 1))
    charging.generate(customers=[alice.pk, master.pk], month=AUGUST)
    assert charged() == [
        ("Call-out, 1 Mar 2017", Decimal("575.00")),
        ("Call-out, 12 Feb 2018", Decimal("575.00")),
        ("Call-out, 30 Jul 2018", Decimal("575.00")),
        ("Call-out", Decimal("575.00")),
    ]
    line = Line.objects.get(item_id=late.pk)
    assert (line.period, line.first, line.vat_rate) == (date(2018, 2, 1), date(2018, 2, 12), Decimal(14))
    assert Line.objects.get(for_customer=sub).customer == master
    charging.generate(customers=[alice.pk, master.pk], month=SEPTEMBER)
    assert Line.objects.count() == 4


def test_what_begins_after_the_cut_off_day_waits_for_the_next_month():
    alice = make_customer("Alice Liddel")
    make_item(alice, starts_on=date(2018, 8, 28))
    owners = charging.reads.owners_of([alice.pk])
    assert charging.charge(charging.plan(AUGUST, cut_off=25), owners) == 0
    assert charging.charge(charging.plan(SEPTEMBER, cut_off=25), owners) == 2


def test_who_is_paused_prepaid_or_cancelled_is_left_out():
    paused, prepaid = make_customer("Paula Paused"), make_customer("Petra Paid", prepaid=True)
    gone, ending = make_customer("Carl Gone"), make_customer("Erna Ending")
    for one in (paused, prepaid, gone):
        make_item(one)
    make_item(ending, ends_on=date(2018, 8, 10))
    BillingProfile.objects.create(customer=paused, paused=True)
    for one in (gone, ending):
        type(one).objects.filter(pk=one.pk).update(status="cancelled")
    everybody = [paused.pk, prepaid.pk, gone.pk, ending.pk]
    charging.generate(customers=everybody, month=AUGUST)
    assert charged() == [("Uncapped UNC10, 1 to 10 Aug 2018 (10 of 31 days)", Decimal("146.45"))]


def test_s14_a_sub_account_is_billed_by_the_mode_of_the_month():
    master, sub = make_customer("Wonderland", "WON001"), make_customer("Alice Liddel")
    type(sub).objects.filter(pk=sub.pk).update(master=master)
    make_item(sub)
    SubAccountMode.objects.create(customer=sub, starts_on=date(2018, 9, 1), mode="master")
    charging.generate(customers=[master.pk], month=AUGUST)
    assert charged() == []
    charging.generate(customers=[sub.pk], month=AUGUST)
    charging.generate(customers=[master.pk], month=SEPTEMBER)
    found = Line.objects.order_by("period").values_list("customer", "for_customer")
    assert list(found) == [(sub.pk, None), (master.pk, sub.pk)]
    drafts = drafting.draft(
        customers=[master.pk],
        period=SEPTEMBER.first,
        upto=SEPTEMBER.first,
        dated=SEPTEMBER.last,
        actor=None,
    )
    assert Line.objects.get(document=drafts[0]).for_customer == sub


def test_s28_a_rise_counts_after_its_notice_was_sent():
    alice, bob = make_customer("Alice Liddel"), make_customer("Bob Hatter")
    product = make_product("UNC10")
    rise = make_price(product, "499.00", date(2018, 9, 1))
    for one in (alice, bob):
        make_item(one, product, bill_from=date(2018, 9, 1), starts_on=date(2018, 1, 1))
    for one in (alice, bob):
        one.recurring_items.update(bill_from=date(2018, 8, 1))
    PriceNotice.objects.create(
        customer=alice, price=rise, queued_at="2018-07-20T10:00Z", sent_on=date(2018, 7, 20)
    )
    PriceNotice.objects.create(customer=bob, price=rise, queued_at="2018-07-20T10:00Z", sent_on=None)
    charging.generate(customers=[alice.pk, bob.pk], month=AUGUST)
    charging.generate(customers=[alice.pk, bob.pk], month=SEPTEMBER)
    assert [incl for _, incl in charged(alice)] == [Decimal("454.00"), Decimal("499.00")]
    assert [incl for _, incl in charged(bob)] == [Decimal("454.00"), Decimal("454.00")]


def test_clearing_takes_what_waits_and_not_what_a_person_charged():
    alice = make_customer("Alice Liddel")
    make_item(alice)
    charging.generate(customers=[alice.pk], month=AUGUST)
    Line.objects.create(
        customer=alice,
        text="By hand",
        unit_price=1,
        vat_class="standard",
        vat_rate=15,
        excl=Decimal("0.87"),
        vat=Decimal("0.13"),
        incl=Decimal("1.00"),
        period=AUGUST.first,
    )
    assert charging.clear(customers=[alice.pk], month=AUGUST) == 1
    assert charged() == [("By hand", Decimal("1.00"))]
    assert charging.generate(customers=[alice.pk], month=AUGUST) == 1


def test_another_source_is_billed_by_the_same_run():
    alice = make_customer("Alice Liddel")
    make_product("VOICE", "100.00")
    line = Billable(
        "voice", 7, alice.pk, None, "Line 021 555 0100", date(2018, 1, 1), bill_from=AUGUST.first, prices=()
    )
    product = make_product("LINE", "100.00", price_includes_vat=False)
    line = line._replace(product_id=product.pk, includes_vat=False)
    billable_sources.register(BillableSource("voice", "Voice", lambda customers, first, last: [line]))
    try:
        charging.generate(customers=[alice.pk], month=AUGUST)
    finally:
        billable_sources.unregister("voice")
    found = Line.objects.get()
    assert (found.source, found.item_id, found.excl, found.incl) == ("voice", 7, Decimal(100), Decimal(115))


def test_the_number_of_questions_does_not_grow_with_customers(django_assert_max_num_queries):
    product = make_product("UNC10")
    month_end = make_month_end()
    plan = charging.plan_of(month_end)
    for count in (2, 20):
        for number in range(count):
            make_item(make_customer(f"Client {count} {number}"), product)
        owners = charging.reads.next_owners(after=0, group=None, month=AUGUST.first, limit=1000)
        with django_assert_max_num_queries(17):
            charging.charge(plan, owners)
    assert Line.objects.count() == 22


def test_charging_holds_its_turn_until_the_transaction_ends():
    alice = make_customer("Alice Liddel")
    make_item(alice)
    charging.generate(customers=[alice.pk], month=AUGUST)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 20180822 AND pid = pg_backend_pid()"
        )
        assert cursor.fetchone()[0] == 1
