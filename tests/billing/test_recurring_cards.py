"""The cards Billing details and Recurring billing: what they show, who may do what, and what it says."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from billing.models import (
    BillingProfile,
    Document,
    Hold,
    ItemPrice,
    Line,
    RecurringItem,
    SubAccountMode,
    Waiver,
)
from billing.screen import PaymentDetail, payment_details
from billing.selectors.seen import mark
from billing.services import recurring
from customers.models import BillingGroup
from herotill.billable import Billable, BillableSource, billable_sources
from herotill.messages.models import Message
from herotill.months import Month
from tests.factories import client_of, make_customer, make_person
from tests.factories.products import make_product

pytestmark = pytest.mark.django_db
SEES = ("customers.view_customer", "billing.view_billingprofile", "billing.view_recurringitem")
DOES = (
    "billing.change_billingprofile billing.add_subaccountmode billing.add_recurringitem"
    " billing.change_recurringitem billing.delete_recurringitem billing.add_itemprice billing.add_hold"
    " billing.delete_hold billing.add_waiver billing.add_line billing.delete_line billing.add_document"
).split()
QUERIES = 6
DETAILS, RECURRING = "billing-details", "recurring-billing"


@pytest.fixture
def sam():
    return client_of(make_person("Sam", *SEES, *DOES))


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


def this():
    return Month.of(timezone.localdate())


def make_item(customer, product=None, **more):
    more.setdefault("starts_on", this().first)
    new = recurring.NewItem(product=product or make_product("UNC10", "756.49"), **more)
    return recurring.add(customer=customer, new=new, actor=None)


def card(client, customer, name):
    return client.get(f"/customers/{customer.code}/widgets/{name}/").content.decode()


def address(customer, name, action, pk=None):
    return f"/customers/{customer.code}/widgets/{name}/{action}/" + (f"{pk}/" if pk else "")


def post(client, where, **data):
    answer = client.post(where, data, headers={"HX-Request": "true"})
    trigger = json.loads(answer.headers.get("HX-Trigger", "{}"))
    return answer, trigger.get("toast", {}).get("text", "")


def test_billing_details_say_in_words_when_an_invoice_is_due(sam, alice):
    alice.billing_group = BillingGroup.objects.create(name="Netcash Run 1", run_day=25, due_days=5)
    alice.save()
    shown = card(sam, alice, DETAILS)
    for text in (
        "Netcash Run 1",
        "runs on day 25",
        "5 days after the invoice",
        "the group's days",
        "Not set",
    ):
        assert text.replace("'", "&#x27;") in shown or text in shown
    assert "Use the group" not in shown

    before = mark(None)
    answer, said = post(
        sam,
        address(alice, DETAILS, "edit"),
        billing_group=alice.billing_group_id,
        due_days="14",
        seen=f"{alice.version + 1}:{before}",
    )
    assert (answer.status_code, said) == (204, "Saved.")
    shown = card(sam, alice, DETAILS)
    assert "14 days after the invoice" in shown
    assert "own days" in shown
    assert post(sam, address(alice, DETAILS, "use-the-groups"))[0].status_code == 204
    assert BillingProfile.objects.get().due_days is None


def test_a_second_clerk_hears_that_somebody_was_faster_and_keeps_what_was_typed(sam, alice):
    answer, _ = post(sam, address(alice, DETAILS, "edit"), due_days="14", seen="0:-")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody else changed this" in page
    assert 'value="14"' in page
    assert f'value="{alice.version}:-"' in page


def test_a_sub_accounts_card_shows_where_its_bills_go_and_what_is_to_come(sam):
    master = make_customer("Wonderland (Pty) Ltd", "WON001", kind="company")
    alice = make_customer("Alice Liddel", "ALI001", master=master)
    assert "Billed itself" in card(sam, alice, DETAILS)
    month = this().next
    answer, said = post(sam, address(alice, DETAILS, "mode"), mode="master", month=month.first.isoformat())
    assert (answer.status_code, said) == (204, "It counts from that month on.")
    assert (
        post(sam, address(alice, DETAILS, "mode"), mode="reseller", month=month.first)[0].status_code == 422
    )
    coming = SubAccountMode.objects.get()
    shown = card(sam, alice, DETAILS)
    assert f'From <span class="id">{month.label}</span>: Billed to its master' in shown
    assert post(sam, address(alice, DETAILS, "withdraw", coming.pk))[0].status_code == 204
    assert not SubAccountMode.objects.exists()
    assert "Bills go to" not in card(sam, master, DETAILS)


def test_another_app_puts_how_a_customer_pays_on_the_card(sam, alice):
    part = PaymentDetail(
        name="standing-order",
        label="standing order",
        permission="customers.view_customer",
        facts=lambda customer: [("Debit order day", f"25 for {customer.code}")],
        change_permission="billing.change_billingprofile",
        url=lambda customer: f"/somewhere/{customer.code}/",
    )
    payment_details.register(part)
    try:
        shown = card(sam, alice, DETAILS)
        assert "25 for ALI001" in shown
        assert 'hx-get="/somewhere/ALI001/"' in shown
        assert "somewhere" not in card(client_of(make_person("Dora", *SEES)), alice, DETAILS)
    finally:
        payment_details.unregister("standing-order")


def test_a_line_shows_its_list_price_and_in_brackets_what_is_left(sam, alice):
    make_item(alice, price=Decimal("700.00"), text="10Mb/s Uncapped")
    shown = " ".join(card(sam, alice, RECURRING).split())
    assert 'R 756.49<br><small class="mute">(R 700.00)</small>' in shown
    for text in ("BANDWIDTH", "10Mb/s Uncapped", "custom price", f"Total {this().label}", this().next.label):
        assert text in shown


def test_generate_draft_and_clear_carry_a_month_through(sam, alice):
    item = make_item(alice)
    where = {one: address(alice, RECURRING, one) for one in ("generate", "invoice", "clear")}
    month = {"month": this().first.isoformat()}
    assert post(sam, where["clear"], **month)[0].status_code == 422
    assert post(sam, where["invoice"], **month)[0].status_code == 422
    assert post(sam, where["generate"], **month)[1] == f"1 charge of {this().label} waits for an invoice."
    assert post(sam, where["generate"], **month)[1] == f"1 charge of {this().label} waits for an invoice."
    assert f"{this().label}: 1 charge, R 756.49" in sam.get(where["clear"]).content.decode()
    assert "cleared" in post(sam, where["clear"], **month)[1]
    assert not Line.objects.exists()

    post(sam, where["generate"], **month)
    shown = " ".join(card(sam, alice, RECURRING).split())
    assert "Waits" in shown
    assert f'Total {this().label}</th><td class="num"><b>R 756.49</b>' in shown
    answer, said = post(sam, where["invoice"], **month)
    document = Document.objects.get()
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert (said, toast["href"]) == (f"A draft for {this().label} is made.", document.get_absolute_url())
    assert (document.status, document.incl, document.lines.get().item_id) == (
        "draft",
        Decimal("756.49"),
        item.pk,
    )
    assert f"Nothing of {this().label} is left" in post(sam, where["generate"], **month)[1]
    assert "Draft</a>" in card(sam, alice, RECURRING)


def test_what_is_billed_once_stays_on_the_card_until_it_is_billed(sam, alice):
    long_ago = this().plus(-6).first
    item = make_item(alice, starts_on=long_ago, once=True)
    assert f"Once, {long_ago}" in card(sam, alice, RECURRING)
    assert "1 charge" in post(sam, address(alice, RECURRING, "generate"), month=this().first.isoformat())[1]
    shown = card(sam, alice, RECURRING)
    assert f"Once, {long_ago}" not in shown
    assert f"Uncapped UNC10, 1 {Month.of(long_ago).label}" in shown
    assert Line.objects.get().item_id == item.pk


def test_a_customer_whom_the_run_leaves_out_is_not_charged_by_hand_either(sam, alice):
    make_item(alice)
    BillingProfile.objects.create(customer=alice, paused=True)
    answer, _ = post(sam, address(alice, RECURRING, "generate"), month=this().first.isoformat())
    assert answer.status_code == 422
    assert "not billed by the run" in answer.content.decode()


def test_a_sub_accounts_charges_wait_at_its_master(sam):
    master = make_customer("Wonderland (Pty) Ltd", "WON001", kind="company")
    alice = make_customer("Alice Liddel", "ALI001", master=master)
    SubAccountMode.objects.create(customer=alice, starts_on=this().first, mode="master")
    make_item(alice)
    month = {"month": this().first.isoformat()}
    assert post(sam, address(alice, RECURRING, "generate"), **month)[0].status_code == 204
    assert (Line.objects.get().customer, Line.objects.get().for_customer) == (master, alice)
    answer, _ = post(sam, address(alice, RECURRING, "invoice"), **month)
    assert "billed to Wonderland" in answer.content.decode()
    assert "for Alice Liddel" in " ".join(card(sam, master, RECURRING).split())
    assert post(sam, address(master, RECURRING, "invoice"), **month)[0].status_code == 204
    assert Document.objects.get().customer == master


def test_the_cross_deletes_what_was_never_billed_and_offers_to_end_what_was(sam, alice):
    item, other = make_item(alice), make_item(alice, make_product("UNC20"))
    month = {"month": this().first.isoformat()}
    assert "Last day" not in sam.get(address(alice, RECURRING, "remove", other.pk)).content.decode()
    assert post(sam, address(alice, RECURRING, "remove", other.pk))[1] == "Item deleted."
    post(sam, address(alice, RECURRING, "generate"), **month)
    post(sam, address(alice, RECURRING, "invoice"), **month)
    page = sam.get(address(alice, RECURRING, "remove", item.pk)).content.decode()
    assert "It has been billed" in page
    assert post(sam, address(alice, RECURRING, "remove", item.pk))[0].status_code == 422
    _, said = post(sam, address(alice, RECURRING, "remove", item.pk), last_day=this().last.isoformat())
    assert said == f"Billed up to {this().last}."
    assert RecurringItem.objects.get().ends_on == this().last


def test_a_price_change_says_whether_somebody_must_be_told(alice):
    sam = client_of(make_person("Sam", *SEES, *DOES, "billing.send_price_notices"))
    item = make_item(alice)
    day = this().next.first.isoformat()
    where = address(alice, RECURRING, "price", item.pk)
    assert "only after its notice" in post(sam, where, amount="800", starts_on=day)[1]
    assert not Message.objects.exists()
    assert "on its way" in post(sam, where, amount="810", starts_on=day, tell="on")[1]
    assert Message.objects.get().context["new"] == "R 810.00"
    assert "counts from" in post(sam, where, amount="700", starts_on=day)[1]
    history = sam.get(f"/billing/items/{item.pk}/prices/").content.decode()
    assert "R 700.00" in history
    assert "R 756.49" in history
    assert ItemPrice.objects.get().amount == 700


def test_a_price_of_its_own_goes_back_to_the_list(alice):
    sam = client_of(make_person("Sam", *SEES, *DOES, "billing.send_price_notices"))
    item = make_item(alice, price=Decimal(700))
    listed = make_item(alice, item.product)
    where, day = address(alice, RECURRING, "price", item.pk), this().next.first.isoformat()
    assert (
        "Back to the price list"
        not in sam.get(address(alice, RECURRING, "price", listed.pk)).content.decode()
    )
    assert "The list says R 756.49 now." in sam.get(where).content.decode()
    missing = post(sam, where, starts_on=day)[0]
    assert (missing.status_code, "Give a price, or go back" in missing.content.decode()) == (422, True)
    asked = {"amount": "700", "to_list": "on", "starts_on": day}
    assert "only after its notice" in post(sam, where, **asked)[1]
    assert "on its way" in post(sam, where, tell="on", **asked)[1]
    assert Message.objects.get().context["new"] == "R 756.49"
    assert post(sam, where, agreed="on", **asked)[1] == f"The price of the list counts from {day}."
    assert item.prices.get(amount=None).agreed
    assert "the list’s price from" in card(sam, alice, RECURRING)
    history = sam.get(f"/billing/items/{item.pk}/prices/").content.decode()
    assert "Back to the price list, set by Sam; the customer agreed" in history
    again = post(sam, where, **asked | {"starts_on": (this().next.next.first).isoformat()})[0]
    assert "follows the price list on that day already" in again.content.decode()


def test_holds_are_listed_and_withdrawn_and_a_month_can_be_left_out(sam, alice):
    item = make_item(alice)
    first = this().next.first
    hold = {"first": first.isoformat(), "last": (first + timedelta(days=9)).isoformat(), "reason": "Away"}
    assert post(sam, address(alice, RECURRING, "hold"), **hold)[0].status_code == 204
    assert post(sam, address(alice, RECURRING, "hold"), item=item.pk, **hold)[0].status_code == 422
    shown = card(sam, alice, RECURRING)
    assert "Everything" in shown
    assert "Away" in shown
    assert post(sam, address(alice, RECURRING, "withdraw-hold", Hold.objects.get().pk))[0].status_code == 204
    assert not Hold.objects.exists()
    left = {"month": this().first.isoformat(), "reason": "Tower down"}
    assert post(sam, address(alice, RECURRING, "waive", item.pk), **left)[0].status_code == 204
    assert "Left out: Tower down" in card(sam, alice, RECURRING)
    assert Waiver.objects.get().item_id == item.pk


def test_an_item_is_added_and_edited_in_dialogs(sam, alice):
    product = make_product("UNC10", "756.49")
    data = {"product": product.pk, "quantity": "2", "discount": "0", "starts_on": this().first.isoformat()}
    assert post(sam, address(alice, RECURRING, "add"), **data | {"starts_on": ""})[0].status_code == 422
    assert post(sam, address(alice, RECURRING, "add"), **data)[0].status_code == 204
    item = RecurringItem.objects.get()
    change = {"quantity": "3", "discount": "5", "text": "Farm", "seen": mark(item)}
    assert post(sam, address(alice, RECURRING, "edit", item.pk), **change)[0].status_code == 204
    assert post(sam, address(alice, RECURRING, "edit", item.pk), **change)[0].status_code == 422
    item.refresh_from_db()
    assert (item.quantity, item.text) == (Decimal(3), "Farm")


def test_what_another_app_bills_is_shown_and_not_changed_here(sam, alice):
    product = make_product("FIBRE", "899.00")

    def rows(customers, first, last):
        return [Billable("voice", 7, one, product.pk, "alice@wonderland", this().first) for one in customers]

    billable_sources.register(BillableSource("voice", "Voice line", rows))
    try:
        shown = " ".join(card(sam, alice, RECURRING).split())
    finally:
        billable_sources.unregister("voice")
    assert "alice@wonderland" in shown
    assert 'R 899.00<br><small class="mute">(R 899.00)</small>' in shown


def test_dora_sees_and_changes_nothing(alice):
    item = make_item(alice)
    dora, eve = (
        client_of(make_person("Dora", "customers.view_customer")),
        client_of(make_person("Eve", *SEES)),
    )
    for name in (DETAILS, RECURRING):
        assert dora.get(f"/customers/ALI001/widgets/{name}/").status_code == 403
        assert eve.get(f"/customers/ALI001/widgets/{name}/").status_code == 200
    assert dora.get(f"/billing/items/{item.pk}/prices/").status_code == 403
    for name, action, pk in (
        (DETAILS, "edit", None),
        (DETAILS, "mode", None),
        (RECURRING, "add", None),
        (RECURRING, "hold", None),
        (RECURRING, "generate", None),
        (RECURRING, "invoice", None),
        (RECURRING, "clear", None),
        (RECURRING, "edit", item.pk),
        (RECURRING, "price", item.pk),
        (RECURRING, "remove", item.pk),
        (RECURRING, "waive", item.pk),
    ):
        assert eve.post(address(alice, name, action, pk)).status_code == 403, action
    assert "Generate" not in card(eve, alice, RECURRING)


def test_the_cards_ask_few_questions_however_much_there_is(
    sam, alice, rf, django_assert_max_num_queries, django_user_model
):
    from billing.widgets.billing_details import BillingDetails
    from billing.widgets.recurring_billing import RecurringBilling
    from customers.selectors.profile import customer

    for number in range(8):
        make_item(alice, make_product(f"P{number}"))
    post(sam, address(alice, RECURRING, "generate"), month=this().first.isoformat())
    request = rf.get("/")
    request.user = django_user_model.objects.get(username="sam")
    asked = {"customer": customer(code="ALI001"), "user": request.user, "request": request}
    for kind in (BillingDetails, RecurringBilling):
        widget = kind(**asked)
        with django_assert_max_num_queries(QUERIES):
            assert widget.context()
