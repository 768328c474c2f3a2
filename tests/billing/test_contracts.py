"""Rental contracts, the deposits held for them, and notices of price rises."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from billing.models import (
    BankAccount,
    BillingProfile,
    DepositEntry,
    Document,
    Entry,
    ItemPrice,
    Line,
    OpenItem,
    PriceNotice,
    Receipt,
    RentalContract,
    SubAccountMode,
)
from billing.policies import contracts as deciding
from billing.selectors import contracts as reading
from billing.selectors import price_rises
from billing.selectors.seen import mark
from billing.services import contracts, deposits, own_month, price_notices, receipts, recurring
from customers.models import CustomerBalance
from herotill import approvals, business_days
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.models import ApprovalRequest
from herotill.months import Month
from herotill.reference.models import PriceList
from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice, make_receipt
from tests.factories.products import make_price, make_product
from tests.power import gone_at

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
TODAY = date(2018, 8, 22)
JANUARY, SEPTEMBER, OCTOBER = date(2018, 1, 1), date(2018, 9, 1), date(2018, 10, 1)


def make_item(customer, product=None, starts_on=JANUARY, **more):
    new = recurring.NewItem(product=product or make_product("RADIO", "100.00"), starts_on=starts_on, **more)
    return recurring.add(customer=customer, new=new, actor=None)


def make_contract(customer, **values):
    values = {"equipment": "Outdoor radio", "starts_on": JANUARY, "months": 12} | values
    return contracts.add(customer=customer, values=values, actor=None)


def balance(customer):
    return CustomerBalance.objects.get(customer=customer).amount


def test_a_term_ends_the_day_before_it_began_months_later():
    assert deciding.last_day(date(2018, 3, 15), 12) == date(2019, 3, 14)
    assert deciding.last_day(date(2018, 8, 31), 6) == date(2019, 2, 27)
    assert deciding.last_day(date(2020, 2, 29), 12) == date(2021, 2, 27)
    assert make_contract(make_customer("Alice Liddel")).ends_on == date(2018, 12, 31)
    assert make_contract(make_customer("Bob Hatter"), months=None).ends_on is None


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(1, 36), st.integers(0, 900))
def test_months_left_are_never_more_than_the_term(starts_on, months, after):
    ends_on = deciding.last_day(starts_on, months)
    last = starts_on + timedelta(days=after)
    left = deciding.months_left(ends_on, last)
    assert 0 <= left <= months
    assert left == 0 or last < ends_on


def test_s28_a_consumers_term_is_at_most_24_months():
    alice = make_customer("Alice Liddel")
    with pytest.raises(DomainError, match="at most 24 months"):
        make_contract(alice, months=25)
    assert make_contract(alice, months=24).ends_on == date(2019, 12, 31)
    shop = make_customer("Wonderland", "WON001", kind="company")
    contract = make_contract(shop, months=36, consumer=False)
    with pytest.raises(IntegrityError, match="consumer_term_at_most_24_months"), transaction.atomic():
        RentalContract.objects.filter(pk=contract.pk).update(consumer=True)


@pytest.mark.parametrize(
    ("rule", "told_on", "last", "owed", "how"),
    [
        ({"ending": "none"}, TODAY, date(2018, 8, 31), "0", "asks nothing"),
        (
            {"ending": "remaining", "ending_percent": Decimal(75)},
            TODAY,
            date(2018, 8, 31),
            "300.00",
            "75 % of 4 months of R 100.00.",
        ),
        (
            {"ending": "remaining", "ending_percent": Decimal(75)},
            TODAY,
            date(2018, 12, 31),
            "0",
            "term is over",
        ),
        ({"ending": "fixed", "ending_amount": Decimal(500)}, TODAY, date(2018, 8, 31), "500.00", "R 500.00"),
        ({"ending": "notice", "notice_days": 20}, TODAY, TODAY, "65.75", "20 days of notice"),
        ({"ending": "notice", "notice_days": 20}, TODAY, date(2018, 9, 11), "0", "0 days of notice"),
    ],
)
def test_what_an_early_end_costs_follows_the_contracts_rule(rule, told_on, last, owed, how):
    alice = make_customer("Alice Liddel")
    contract = make_contract(alice, item=make_item(alice), **rule)
    found = contracts.penalty(contract=contract, told_on=told_on, last=last)
    assert found.amount == Decimal(owed)
    assert how in found.how


def test_ending_early_ends_the_item_and_drafts_what_is_owed():
    alice = make_customer("Alice Liddel")
    item = make_item(alice)
    contract = make_contract(alice, item=item, ending="remaining", ending_percent=Decimal(50))
    ended = contracts.end(
        contract=contract, told_on=TODAY, last=date(2018, 8, 31), reason="Moved away", actor=None
    )
    item.refresh_from_db()
    assert (ended.ended_on, item.ends_on) == (date(2018, 8, 31), date(2018, 8, 31))
    assert ended.penalty is not None
    assert (ended.penalty.status, ended.penalty.incl, ended.penalty.vat) == (
        "draft",
        Decimal("200.00"),
        Decimal("26.09"),
    )
    assert "50 % of 4 months of R 100.00" in ended.penalty.lines.get().text
    assert balance(alice) == 0
    with pytest.raises(DomainError, match="It ended on 2018-08-31"):
        contracts.end(contract=contract, told_on=TODAY, last=TODAY, reason="Again", actor=None)
    with pytest.raises(DomainError, match="is kept"):
        contracts.delete(contract=ended, actor=None)


def test_a_fixed_price_is_kept_by_the_item_and_released_with_the_contract():
    alice, bob = make_customer("Alice Liddel"), make_customer("Bob Hatter")
    item = make_item(alice)
    contract = make_contract(alice, item=item, fixed_price=True)
    item.refresh_from_db()
    assert item.fixed_until == date(2018, 12, 31)
    contract.refresh_from_db()
    contracts.change(contract=contract, values={"months": 6}, actor=None, seen=mark(contract))
    item.refresh_from_db()
    assert item.fixed_until == date(2018, 6, 30)
    with pytest.raises(DomainError, match="Somebody else"):
        contracts.change(contract=contract, values={"months": 7}, actor=None, seen=mark(contract))
    for values, why in (
        ({"item": make_item(bob, make_product("UPS"))}, "another customer"),
        ({"fixed_price": True, "months": None}, "needs a term"),
        ({"ending": "remaining", "months": None}, "no months remain"),
    ):
        with pytest.raises(DomainError, match=why):
            make_contract(alice, **values)
    contracts.delete(contract=contract, actor=None)
    item.refresh_from_db()
    assert item.fixed_until is None


def test_business_days_leave_out_weekends_and_holidays():
    assert not business_days.is_business_day(date(2018, 9, 24))
    assert business_days.before(date(2018, 9, 25), 1) == date(2018, 9, 21)
    assert business_days.after(date(2018, 9, 21), 1) == date(2018, 9, 25)


def test_s28_the_end_of_a_consumers_term_is_announced_40_to_80_business_days_before_it():
    alice = make_customer("Alice Liddel")
    contract = make_contract(alice)
    make_contract(make_customer("Shop", "SHO001", kind="company"), consumer=False)
    earliest, latest = deciding.telling_window(contract.ends_on)
    at = {"now": NOW}
    assert contracts.announce_expiries(today=earliest - timedelta(days=1), **at) == 0
    assert contracts.announce_expiries(today=latest + timedelta(days=1), **at) == 0
    assert contracts.announce_expiries(today=earliest, **at) == 1
    assert contracts.announce_expiries(today=latest, **at) == 0
    message = Message.objects.get()
    assert (message.template, message.customer_id, message.context["last_day"]) == (
        "contract_expiry",
        alice.pk,
        "2018-12-31",
    )
    contract.refresh_from_db()
    assert contract.expiry_told_on == earliest


def test_s28_a_yearly_rise_is_made_and_announced_in_time():
    alice = make_customer("Alice Liddel")
    item = make_item(alice, starts_on=date(2017, 10, 10))
    make_contract(alice, item=item, starts_on=date(2017, 10, 10), months=None, escalation=Decimal("8"))
    early = {"today": date(2018, 8, 10), "now": NOW}
    assert contracts.raise_by_the_year(**early) == 0
    assert contracts.raise_by_the_year(today=TODAY, now=NOW) == 1
    assert contracts.raise_by_the_year(today=TODAY, now=NOW) == 0
    price = ItemPrice.objects.get()
    assert (price.amount, price.starts_on, price.agreed) == (Decimal("108.00"), date(2018, 11, 1), False)
    assert PriceNotice.objects.get().item_price == price
    assert Message.objects.get().context["new"] == "R 108.00"


def test_s28_a_rise_is_made_and_announced_or_neither():
    item = make_item(make_customer("Alice Liddel"), starts_on=date(2017, 10, 10))
    make_contract(
        item.customer, item=item, starts_on=date(2017, 10, 10), months=None, escalation=Decimal("8")
    )
    with gone_at("INSERT INTO billing_pricenotice"):
        contracts.raise_by_the_year(today=TODAY, now=NOW)
    assert not ItemPrice.objects.exists(), "nobody would be told of it any more"
    assert contracts.raise_by_the_year(today=TODAY, now=NOW) == 1
    assert PriceNotice.objects.count() == 1


@pytest.mark.money
def test_s17_a_deposit_is_no_credit_and_ages_nowhere():
    alice = make_customer("Alice Liddel")
    contract = make_contract(alice)
    account = BankAccount.objects.create(name="FNB")
    deposits.receive(contract=contract, amount=Decimal(500), day=TODAY, account=account, actor=None)
    make_invoice(alice, "454.00")
    assert balance(alice) == Decimal("454.00")
    assert OpenItem.objects.get().open == Decimal("454.00")
    assert not Entry.objects.filter(kind="receipt").exists()
    assert reading.held(customer=alice.pk, as_at=TODAY) == 500
    assert reading.held(customer=alice.pk, as_at=TODAY - timedelta(days=1)) == 0
    make_receipt(alice, "454.00")
    assert (balance(alice), reading.held(customer=alice.pk, as_at=TODAY)) == (Decimal(0), Decimal(500))


@pytest.mark.money
def test_s17_forfeiting_and_applying_make_the_tax_invoice_and_pay_it():
    alice = make_customer("Alice Liddel")
    contract = make_contract(alice)
    account = BankAccount.objects.create(name="FNB")
    deposits.receive(contract=contract, amount=Decimal(500), day=TODAY, account=account, actor=None)
    old = make_invoice(alice, "80.00", date(2018, 7, 1))
    at = {"contract": contract, "day": TODAY, "now": NOW, "actor": None}

    invoice = deposits.forfeit(amount=Decimal("230.00"), reason="radio not returned", **at)
    assert (invoice.status, invoice.kind, invoice.vat, invoice.incl) == (
        "issued",
        "invoice",
        Decimal("30.00"),
        Decimal("230.00"),
    )
    assert OpenItem.objects.get().entry.source_id == old.pk
    assert (balance(alice), deposits.held(contract)) == (Decimal("80.00"), Decimal("270.00"))

    second = deposits.apply(amount=Decimal("115.00"), text="New power supply", **at)
    assert (second.vat, balance(alice)) == (Decimal("15.00"), Decimal("80.00"))
    with pytest.raises(DomainError, match=r"Only R 80.00 of INV"):
        deposits.apply_to(contract=contract, amount=Decimal("81.00"), document=old, day=TODAY, actor=None)
    deposits.apply_to(contract=contract, amount=Decimal("80.00"), document=old, day=TODAY, actor=None)
    assert (balance(alice), deposits.held(contract)) == (0, Decimal("75.00"))
    assert [receipt.account.name for receipt in Receipt.objects.all()] == ["Deposits held"] * 3
    with pytest.raises(DomainError, match="A deposit that was used"):
        receipts.reverse(receipt=Receipt.objects.first(), day=TODAY, reason="Unpaid", actor=None)
    assert BankAccount.objects.get(name="Deposits held").retired
    with pytest.raises(DomainError, match=r"Only R 75\.00 is held"):
        deposits.forfeit(amount=Decimal("76.00"), reason="more", **at)
    assert Document.objects.count() == 3


@pytest.mark.money
def test_s17_the_database_lets_no_deposit_fall_below_zero_nor_be_rewritten():
    alice, bob = make_customer("Alice Liddel"), make_customer("Bob Hatter")
    contract = make_contract(alice)
    account = BankAccount.objects.create(name="FNB")
    deposits.receive(contract=contract, amount=Decimal(500), day=TODAY, account=account, actor=None)
    taken = {"contract": contract, "kind": "refunded", "day": TODAY}
    with pytest.raises(IntegrityError, match="No more can be taken"), transaction.atomic():
        DepositEntry.objects.create(customer=alice, amount=Decimal("500.01"), **taken)
    with pytest.raises(IntegrityError, match="another customer"), transaction.atomic():
        DepositEntry.objects.create(customer=bob, amount=Decimal(1), **taken)
    with pytest.raises(IntegrityError, match="settled_deposit_has_its_document"), transaction.atomic():
        DepositEntry.objects.create(customer=alice, amount=Decimal(1), **taken | {"kind": "applied"})
    for sql in ("UPDATE billing_depositentry SET amount = 9", "DELETE FROM billing_depositentry"):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            connection.cursor().execute(sql)
    with pytest.raises(DomainError, match="end it instead"):
        contracts.delete(contract=contract, actor=None)


@pytest.mark.money
def test_s17_a_deposit_is_paid_back_by_two_people():
    alice = make_customer("Alice Liddel")
    contract = make_contract(alice)
    account = BankAccount.objects.create(name="FNB")
    deposits.receive(contract=contract, amount=Decimal(500), day=TODAY, account=account, actor=None)
    sam = make_person("Sam")
    thabo = make_person("Thabo", "billing.approve_deposit_refund")
    asking = {"account": account, "reason": "Radio is back", "day": TODAY, "now": NOW, "actor": sam}
    with pytest.raises(DomainError, match=r"Only R 500\.00 is held"):
        deposits.ask_refund(contract=contract, amount=Decimal(501), **asking)
    deposits.ask_refund(contract=contract, amount=Decimal(500), **asking)
    assert deposits.held(contract) == 500
    request = ApprovalRequest.objects.get()
    with pytest.raises(DomainError, match="second person"):
        approvals.decide(request=request, approve=True, actor=sam, now=NOW)
    approvals.decide(request=request, approve=True, actor=thabo, now=NOW)
    assert deposits.held(contract) == 0
    assert DepositEntry.objects.get(kind="refunded").made_by == sam
    assert balance(alice) == 0


def rising(product, amount="500.00", day=OCTOBER, price_list=None):
    return make_price(product, amount, day, price_list)


def sent(day=TODAY):
    """Everything in the outbox went out on a day."""
    at = datetime.combine(day, NOW.timetz())
    return Message.objects.filter(state="waiting").update(state="sent", sent_at=at)


def test_s28_a_rise_is_announced_to_whom_it_meets_and_counts_once_its_message_was_sent():
    product = make_product("UNC10", "454.00")
    estate = PriceList.objects.create(name="Estate")
    make_price(product, "399.00", JANUARY, estate)
    alice, bob, carol, dora, emma = (
        make_customer(name) for name in ("Alice A", "Bob B", "Carol C", "Dora D", "Emma E")
    )
    make_item(alice, product)
    make_item(bob, product, price=Decimal("420.00"))
    BillingProfile.objects.create(customer=carol, price_list=estate)
    make_item(carol, product)
    fixed = make_item(dora, product)
    fixed.fixed_until = date(2018, 12, 31)
    fixed.save()
    make_item(emma, product, ends_on=date(2018, 9, 30))
    price = rising(product)

    (rise,) = price_rises.rises(today=TODAY)
    assert (rise.price, rise.customers, rise.lacking, rise.fixed) == (price, 1, 1, 1)
    assert rise.counts_from == OCTOBER
    assert [(one.name, one.fixed, one.old) for one in price_rises.customers(price=price)] == [
        ("Alice A", False, Decimal("454.00")),
        ("Dora D", True, Decimal("454.00")),
    ]
    assert price_notices.announce(price=price, actor=None, now=NOW) == 1
    assert price_notices.announce(price=price, actor=None, now=NOW) == 0
    message = Message.objects.get()
    assert (message.customer_id, message.context) == (
        alice.pk,
        {
            "customer": "Alice A",
            "product": product.name,
            "old": "R 454.00",
            "new": "R 500.00",
            "starts_on": "2018-10-01",
        },
    )
    assert price_notices.note_sent() == 0
    assert price_rises.rise(price=price, today=TODAY).on_its_way == 1
    sent()
    assert price_notices.note_sent() == 1
    assert PriceNotice.objects.get().sent_on == TODAY
    assert price_rises.rise(price=price, today=TODAY).told == 1
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        PriceNotice.objects.update(sent_on=JANUARY)


def test_s28_a_list_price_meets_the_customers_of_that_list_and_a_failed_notice_is_sent_again():
    product = make_product("UNC10", "454.00")
    estate = PriceList.objects.create(name="Estate")
    carol = make_customer("Carol White")
    BillingProfile.objects.create(customer=carol, price_list=estate)
    make_item(carol, product)
    make_item(make_customer("Alice Liddel"), product)
    price = rising(product, price_list=estate)
    assert [one.name for one in price_rises.customers(price=price)] == ["Carol White"]
    assert price_notices.announce(price=price, actor=None, now=NOW) == 1
    Message.objects.update(state="failed")
    assert price_rises.rise(price=price, today=TODAY).lacking == 1
    assert price_notices.announce(price=price, actor=None, now=NOW) == 1
    assert (Message.objects.count(), PriceNotice.objects.count()) == (2, 1)


def test_s28_a_resellers_client_is_never_written_to_its_reseller_is():
    product = make_product("UNC10", "454.00")
    master = make_customer("Wonderland", "WON001", kind="company", is_reseller=True)
    alice = make_customer("Alice Liddel", master=master)
    SubAccountMode.objects.create(customer=alice, starts_on=JANUARY, mode="reseller")
    make_item(alice, product)
    price_notices.announce(price=rising(product), actor=None, now=NOW)
    assert Message.objects.get().customer_id == master.pk
    assert PriceNotice.objects.get().customer == alice


def test_s28_going_back_to_a_dearer_list_lacks_notice_and_later_rises_of_the_list_meet_the_item():
    product = make_product("UNC10", "454.00")
    item = make_item(make_customer("Bob Hatter"), product, price=Decimal(420))
    back = recurring.set_price(item=item, amount=None, starts_on=SEPTEMBER, agreed=False, actor=None)
    (rise,) = price_rises.own_rises(today=TODAY)
    assert (rise.old, rise.new, rise.lacks) == (Decimal(420), Decimal(454), True)
    assert price_notices.announce_item_prices(prices=[back.pk], actor=None, now=NOW) == 1
    assert Message.objects.get().context["new"] == "R 454.00"
    price = rising(product)
    assert [one.name for one in price_rises.customers(price=price)] == ["Bob Hatter"]
    same_day = recurring.set_price(
        item=item, amount=Decimal(460), starts_on=SEPTEMBER, agreed=False, actor=None
    )
    assert same_day == back
    assert not PriceNotice.objects.exists()
    assert price_rises.customers(price=price) == []


def test_s28_a_rise_of_an_own_price_that_nobody_agreed_to_lacks_notice():
    item = make_item(make_customer("Alice Liddel"))
    asked = {"item": item, "starts_on": OCTOBER, "actor": None}
    price = recurring.set_price(amount=Decimal(120), agreed=True, **asked)
    assert price_rises.own_rises(today=TODAY) == []
    assert price_notices.announce_item_prices(prices=[price.pk], actor=None, now=NOW) == 0
    recurring.set_price(amount=Decimal(120), agreed=False, **asked)
    (rise,) = price_rises.own_rises(today=TODAY)
    assert (rise.old, rise.new, rise.lacks) == (Decimal(100), Decimal(120), True)
    assert price_notices.announce_item_prices(prices=[price.pk], actor=None, now=NOW) == 1
    sent()
    price_notices.note_sent()
    assert [(one.state, one.sent_on) for one in price_rises.own_rises(today=TODAY)] == [("told", TODAY)]


@pytest.mark.money
def test_s28_the_run_bills_the_old_price_until_the_notice_was_sent_in_time():
    product = make_product("UNC10", "454.00")
    alice, bob = make_customer("Alice Liddel"), make_customer("Bob Hatter")
    for one in (alice, bob):
        make_item(one, product, starts_on=SEPTEMBER)
    price = rising(product)
    month = {"month": Month.of(OCTOBER), "actor": None}
    own_month.generate(customer=alice, **month)
    assert Line.objects.get(customer=alice, period=OCTOBER).incl == Decimal("454.00")
    price_notices.announce(price=price, actor=None, now=NOW)
    own_month.generate(customer=alice, **month)
    assert Line.objects.get(customer=alice, period=OCTOBER).incl == Decimal("454.00")
    sent()
    price_notices.note_sent()
    PriceNotice.objects.filter(customer=bob).delete()
    for one in (alice, bob):
        own_month.generate(customer=one, **month)
    assert Line.objects.get(customer=alice, period=OCTOBER).incl == Decimal("500.00")
    assert Line.objects.get(customer=bob, period=OCTOBER).incl == Decimal("454.00")


def test_s28_a_rise_counts_from_the_first_month_that_begins_after_the_notice_days():
    for told_on, counts in (
        (TODAY, OCTOBER),
        (date(2018, 9, 1), OCTOBER),
        (date(2018, 9, 2), date(2018, 11, 1)),
    ):
        assert price_rises.counts_from(OCTOBER, told_on, 30) == counts


def test_notices_are_read_and_written_by_the_same_few_statements_however_many(django_assert_num_queries):
    product = make_product("UNC10", "454.00")
    price = rising(product)
    for number in range(12):
        make_item(make_customer(f"Client {number}"), product)
    with django_assert_num_queries(3):
        assert price_rises.rises(today=TODAY)[0].lacking == 12
    with django_assert_num_queries(6):
        assert price_notices.announce(price=price, actor=None, now=NOW) == 12
