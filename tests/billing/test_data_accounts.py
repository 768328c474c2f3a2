"""Data accounts on the bill: both packages of a month to the cent, suspended or not, once, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.models import BillingProfile, Document, Line, PreviewRow, PriceNotice
from billing.selectors import other_charges, previewing, price_rises
from billing.selectors.why.lines import of_line
from billing.services import charging, month_end_runs, price_notices, waivers
from billing.widgets.recurring_billing import RecurringBilling
from dataaccounts.models import AccountPrice
from dataaccounts.selectors.billable import billables
from dataaccounts.services import account_prices, accounts, package_changes
from dataaccounts.services.package_changes import Wish
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.months import Month
from herotill.reference.models import PriceList
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import make_account, make_package
from tests.factories.items import AUGUST, make_hold, make_month_end, run_step, signed
from tests.factories.people import in_role
from tests.factories.products import make_price

pytestmark = [pytest.mark.django_db, pytest.mark.money]
SEPTEMBER = Month(2018, 9)
NOW = datetime(2018, 8, 10, 8, tzinfo=UTC)
CHARGES, DRAFTS, ISSUE = month_end_runs.CHARGES, month_end_runs.DRAFTS, month_end_runs.ISSUE


@pytest.fixture
def thabo():
    return in_role("Thabo", "manager", "accounts")


@pytest.fixture
def alice():
    return make_account(make_customer("Alice Liddel", "ALI001"), package=make_package(price="454.00"))


def whole(made, actor):
    signed(made, actor)
    for kind in (CHARGES, DRAFTS, ISSUE):
        run = run_step(made, kind, actor)
        assert (run.state, run.error) == ("done", "")
    return made


def go_up(account, day=date(2018, 8, 15), price="604.00", **wish):
    """Another package from a day on, made on that day."""
    faster = make_package("20Mb/s Uncapped", price=price)
    plan = Wish(day=day, reason="Asked for more", package=faster, **wish)
    package_changes.schedule(accounts=[account.pk], wish=plan, actor=None, now=NOW)
    package_changes.apply_due(now=datetime(day.year, day.month, day.day, 4, tzinfo=UTC))


def charged():
    return list(Line.objects.order_by("period", "item_id", "part").values_list("text", "incl"))


def why(made, customer):
    row = PreviewRow.objects.filter(month_end=made, customer=customer).first()
    return row and (row.last, row.this, row.reasons)


def test_an_account_is_billed_by_the_run_without_a_row_of_its_own(alice, thabo):
    whole(make_month_end(), thabo)
    invoice = Document.objects.get()
    assert (invoice.customer, invoice.incl) == (alice.customer, Decimal("454.00"))
    line = invoice.lines.get()
    assert (line.text, line.source, line.item_id) == (
        "10Mb/s Uncapped (alice@isp.example), Aug 2018",
        "data",
        alice.spans.get().pk,
    )


def test_running_a_month_again_bills_an_account_once(alice, thabo):
    made = whole(make_month_end(), thabo)
    for kind in (CHARGES, DRAFTS, ISSUE):
        run_step(made, kind, thabo)
    assert charging.generate(customers=[alice.customer_id], month=AUGUST) == 0
    assert (Document.objects.count(), Line.objects.count()) == (1, 1)


def test_a_package_change_on_the_15th_bills_both_parts_to_the_cent(alice, thabo):
    go_up(alice)
    whole(make_month_end(), thabo)
    assert charged() == [
        ("10Mb/s Uncapped (alice@isp.example), 1 to 14 Aug 2018 (14 of 31 days)", Decimal("205.03")),
        ("20Mb/s Uncapped (alice@isp.example), 15 to 31 Aug 2018 (17 of 31 days)", Decimal("331.23")),
    ]
    assert Document.objects.get().incl == Decimal("536.26")


def test_what_changed_after_it_was_billed_ahead_is_caught_up_and_a_credit_is_proposed(alice, thabo):
    whole(make_month_end(), thabo)
    go_up(alice)
    made = make_month_end(SEPTEMBER)
    run_step(made, month_end_runs.PREVIEW)
    row = PreviewRow.objects.get(month_end=made)
    assert {"package", "over_billed"} <= set(row.reasons)
    assert row.over_billed == Decimal("454.00") - Decimal("205.03")
    charging.generate(customers=[alice.customer_id], month=SEPTEMBER)
    assert charged()[1:] == [
        ("20Mb/s Uncapped (alice@isp.example), 15 to 31 Aug 2018 (17 of 31 days)", Decimal("331.23")),
        ("20Mb/s Uncapped (alice@isp.example), Sep 2018", Decimal("604.00")),
    ]


def test_the_preview_names_a_package_change_as_the_reason(alice, thabo):
    whole(make_month_end(), thabo)
    go_up(alice, day=date(2018, 9, 1))
    made = make_month_end(SEPTEMBER)
    run_step(made, month_end_runs.PREVIEW)
    assert why(made, alice.customer) == (Decimal("454.00"), Decimal("604.00"), ["package"])


def test_a_change_of_an_account_voids_the_preview(alice):
    made = make_month_end()
    before = previewing.fingerprint(made)
    assert previewing.fingerprint(made) == before
    AccountPrice.objects.create(account=alice, starts_on=date(2018, 8, 1), amount=Decimal(1))
    assert previewing.fingerprint(made) != before


def test_suspended_accounts_go_on_being_billed_and_cancelled_ones_stop_on_the_day(alice):
    carol = make_account(make_customer("Carol", "CAR001"), "carol")
    accounts.suspend(accounts=[carol.pk], reason="Owes", actor=None, now=NOW)
    accounts.cancel(accounts=[alice.pk], last_day=date(2018, 8, 10), reason="Moves", actor=None, now=NOW)
    charging.generate(customers=[alice.customer_id, carol.customer_id], month=AUGUST)
    assert charged() == [
        ("10Mb/s Uncapped (alice@isp.example), 1 to 10 Aug 2018 (10 of 31 days)", Decimal("146.45")),
        ("10Mb/s Uncapped (carol), Aug 2018", Decimal("454.00")),
    ]
    charging.generate(customers=[alice.customer_id, carol.customer_id], month=SEPTEMBER)
    assert charged()[2:] == [("10Mb/s Uncapped (carol), Sep 2018", Decimal("454.00"))]


def test_waiting_prepaid_and_staff_accounts_are_not_billed():
    customer = make_customer("Alice Liddel", "ALI001")
    make_account(customer, "waits", state="waiting")
    make_account(customer, "prepaid", prepaid=True)
    make_account(customer, "helpdesk", package=make_package("Staff (Helpdesk)", staff=True))
    assert charging.generate(customers=[customer.pk], month=AUGUST) == 0


def test_a_custom_price_counts_and_goes_back_to_the_list_with_the_package(alice):
    account_prices.set_price(
        account=alice, amount=Decimal("310.00"), starts_on=date(2018, 8, 1), agreed=True, actor=None
    )
    go_up(alice)
    charging.generate(customers=[alice.customer_id], month=AUGUST)
    assert [incl for _, incl in charged()] == [Decimal("140.00"), Decimal("331.23")]


def test_a_price_is_not_changed_for_days_that_are_billed(alice, thabo):
    whole(make_month_end(), thabo)
    price = {"account": alice, "amount": Decimal("400.00"), "agreed": True, "actor": None}
    with pytest.raises(DomainError, match="billed up to 2018-08-31"):
        account_prices.set_price(starts_on=date(2018, 8, 20), **price)
    account_prices.set_price(starts_on=date(2018, 9, 1), **price)
    charging.generate(customers=[alice.customer_id], month=SEPTEMBER)
    assert charged()[-1][1] == Decimal("400.00")


def test_holds_of_the_customer_and_waivers_leave_days_and_months_out(alice):
    make_hold(alice.customer, date(2018, 8, 1), date(2018, 8, 15))
    waiver = {"customer_id": alice.customer_id, "source": "data", "item_id": alice.spans.get().pk}
    waivers.leave_out(**waiver, month=SEPTEMBER, reason="Tower down", actor=None)
    with pytest.raises(DomainError, match="left out already"):
        waivers.leave_out(**waiver, month=SEPTEMBER, reason="Tower down", actor=None)
    charging.generate(customers=[alice.customer_id], month=SEPTEMBER)
    assert charged() == [
        ("10Mb/s Uncapped (alice@isp.example), 16 to 31 Aug 2018 (16 of 31 days)", Decimal("234.32"))
    ]


def test_the_card_shows_the_account_as_a_line_of_its_own_and_lets_a_month_be_left_out(alice):
    account_prices.set_price(
        account=alice, amount=Decimal("310.00"), starts_on=date(2018, 8, 1), agreed=True, actor=None
    )
    sees = ("customers.view_customer", "billing.view_recurringitem", "billing.add_waiver")
    sam = client_of(make_person("Sam", *sees))
    card = sam.get("/customers/ALI001/widgets/recurring-billing/").content.decode()
    assert "10Mb/s Uncapped (alice@isp.example)" in card
    assert "(custom price)" in card
    (other,) = other_charges.of(customer=alice.customer, day=date(2018, 8, 20))
    assert (other.listed, other.after) == (Decimal("454.00"), Decimal("310.00"))
    url = f"/customers/ALI001/widgets/recurring-billing/waive-account/{alice.spans.get().pk}/"
    assert sam.get(url).status_code == 200
    bob = make_account(make_customer("Bob Hatter", "BOB001"), "bob")
    assert sam.get(url.replace(str(alice.spans.get().pk), str(bob.spans.get().pk))).status_code == 404


def test_why_tells_the_account_its_packages_who_changed_them_and_the_price(alice):
    go_up(alice)
    charging.generate(customers=[alice.customer_id], month=AUGUST)
    before, after = Line.objects.order_by("item_id")
    told = [fact.text for fact in of_line(before).facts]
    assert (
        "Alice Liddel’s data account alice@isp.example has 10Mb/s Uncapped since 2018-08-01, until 2018-08-14."
        in told
    )
    assert "The package changed from 10Mb/s Uncapped to 20Mb/s Uncapped: Asked for more." in told
    assert "R 454.00 by the price for everybody." in told
    assert "R 604.00 by the price for everybody." in [fact.text for fact in of_line(after).facts]


def test_s28_a_rise_of_a_packages_price_meets_its_accounts_and_waits_for_the_notice(alice):
    price = make_price(alice.package.product, "499.00", date(2018, 10, 1))
    assert [one.name for one in price_rises.customers(price=price)] == ["Alice Liddel"]
    october = Month(2018, 10)
    charging.generate(customers=[alice.customer_id], month=october)
    assert charged()[-1][1] == Decimal("454.00")

    Line.objects.all().delete()
    assert price_notices.announce(price=price, actor=None, now=NOW) == 1
    PriceNotice.objects.update(sent_on=date(2018, 8, 20))
    charging.generate(customers=[alice.customer_id], month=october)
    assert charged()[-1][1] == Decimal("499.00")


def test_s28_a_rise_of_an_accounts_own_price_counts_only_after_its_notice(alice):
    asked = {"account": alice, "starts_on": date(2018, 10, 1), "actor": None}
    price = account_prices.set_price(amount=Decimal("480.00"), agreed=False, **asked)
    (rise,) = price_rises.own_rises(today=date(2018, 8, 10))
    assert (rise.source, rise.old, rise.new, rise.lacks) == ("data", Decimal(454), Decimal(480), True)
    october = Month(2018, 10)
    charging.generate(customers=[alice.customer_id], month=october)
    assert charged()[-1][1] == Decimal("454.00")
    Line.objects.all().delete()

    tell = {"source": "data", "prices": [price.pk], "actor": None, "now": NOW}
    assert price_notices.announce_own_prices(**tell) == 1
    assert price_notices.announce_own_prices(**tell) == 0
    assert Message.objects.get().context["new"] == "R 480.00"
    PriceNotice.objects.update(sent_on=date(2018, 8, 20))
    charging.generate(customers=[alice.customer_id], month=october)
    assert charged()[-1][1] == Decimal("480.00")

    account_prices.set_price(amount=Decimal("490.00"), agreed=False, **asked)
    assert not PriceNotice.objects.exists()


def test_an_own_price_shields_from_the_lists_rise(alice):
    account_prices.set_price(
        account=alice, amount=Decimal("310.00"), starts_on=date(2018, 8, 1), agreed=True, actor=None
    )
    price = make_price(alice.package.product, "499.00", date(2018, 10, 1))
    assert price_rises.customers(price=price) == []


def test_the_customers_price_list_counts(alice):
    resellers = PriceList.objects.create(name="Resellers")
    make_price(alice.package.product, "400.00", date(2018, 1, 1), resellers)
    BillingProfile.objects.create(customer=alice.customer, price_list=resellers)
    charging.generate(customers=[alice.customer_id], month=AUGUST)
    assert charged()[0][1] == Decimal("400.00")


def test_accounts_are_read_in_one_statement_however_many(alice, django_assert_num_queries):
    ids = [alice.customer_id]
    for number in range(9):
        ids.append(make_account(make_customer(f"C {number}", f"CCC00{number}"), f"c{number}").customer_id)
    with django_assert_num_queries(1):
        assert len(list(billables(ids, AUGUST.first, AUGUST.last))) == 10


def test_the_card_asks_few_questions_with_accounts_on_it_too(alice, rf, django_assert_max_num_queries):
    sam = make_person("Sam", "customers.view_customer", "billing.view_recurringitem")
    sam.has_perm("billing.view_document")
    request = rf.get("/")
    request.user = sam
    for number in range(5):
        make_account(alice.customer, f"more-{number}", price=Decimal(100))
    with django_assert_max_num_queries(7):
        assert RecurringBilling(customer=alice.customer, user=sam, request=request).context()["others"]
