"""What rows of files of calls said goes after its time; what is still needed does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from billing.services import charging
from dataaccounts.models import Call, CallFile, CallProfile, CallRow, VoiceLine
from dataaccounts.services import call_retention, calls
from herotill import retention
from herotill.models import RetentionRules
from herotill.months import Month
from tests.dataaccounts.callfiles import NOW, take_in
from tests.factories.calls import make_deck, make_line, make_profile

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=365 * 3 + 60)
ROWS = (
    "alice,2026-03-01 08:00:00,0821234567,60,a1",
    "alice,2026-03-02 08:00:00,0821234567,0,a2",
    "alice,2026-03-03 08:00:00,0821234567,60,a1",
    "alice,some day,0821234567,60,a3",
)


@pytest.fixture
def alice() -> VoiceLine:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.2")])
    return make_line("27871110001", customer="ALI001", account="alice")


@pytest.fixture
def profile(alice: VoiceLine) -> CallProfile:
    return make_profile(alice.source)


def said() -> list[str]:
    return sorted(row.reason or row.outcome for row in CallRow.objects.exclude(raw=""))


def test_what_rows_said_goes_once_it_is_charged_and_the_call_stays(
    profile: CallProfile, alice: VoiceLine
) -> None:
    file = take_in(profile, *ROWS).file
    assert call_retention.forget(now=NOW + timedelta(days=900)) == "What 0 rows of 0 files said is gone."
    assert call_retention.forget(now=LATER) == "What 3 rows of 1 files said is gone."
    assert said() == ["billable"]
    charging.generate(customers=[alice.customer_id], month=Month(2026, 3))
    call_retention.forget(now=LATER)
    file.refresh_from_db()
    assert (said(), file.thinned_at) == ([], LATER)
    call = Call.objects.get()
    assert (call.called, str(call.price)) == ("27821234567", "1.200000")
    again = take_in(profile, ROWS[0], name="again.csv")
    assert again.outcomes == {"duplicate": 1}


def test_what_waits_for_a_line_keeps_all_and_is_rated_later(profile: CallProfile, alice: VoiceLine) -> None:
    take_in(profile, "desk,2026-03-01 08:00:00,0821234567,60,d1")
    take_in(profile, "alice,2026-03-01 08:00:00,0721234567,60,u1", name="unrated.csv")
    call_retention.forget(now=LATER)
    assert said() == ["unmatched", "unrated"]
    assert not CallFile.objects.filter(thinned_at__isnull=False).exists()
    calls.link(caller=profile.source.callers.get(texts=["desk"]), line=alice, actor=None, now=NOW)
    assert Call.objects.get().line == alice


def test_a_free_call_goes_back_and_is_rated_anew_though_its_row_is_empty(
    profile: CallProfile, alice: VoiceLine
) -> None:
    bob = make_line("27821234567", customer="BOB001")
    take_in(profile, ROWS[0])
    call_retention.forget(now=LATER)
    assert (said(), str(Call.objects.get().price)) == ([], "0.000000")
    caller = profile.source.callers.get()
    assert CallRow.objects.get().called == bob.number
    calls.link(caller=caller, line=alice, actor=None, now=NOW)
    calls.link(caller=caller, line=None, actor=None, now=NOW)
    assert Call.objects.get().destination == "On-net"


def test_how_long_stands_among_what_is_kept(profile: CallProfile, settings: Any) -> None:
    take_in(profile, ROWS[1])
    (kept,) = [one for one in retention.kinds if one.variable == "CALL_ROWS_KEPT_MONTHS"]
    assert kept.period(RetentionRules.objects.get()) == "36 months, longer while a call waits"
    kept.forget(LATER)
    assert said() == []
    settings.CALL_ROWS_KEPT_MONTHS = 0
    assert kept.period(RetentionRules.objects.get()) == "For ever"


def test_nothing_goes_where_it_is_kept_for_ever(profile: CallProfile, settings: Any) -> None:
    settings.CALL_ROWS_KEPT_MONTHS = 0
    take_in(profile, *ROWS)
    assert call_retention.forget(now=LATER) == "What rows said is kept for ever."
    assert len(said()) == 4
