"""A month-end from its dates to its reconciliation, with its no beside every yes."""

from __future__ import annotations

import html
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.models import BillingProfile, Document, Entry, Line, MonthEnd, PreviewRow, Waiver
from billing.selectors import month_end as reading
from billing.services import month_end, month_end_runs
from customers.models import BillingGroup, Customer
from herotill.errors import DomainError
from herotill.months import Month
from tests.factories import make_customer, make_person
from tests.factories.billing import make_draft
from tests.factories.items import AUGUST, NOW, make_hold, make_item, make_month_end, run_step, signed
from tests.factories.people import client_of, in_role
from tests.factories.products import make_price, make_product

pytestmark = pytest.mark.django_db
CHARGES, DRAFTS, ISSUE = month_end_runs.CHARGES, month_end_runs.DRAFTS, month_end_runs.ISSUE
PREVIEW, UNDO_DRAFTS, UNDO_CHARGES = (
    month_end_runs.PREVIEW,
    month_end_runs.UNDO_DRAFTS,
    month_end_runs.UNDO_CHARGES,
)
SEPTEMBER = Month(2018, 9)


@pytest.fixture
def thabo():
    return in_role("Thabo", "manager", "accounts")


def whole(made, actor):
    """Everything from the preview to the issue."""
    signed(made, actor)
    for kind in (CHARGES, DRAFTS, ISSUE):
        run = run_step(made, kind, actor)
        assert (run.state, run.error) == ("done", "")
    return made


def why(made, customer):
    row = PreviewRow.objects.filter(month_end=made, customer=customer).first()
    return row and (row.last, row.this, row.reasons)


@pytest.mark.money
def test_a_month_from_preview_to_issue(thabo):
    alice, bob = make_customer("Alice Liddel"), make_customer("Bob Hatter")
    make_item(alice)
    make_item(bob, quantity=2)
    made = whole(make_month_end(), thabo)
    found = Document.objects.order_by("number").values_list("name", "customer", "incl", "document_date")
    assert list(found) == [
        ("INV00001", alice.pk, Decimal("454.00"), date(2018, 8, 31)),
        ("INV00002", bob.pk, Decimal("908.00"), date(2018, 8, 31)),
    ]
    stands = month_end.reconcile(month_end=made, now=NOW)
    assert stands.adds_up
    assert stands.issued == stands.posted == reading.Sum(2, Decimal("1362.00"))
    assert (stands.first, stands.last) == ("INV00001", "INV00002")
    assert Entry.objects.count() == 2


@pytest.mark.money
def test_running_a_month_again_bills_nobody_twice(thabo):
    make_item(make_customer("Alice Liddel"))
    made = whole(make_month_end(), thabo)
    for kind in (CHARGES, DRAFTS, ISSUE):
        assert run_step(made, kind, thabo).state == "done"
    assert (Document.objects.count(), Line.objects.count()) == (1, 1)


def test_nothing_is_billed_without_a_signed_preview_that_still_holds(thabo):
    alice = make_customer("Alice Liddel")
    item = make_item(alice)
    made = make_month_end()
    assert run_step(made, CHARGES).error == "The preview of Aug 2018 is not signed."
    signed(made, thabo)
    item.quantity = 3
    item.save()
    run = run_step(made, CHARGES)
    assert run.state == "failed"
    assert "changed since the preview" in run.error
    with pytest.raises(DomainError, match="Make it anew"):
        month_end.sign(month_end=made, actor=thabo, reason="", now=NOW)
    assert not Line.objects.exists()
    signed(made, thabo)
    assert run_step(made, CHARGES).state == "done"


def test_the_preview_says_who_differs_from_last_month_and_why(thabo):
    product, dear = make_product("UNC10"), make_product("VIP", "900.00")
    names = "Steady New Dear Part Ended Held Waived Once Paused Nothing Prepaid Cheaper Late".split()
    people = {name: make_customer(f"{name} Person") for name in names}
    items = {
        name: make_item(people[name], product)
        for name in "Steady Dear Part Ended Held Waived Once Paused Cheaper".split()
    }
    whole(make_month_end(), thabo)

    make_item(people["New"], dear, starts_on=date(2018, 9, 1))
    make_price(product, "499.00", date(2018, 9, 1))
    items["Dear"].prices.create(starts_on=date(2018, 9, 1), amount=Decimal("600.00"), agreed=True)
    items["Cheaper"].prices.create(starts_on=date(2018, 8, 1), amount=Decimal("400.00"))
    for name, last in (("Part", date(2018, 9, 15)), ("Ended", date(2018, 8, 31))):
        items[name].ends_on = last
        items[name].save()
    make_hold(people["Held"], date(2018, 9, 1), date(2018, 9, 30))
    Waiver.objects.create(
        customer=people["Waived"], source="item", item_id=items["Waived"].pk, period="2018-09-01", reason="x"
    )
    make_item(people["Once"], dear, once=True, starts_on=date(2018, 9, 3))
    make_item(people["Late"], dear, once=True, starts_on=date(2018, 2, 12))
    BillingProfile.objects.create(customer=people["Paused"], paused=True)
    Customer.objects.filter(pk=people["Prepaid"].pk).update(prepaid=True)

    made = make_month_end(SEPTEMBER)
    assert run_step(made, PREVIEW).state == "done"
    price, nothing = Decimal("454.00"), Decimal(0)
    assert {name: why(made, person) for name, person in people.items()} == {
        "Steady": (price, price, ["no_notice"]),
        "New": (nothing, Decimal("900.00"), ["new"]),
        "Dear": (price, Decimal("600.00"), ["price"]),
        "Part": (price, Decimal("227.00"), ["part", "no_notice"]),
        "Ended": (price, nothing, ["ended"]),
        "Held": (price, nothing, ["held", "no_notice"]),
        "Waived": (price, nothing, ["waived"]),
        "Once": (price, Decimal("1354.00"), ["once", "no_notice"]),
        "Late": (nothing, Decimal("900.00"), ["once", "catch_up"]),
        "Paused": (price, nothing, ["ended", "paused"]),
        "Nothing": (nothing, nothing, ["no_item"]),
        "Prepaid": (nothing, nothing, ["prepaid"]),
        "Cheaper": (price, Decimal("400.00"), ["price", "over_billed"]),
    }
    assert PreviewRow.objects.get(month_end=made, customer=people["Cheaper"]).over_billed == Decimal("54.00")
    assert not Line.objects.filter(period="2018-09-01").exists()


def test_what_ended_after_it_was_billed_is_listed_with_the_credit_proposed(thabo):
    alice = make_customer("Alice Liddel")
    item = make_item(alice)
    whole(make_month_end(), thabo)
    item.ends_on = date(2018, 8, 10)
    item.save()
    made = make_month_end(SEPTEMBER)
    run_step(made, PREVIEW)
    row = PreviewRow.objects.get(month_end=made, customer=alice)
    assert row.over_billed == Decimal("307.55")
    assert "credit note proposed: R 307.55" in row.words
    assert made.totals["over_billed"] == "307.55"


def test_the_preview_is_what_the_run_bills(thabo):
    product = make_product("UNC10")
    for number in range(12):
        make_item(
            make_customer(f"Client {number}"),
            product,
            starts_on=date(2018, 8, 1 + number),
            discount=number,
        )
    made = make_month_end()
    run_step(made, PREVIEW)
    promised = made.totals["this"]
    whole(made, thabo)
    assert str(reading.standing(made).issued.amount) == promised
    rows = PreviewRow.objects.filter(month_end=made)
    billed = dict(Document.objects.values_list("customer", "incl"))
    assert {row.customer_id: row.this for row in rows} == {
        row.customer_id: billed[row.customer_id] for row in rows
    }


def test_drafts_and_entries_are_taken_back_and_made_again(thabo):
    alice = make_customer("Alice Liddel")
    make_item(alice)
    made = signed(make_month_end(), thabo)
    run_step(made, CHARGES)
    run_step(made, DRAFTS)
    assert run_step(made, UNDO_DRAFTS).counts == {"taken_back": 1}
    assert (Document.objects.count(), Line.objects.get().document) == (0, None)
    assert run_step(made, UNDO_CHARGES).counts == {"taken_away": 1}
    assert not Line.objects.exists()
    assert run_step(made, DRAFTS).error == "The recurring entries of Aug 2018 are not made yet."
    whole(made, thabo)
    assert Document.objects.get().name == "INV00001"
    run_step(made, UNDO_DRAFTS)
    run_step(made, UNDO_CHARGES)
    assert Document.objects.get().name == "INV00001"


def test_a_billing_group_is_billed_by_itself(thabo):
    group = BillingGroup.objects.create(name="Netcash Run 1")
    alice, bob = make_customer("Alice Liddel", billing_group=group), make_customer("Bob Hatter")
    make_item(alice)
    make_item(bob)
    whole(make_month_end(group=group), thabo)
    assert Document.objects.get().customer == alice
    whole(make_month_end(), thabo)
    assert Document.objects.count() == 2


def test_archived_months_take_no_more_drafts(thabo):
    alice = make_customer("Alice Liddel")
    left = make_draft(alice, day=date(2018, 7, 30))
    made = make_month_end()
    with pytest.raises(DomainError, match="1 draft is dated before Aug 2018"):
        month_end.archive(month_end=made, actor=thabo, now=NOW)
    left.delete()
    month_end.archive(month_end=made, actor=thabo, now=NOW)
    assert reading.archived_before() == date(2018, 8, 1)
    with pytest.raises(IntegrityError, match="months before Aug 2018 are archived"), transaction.atomic():
        make_draft(alice, day=date(2018, 7, 30))
    assert make_draft(alice, day=date(2018, 8, 1)).is_draft
    month_end.take_back_archive(month_end=made)
    assert make_draft(alice, day=date(2018, 7, 30)).is_draft


def test_drafts_that_keep_a_month_from_being_archived_are_a_press_away(thabo):
    left = make_draft(make_customer("Alice Liddel"), day=date(2018, 7, 30))
    other = make_draft(make_customer("Bob Hatter"), day=date(2018, 8, 2))
    made, browser = make_month_end(), client_of(thabo)
    page = browser.get(f"/billing/month-end/{made.pk}/").content.decode()
    (address,) = re.findall(r'href="([^"]+)">Open those drafts', page)
    listed = browser.get(html.unescape(address)).content.decode()
    assert f"/billing/documents/{left.pk}/" in listed
    assert f"/billing/documents/{other.pk}/" not in listed
    left.delete()
    assert "Open those drafts" not in browser.get(f"/billing/month-end/{made.pk}/").content.decode()


def test_dates_stand_once_confirmed_and_open_again_until_entries_are_made(thabo):
    make_item(make_customer("Alice Liddel"))
    made = make_month_end()
    with pytest.raises(DomainError, match="dates are confirmed"):
        month_end.set_dates(month=AUGUST, group=None, document_date=date(2018, 8, 1), actor=thabo)
    month_end.take_back_confirmation(month_end=made)
    again = month_end.set_dates(month=AUGUST, group=None, document_date=date(2018, 8, 1), actor=thabo)
    assert again.pk == made.pk
    month_end.confirm(month_end=again, actor=thabo, now=NOW)
    again.refresh_from_db()
    run_step(signed(again, thabo), CHARGES)
    again.refresh_from_db()
    with pytest.raises(DomainError, match="Take them back first"):
        month_end.take_back_confirmation(month_end=again)


@pytest.mark.parametrize("offset", [-1, 0, 1, 2])
def test_the_service_period_may_be_another_month(thabo, offset):
    make_item(make_customer("Alice Liddel"), starts_on=date(2018, 1, 1), bill_from=AUGUST.plus(offset).first)
    whole(make_month_end(service_offset=offset), thabo)
    assert Line.objects.get().period == AUGUST.plus(offset).first
    assert Document.objects.get().period == AUGUST.first


def test_who_got_nothing_is_listed_with_the_reason(thabo):
    make_item(make_customer("Alice Liddel"))
    paused = make_customer("Bob Hatter", "BOB001")
    make_item(paused)
    BillingProfile.objects.create(customer=paused, paused=True)
    made = whole(make_month_end(), thabo)
    assert list(reading.got_nothing(made)) == [("BOB001", "Bob Hatter", "Paused")]


@pytest.mark.parametrize(
    "moment", ["2018-08-01T00:30", "2018-08-01T23:30", "2018-08-31T00:30", "2018-08-31T23:30"]
)
def test_half_past_midnight_bills_as_noon_does(thabo, moment, monkeypatch):
    now = timezone.make_aware(timezone.datetime.fromisoformat(moment))
    monkeypatch.setattr(month_end_runs, "stamp", lambda: now)
    make_item(make_customer("Alice Liddel"))
    whole(make_month_end(document_date=now.date()), thabo)
    document = Document.objects.get()
    assert (document.period, document.document_date, document.incl) == (
        AUGUST.first,
        now.date(),
        Decimal("454.00"),
    )
    assert timezone.localtime(document.issued_at).date() == now.date()


def test_the_commands_bill_a_month_once_and_say_what_they_did(capsys, thabo):
    make_item(make_customer("Alice Liddel", "ALI001"))
    with pytest.raises(CommandError, match="not signed"):
        call_command("bill", "--period", "2018-08")
    call_command("bill", "--period", "2018-08", "--preview")
    assert "New item: 1 customers" in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is nobody called"):
        call_command("bill", "--period", "2018-08", "--sign", "nobody")
    make_person("Dora", "billing.view_monthend")
    with pytest.raises(CommandError, match="may not sign"):
        call_command("bill", "--period", "2018-08", "--sign", "dora")
    call_command("bill", "--period", "2018-08", "--preview", "--sign", thabo.username)
    assert not Line.objects.exists()
    call_command("bill", "--period", "2018-08")
    call_command("bill", "--period", "2018-08")
    assert "1 drafts, R 454.00" in capsys.readouterr().out
    call_command("issue", "--period", "2018-08")
    call_command("issue", "--period", "2018-08")
    assert "1 invoices issued, R 454.00, INV00001 to INV00001" in capsys.readouterr().out
    assert MonthEnd.objects.get().signed_by == thabo
    with pytest.raises(CommandError, match="Nothing was billed"):
        call_command("issue", "--period", "2018-09")
    for wrong in ("2018-13", "August"):
        with pytest.raises(CommandError, match="is no month"):
            call_command("bill", "--period", wrong)


def test_the_screens_lead_through_the_steps(thabo, django_assert_max_num_queries):
    make_item(make_customer("Alice Liddel", "ALI001"))
    browser = client_of(thabo)
    dates = {
        "month": "2018-08",
        "service_offset": "0",
        "cut_off_day": "31",
        "document_date": "2018-08-31",
        "billing_group": "",
    }
    assert browser.post("/billing/month-end/new/", dates).status_code == 302
    made = MonthEnd.objects.get()
    address = f"/billing/month-end/{made.pk}/"
    for deed in ("confirm", "archive"):
        assert browser.post(f"{address}{deed}/").status_code == 302
    run_step(made, PREVIEW)
    assert browser.post(f"{address}sign/", {"reason": "Looked at it."}).status_code == 302
    for kind in (CHARGES, DRAFTS, ISSUE):
        run_step(made, kind, thabo)
    assert browser.post(f"{address}reconcile/").status_code == 302
    browser.get("/")  # what waits is counted once, for all pages
    with django_assert_max_num_queries(20):
        page = browser.get(address).content.decode()
    assert "It adds up" in page
    assert "Looked at it." in page
    anew = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "It adds up" in anew
    assert "hx-swap-oob" not in anew
    listed = browser.get(f"/billing/month-end/preview/?month_end={made.pk}&reason=new").content.decode()
    assert "Alice Liddel" in listed
    assert browser.get(f"{address}nothing/?format=csv").status_code == 200
    assert "Aug 2018" in browser.get("/billing/month-end/").content.decode()


def test_some_drafts_of_a_month_end_are_picked_and_issued(thabo):
    group = BillingGroup.objects.create(name="Run 1")
    alice, bob = make_customer("Alice Liddel", billing_group=group), make_customer("Bob Hatter")
    make_item(alice)
    make_item(bob)
    made, other = make_month_end(group=group), make_month_end()
    for one in (made, other):
        signed(one, thabo)
        for kind in (CHARGES, DRAFTS):
            run_step(one, kind, thabo)
    browser = client_of(thabo)
    card = browser.get(f"/billing/month-end/{made.pk}/").content.decode()
    assert f"/billing/documents/?month_end={made.pk}&amp;state=draft" in card
    page = browser.get(f"/billing/documents/?month_end={made.pk}&state=draft").content.decode()
    assert f'<a href="/billing/month-end/{made.pk}/">Month-end</a>' in page
    assert "Alice Liddel" in page
    assert "Bob Hatter" not in page
    picked = Document.objects.get(customer=alice)
    data = {"ids": [picked.pk], "_given": "1"}
    answer = browser.post(f"/billing/documents/list/bulk/issue/?month_end={made.pk}&state=draft", data)
    assert answer.status_code in (204, 302)
    assert list(Document.objects.filter(status="issued")) == [picked]


def test_a_run_started_twice_from_the_screen_is_one_run(thabo):
    make_item(make_customer("Alice Liddel"))
    made = signed(make_month_end(), thabo)
    first = month_end_runs.start(kind=CHARGES, of=made, actor=thabo)
    assert month_end_runs.start(kind=CHARGES, of=made, actor=thabo) == first


def test_each_step_asks_its_own_right(client):
    made = make_month_end()
    dora = make_person("Dora", "billing.view_monthend")
    client.force_login(dora)
    address = f"/billing/month-end/{made.pk}/"
    assert client.get(address).status_code == 200
    assert "press-preview" not in client.get(address).content.decode()
    for deed in ("archive", "charge", "issue", "sign", "undo-drafts", "dates"):
        assert client.post(f"{address}{deed}/").status_code == 403
    assert client.get(f"{address}nonsense/").status_code == 404
    client.force_login(make_person("Nobody"))
    assert client.get(address).status_code == 403
