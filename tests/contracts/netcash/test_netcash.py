"""The web services: handed in, loaded, authorised, told on the statement; and every way in which that goes wrong."""

from __future__ import annotations

import logging
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from herotill.integrations.http import NotSent, Uncertain
from herotill.integrations.netcash import File, Keys, Statement, Status, files, statements
from herotill.integrations.netcash.live import Netcash
from herotill.integrations.netcash.standin import KEYS, NetcashStandIn
from tests.contracts.netcash.conftest import Clock
from tests.factories.netcash import ACTION, card, debit, file

BAD = debit("BAD001", "50.00", number="62194875740")


def handed_in(client: Netcash, what: File) -> str:
    return client.upload(files.with_key(files.write(what), KEYS.debit))


def read(client: Netcash, day: date | None) -> Statement:
    text = client.statement(day)
    assert text is not None
    return statements.read(text)


def test_a_file_is_loaded_authorised_and_told_on_the_statement(
    client: Netcash, there: NetcashStandIn, clock: Clock
) -> None:
    there.bureau.unpaids["BOB001"] = ("02", 2)
    token = handed_in(client, file())
    assert client.report(token) is None
    report = client.report(token)
    assert report
    assert (report.loaded, report.lines, report.errors) == (True, {}, ())

    [batch] = client.batches()
    assert (batch.name, batch.status) == ("Run 1 of 1 December", Status.UNAUTHORISED)
    assert (batch.volume, batch.value) == (2, Decimal("856.49"))
    client.authorise(batch.guid)
    assert client.batches()[0].status == Status.AUTHORISED

    clock.at = datetime.fromisoformat("2026-12-05 09:00")
    assert client.batches()[0].status == Status.PROCESSED
    told = read(client, ACTION)
    assert (told.checked, told.trouble) == (True, "")
    assert [(row.kind, row.amount, row.extras[0]) for row in told.rows[:2]] == [
        ("TDD", Decimal("756.49"), "HT1"),
        ("TDD", Decimal("100.00"), "HT2"),
    ]
    assert [row.kind for row in told.rows[2:]] == ["NSF", "VAT"]
    [back] = read(client, date(2026, 12, 3)).rows
    assert (back.kind, back.code, back.amount, back.extras[0]) == ("DRU", "2", Decimal("-100.00"), "HT2")
    assert read(client, date(2026, 12, 4)).rows == ()
    assert read(client, None).opening == told.closing - Decimal("100.00")


def test_cards_are_charged_by_their_tokens_and_told_as_such(
    client: Netcash, there: NetcashStandIn, clock: Clock
) -> None:
    there.bureau.tokens = {"token-of-alice", "token-of-bob"}
    there.bureau.unpaids["BOB001"] = ("82", 1)
    cards = (
        card(token="token-of-alice"),
        card("BOB001", "100.00", token="token-of-bob", extras=("HT2", "", "")),
    )
    token = handed_in(client, File("Cards", ACTION, cards))
    report = client.waited(lambda: client.report(token))
    assert report
    assert (report.loaded, report.lines) == (True, {})
    client.authorise(client.batches()[0].guid)
    clock.at = datetime.fromisoformat("2026-12-05 09:00")
    told = read(client, ACTION).rows[:2]
    assert [(row.kind, row.amount, row.extras[0]) for row in told] == [
        ("TDC", Decimal("756.49"), "HT1"),
        ("TDC", Decimal("100.00"), "HT2"),
    ]
    [back] = read(client, date(2026, 12, 2)).rows
    assert (back.kind, back.code, back.amount) == ("DCU", "82", Decimal("-100.00"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"token": "token-of-nobody"}, "Token is not valid"),
        ({"expires_on": date(2026, 11, 30)}, "Credit card has expired"),
    ],
)
def test_a_card_they_do_not_keep_or_that_is_over_is_refused(
    client: Netcash, there: NetcashStandIn, wrong: dict[str, Any], words: str
) -> None:
    there.bureau.tokens = {"token-of-alice"}
    token = handed_in(client, File("Cards", ACTION, (card(**{"token": "token-of-alice"} | wrong),)))
    report = client.waited(lambda: client.report(token))
    assert report
    assert (report.loaded, report.lines) == (False, {"ALI001": words})


def test_a_card_number_in_a_file_of_another_hand_is_refused(client: Netcash, there: NetcashStandIn) -> None:
    text = files.with_key(files.write(File("Cards", ACTION, (card(),))), KEYS.debit)
    token = client.upload(text.replace("************1234", "4111111111111234"))
    report = client.waited(lambda: client.report(token))
    assert report
    assert report.lines == {"ALI001": "Unmasked credit card number"}


def test_one_bad_line_takes_the_whole_file_down(client: Netcash) -> None:
    token = handed_in(client, file(debit(), BAD))
    report = client.waited(lambda: client.report(token))
    assert report
    assert not report.loaded
    assert report.lines == {"BAD001": "Account number failed CDV"}
    assert client.batches() == []


def test_with_ignore_errors_the_right_lines_load(client: Netcash, there: NetcashStandIn) -> None:
    there.bureau.takes_good_lines = True
    token = handed_in(client, file(debit(), BAD))
    report = client.waited(lambda: client.report(token))
    assert report
    assert report.loaded
    assert list(report.lines) == ["BAD001"]
    [batch] = client.batches()
    assert (batch.volume, batch.value) == (1, Decimal("756.49"))


@pytest.mark.parametrize("day", ["2026-11-27", "2026-12-16", "2026-12-05"])
def test_a_day_too_soon_or_free_is_refused(client: Netcash, day: str) -> None:
    token = handed_in(client, file(action_date=date.fromisoformat(day)))
    report = client.waited(lambda: client.report(token))
    assert report
    assert report.errors == ("Action date is not valid for this instruction",)


def test_the_next_action_date_is_told(client: Netcash) -> None:
    assert client.action_date(date(2026, 12, 16), "TwoDay") == date(2026, 12, 17)
    assert client.action_date(date(2026, 11, 25), "SameDay") == date(2026, 11, 25)
    with pytest.raises(NotSent, match="date"):
        client.action_date(date(2026, 12, 16), "TwoDay", forward=False)


@pytest.mark.parametrize("code", ["100", "101", "102", "311"])
def test_a_code_of_no_means_that_nothing_happened(client: Netcash, there: NetcashStandIn, code: str) -> None:
    there.say(code)
    with pytest.raises(NotSent) as no:
        handed_in(client, file())
    assert (code in str(no.value), no.value.retry, there.bureau.batches) == (True, False, [])


@pytest.mark.parametrize("trouble", ["200", "503", "dropped", "slow", "garbled"])
def test_an_upload_without_an_answer_is_looked_up_and_never_repeated(
    client: Netcash, there: NetcashStandIn, trouble: str
) -> None:
    match trouble:
        case "200":
            there.say("200")
        case "503":
            there.misbehave(503)
        case "dropped":
            there.misbehave(0)
        case "slow":
            there.slow(1.0)
        case _:
            there.garble()
    with pytest.raises(Uncertain):
        handed_in(client, file())
    there.slow(0)

    assert there.methods() == ["BatchFileUpload"]
    found = client.find("Run 1 of 1 December")
    arrived = trouble in ("dropped", "slow", "garbled")
    assert (found is not None) == arrived == bool(there.bureau.batches)
    assert client.find("Another") is None


def test_a_question_is_asked_again(client: Netcash, there: NetcashStandIn) -> None:
    there.misbehave(503, 502)
    assert client.batches() == []
    assert len(there.calls) == 3
    there.misbehave(503, 503, 503)
    with pytest.raises(Uncertain):
        client.batches()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"auto_authorise": False}, "portal"),
        ({"funds": Decimal(1)}, "not enough money"),
    ],
)
def test_authorising_may_be_refused(
    client: Netcash, there: NetcashStandIn, how: dict[str, object], words: str
) -> None:
    handed_in(client, file())
    for name, value in how.items():
        setattr(there.bureau, name, value)
    with pytest.raises(NotSent, match=words):
        client.authorise(client.batches()[0].guid)
    with pytest.raises(NotSent, match="does not find"):
        client.authorise("{00000000-0000-0000-0000-000000000000}")
    assert client.batches()[0].status == Status.UNAUTHORISED


def test_a_key_of_another_service_is_told_and_a_missing_one_is_not_sent(there: NetcashStandIn) -> None:
    changed = Netcash(Keys(KEYS.account, KEYS.debit), there.url)
    with pytest.raises(NotSent, match="311"):
        changed.batches()
    with pytest.raises(NotSent, match="100"):
        Netcash(Keys("guessed", ""), there.url).batches()
    calls = len(there.calls)
    with pytest.raises(NotSent, match="missing"):
        Netcash(Keys("", ""), there.url).batches()
    assert len(there.calls) == calls


def test_an_account_number_is_judged(client: Netcash) -> None:
    assert client.check_account(debit()) == ""
    assert "check digits" in client.check_account(BAD)
    assert "branch code" in client.check_account(debit(branch_code="25065"))
    assert "account type" in client.check_account(debit(account_type="9"))


def test_the_statement_of_today_is_an_interim_one(
    client: Netcash, there: NetcashStandIn, clock: Clock
) -> None:
    with pytest.raises(NotSent, match="date"):
        client.statement(clock.at.date())
    there.say("6366202611250001", "NO CHANGE")
    assert client.statement(None) == ""
    there.say("6366202611250001", *["FILE NOT READY"] * 9)
    assert client.statement(None) is None


def test_s20_an_answer_with_entities_or_too_long_is_not_read(client: Netcash, there: NetcashStandIn) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    there.written = lambda said: bomb.encode()  # type: ignore[method-assign]
    with pytest.raises(Uncertain, match="cannot be read"):
        client.batches()


def test_s25_neither_keys_nor_numbers_are_logged(
    client: Netcash, there: NetcashStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    there.misbehave(503)
    with pytest.raises(Uncertain) as no:
        handed_in(client, file())
    handed_in(client, file())
    client.batches()
    said = caplog.text + str(no.value) + repr(no.value)
    assert not any(secret in said for secret in (KEYS.debit, KEYS.account, "62194875749"))
