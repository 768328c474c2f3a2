"""Call records of Alice, Bob and strangers: matched, rated, charged, settled later, and taken back."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from dataaccounts.models import (
    Call,
    CallCharge,
    CallFile,
    CallProfile,
    CallRow,
    DeckRow,
    VoiceBundle,
    VoiceCaller,
    VoiceLine,
    VoiceTerm,
)
from dataaccounts.services import calls, decks, voice_blanking, voice_lines
from herotill.errors import DomainError
from tests.dataaccounts.callfiles import NOW, made, take_in
from tests.factories.calls import make_deck, make_line, make_profile, make_source, make_voice_package

pytestmark = pytest.mark.django_db

SELL = [("27", "RSA", "geographic", "0.6"), ("2782", "Mobile", "mobile", "1.2"), ("112", "Help", "free", "0")]
MOBILE, LAND = "0821234567", "0115551234"


@pytest.fixture
def alice() -> VoiceLine:
    make_deck("sell", SELL)
    return make_line("27871110001", customer="ALI001", account="alice")


@pytest.fixture
def profile(alice: VoiceLine) -> CallProfile:
    return make_profile(alice.source)


def prices() -> list[str]:
    return [f"{call.price:f}" for call in Call.objects.order_by("start", "file_id", "row")]


def charge(line: VoiceLine, month: date = date(2026, 3, 1)) -> CallCharge:
    """What a billing run does to the calls of a line."""
    made = CallCharge.objects.create(
        line=line, month=month, calls=1, seconds=1, first_on=month, last_on=month, cost=0, price=0
    )
    Call.objects.filter(line=line, charge=None).update(charge=made)
    return made


def test_what_a_source_told_is_told_once_whichever_file_repeats_it(profile: CallProfile) -> None:
    first = "alice,2026-03-02 08:00:00,0821234567,60,a1"
    assert take_in(profile, first).outcomes == {"billable": 1}
    assert take_in(profile, first).outcomes == {"duplicate": 1}
    again = take_in(profile, first, "alice,2026-03-02 09:00:00,0821234567,30,a2")
    assert again.outcomes == {"billable": 1, "duplicate": 1}
    assert str(again) == "2 rows: 1 billable, 1 duplicate"
    assert prices() == ["1.200000", "0.600000"]


def test_trying_a_file_keeps_nothing(profile: CallProfile) -> None:
    file = made("alice,2026-03-02 08:00:00,0821234567,60,a1")
    said = calls.import_file(profile=profile, file=file, name="x", actor=None, now=NOW, only_say=True)
    assert said.outcomes == {"billable": 1}
    assert not CallFile.objects.exists()
    assert not CallRow.objects.exists()
    assert not VoiceCaller.objects.exists()


def test_bobs_calls_wait_until_somebody_says_which_line_he_is(profile: CallProfile, alice: VoiceLine) -> None:
    take_in(profile, "bob,2026-03-02 08:00:00,0821234567,60,b1", "carol,2026-03-02 08:00:00,0821234567,60,c1")
    bob = make_line("27871110002", customer="BOB001", source=alice.source)
    other = make_line("27871110003", customer="CAR001", source=make_source("Elsewhere"))
    caller = VoiceCaller.objects.get(texts=["bob"])
    with pytest.raises(DomainError, match="come from Elsewhere"):
        calls.link(caller=caller, line=other, actor=None, now=NOW)
    assert calls.link(caller=caller, line=bob, actor=None, now=NOW) == 1
    assert Call.objects.get().line == bob
    file = CallFile.objects.get()
    assert file.counts["outcomes"] | {"billable": 1, "unmatched": 1} == file.counts["outcomes"]
    assert take_in(profile, "bob,2026-03-03 08:00:00,0821234567,60,b2").outcomes == {"billable": 1}


def test_a_call_without_a_rate_waits_for_a_deck(profile: CallProfile, alice: VoiceLine) -> None:
    assert take_in(profile, "alice,2026-03-02 08:00:00,+4930123456,60,a1").outcomes == {"unrated": 1}
    assert calls.settle() == 0
    make_deck("sell", [("49", "Germany", "international", "3")], valid_from=date(2026, 3, 1))
    assert calls.settle() == 1
    assert prices() == ["3.000000"]
    assert calls.settle() == 0


def test_a_line_that_ended_takes_no_calls_of_later_days(profile: CallProfile, alice: VoiceLine) -> None:
    VoiceLine.objects.filter(pk=alice.pk).update(ends_on=date(2026, 3, 2))
    said = take_in(
        profile, "alice,2026-03-02 23:59:59,0821234567,60,a1", "alice,2026-03-03 00:00:00,0821234567,60,a2"
    )
    assert said.outcomes == {"billable": 1, "unmatched": 1}


def test_minutes_go_to_calls_in_order_however_the_files_came(profile: CallProfile, alice: VoiceLine) -> None:
    VoiceBundle.objects.create(package=alice.package, call_class="mobile", minutes=1)
    take_in(profile, "alice,2026-03-05 08:00:00,0821234567,60,a2")
    assert prices() == ["0.000000"]
    early = take_in(profile, "alice,2026-03-01 08:00:00,0821234567,45,a1")
    assert prices() == ["0.000000", "0.900000"]
    calls.take_back(file=early.file, actor=None, now=NOW)
    assert prices() == ["0.000000"]
    VoiceBundle.objects.create(line=alice, call_class="mobile", minutes=0)
    take_in(profile, "alice,2026-03-06 08:00:00,0821234567,60,a3")
    assert prices() == ["1.200000", "1.200000"]


def test_what_is_charged_keeps_its_minutes_and_its_price(profile: CallProfile, alice: VoiceLine) -> None:
    VoiceBundle.objects.create(line=alice, call_class="mobile", minutes=1)
    file = take_in(profile, "alice,2026-03-05 08:00:00,0821234567,45,a2").file
    charged = charge(alice)
    with pytest.raises(DomainError, match="1 of its calls are charged already"):
        calls.take_back(file=file, actor=None, now=NOW)
    take_in(profile, "alice,2026-03-01 08:00:00,0821234567,45,a1")
    assert prices() == ["0.600000", "0.000000"]
    Call.objects.update(charge=None)
    charged.delete()
    assert calls.take_back(file=file, actor=None, now=NOW) == 1
    assert prices() == ["0.000000"]
    with pytest.raises(DomainError, match="taken back already"):
        calls.take_back(file=file, actor=None, now=NOW)


def test_evenings_and_weekends_may_cost_less(profile: CallProfile, alice: VoiceLine) -> None:
    records = decks.rows_of(
        b"kind,prefix,destination,class,connection_fee,rate_per_minute,minimum_seconds,increment_seconds,free,"
        b"off_peak_rate_per_minute\ne164,27,RSA,geographic,0,1,1,1,0,0.5\n"
    )
    decks.add_version(deck=alice.package.deck, valid_from=date(2026, 3, 1), records=records)
    friday = ("06:59:59", "07:00:00", "18:59:59", "19:00:00")
    rows = [f"alice,2026-03-06 {clock},0115551234,60,f{clock}" for clock in friday]
    take_in(profile, *rows, "alice,2026-03-07 12:00:00,0115551234,60,s")
    assert [price[:4] for price in prices()] == ["0.50", "1.00", "1.00", "0.50", "0.50"]


def test_without_a_cost_in_the_file_the_sources_deck_says_it(alice: VoiceLine) -> None:
    columns = {
        "account": "Account",
        "start": "Start",
        "b_number": "To",
        "billsec": "Seconds",
        "call_id": "ID",
    }
    bare = make_profile(alice.source, columns=columns)
    assert take_in(bare, "alice,2026-03-02 08:00:00,0821234567,60,a1").outcomes == {"unrated": 1}
    alice.source.cost_deck = make_deck("cost", [("2782", "Mobile", "mobile", "0.5")])
    alice.source.save()
    assert calls.settle() == 1
    assert Call.objects.get().cost == Decimal("0.5")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"Account,Start\n", "no column"),
        (b"Account,Start,From,To,Seconds,Cost,Direction,ID\n\xff\xfe\n", "not written in utf-8"),
        (b'Account,Start,From,To,Seconds,Cost,Direction,ID\n"' + b"x" * 140_000, "no CSV"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(profile: CallProfile, data: bytes, says: str) -> None:
    with pytest.raises(DomainError, match=says):
        calls.import_file(profile=profile, file=io.BytesIO(data), name="x", actor=None, now=NOW)
    assert not CallFile.objects.exists()


def test_odd_cells_are_rows_like_others(profile: CallProfile) -> None:
    said = take_in(
        profile,
        f"{'x' * 9000},2026-03-02 08:00:00,0821234567,60,a1",
        "ali\x00ce,2026-03-02 08:00:00,0821234567,60,a2",
        f"alice,2026-03-02 08:00:00,0821234567,{'9' * 30},a3",
        "alice,2026-02-29 08:00:00,0821234567,60,a4",
    )
    assert said.outcomes == {"billable": 1, "refused": 2, "unmatched": 1}
    assert said.reasons == {"bad_duration": 1, "bad_date": 1}


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("e164,27,RSA,geographic,0,-1,1,1,0", "Line 2"),
        ("e164,27,RSA,geographic,0,NaN,1,1,0", "Line 2"),
        ("e164,27,RSA,geographic,0,1,1,0,0", "Line 2"),
        ("e164,+27,RSA,geographic,0,1,1,1,0", "Figures only"),
        ("e164,27,RSA,geographic,0,1,1,1,0\ne164,27,RSA,geographic,0,2,1,1,0", "twice"),
        ("", "at least one"),
    ],
)
def test_a_deck_is_taken_in_whole_or_not(alice: VoiceLine, row: str, says: str) -> None:
    data = f"{','.join(decks.COLUMNS)}\n{row}".encode()
    with pytest.raises(DomainError, match=says):
        decks.add_version(deck=alice.package.deck, valid_from=date(2026, 5, 1), records=decks.rows_of(data))
    assert DeckRow.objects.count() == len(SELL)


def test_a_deck_has_one_version_a_day(alice: VoiceLine) -> None:
    deck = alice.package.deck
    records = [dict(zip(decks.COLUMNS, "e164,1,USA,international,0,1,1,1,0".split(","), strict=True))]
    day = deck.versions.get().valid_from
    with pytest.raises(DomainError, match="already"):
        decks.add_version(deck=deck, valid_from=day, records=records)
    decks.add_version(deck=deck, valid_from=day + timedelta(1), records=records)


def test_of_a_former_customer_only_figures_stay(profile: CallProfile, alice: VoiceLine) -> None:
    bob = make_line("27871110002", customer="BOB001", source=alice.source, account="bob")
    take_in(profile, "alice,2026-03-02 08:00:00,0821234567,60,a1", "bob,2026-03-02 08:00:00,0821234567,60,b1")
    charge(alice)
    assert list(voice_blanking.who_waits([alice.customer_id], NOW.date())) == [alice.customer_id]
    for _ in range(2):
        voice_blanking.lines([alice.customer_id], NOW)
    assert sorted(Call.objects.values_list("called", "price")) == [
        ("", Decimal("1.2")),
        ("27821234567", Decimal("1.2")),
    ]
    assert [row.raw[:4] for row in CallRow.objects.order_by("row")] == ["", "bob,"]
    assert not VoiceCaller.objects.filter(texts=["alice"]).exists()
    alice.refresh_from_db()
    assert alice.account == ""
    assert "1110001" not in alice.number
    bob.refresh_from_db()
    assert (bob.account, bob.number) == ("bob", "27871110002")


def test_what_is_blanked_of_a_former_customer_is_theirs_alone_and_all_of_it(profile: CallProfile) -> None:
    day = {"starts_on": date(2026, 3, 10)}
    carol = make_line("27871110009", customer="CAR001", ends_on=date(2026, 3, 9))
    bob = make_line("27871110009", customer="BOB001", **day)
    take_in(
        profile,
        "27871110009,2026-03-02 08:00:00,0821234567,60,c1",
        "27871110009,2026-03-02 09:00:00,0821234567,0,c2",
        "27871110009,2026-03-12 08:00:00,0821234567,60,b1",
        "eve,2026-03-02 08:00:00,0821234567,60,e1",
        "eve,2026-03-02 08:00:00,0871110009,60,e2",
    )
    assert list(Call.objects.order_by("row").values_list("line", flat=True)) == [carol.pk, bob.pk]
    voice_blanking.lines([carol.customer_id], NOW)
    kept = {row.row: (bool(row.raw), row.called) for row in CallRow.objects.all()}
    assert kept == {
        1: (False, ""),
        2: (False, ""),
        3: (True, "27821234567"),
        4: (True, "27821234567"),
        5: (False, "27871110009"),
    }
    assert VoiceCaller.objects.filter(texts=["27871110009"]).exists()
    assert calls.settle() == 0


def test_calls_of_days_before_another_package_cost_what_they_did(
    profile: CallProfile, alice: VoiceLine
) -> None:
    dear = make_voice_package(
        "Dear", deck=make_deck("sell", [("2782", "Mobile", "mobile", "9")], name="Dear")
    )
    on = datetime(2026, 3, 10, 8, tzinfo=UTC)
    voice_lines.change(line=alice, values={"package": dear}, now=on)
    take_in(
        profile, "alice,2026-03-09 08:00:00,0821234567,60,a1", "alice,2026-03-10 08:00:00,0821234567,60,a2"
    )
    assert prices() == ["1.200000", "9.000000"]


def test_calls_of_the_day_of_another_package_are_priced_anew_save_those_charged(
    profile: CallProfile, alice: VoiceLine
) -> None:
    cheap = make_deck("sell", [("2782", "Mobile", "cheap", "0.6")], name="Cheap")
    package = make_voice_package("Cheap", deck=cheap)
    VoiceBundle.objects.create(package=package, call_class="cheap", minutes=1)
    take_in(profile, "alice,2026-03-10 08:00:00,0821234567,60,a1")
    charge(alice)
    later = [f"alice,2026-03-{hour}:00:00,0821234567,60,{hour}" for hour in ("09 08", "10 09", "10 10")]
    file = take_in(profile, *later, "alice,2026-03-10 11:00:00,112,60,a5", name="later.csv").file
    other = make_source("Elsewhere")
    values = {"package": package, "source": other, "account": ""}
    voice_lines.change(line=alice, values=values, now=datetime(2026, 3, 10, 10, tzinfo=UTC))
    assert prices() == ["1.200000", "1.200000", "0.000000", "0.600000"]
    assert Call.objects.get(file=file, row=2).bundled == 60
    assert {str(call.cost) for call in Call.objects.all()} == {"0.100000"}
    assert CallRow.objects.get(file=file, row=4).outcome == "unrated"
    file.refresh_from_db()
    assert file.counts["outcomes"]["billable"] == 3
    assert file.counts["outcomes"]["unrated"] == 1


def test_a_line_on_its_first_day_or_before_it_is_active_is_sold_as_the_package_it_has_then(
    profile: CallProfile, alice: VoiceLine
) -> None:
    dear = make_voice_package(
        "Dear", deck=make_deck("sell", [("2782", "Mobile", "mobile", "9")], name="Dear")
    )
    new = make_line("27871110006", account="new", starts_on=date(2026, 3, 10))
    waits = make_line("27871110007", account="waits", starts_on=date(2026, 3, 1), state="waiting")
    take_in(
        profile,
        "new,2026-03-10 08:00:00,0821234567,60,n1",
        "waits,2026-03-02 08:00:00,0821234567,60,w1",
        "alice,2026-03-10 08:00:00,0821234567,60,a1",
    )
    for line in (new, waits):
        voice_lines.change(line=line, values={"package": dear}, now=datetime(2026, 3, 10, 8, tzinfo=UTC))
    assert [str(call.price) for call in Call.objects.order_by("row")] == ["9.000000", "9.000000", "1.200000"]
    assert not VoiceTerm.objects.exists()
