"""Customers – Active: how they pay and what they get, taken over from the accepted quote; then on by itself."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from billing.models import ItemPrice, RecurringItem
from billing.services import payment_methods, recurring
from customers.services import customers
from dataaccounts.models import AccountPrice, DataAccount, Package
from herotill.errors import DomainError
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import make_account, make_checked, make_package
from tests.factories.mandates import make_detail, make_mandate
from tests.factories.workflow import NOON, accept, make_lead, make_quote, sold
from workflow.models import Lead, Place, Step, TakenOver
from workflow.selectors import offered
from workflow.selectors.missing import missing
from workflow.services import moving, new_customers, new_products, quotes

pytestmark = pytest.mark.django_db
PLANNED = date(2018, 9, 1)
NO_METHOD, NO_PRODUCTS = "No payment method is set.", "No products are set up."
NOT_ALL = "Not all of the quote is taken over or left out."


@pytest.fixture
def mia():
    """She sets new customers up: payment, products and their prices."""
    return make_person(
        "Mia",
        "workflow.view_lead",
        "workflow.take_over_products",
        "billing.change_billingprofile",
        "billing.add_itemprice",
        "dataaccounts.add_accountprice",
    )


def active(discount: int = 0, package: Any = None, quantity: int = 1, name: str = "Alice Liddel") -> Lead:
    """A lead under Active: an installation once and a package, `discount` per cent off, accepted."""
    lead = make_lead(name, email="alice@isp.example", phone="+27821234567")
    quote = make_quote(lead, package=package or make_package(price="454.00"), sent=False)
    if discount or quantity > 1:
        line = quote.lines.get(monthly=True)
        quotes.change_line(
            line=line,
            text=line.text,
            quantity=quantity,
            price=line.price,
            discount=Decimal(discount),
            most=Decimal(100),
        )
    quotes.send(quote=quote, to="alice@isp.example", actor=None, now=NOON)
    accept(quote)
    new_customers.link(
        lead=lead, customer=make_customer(name, "ALI001"), actor=make_person("Sally"), now=NOON
    )
    lead.refresh_from_db()
    assert lead.place == "customer-active"
    return lead


def paying(lead: Lead, actor: Any, method: str = "eft") -> None:
    payment_methods.set(customer=lead.customer, method=method, actor=actor, now=NOON)


def typed(lead: Lead, **given: str) -> dict[str, str]:
    """The dialog as it is sent when nothing was changed in it."""
    values = {"day": "2018-09-01"}
    for one in offered.offers(lead, PLANNED):
        values[f"take-{one.key}"] = "on"
        values[f"price-{one.key}"] = "" if one.price is None else str(one.price)
        if one.is_account:
            values |= {f"username-{one.key}": one.username, f"package-{one.key}": str(one.line.package_id)}
    return values | given


def test_everything_is_taken_over_with_one_click_and_waits_for_its_service(mia) -> None:
    alice = active()

    answer = client_of(mia).post(
        f"/workflow/leads/{alice.pk}/active/", typed(alice), headers={"HX-Request": "true"}
    )

    account, item = DataAccount.objects.get(), RecurringItem.objects.get()
    assert answer.status_code == 200, "the payment method is missing still: the dialog stays"
    assert NO_METHOD in answer.content.decode()
    assert (account.username, account.state, account.starts_on) == ("ali001", "waiting", PLANNED)
    assert (item.product.code, item.once, item.waiting, item.starts_on) == ("INST", True, True, PLANNED)
    assert not AccountPrice.objects.exists(), "the list's price"
    assert not ItemPrice.objects.exists(), "the list's price"
    assert TakenOver.objects.filter(lead=alice, by=mia).count() == 2


def test_a_discount_that_was_accepted_becomes_a_price_of_its_own() -> None:
    alice = active(discount=10)

    new_products.take_over_all(lead=alice, day=PLANNED, actor=None, now=NOON)

    price = AccountPrice.objects.get()
    assert (price.amount, price.agreed) == (Decimal("408.60"), True)


def test_a_price_that_has_risen_since_stays_what_was_accepted() -> None:
    alice = active()
    Package.objects.get().product.prices.create(starts_on=date(2018, 8, 30), amount=Decimal("499.00"))

    new_products.take_over_all(lead=alice, day=PLANNED, actor=None, now=NOON)

    assert AccountPrice.objects.get().amount == Decimal("454.00")


def test_two_accounts_of_one_line_get_two_names() -> None:
    alice = active(quantity=2)
    new_products.take_over_all(lead=alice, day=PLANNED, actor=None, now=NOON)
    assert sorted(DataAccount.objects.values_list("username", flat=True)) == ["ali001", "ali001-2"]


def test_rows_can_be_changed_and_left_out(mia) -> None:
    alice, other = active(), make_package("50Mb/s Uncapped", price="899.00")
    account, once = sorted(offered.offers(alice, PLANNED), key=lambda one: one.is_once)
    data = typed(
        alice,
        **{
            f"username-{account.key}": "alice-home",
            f"package-{account.key}": str(other.pk),
            f"price-{account.key}": "799",
        },
    )
    del data[f"take-{once.key}"]

    client_of(mia).post(f"/workflow/leads/{alice.pk}/active/", data, headers={"HX-Request": "true"})

    made = DataAccount.objects.get()
    assert (made.username, made.package) == ("alice-home", other)
    assert AccountPrice.objects.get().amount == Decimal("799.00")
    assert not RecurringItem.objects.exists()
    assert [one.is_taken for one in offered.offers(alice, PLANNED) if one.is_once] == [False]


def test_who_may_give_no_price_takes_the_one_that_was_offered() -> None:
    sally = make_person("Sella", "workflow.view_lead", "workflow.take_over_products")
    alice = active(discount=10)
    account = next(one for one in offered.offers(alice, PLANNED) if one.is_account)
    page = client_of(sally).get(f"/workflow/leads/{alice.pk}/active/").content.decode()
    assert f"price-{account.key}" not in page
    assert "Set payment method" not in page

    client_of(sally).post(
        f"/workflow/leads/{alice.pk}/active/",
        typed(alice, **{f"price-{account.key}": "1"}),
        headers={"HX-Request": "true"},
    )

    assert AccountPrice.objects.get().amount == Decimal("408.60")


def test_a_name_that_is_taken_is_said_and_nothing_is_taken_over(mia) -> None:
    alice = active()
    make_account(make_customer("Bob Hatter", "BOB001"), "bobs")
    account = next(one for one in offered.offers(alice, PLANNED) if one.is_account)

    answer = client_of(mia).post(
        f"/workflow/leads/{alice.pk}/active/",
        typed(alice, **{f"username-{account.key}": "bobs"}),
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 422
    assert "bobs is taken." in answer.content.decode()
    assert not TakenOver.objects.exists()
    assert not RecurringItem.objects.exists()


def test_taken_over_twice_it_is_there_once() -> None:
    alice = active()
    assert len(new_products.take_over_all(lead=alice, day=PLANNED, actor=None, now=NOON)) == 2
    choices = [new_products.Choice(one.line.pk, one.part, "other") for one in offered.offers(alice, PLANNED)]

    assert new_products.take_over(lead=alice, choices=choices, day=PLANNED, actor=None, now=NOON) == []
    assert DataAccount.objects.count() == RecurringItem.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_take_over_once() -> None:
    alice = active()
    choices = [
        new_products.Choice(one.line.pk, one.part, one.username, one.line.package, one.price)
        for one in offered.offers(alice, PLANNED)
    ]
    meet = threading.Barrier(2, timeout=60)
    made: list[int] = []

    def clerk() -> None:
        try:
            meet.wait()
            found = new_products.take_over(lead=alice, choices=choices, day=PLANNED, actor=None, now=NOON)
            made.append(len(found))
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=clerk) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(made) == [0, 2]
    assert DataAccount.objects.count() == RecurringItem.objects.count() == 1


# On by itself, only when both stand


def test_the_lead_moves_on_when_both_stand_and_not_before(mia) -> None:
    alice = active()
    assert missing([alice.pk], Place.JOB_NEW) == {alice.pk: [NO_METHOD, NO_PRODUCTS]}
    with pytest.raises(DomainError, match="No payment method"):
        moving.move(leads=[alice.pk], to=Place.JOB_NEW, actor=mia, now=NOON)
    paying(alice, mia)
    assert moving.settle(now=NOON) == 0
    assert missing([alice.pk], Place.JOB_NEW) == {alice.pk: [NO_PRODUCTS]}

    answer = client_of(mia).post(
        f"/workflow/leads/{alice.pk}/active/", typed(alice), headers={"HX-Request": "true"}
    )

    alice.refresh_from_db()
    assert answer.status_code == 204
    assert "moved on to" in answer.headers["HX-Trigger"]
    assert alice.place == "job-new"
    assert alice.jobs.get().state == "new"
    assert alice.moves.latest("pk").by is None, "by itself"


def test_the_payment_dialog_in_the_row_settles_too(mia) -> None:
    alice = active()
    new_products.take_over_all(lead=alice, day=PLANNED, actor=None, now=NOON)
    client, address = client_of(mia), f"/workflow/leads/{alice.pk}/active/payment/"
    page = client.get(address, headers={"HX-Request": "true"}).content.decode()
    for offered_method in ("Direct Debit (Debit Order)", "EFT", "Credit Card", "Cash"):
        assert offered_method in page
    assert f'hx-post="{address}"' in page

    answer = client.post(address, {"method": "cash", "seen": "0"}, headers={"HX-Request": "true"})

    alice.refresh_from_db()
    assert answer.status_code == 204
    assert alice.place == "job-new"


def test_payment_first_leaves_the_dialog_open_for_the_products(mia) -> None:
    alice = active()
    answer = client_of(mia).post(
        f"/workflow/leads/{alice.pk}/active/payment/",
        {"method": "eft", "seen": "0"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "The payment method is saved." in answer.content.decode()
    assert NO_PRODUCTS in answer.content.decode()
    assert "list-changed" in answer.headers["HX-Trigger"]


def left_out(lead: Lead, *, once: bool, why: str = "Added on the profile") -> None:
    """Every part of the quote that is once-off, or every other, is expressly not taken over."""
    parts = [one for one in offered.offers(lead, PLANNED) if one.is_once == once]
    choices = [new_products.Choice(one.line.pk, one.part, left=why) for one in parts]
    new_products.take_over(lead=lead, choices=choices, day=PLANNED, actor=None, now=NOON)


def test_set_on_the_profile_the_minute_job_moves_the_lead_on(mia) -> None:
    alice = active()
    left_out(alice, once=True)
    left_out(alice, once=False)
    customers.update(customer=alice.customer, changes={"payment_method": "eft"}, actor=mia)
    assert missing([alice.pk], Place.JOB_NEW) == {alice.pk: [NO_PRODUCTS]}
    new = recurring.NewItem(product=sold("UNC10", "454.00"), starts_on=PLANNED)
    recurring.add(customer=alice.customer, new=new, actor=mia)

    assert moving.settle(now=NOON) == 1
    alice.refresh_from_db()
    assert alice.place == "job-new"


def test_no_line_of_the_quote_is_forgotten_it_is_taken_over_or_left_out_for_a_reason(mia) -> None:
    alice, address = active(quantity=2), {"HX-Request": "true"}
    paying(alice, mia)
    first, second, once = sorted(offered.offers(alice, PLANNED), key=lambda one: (one.is_once, one.part))
    choice = new_products.Choice(first.line.pk, first.part, first.username, first.line.package)
    new_products.take_over(lead=alice, choices=[choice], day=PLANNED, actor=mia, now=NOON)
    assert moving.settle(now=NOON) == 0, "an account of two, and no installation"
    assert missing([alice.pk], Place.JOB_NEW) == {alice.pk: [NOT_ALL]}
    data = typed(alice)
    del data[f"take-{second.key}"], data[f"take-{once.key}"]
    assert (
        client_of(mia).post(f"/workflow/leads/{alice.pk}/active/", data, headers=address).status_code == 422
    )

    data["left"] = "We give it <free>"
    client_of(mia).post(f"/workflow/leads/{alice.pk}/active/", data, headers=address)

    alice.refresh_from_db()
    assert alice.place == "job-new"
    assert set(TakenOver.objects.exclude(left="").values_list("line", "part")) == {
        (second.line.pk, second.part),
        (once.line.pk, once.part),
    }
    assert DataAccount.objects.count() == 1
    assert not RecurringItem.objects.exists()
    assert (
        "We give it &lt;free&gt;"
        in client_of(mia).get(f"/workflow/leads/{alice.pk}/active/").content.decode()
    )


def test_what_a_customer_had_before_is_no_product_of_this_lead(mia) -> None:
    old = make_customer("Bob Hatter", "BOB001", payment_method="eft")
    make_account(old, "bob@isp.example")
    bob = make_lead("Bob Hatter", email="bob@isp.example")
    accept(make_quote(bob))
    new_customers.link(lead=bob, customer=old, actor=mia, now=NOON)
    assert missing([bob.pk], Place.JOB_NEW) == {bob.pk: [NO_PRODUCTS]}

    new_products.take_over_all(lead=bob, day=PLANNED, actor=mia, now=NOON)
    bob.refresh_from_db()
    assert bob.place == "job-new"


def test_a_quote_without_anything_monthly_needs_no_more_than_its_charges(mia) -> None:
    lead = make_lead("Carol Reddy", email="carol@isp.example")
    quote = make_quote(lead, sent=False)
    quotes.remove_line(line=quote.lines.get(monthly=True))
    quotes.send(quote=quote, to="carol@isp.example", actor=None, now=NOON)
    accept(quote)
    new_customers.link(lead=lead, customer=make_customer("Carol Reddy", "CAR001"), actor=mia, now=NOON)
    lead.refresh_from_db()
    new_products.take_over_all(lead=lead, day=PLANNED, actor=mia, now=NOON)
    assert missing([lead.pk], Place.JOB_NEW) == {lead.pk: [NO_METHOD]}


def test_a_once_off_charge_alone_is_not_enough_where_a_package_was_accepted(mia) -> None:
    alice = active()
    paying(alice, mia)
    once = next(one for one in offered.offers(alice, PLANNED) if one.is_once)
    choice = new_products.Choice(once.line.pk)
    new_products.take_over(lead=alice, choices=[choice], day=PLANNED, actor=mia, now=NOON)
    assert missing([alice.pk], Place.JOB_NEW) == {alice.pk: [NO_PRODUCTS]}


def test_a_debit_order_is_a_way_to_pay_once_its_account_is_there(mia) -> None:
    alice = active()
    new_products.take_over_all(lead=alice, day=PLANNED, actor=mia, now=NOON)
    paying(alice, mia, "debit_order")
    said = "The account for the debit order is not filled in."
    assert missing([alice.pk], Place.JOB_NEW) == {alice.pk: [said]}

    make_detail(alice.customer)

    assert missing([alice.pk], Place.JOB_NEW) == {}


def test_nothing_is_taken_over_for_a_lead_that_is_elsewhere(mia) -> None:
    alice = active()
    paying(alice, mia)
    new_products.take_over_all(lead=alice, day=PLANNED, actor=mia, now=NOON)
    with pytest.raises(DomainError, match="no longer under Customers, Active"):
        new_products.take_over_all(lead=alice, day=PLANNED, actor=mia, now=NOON)


# Gates that Setup may put before the job cards


def test_mandate_and_identity_are_gates_to_choose(mia) -> None:
    alice = active()
    new_products.take_over_all(lead=alice, day=PLANNED, actor=mia, now=NOON)
    make_detail(alice.customer)
    paying(alice, mia, "debit_order")
    assert missing([alice.pk], Place.JOB_NEW) == {}
    Step.objects.filter(key="job-new").update(gates=["identity-checked", "mandate-signed"])
    assert missing([alice.pk], Place.JOB_NEW) == {
        alice.pk: [
            "Identity and address are not checked.",
            "The mandate for the debit order is not signed.",
        ]
    }

    make_mandate(alice.customer)
    make_checked(alice.customer)

    assert missing([alice.pk], Place.JOB_NEW) == {}
