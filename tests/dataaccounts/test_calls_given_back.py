"""Calls that go back: from lines that ended before them, from callers linked wrongly, with files that later ones repeat."""

from __future__ import annotations

import io
from datetime import date, datetime

import pytest

from dataaccounts.models import Call, CallCharge, CallProfile, CallRow, VoiceBundle, VoiceCaller, VoiceLine
from dataaccounts.services import calls, voice_lines
from herotill.clock import local_day
from herotill.errors import DomainError
from tests.dataaccounts.callfiles import NOW, take_in
from tests.factories import client_of, make_person
from tests.factories.calls import make_deck, make_line, make_profile, make_source

pytestmark = pytest.mark.django_db
EARLY, LATE = "2026-03-02 08:00:00", "2026-03-20 08:00:00"


@pytest.fixture
def alice() -> VoiceLine:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.2")])
    return make_line("27871110001", customer="ALI001", account="alice")


@pytest.fixture
def profile(alice: VoiceLine) -> CallProfile:
    return make_profile(alice.source)


def row(who: str, when: str, name: str, seconds: int = 60) -> str:
    return f"{who},{when},0821234567,{seconds},{name}"


def charge(call: Call) -> None:
    made = CallCharge.objects.create(
        line=call.line, month=date(2026, 3, 1), calls=1, seconds=1, first_on=call.day, last_on=call.day, cost=0,
        price=0,
    )  # fmt: skip
    Call.objects.filter(pk=call.pk).update(charge=made)


def ended(line: VoiceLine, day: date) -> None:
    voice_lines.cancel(lines=[line.pk], last_day=day, reason="Ported away", now=NOW)


def test_calls_after_a_last_day_in_the_past_go_to_who_has_the_number_then(
    profile: CallProfile, alice: VoiceLine
) -> None:
    VoiceBundle.objects.create(line=alice, call_class="mobile", minutes=1)
    file = take_in(profile, row("alice", EARLY, "a1"), row("alice", LATE, "a2")).file
    ended(alice, date(2026, 3, 10))
    assert [(call.line, call.bundled) for call in Call.objects.all()] == [(alice, 60)]
    file.refresh_from_db()
    assert (file.counts["outcomes"]["billable"], file.counts["outcomes"]["unmatched"]) == (1, 1)
    bob = make_line("27871110001", customer="BOB001", account="alice", starts_on=date(2026, 3, 11))
    assert calls.settle() == 1
    assert Call.objects.get(day=date(2026, 3, 20)).line == bob


def test_a_line_does_not_end_before_calls_that_are_charged(profile: CallProfile, alice: VoiceLine) -> None:
    take_in(profile, row("alice", EARLY, "a1"), row("alice", LATE, "a2"))
    charge(Call.objects.get(day=date(2026, 3, 20)))
    with pytest.raises(DomainError, match="1 of the calls that would go elsewhere are charged"):
        ended(alice, date(2026, 3, 10))
    alice.refresh_from_db()
    assert (alice.ends_on, Call.objects.count()) == (None, 2)
    ended(alice, date(2026, 3, 20))
    assert Call.objects.count() == 2


def test_a_wrong_link_is_led_elsewhere_with_its_calls(profile: CallProfile, alice: VoiceLine) -> None:
    bob, carol = make_line("27871110002", "BOB001"), make_line("27871110003", "CAR001")
    take_in(profile, row("desk", EARLY, "d1"), row("27871110002", EARLY, "b1"))
    desk = VoiceCaller.objects.get(texts=["desk"])
    calls.link(caller=desk, line=bob, actor=None, now=NOW)
    assert Call.objects.filter(line=bob).count() == 2
    assert calls.link(caller=desk, line=carol, actor=None, now=NOW) == 1
    assert [(call.line, call.row) for call in Call.objects.order_by("row")] == [(carol, 1), (bob, 2)]
    page = client_of(make_person("Thabo", "dataaccounts.view_callfile", "dataaccounts.change_voicecaller"))
    assert "Linked by hand" in page.get("/data-accounts/calls/unmatched/").content.decode()
    address = f"/data-accounts/calls/callers/{desk.pk}/"
    assert "Nobody we know" in page.get(address).content.decode()
    assert page.post(address, {"line": ""}).status_code in (204, 302)
    assert Call.objects.get().line == bob
    assert CallRow.objects.get(row=1).outcome == "unmatched"
    calls.link(caller=desk, line=carol, actor=None, now=NOW)
    charge(Call.objects.get(line=carol))
    with pytest.raises(DomainError, match="charged already"):
        calls.link(caller=desk, line=bob, actor=None, now=NOW)
    desk.refresh_from_db()
    assert desk.line == carol


def test_a_line_that_came_from_elsewhere_gets_its_old_calls(profile: CallProfile, alice: VoiceLine) -> None:
    bob = make_line("27871110002", "BOB001", account="bob")
    take_in(profile, row("bob", EARLY, "b1"))
    other = make_source("Elsewhere")
    for line in (alice, bob):
        voice_lines.change(line=line, values={"source": other}, now=NOW)
    late = take_in(profile, row("bob", LATE, "b2"), row("27871110001", LATE, "a1"), row("eve", LATE, "e1"))
    assert late.outcomes == {"unmatched": 3}
    by_text = {one.texts[0]: one for one in VoiceCaller.objects.all()}
    alice.refresh_from_db()
    with pytest.raises(DomainError, match="come from Elsewhere"):
        calls.link(caller=by_text["eve"], line=alice, actor=None, now=NOW)
    assert calls.link(caller=by_text["bob"], line=bob, actor=None, now=NOW) == 1
    assert calls.link(caller=by_text["27871110001"], line=alice, actor=None, now=NOW) == 1


def test_a_file_that_later_ones_repeat_is_not_taken_back_before_them(profile: CallProfile) -> None:
    first = take_in(profile, row("alice", EARLY, "a1"), name="first.csv").file
    second = take_in(profile, row("alice", EARLY, "a1"), row("alice", LATE, "a2"), name="second.csv").file
    third = take_in(profile, row("alice", LATE, "a3"), name="third.csv").file
    with pytest.raises(DomainError, match=r"repeat its rows: second\.csv\. Take"):
        calls.take_back(file=first, actor=None, now=NOW)
    assert Call.objects.count() == 3
    for file in (second, first, third):
        calls.take_back(file=file, actor=None, now=NOW)
    assert not CallRow.objects.exists()
    assert take_in(profile, row("alice", EARLY, "a1")).outcomes == {"billable": 1}


def test_a_file_that_grows_keeps_what_is_new_and_counts_the_rest(profile: CallProfile) -> None:
    take_in(profile, row("alice", EARLY, "a1"))
    whole = "\n".join(
        ["Account,Start,From,To,Seconds,Cost,Direction,ID"]
        + [f"alice,{when},,0821234567,60,0.10,out,{name}" for when, name in ((EARLY, "a1"), (LATE, "a2"))]
    )
    made = calls.import_file(
        profile=profile, file=io.BytesIO(whole.encode()), name="march.csv", actor=None, now=NOW, grows=True
    )
    assert (made.rows, made.outcomes) == (2, {"billable": 1, "duplicate": 1})
    assert (made.file.left_out, made.file.first_on) == (1, date(2026, 3, 20))
    assert [(one.row, one.outcome) for one in CallRow.objects.filter(file=made.file)] == [(2, "billable")]


def test_calls_without_an_id_are_known_by_what_they_say(profile: CallProfile) -> None:
    rows = (row("alice", EARLY, ""), row("alice", EARLY, "", 61), row("alice", LATE, ""))
    assert take_in(profile, *rows).outcomes == {"billable": 3}
    assert take_in(profile, *rows).outcomes == {"duplicate": 3}


def test_seconds_since_1970_are_of_utc_whatever_the_clock_of_the_format(alice: VoiceLine) -> None:
    fusion = make_profile(
        alice.source, name="Fusion", kind="fusionpbx_export", columns={}, line_match=["caller_id_number"]
    )
    alice.source.cost_deck = make_deck("cost", [("27", "RSA", "geographic", "0.5")])
    alice.source.save()
    began = datetime.fromisoformat("2026-03-31T22:30:00+00:00")
    data = (
        "xml_cdr_uuid,bridge_uuid,direction,start_epoch,billsec,destination_number,hangup_cause,caller_id_number\n"
        f"u1,,outbound,{began.timestamp():.0f},60,0821234567,NORMAL_CLEARING,27871110001\n"
    )
    made = calls.import_file(
        profile=fusion, file=io.BytesIO(data.encode()), name="fusion.csv", actor=None, now=NOW
    )
    assert made.outcomes == {"billable": 1}
    call = Call.objects.get()
    assert (call.start, call.day) == (began, local_day(began))
