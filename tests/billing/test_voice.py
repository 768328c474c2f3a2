"""Rental and calls of voice lines as the month-end bills them: each call once, late ones with the next month."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from billing.models import Document, Line, PriceNotice, SubAccountMode, Waiver
from billing.selectors import price_rises
from billing.services import charging, drafting, drafts, month_end_runs, previewing, price_notices
from dataaccounts.models import Call, CallCharge, CallFile, DeckVersion, VoiceCaller, VoiceLine, VoicePackage
from dataaccounts.selectors import voice_billable
from dataaccounts.services import free_minutes, voice_lines
from herotill.months import Month
from herotill.reference.models import VatRate
from tests.factories import make_customer, make_person
from tests.factories.calls import make_call, make_line, make_voice_package
from tests.factories.items import make_month_end, run_step, signed
from tests.factories.products import make_price, make_product

pytestmark = pytest.mark.django_db
AUGUST, SEPTEMBER = Month(2018, 8), Month(2018, 9)


def charged(customer: int, month: Month) -> list[tuple[str, str, Decimal]]:
    charging.generate(customers=[customer], month=month)
    found = Line.objects.filter(customer=customer, period=month.first).order_by("source")
    return [(one.source, one.text, one.excl) for one in found]


def test_a_line_is_rented_and_its_calls_are_charged_once() -> None:
    rent = make_product("LINE", price="99.00", name="Line rental")
    package = make_voice_package("Voice", product=rent)
    line = make_line("27871234567", customer="ALI001", package=package)
    for day in (1, 2, 31):
        make_call(line, date(2018, 8, day), "1.333333")
    assert charged(line.customer_id, AUGUST) == [
        ("calls", "Calls of +27871234567, 2018-08-01 to 2018-08-31 (3 calls)", Decimal("4.00")),
        ("voiceline", "Voice +27871234567, Aug 2018", Decimal("86.09")),
    ]
    calls = Line.objects.get(source="calls")
    assert (calls.vat, calls.incl) == (Decimal("0.60"), Decimal("4.60"))
    charge = CallCharge.objects.get()
    assert (charge.line, charge.month, charge.calls, charge.seconds) == (line, AUGUST.first, 3, 180)
    assert (charge.cost, charge.price) == (Decimal("3.00"), Decimal("4.00"))
    assert set(Call.objects.values_list("charge", flat=True)) == {charge.pk}
    assert len(charged(line.customer_id, AUGUST)) == 2


def test_s28_a_rise_meets_a_line_that_was_sold_as_something_else_before() -> None:
    plain, better = (make_product(code, price="100.00", name=code) for code in ("PLAIN", "BETTER"))
    line = make_line("27871234567", customer="ALI001", package=make_voice_package("Plain", product=plain))
    package = make_voice_package("Better", product=better)
    voice_lines.change(line=line, values={"package": package}, now=datetime(2018, 8, 10, 8, tzinfo=UTC))
    price = make_price(better, "115.00", date(2018, 10, 1))
    assert [one.name for one in price_rises.customers(price=price)] == ["Alice Liddel"]
    assert price_rises.customers(price=make_price(plain, "115.00", date(2018, 10, 1))) == []
    october = Month(2018, 10)
    before = charged(line.customer_id, october)
    Line.objects.all().delete()
    assert price_notices.announce(price=price, actor=None, now=datetime(2018, 8, 10, 8, tzinfo=UTC)) == 1
    PriceNotice.objects.update(sent_on=date(2018, 8, 20))
    after = charged(line.customer_id, october)
    assert [excl for _, _, excl in (*before, *after)] == [Decimal("86.96"), Decimal("100.00")]


def test_calls_that_come_late_are_charged_by_the_next_run_under_their_own_month() -> None:
    line = make_line()
    make_call(line, date(2018, 8, 3), "2.00")
    assert charged(line.customer_id, AUGUST)[0][2] == Decimal("2.00")
    assert len(charged(line.customer_id, AUGUST)) == 1
    make_call(line, date(2018, 8, 30), "5.00")
    make_call(line, date(2018, 9, 2), "1.00")
    make_call(line, date(2018, 10, 1), "7.00")
    said = charged(line.customer_id, SEPTEMBER)
    assert said == [("calls", "Calls of +27871234567, 2018-09-02 (1 call)", Decimal("1.00"))]
    late = Line.objects.get(period=AUGUST.first, excl=Decimal("5.00"))
    assert late.text == "Calls of +27871234567, 2018-08-30 (1 call)"
    assert (voice_billable.line_named(late.item_id or 0), voice_billable.place_named(late.item_id or 0)) == (
        line.pk,
        1,
    )
    assert sorted(CallCharge.objects.values_list("month", "place", "price")) == [
        (AUGUST.first, 0, Decimal("2.00")),
        (AUGUST.first, 1, Decimal("5.00")),
        (SEPTEMBER.first, 0, Decimal("1.00")),
    ]
    late.delete()
    assert Call.objects.get(price=Decimal("5.00")).charge_id is None
    charging.generate(customers=[line.customer_id], month=SEPTEMBER)
    assert Line.objects.filter(period=AUGUST.first, excl=Decimal("5.00")).count() == 1
    assert Call.objects.get(charge=None).day == date(2018, 10, 1)


def test_late_calls_go_to_who_paid_then_at_the_vat_of_then() -> None:
    wonderland = make_customer("Wonderland Ltd", "WON001")
    alice = make_customer("Alice Liddel", "ALI001", master=wonderland)
    SubAccountMode.objects.create(customer=alice, mode="master", starts_on=date(2018, 1, 1))
    line = make_line(customer=alice)
    make_call(line, date(2018, 8, 3), "2.00")
    charging.generate(customers=[alice.pk], month=AUGUST)
    make_call(line, date(2018, 8, 30), "5.00")
    SubAccountMode.objects.create(customer=alice, mode="itself", starts_on=SEPTEMBER.first)
    VatRate.objects.create(rate=Decimal("20.00"), starts_on=SEPTEMBER.first)
    make_call(line, date(2018, 9, 2), "1.00")
    charging.generate(customers=[alice.pk], month=SEPTEMBER)
    found = Line.objects.order_by("excl").values_list("excl", "vat", "customer")
    assert list(found) == [
        (Decimal("1.00"), Decimal("0.20"), alice.pk),
        (Decimal("2.00"), Decimal("0.30"), wonderland.pk),
        (Decimal("5.00"), Decimal("0.75"), wonderland.pk),
    ]


def test_a_charge_that_is_taken_away_frees_its_calls() -> None:
    line = make_line()
    make_call(line, price="2.00")
    charged(line.customer_id, AUGUST)
    charging.clear(customers=[line.customer_id], month=AUGUST)
    assert not CallCharge.objects.exists()
    assert Call.objects.get().charge_id is None
    assert charged(line.customer_id, AUGUST)[0][2] == Decimal("2.00")


def test_a_call_that_came_while_the_run_worked_refuses_the_line_and_nothing_is_lost() -> None:
    line = make_line()
    make_call(line, price="2.00")
    item = next(iter(voice_billable.calls([line.customer_id], AUGUST.first, AUGUST.last)))
    charging.generate(customers=[line.customer_id], month=AUGUST)
    written = Line.objects.get()
    charging.clear(customers=[line.customer_id], month=AUGUST)
    make_call(line, date(2018, 8, 9), "3.00")
    written.pk = None
    with pytest.raises(DatabaseError, match="came or went"), transaction.atomic():
        written.save(force_insert=True)
    assert item.prices[0].amount == Decimal("2.00")
    assert charged(line.customer_id, AUGUST)[0][2] == Decimal("5.00")


def test_calls_of_a_month_that_is_waived_are_never_billed() -> None:
    line = make_line()
    make_call(line, price="2.00")
    name = voice_billable.named(line.pk, AUGUST.first)
    assert voice_billable.line_named(name) == line.pk
    waiver = Waiver.objects.create(
        customer=line.customer, source="calls", item_id=name, period=AUGUST.first, reason="Our fault"
    )
    assert charged(line.customer_id, AUGUST) == []
    assert charged(line.customer_id, SEPTEMBER) == []
    waiver.delete()
    charging.generate(customers=[line.customer_id], month=SEPTEMBER)
    assert Line.objects.get().excl == Decimal("2.00")


def test_calls_taken_off_a_draft_and_waived_stay_waived_for_ever() -> None:
    line, greta = make_line(), make_person("Greta")
    make_call(line, price="2.00")
    charging.generate(customers=[line.customer_id], month=AUGUST)
    made = drafting.draft(
        customers=[line.customer_id], period=AUGUST.first, upto=AUGUST.first, dated=AUGUST.last, actor=None
    )
    draft = Document.objects.get(pk=made[0])
    waive = {"then": drafts.WAIVE, "reason": "Our fault"}
    drafts.remove_line(document=draft, line=draft.lines.get(), seen="", actor=greta, **waive)
    charge = CallCharge.objects.get()
    assert (Line.objects.count(), Waiver.objects.count(), Call.objects.get().charge_id) == (0, 1, charge.pk)
    assert charged(line.customer_id, AUGUST) == []
    assert charged(line.customer_id, SEPTEMBER) == []
    Waiver.objects.get().delete()
    assert (Call.objects.get().charge_id, CallCharge.objects.count()) == (None, 0)


def test_a_line_that_was_never_active_costs_nothing_once_it_is_cancelled() -> None:
    used = make_line("27870000001", customer="ALI001", rental="50.00")
    unused = make_line("27870000002", customer="BOB001", rental="50.00", state="waiting")
    lapsed = make_line(
        "27870000003", customer="CAR001", rental="50.00", state="waiting", ends_on=date(2018, 8, 5)
    )
    ended = datetime(2018, 8, 20, 10, tzinfo=UTC)
    voice_lines.cancel(lines=[used.pk, unused.pk], last_day=date(2018, 8, 31), reason="", now=ended)
    assert voice_lines.end_due(now=ended) == 1
    assert charged(used.customer_id, AUGUST)
    assert charged(unused.customer_id, AUGUST) == []
    assert charged(lapsed.customer_id, AUGUST) == []


def test_another_rental_or_package_counts_from_its_day_and_never_before() -> None:
    dear = make_product("DEAR", price="310.00", name="Dear line", price_includes_vat=False)
    package = make_voice_package("Dear", product=dear)
    line = make_line(rental="31.00")
    make_call(line, price="1.00")
    on = datetime(2018, 8, 11, 10, tzinfo=UTC)
    voice_lines.change(line=line, values={"rental": Decimal("62.00"), "text": "As agreed"}, now=on)
    voice_lines.change(line=line, values={"text": "Twice the channels", "channels": 4}, now=on)
    later = datetime(2018, 8, 21, 10, tzinfo=UTC)
    voice_lines.change(line=line, values={"rental": None, "package": package}, now=later)
    charging.generate(customers=[line.customer_id], month=AUGUST)
    rents = Line.objects.filter(source="voiceline").order_by("first")
    assert [(one.first.day, one.last.day, one.excl) for one in rents if one.first and one.last] == [
        (1, 10, Decimal("10.00")),
        (11, 20, Decimal("20.00")),
        (21, 31, Decimal("110.00")),
    ]
    assert rents[0].item_id == line.pk
    assert charged(line.customer_id, SEPTEMBER)[0][2] == Decimal("310.00")


def test_calls_that_cost_nothing_make_no_line_and_others_nobodys_are() -> None:
    alice, bob = make_line("27871234567", customer="ALI001"), make_line("27877654321", customer="BOB001")
    make_call(alice, price="0")
    make_call(bob, price="4.00")
    waiting = make_line("27870000001", customer="CAR001", state="waiting", rental="50.00")
    assert charged(alice.customer_id, AUGUST) == []
    assert charged(waiting.customer_id, AUGUST) == []
    assert charged(bob.customer_id, AUGUST)[0][2] == Decimal("4.00")


def test_a_month_end_over_voice_is_previewed_signed_and_drafted() -> None:
    person = make_person("Thabo", "billing.run_month_end", "billing.sign_preview")
    line = make_line(rental="100.00", customer=make_customer("Alice Liddel", "ALI001"))
    make_call(line, price="2.50")
    made = make_month_end(AUGUST, actor=person)
    signed(made, person)
    run_step(made, month_end_runs.CHARGES, person)
    run_step(made, month_end_runs.DRAFTS, person)
    lines = Line.objects.filter(document__isnull=False).order_by("source")
    assert [(one.source, one.excl) for one in lines] == [
        ("calls", Decimal("2.50")),
        ("voiceline", Decimal("100.00")),
    ]


def test_a_file_that_comes_in_after_the_preview_makes_it_void_unless_its_calls_are_of_later_months() -> None:
    person = make_person("Thabo", "billing.run_month_end", "billing.sign_preview")
    line = make_line()
    make_call(line, price="2.50")
    made = signed(make_month_end(AUGUST, actor=person), person)
    files = line.source.profiles.get().files
    files.create(name="later.csv", digest="", size=0, first_on=date(2018, 9, 1))
    assert previewing.still_holds(made)
    files.create(name="late.csv", digest="", size=0, first_on=date(2018, 8, 31))
    assert not previewing.still_holds(made)


def test_free_minutes_after_the_preview_make_it_void_and_rows_that_are_emptied_do_not() -> None:
    person = make_person("Thabo", "billing.run_month_end", "billing.sign_preview")
    line = make_line()
    call = make_call(line, price="2.50")
    CallFile.objects.filter(pk=call.file_id).update(first_on=call.day)
    caller = VoiceCaller.objects.create(source=line.source, texts=["desk"], numbers=[None])
    made = signed(make_month_end(AUGUST, actor=person), person)
    CallFile.objects.update(thinned_at=datetime(2021, 9, 1, tzinfo=UTC))
    VoiceCaller.objects.create(source=line.source, texts=["somebody"], numbers=[None])
    VoiceLine.objects.filter(pk=line.pk).update(
        text="Reception", channels=4, state="suspended", account="desk"
    )
    VoicePackage.objects.filter(pk=line.package_id).update(retired=True)
    DeckVersion.objects.create(deck=line.package.deck, valid_from=date(2018, 9, 1))
    assert previewing.still_holds(made)
    VoiceLine.objects.filter(pk=line.pk).update(state="waiting")
    assert not previewing.still_holds(made)
    VoiceLine.objects.filter(pk=line.pk).update(state="active")
    assert previewing.still_holds(made)
    VoiceCaller.objects.filter(pk=caller.pk).update(line=line)
    assert not previewing.still_holds(made)
    made = signed(made, person)
    today = date(2018, 8, 20)
    free_minutes.give(whose=line, call_class="mobile", minutes=60, month=AUGUST, today=today)
    assert not previewing.still_holds(made)


@pytest.mark.django_db(transaction=True)
def test_charging_waits_for_who_rates_calls_before_it_touches_one() -> None:
    line = make_line()
    make_call(line, price="2.00")
    rating = connection.copy()
    try:
        rating.set_autocommit(False)
        with rating.cursor() as cursor:
            cursor.execute("SELECT 1 FROM dataaccounts_voicesource FOR UPDATE")
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
            charging.generate(customers=[line.customer_id], month=AUGUST)
        with rating.cursor() as cursor:
            cursor.execute("SELECT 1 FROM dataaccounts_call FOR UPDATE NOWAIT")
        rating.rollback()
    finally:
        rating.close()
    assert charged(line.customer_id, AUGUST)[0][2] == Decimal("2.00")
