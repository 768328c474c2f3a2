"""Leaving: asked, approved, confirmed by the customer, carried out on the day; and every way to stay."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from billing.forms.cancellations import ReasonForm
from billing.models import Cancellation, CancellationReason, Document, RecurringItem, RentalContract
from billing.policies import cancelling
from billing.selectors import cancellations as reading
from billing.services import cancellations
from customers.models import Asset, Customer
from dataaccounts.models import DataAccount, VoiceLine
from dataaccounts.services import voice_lines
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.models import Fact
from tests.factories import client_of, make_customer, make_person
from tests.factories.calls import make_line
from tests.factories.data import make_account
from tests.factories.items import make_item

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 10, tzinfo=UTC)
LAST = date(2018, 9, 15)
AFTER = datetime(2018, 9, 16, 8, tzinfo=UTC)
State = Cancellation.State


@pytest.fixture
def alice():
    return make_customer("Alice Liddel", "ALI001")


@pytest.fixture
def reason():
    return CancellationReason.objects.create(name="Moves house")


@pytest.fixture
def manager():
    return make_person("Mandla", "billing.approve_cancellation")


def asked(customer, reason, **more):
    given = {"comment": "Moves to Durban.", "last_day": LAST, "actor": None, "now": NOW} | more
    return cancellations.ask(customer=customer, reason=reason, **given)


def sealed(one, now=NOW):
    """The secret of the link that the mail carries."""
    message = Message.objects.get(subject_kind="cancellation", subject_id=one.pk)
    return cancellations.seal(message, now)["link"].rstrip("/").rsplit("/", 1)[1]


def confirmed(customer, reason, manager, **more):
    one = asked(customer, reason, **more)
    cancellations.approve(cancellation=one, actor=manager, now=NOW)
    return cancellations.answer(token=sealed(one), confirms=True, text="", address="198.51.100.7", now=NOW)


def carry_out(now):
    cancellations.apply_due(now=now)
    cancellations.finish_due(now=now)


def test_alice_leaves_on_her_day_and_everything_ends_with_it(alice, reason, manager):
    account, item = make_account(alice), make_item(alice)
    Asset.objects.create(customer=alice, description="Outdoor radio", serial_number="R-1")
    one = confirmed(alice, reason, manager)
    carry_out(NOW)
    account.refresh_from_db()
    item.refresh_from_db()
    assert (account.state, account.ends_on, item.ends_on) == ("active", LAST, LAST)
    carry_out(AFTER)
    one.refresh_from_db()
    alice.refresh_from_db()
    assert (one.state, alice.status, one.equipment) == (State.DONE, "cancelled", "Outdoor radio")
    draft = one.final_draft
    assert draft.status == Document.Status.DRAFT
    assert {line.last for line in draft.lines.all() if line.period == date(2018, 9, 1)} == {LAST}, "pro rata"
    assert Fact.objects.filter(kind="cancellation.done", customer_id=alice.pk).count() == 1
    assert cancellations.finish_due(now=AFTER) == 0, "once"


def test_alices_voice_lines_end_with_her_and_go_on_where_she_stays(alice, reason, manager):
    line = make_line("27871110001", customer=alice, rental="100.00")
    gone = make_line("27871110002", customer=alice, ends_on=date(2018, 8, 31))
    later = make_line("27871110003", customer=alice, ends_on=date(2018, 12, 31))
    one = confirmed(alice, reason, manager)
    assert reading.consequences(one, []).voice_lines == [line, later]
    carry_out(NOW)
    ends = VoiceLine.objects.order_by("number").values_list("ends_on", flat=True)
    assert list(ends) == [LAST, date(2018, 8, 31), LAST]
    cancellations.withdraw(cancellation=one, why="Stays", actor=manager, now=NOW)
    assert list(ends.all()) == [None, gone.ends_on, date(2018, 12, 31)]
    again = confirmed(alice, reason, manager)
    carry_out(NOW)
    carry_out(AFTER)
    voice_lines.end_due(now=AFTER)
    again.refresh_from_db()
    assert again.state == State.DONE
    assert set(VoiceLine.objects.values_list("state", flat=True)) == {"cancelled"}


def test_nothing_ends_before_the_customer_says_so(alice, reason, manager):
    account, item = make_account(alice), make_item(alice)
    one = asked(alice, reason)
    cancellations.approve(cancellation=one, actor=manager, now=NOW)
    carry_out(AFTER)
    account.refresh_from_db()
    item.refresh_from_db()
    assert (account.ends_on, item.ends_on) == (None, None)


def test_without_an_answer_it_lapses_and_service_goes_on(alice, reason, manager):
    one = asked(alice, reason)
    cancellations.approve(cancellation=one, actor=manager, now=NOW)
    token = sealed(one)
    late = NOW + timedelta(days=cancelling.ANSWER_DAYS)
    assert cancellations.lapse_due(now=late) == 0, "she may answer on the last day"
    assert cancellations.lapse_due(now=late + timedelta(days=1)) == 1
    with pytest.raises(DomainError, match="answered already"):
        cancellations.answer(token=token, confirms=True, text="", address=None, now=late)


def test_a_denial_is_a_fact_for_the_approver(alice, reason, manager):
    one = asked(alice, reason)
    cancellations.approve(cancellation=one, actor=manager, now=NOW)
    cancellations.answer(token=sealed(one), confirms=False, text="I never asked.", address=None, now=NOW)
    told = Fact.objects.get(kind="cancellation.denied")
    assert (told.data["approver"], told.data["text"]) == (manager.pk, "I never asked.")
    carry_out(AFTER)
    alice.refresh_from_db()
    assert alice.status == "active"


def test_who_stays_gets_back_what_was_set_to_end(alice, reason, manager):
    account, item = make_account(alice), make_item(alice)
    other = make_item(alice, ends_on=date(2018, 12, 31))
    one = confirmed(alice, reason, manager)
    carry_out(NOW)
    cancellations.withdraw(cancellation=one, why="A better price", actor=manager, now=NOW)
    for row in (account, item, other):
        row.refresh_from_db()
    assert (account.ends_on, item.ends_on, other.ends_on) == (None, None, date(2018, 12, 31))
    with pytest.raises(DomainError, match="not open"):
        cancellations.withdraw(cancellation=one, why="Again", actor=manager, now=NOW)


def test_an_item_that_somebody_ended_meanwhile_keeps_that_end(alice, reason, manager):
    item = make_item(alice)
    one = confirmed(alice, reason, manager)
    carry_out(NOW)
    RecurringItem.objects.filter(pk=item.pk).update(ends_on=date(2018, 9, 1))
    cancellations.withdraw(cancellation=one, why="Stays", actor=manager, now=NOW)
    item.refresh_from_db()
    assert item.ends_on == date(2018, 9, 1)


def test_only_the_chosen_accounts_end(alice, reason, manager):
    home, shop = make_account(alice), make_account(alice, "shop@isp.example")
    item = make_item(alice)
    one = confirmed(alice, reason, manager, accounts=[shop.pk])
    carry_out(NOW)
    carry_out(AFTER)
    for row in (home, shop, item, alice, one):
        row.refresh_from_db()
    assert (home.ends_on, shop.ends_on, item.ends_on) == (None, LAST, None)
    assert (alice.status, one.state, one.final_draft) == ("active", State.DONE, None)


def test_ending_early_costs_what_the_contract_says(alice, reason, manager):
    item = make_item(alice)
    RentalContract.objects.create(
        customer=alice,
        equipment="Radio",
        item=item,
        starts_on=date(2018, 1, 1),
        months=12,
        ends_on=date(2018, 12, 31),
        ending="fixed",
        ending_amount="500.00",
    )
    one = asked(alice, reason)
    shown = cancellations.consequences(cancellation=one)
    assert (str(shown.owed), shown.notice_until) == ("500.00", date(2018, 9, 11))
    cancellations.approve(cancellation=one, actor=manager, now=NOW)
    cancellations.answer(token=sealed(one), confirms=True, text="", address=None, now=NOW)
    carry_out(NOW)
    carry_out(AFTER)
    contract = RentalContract.objects.get()
    assert (contract.ended_on, str(contract.penalty.incl)) == (LAST, "500.00")


def test_what_stands_in_the_way_is_told_and_tried_again(alice, reason, manager):
    late = make_item(alice, starts_on=date(2018, 12, 1))
    one = confirmed(alice, reason, manager)
    carry_out(NOW)
    one.refresh_from_db()
    assert "begins on 2018-12-01" in one.trouble
    assert one.applied_at is None
    late.delete()
    cancellations.try_again(cancellation=one, now=NOW)
    carry_out(NOW)
    one.refresh_from_db()
    assert one.applied_at == NOW


def test_a_customer_leaves_once_at_a_time(alice, reason):
    asked(alice, reason)
    with pytest.raises(DomainError, match="on its way"):
        asked(alice, reason)
    with pytest.raises(IntegrityError, match="one_cancellation_of_a_customer"), transaction.atomic():
        Cancellation.objects.create(customer=alice, reason=reason, last_day=LAST)


@pytest.mark.parametrize("last_day", [date(2018, 8, 21), date(2017, 1, 1)])
def test_a_day_gone_by_is_refused(alice, reason, last_day):
    with pytest.raises(DomainError, match="gone by"):
        asked(alice, reason, last_day=last_day)


def test_accounts_of_others_cannot_be_ended(alice, reason):
    bobs = make_account(make_customer("Bob Sands", "BOB001"), "bob@isp.example")
    with pytest.raises(DomainError, match="Choose the data accounts"):
        asked(alice, reason, accounts=[bobs.pk])


def test_s07_the_link_works_once_and_is_kept_nowhere(alice, reason, manager):
    one = asked(alice, reason)
    cancellations.approve(cancellation=one, actor=manager, now=NOW)
    token = sealed(one)
    one.refresh_from_db()
    assert token not in one.token_hash
    assert not Message.objects.filter(context__icontains=token).exists()
    cancellations.answer(token=token, confirms=True, text="", address=None, now=NOW)
    with pytest.raises(DomainError, match="answered already"):
        cancellations.answer(token=token, confirms=False, text="", address=None, now=NOW)


def test_s24_opening_the_link_changes_nothing_and_the_button_does(alice, reason, manager):
    now = datetime.now(UTC)
    one = asked(alice, reason, last_day=now.date() + timedelta(days=30), now=now)
    cancellations.approve(cancellation=one, actor=manager, now=now)
    url = f"/cancel/{sealed(one, now)}/"
    page = Client().get(url)
    one.refresh_from_db()
    assert (page.status_code, one.state) == (200, State.APPROVED)
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert "no-store" in page["Cache-Control"]
    done = Client().post(url, {"answer": "confirm", "text": "Thank you"})
    one.refresh_from_db()
    assert (done.status_code, one.state, one.answer) == (200, State.CONFIRMED, "Thank you")
    again = Client().get(url)
    assert again.status_code == 410
    assert "Alice" not in again.content.decode()


def test_the_profile_shows_it_and_dora_may_not(alice, reason):
    sees = ("customers.view_customer", "billing.view_cancellation")
    sam = client_of(make_person("Sam", *sees, "billing.add_cancellation"))
    far = local_day(datetime.now(UTC)) + timedelta(days=60)
    asked_for = sam.post(
        "/billing/cancellations/ask/ALI001/",
        {"reason": reason.pk, "last_day": far.isoformat(), "comment": "<b>Bye</b>"},
        headers={"HX-Request": "true"},
    )
    assert asked_for.status_code == 200, asked_for.content
    card = sam.get("/customers/ALI001/widgets/account-expiry/").content.decode()
    assert "Waits for approval" in card
    assert "&lt;b&gt;Bye&lt;/b&gt;" in card
    one = Cancellation.objects.get()
    assert sam.get(f"/billing/cancellations/{one.pk}/approve/").status_code == 403
    dora = client_of(make_person("Dora", "customers.view_customer"))
    assert dora.get("/billing/cancellations/ask/ALI001/").status_code == 403
    assert dora.get("/customers/ALI001/widgets/account-expiry/").status_code == 403


def test_the_big_red_button_stands_where_somebody_may_suspend(alice):
    sees = ("customers.view_customer", "billing.view_cancellation")
    plain, red = (
        client_of(make_person("Sam", *sees)),
        client_of(make_person("Ruth", *sees, "billing.suspend_customer")),
    )
    card = "/customers/ALI001/widgets/account-expiry/"
    assert "Suspend now" not in plain.get(card).content.decode()
    assert "/billing/suspensions/at-once/ALI001/" in red.get(card).content.decode()


def test_approving_shows_what_ends_first(alice, reason):
    make_account(alice)
    mandla = client_of(make_person("Mandla", "billing.view_cancellation", "billing.approve_cancellation"))
    one = asked(alice, reason, last_day=date(2100, 1, 1))
    shown = mandla.get(f"/billing/cancellations/{one.pk}/approve/", headers={"HX-Request": "true"})
    assert "alice@isp.example" in shown.content.decode()
    one.refresh_from_db()
    assert one.state == State.ASKED
    mandla.post(f"/billing/cancellations/{one.pk}/approve/", headers={"HX-Request": "true"})
    one.refresh_from_db()
    assert one.state == State.APPROVED


def test_the_report_counts_who_left_and_who_stayed(alice, reason, manager):
    bob = make_customer("Bob Sands", "BOB001")
    confirmed(alice, reason, manager)
    stays = asked(bob, reason)
    cancellations.withdraw(cancellation=stays, why="Stays", actor=manager, now=NOW)
    today = NOW.date()
    (row,) = reading.by_reason(first=today - timedelta(days=1), last=today + timedelta(days=1))
    assert (row.reason, row.asked, row.left, row.stayed) == ("Moves house", 2, 1, 1)


def test_words_of_a_reason_stay_as_they_are(reason):
    form = ReasonForm({"name": "Something else", "won_back": "on"}, instance=reason)
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Moves house"


def test_how_long_a_customer_may_think(alice):
    assert cancelling.answer_by(date(2018, 8, 1), date(2018, 12, 1)) == date(2018, 8, 15)
    assert cancelling.answer_by(date(2018, 8, 1), date(2018, 8, 5)) == date(2018, 8, 5)
    assert cancelling.notice_ends(date(2018, 8, 1), []) == date(2018, 8, 1)
    assert cancelling.notice_ends(date(2018, 8, 1), [20, 30]) == date(2018, 8, 31)


def test_cancelled_accounts_are_left_alone(alice, reason, manager):
    gone = make_account(alice, state="cancelled", ends_on=date(2018, 8, 10))
    confirmed(alice, reason, manager)
    carry_out(NOW)
    gone.refresh_from_db()
    assert gone.ends_on == date(2018, 8, 10)
    assert not DataAccount.objects.filter(customer=alice).exclude(state="cancelled").exists()
    assert Customer.objects.get(pk=alice.pk).status == "active", "her last day is still to come"


def test_one_that_we_stumble_over_keeps_nobody_else_here(alice, reason, manager, monkeypatch):
    bob = make_customer("Bob Sands", "BOB001")
    first, second = (confirmed(customer, reason, manager) for customer in (alice, bob))
    honest = cancellations._apply

    def stumble(cancellation, now):
        if cancellation.pk == first.pk:
            raise RuntimeError("A mistake of ours.")
        honest(cancellation, now)

    monkeypatch.setattr(cancellations, "_apply", stumble)
    assert cancellations.apply_due(now=NOW) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.applied_at, "RuntimeError" in first.trouble, bool(second.applied_at)) == (None, True, True)


@pytest.mark.parametrize(
    ("deed", "before", "after"),
    [
        ("refuse", State.ASKED, State.REFUSED),
        ("confirm", State.APPROVED, State.CONFIRMED),
        ("withdraw", State.APPROVED, State.WITHDRAWN),
    ],
)
def test_each_decision_asks_for_words_and_keeps_them(alice, reason, manager, deed, before, after):
    rights = ("billing.view_cancellation", "billing.approve_cancellation", "billing.withdraw_cancellation")
    ruth = client_of(make_person("Ruth", *rights))
    one = asked(alice, reason, last_day=date(2100, 1, 1))
    if before == State.APPROVED:
        cancellations.approve(cancellation=one, actor=manager, now=NOW)
    url = f"/billing/cancellations/{one.pk}/{deed}/"
    assert ruth.post(url, {"why": ""}, headers={"HX-Request": "true"}).status_code == 422
    ruth.post(url, {"why": "A letter of Monday"}, headers={"HX-Request": "true"})
    one.refresh_from_db()
    assert one.state == after
    assert "A letter of Monday" in one.answer
