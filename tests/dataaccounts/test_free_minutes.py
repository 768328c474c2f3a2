"""Free minutes: given to packages and lines from a month on, changed, ended, and what calls cost because of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone

from dataaccounts.models import Call, CallProfile, VoiceBundle, VoiceLine, VoiceTerm
from dataaccounts.selectors import free_minutes as reading
from dataaccounts.services import free_minutes, voice_lines
from herotill import audit
from herotill.errors import DomainError
from herotill.months import Month
from tests.dataaccounts.callfiles import take_in
from tests.dataaccounts.test_calls_given_back import charge
from tests.factories import client_of, make_person
from tests.factories.calls import (
    make_call,
    make_deck,
    make_line,
    make_profile,
    make_source,
    make_voice_package,
)
from tests.factories.data import make_checked

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)
LATER = datetime(2026, 3, 12, 8, tzinfo=UTC)
FEBRUARY, MARCH, APRIL, MAY = (Month(2026, number) for number in (2, 3, 4, 5))


@pytest.fixture
def alice() -> VoiceLine:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.2"), ("2721", "Cape Town", "national", "0.6")])
    return make_line("27871110001", customer="ALI001", account="alice")


@pytest.fixture
def profile(alice: VoiceLine) -> CallProfile:
    return make_profile(alice.source)


def give(whose: Any, minutes: int, month: Month = MARCH, call_class: str = "mobile") -> VoiceBundle:
    return free_minutes.give(whose=whose, call_class=call_class, minutes=minutes, month=month, today=TODAY)


def called(profile: CallProfile, *days: str, seconds: int = 60) -> None:
    take_in(profile, *(f"alice,{day} 08:00:00,0821234567,{seconds},{day}" for day in days), name=days[0])


def prices() -> list[str]:
    return [str(call.price) for call in Call.objects.order_by("start")]


def test_what_is_given_counts_at_once_for_calls_that_nobody_charged(
    profile: CallProfile, alice: VoiceLine
) -> None:
    called(profile, "2026-02-10", "2026-03-02", "2026-03-03", "2026-03-04")
    charge(Call.objects.get(day=date(2026, 3, 2)))
    give(alice.package, 1)
    assert prices() == ["1.200000", "1.200000", "0.000000", "1.200000"]
    give(alice.package, 2)
    assert prices() == ["1.200000", "1.200000", "0.000000", "0.000000"]
    give(alice, 0)
    assert prices() == ["1.200000"] * 4
    assert VoiceBundle.objects.count() == 2


def test_a_change_holds_from_its_month_and_leaves_the_months_before(
    profile: CallProfile, alice: VoiceLine
) -> None:
    give(alice.package, 1, FEBRUARY)
    give(alice.package, 2, APRIL)
    called(profile, "2026-02-10", "2026-02-11", "2026-04-10", "2026-04-11")
    assert prices() == ["0.000000", "1.200000", "0.000000", "0.000000"]
    free_minutes.end(whose=alice.package, call_class="mobile", month=APRIL, today=TODAY)
    assert prices() == ["0.000000", "1.200000", "1.200000", "1.200000"]
    with pytest.raises(DomainError, match="Feb 2026 is the first month"):
        give(alice.package, 9, Month(2026, 1))
    with pytest.raises(DomainError, match="no free minutes of national"):
        free_minutes.end(whose=alice.package, call_class="national", month=APRIL, today=TODAY)


def test_a_lines_own_stand_in_place_of_its_packages_until_they_end(
    profile: CallProfile, alice: VoiceLine
) -> None:
    give(alice.package, 2)
    give(alice, 1)
    give(alice, 5, MAY)
    (free,) = reading.of_lines([alice], TODAY)[alice.pk]
    assert (free.minutes, free.own, free.since, free.coming) == (1, True, MARCH, ((MAY, 5),))
    called(profile, "2026-03-02", "2026-03-03")
    assert prices() == ["0.000000", "1.200000"]
    (free,) = reading.of_lines([alice], TODAY)[alice.pk]
    assert (free.used, free.used_minutes) == (60, 1)
    free_minutes.end(whose=alice, call_class="mobile", month=MARCH, today=TODAY)
    assert prices() == ["0.000000", "0.000000"]
    (free,) = reading.of_lines([alice], TODAY)[alice.pk]
    assert (free.minutes, free.own, free.coming) == (2, False, ())


def test_in_the_month_of_another_package_the_larger_of_both_counts(
    profile: CallProfile, alice: VoiceLine
) -> None:
    small, large = alice.package, make_voice_package("Voice 500", deck=alice.package.deck)
    give(small, 1, FEBRUARY)
    give(large, 2, FEBRUARY)
    VoiceTerm.objects.create(line=alice, ends_on=date(2026, 3, 15), package=small)
    VoiceLine.objects.update(package=large)
    called(profile, "2026-02-10", "2026-02-11", "2026-03-02", "2026-03-20")
    assert prices() == ["0.000000", "1.200000", "0.000000", "0.000000"]


def test_a_number_that_is_given_up_and_had_again_in_a_month_has_its_minutes_once(
    profile: CallProfile, alice: VoiceLine
) -> None:
    give(alice.package, 2, FEBRUARY)
    called(profile, "2026-02-27", "2026-03-02", "2026-03-03")
    voice_lines.cancel(lines=[alice.pk], last_day=date(2026, 3, 10), reason="", now=LATER)
    values = {"number": alice.number, "package": alice.package, "source": make_source("Elsewhere")}
    again = voice_lines.add(
        customer=alice.customer,
        values=values | {"account": "anew", "starts_on": date(2026, 3, 12)},
        activate=False,
        actor=None,
        now=LATER,
    )
    elsewhere = make_profile(again.source, name="Elsewhere")
    take_in(
        elsewhere, "anew,2026-03-20 08:00:00,0821234567,60,b1", "anew,2026-04-01 08:00:00,0821234567,60,b2"
    )
    assert prices() == ["0.000000"] * 3 + ["1.200000", "0.000000"]
    assert reading.of_lines([again], date(2026, 3, 21))[again.pk][0].used == 120
    called(profile, "2026-03-01")
    assert prices() == ["0.000000"] * 3 + ["1.200000"] * 2 + ["0.000000"]
    charge(Call.objects.get(day=date(2026, 3, 20)))
    free_minutes.give(whose=again, call_class="mobile", minutes=9, month=MARCH, today=TODAY)
    assert prices() == ["0.000000"] * 4 + ["1.200000", "0.000000"]


@pytest.mark.parametrize("ends", ["cancelled", "activated"])
def test_a_line_that_was_never_active_in_a_month_adds_nothing_to_its_numbers_minutes(
    profile: CallProfile, alice: VoiceLine, ends: str
) -> None:
    large = make_voice_package("Voice 500", deck=alice.package.deck)
    give(alice.package, 1)
    give(large, 500)
    called(profile, "2026-03-02", "2026-03-03")
    voice_lines.cancel(lines=[alice.pk], last_day=date(2026, 3, 10), reason="", now=LATER)
    values = {
        "number": alice.number,
        "package": large,
        "source": alice.source,
        "starts_on": date(2026, 3, 12),
    }
    again = voice_lines.add(customer=alice.customer, values=values, activate=False, actor=None, now=LATER)
    assert prices() == ["0.000000"] * 2
    if ends == "cancelled":
        voice_lines.cancel(lines=[again.pk], last_day=date(2026, 3, 12), reason="A slip", now=LATER)
    else:
        make_checked(alice.customer)
        voice_lines.activate(lines=[again.pk], now=datetime(2026, 4, 2, 8, tzinfo=UTC))
    assert prices() == ["0.000000", "1.200000"]
    called(profile, "2026-03-01")
    assert prices() == ["0.000000", "1.200000", "1.200000"]


@pytest.mark.django_db(transaction=True)
def test_minutes_of_one_number_at_two_sources_are_given_by_one_after_the_other(
    profile: CallProfile, alice: VoiceLine
) -> None:
    give(alice.package, 1)
    VoiceLine.objects.update(ends_on=date(2026, 3, 10))
    elsewhere = make_source("Elsewhere")
    again = make_line(alice.number, source=elsewhere, account="anew", starts_on=date(2026, 3, 11))
    rating = connection.copy()
    try:
        rating.set_autocommit(False)
        with rating.cursor() as cursor:
            cursor.execute("SELECT 1 FROM dataaccounts_voiceline WHERE id = %s FOR NO KEY UPDATE", [again.pk])
        with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
            called(profile, "2026-03-02")
        rating.rollback()
    finally:
        rating.close()
    called(profile, "2026-03-02", "2026-04-02")
    assert prices() == ["0.000000"]


def test_a_number_of_two_customers_in_a_month_has_the_minutes_of_each(
    profile: CallProfile, alice: VoiceLine
) -> None:
    give(alice.package, 1)
    called(profile, "2026-03-02", "2026-03-03")
    voice_lines.cancel(lines=[alice.pk], last_day=date(2026, 3, 10), reason="", now=LATER)
    make_line(alice.number, customer="BOB001", account="alice", starts_on=date(2026, 3, 11))
    called(profile, "2026-03-20", "2026-03-21")
    assert prices() == ["0.000000", "1.200000"] * 2


def test_a_clerk_gives_changes_and_ends_minutes_and_it_stands_in_the_trail(client: Client) -> None:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.2")])
    line = make_line()
    month = Month.of(timezone.localdate())
    page = f"/data-accounts/voice/{line.pk}/minutes/"
    rights = ("view_voicebundle", "change_voicebundle", "view_voiceline")
    client.force_login(
        make_person("Thabo", "customers.view_customer", *(f"dataaccounts.{one}" for one in rights))
    )
    assert "No free minutes" in client.get(page).content.decode()
    typed = {"call_class": "mobile", "minutes": 30, "month": str(month)}
    assert client.post(f"{page}give/", typed).status_code == 302
    make_call(line, month.first, call_class="mobile", bundled=45)
    shown = client.get(page).content.decode()
    for said in ("mobile", "30", "The line's own", str(month)):
        assert said in shown
    card = client.get("/customers/ALI001/widgets/voip-lines/").content.decode()
    assert "1 of 30 free minutes mobile used" in card
    assert 'value="30"' in client.get(f"{page}give/?class=mobile").content.decode()
    assert client.post(f"{page}give/", typed | {"call_class": "premium"}).status_code == 422
    assert client.post(f"{page}end/", {"call_class": "mobile", "month": str(month)}).status_code == 302
    assert client.post(f"{page}end/", {"call_class": "mobile", "month": str(month)}).status_code == 422
    assert VoiceBundle.objects.get().minutes is None
    trail = audit.trail(customer_id=line.customer_id, model="dataaccounts.voicebundle").entries
    assert [entry.who for entry in trail] == ["Thabo", "Thabo"]


def test_minutes_of_a_package_are_kept_in_setup_by_who_may_change_it(client: Client) -> None:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.2")])
    package = make_line().package
    page = f"/data-accounts/voice/packages/{package.pk}/minutes/"
    asked = {"call_class": "mobile", "minutes": 60, "month": str(Month.of(timezone.localdate()))}
    rights = ("view_voicepackage", "change_voicepackage", "view_voicebundle")
    chief = client_of(make_person("Nomsa", *(f"dataaccounts.{one}" for one in rights)))
    assert chief.post(f"{page}give/", asked).status_code == 302
    table = chief.get("/setup/voice-packages/").content.decode()
    assert "60 mobile" in table
    assert page in table
    dora = client_of(make_person("Dora", "dataaccounts.view_voicebundle", "dataaccounts.change_voicebundle"))
    seen = dora.get(page).content.decode()
    assert "60" in seen
    assert "Give free minutes" not in seen
    assert dora.post(f"{page}give/", asked).status_code == 403
    assert client_of(make_person("Bob")).get(page).status_code == 403


def test_the_card_asks_no_more_for_more_lines(client: Client, django_assert_max_num_queries: Any) -> None:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.2")])
    for number in range(12):
        line = make_line(f"2787111{number:04}")
        VoiceBundle.objects.create(line=line, call_class="mobile", minutes=number)
    rights = ("view_voiceline", "view_voicebundle", "view_call")
    client.force_login(
        make_person("Thabo", "customers.view_customer", *(f"dataaccounts.{one}" for one in rights))
    )
    client.get("/")
    with django_assert_max_num_queries(13):
        assert (
            "of 11 free minutes mobile"
            in client.get("/customers/ALI001/widgets/voip-lines/").content.decode()
        )
