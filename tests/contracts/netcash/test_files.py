"""What is written is what was released, and nothing a name holds can make another record of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from herotill.integrations.netcash import Debit, File, Refused, files
from herotill.integrations.netcash.bureau import Bureau
from herotill.integrations.netcash.standin import KEYS
from tests.factories.netcash import card, debit, file

SEEN = some.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"))
NAMES = some.text(SEEN, min_size=1, max_size=50).filter(lambda text: text.strip() != "")
AMOUNTS = some.decimals("0.01", "999999.99", places=2)


@some.composite
def debits(draw: Any) -> list[Debit]:
    codes = draw(some.lists(some.from_regex(r"[A-Z]{3}[0-9]{3}", fullmatch=True), min_size=1, unique=True))
    return [
        Debit(
            reference=code,
            name=draw(NAMES),
            holder=draw(NAMES),
            account_type=draw(some.sampled_from("123")),
            branch_code=draw(some.from_regex(r"[0-9]{6}", fullmatch=True)),
            number=draw(some.from_regex(r"[0-9]{5,16}", fullmatch=True)),
            amount=draw(AMOUNTS),
            extras=("HT1", draw(some.text(SEEN, max_size=50)), ""),
        )
        for code in codes
    ]


@settings(deadline=None)
@given(debits(), some.dates(date(2020, 1, 1), date(2099, 12, 31)), some.sampled_from(["TwoDay", "SameDay"]))
def test_what_is_written_reads_as_what_was_released(them: list[Debit], day: date, instruction: str) -> None:
    released = File("Run 1", day, tuple(them), instruction)
    kept = files.write(released)

    assert files.read(kept) == released
    assert files.read(files.with_key(kept, KEYS.debit).encode()) == released


@settings(deadline=None)
@given(debits())
def test_the_foot_agrees_with_a_reader_of_another_hand(them: list[Debit]) -> None:
    bureau = Bureau(now=lambda: datetime.fromisoformat("2026-11-25 09:00"))
    bureau.take(files.with_key(files.write(file(*them)), KEYS.debit))

    [batch] = bureau.batches
    assert (batch.errors, batch.bad, len(batch.debits)) == ([], [], len(them))
    assert batch.cents == sum(int(one.amount * 100) for one in them)


def test_a_file_is_as_netcash_documents_it() -> None:
    lines = files.write(file(debit()), "KEY").decode().split("\r\n")
    assert lines == [
        "H\tKEY\t1\tTwoDay\tRun 1 of 1 December\t20261201\t24ade73c-98cf-47b3-99be-cc7b867b3080",
        "K\t101\t102\t131\t132\t133\t134\t135\t136\t162\t301\t302\t303",
        "T\tALI001\tAlice Liddel\t1\tA Liddel\t1\t250655\t0\t62194875749\t75649\tHT1\tALI001\t",
        "F\t1\t75649\t9999",
        "",
    ]


def test_s25_a_file_that_is_kept_holds_no_key() -> None:
    kept = files.write(file())
    assert KEYS.debit.encode() not in kept
    assert KEYS.debit in files.with_key(kept, KEYS.debit)
    with pytest.raises(Refused, match="kept here"):
        files.with_key(files.with_key(kept, KEYS.debit).encode(), KEYS.debit)


@pytest.mark.parametrize("evil", ["\t", "\r\n", "\n", "\x00", "\u2028", "\x85", "\x0b", "\x1b"])
@pytest.mark.parametrize("where", ["name", "holder", "reference", "extras"])
def test_s19_a_control_character_is_refused_by_the_writer(where: str, evil: str) -> None:
    text = f"Ali{evil}T\tBOB001"
    wrong = debit(**{where: ("HT1", text, "")}) if where == "extras" else debit(**{where: text})
    with pytest.raises(Refused) as no:
        files.write(file(wrong))
    assert evil not in str(no.value)
    with pytest.raises(Refused):
        files.write(file(debit(), name=f"Run{evil}1"))
    with pytest.raises(Refused):
        files.write(file(debit()), f"key{evil}")


@pytest.mark.parametrize("braces", ["{{ secret }}", "<img src=http://x>", "</File>", "]]>", "&#9;"])
def test_s19_markup_in_a_name_is_text(braces: str) -> None:
    assert files.read(files.write(file(debit(name=braces)))).debits[0].name == braces


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"branch_code": "25065"}, "six digits"),
        ({"branch_code": "２50655"}, "six digits"),
        ({"number": "4000 0000"}, "5 to 16 digits"),
        ({"account_type": "4"}, "current, savings"),
        ({"name": " "}, "1 to 50"),
        ({"holder": "A" * 51}, "1 to 50"),
        ({"reference": "A"}, "2 to 22"),
        ({"reference": "A" * 23}, "2 to 22"),
        ({"amount": "0"}, "more than nothing"),
        ({"amount": "1.005"}, "whole cents"),
    ],
)
def test_what_netcash_would_refuse_is_not_written(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words) as no:
        files.write(file(debit(**wrong)))
    assert no.value.line == 1


def test_a_reference_stands_once_and_an_empty_batch_is_none() -> None:
    with pytest.raises(Refused, match="ALI001 is in the file twice"):
        files.write(file(debit(), debit("ali001")))
    with pytest.raises(Refused, match="nothing in this batch"):
        files.write(File("Run 1", date(2026, 12, 1), ()))


@pytest.mark.parametrize(
    ("changed", "to"),
    [("75649", "75648"), ("F\t1", "F\t2"), ("\t9999", ""), ("K\t101", "K\t102"), ("\nT\t", "\nX\t")],
)
def test_a_file_that_was_changed_is_not_read(changed: str, to: str) -> None:
    text = files.write(file(debit())).decode()
    with pytest.raises(Refused):
        files.read(text.replace(changed, to, 1).encode())
    with pytest.raises(Refused):
        files.read(text[: len(text) // 2].encode())


def test_account_numbers_stand_in_no_log() -> None:
    assert "62194875749" not in repr(debit()) + repr(file())
    assert KEYS.debit not in repr(KEYS)
    assert files.cents(Decimal("756.49")) == 75649


def test_a_card_stands_by_token_month_and_masked_number() -> None:
    released = File("Cards", date(2026, 12, 1), (card(), card("BOB001", "1.00", brand="1")))
    kept = files.write(released)
    assert kept.decode().split("\r\n")[1:3] == [
        "K\t101\t102\t131\t132\t133\t134\t135\t136\t137\t162\t301\t302\t303",
        "T\tALI001\tAlice Liddel\t2\tAlice Liddel\t2\t02\t2028\t6c6f4d9e-0000-4a01-token\t************1234"
        "\t75649\tHT1\tALI001\t",
    ]
    assert files.read(kept) == released
    assert "token" not in repr(released)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"brand": ""}, "Mastercard or a Visa"),
        ({"token": "4111111111111111"}, "never its number"),
        ({"token": "4111 1111 1111 1111"}, "never its number"),
        ({"token": "short"}, "by its token"),
        ({"token": "token\tT\tBOB001"}, "by its token"),
        ({"last_four": "4111111111111234"}, "four digits"),
        ({"amount": "0"}, "more than nothing"),
    ],
)
def test_a_card_that_netcash_would_refuse_is_not_written(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        files.write(File("Cards", date(2026, 12, 1), (card(**wrong),)))


def test_accounts_and_cards_do_not_stand_in_one_file() -> None:
    with pytest.raises(Refused, match="files of their own"):
        files.write(File("Both", date(2026, 12, 1), (debit(), card("BOB001"))))
    text = files.write(File("Cards", date(2026, 12, 1), (card(),))).decode()
    with pytest.raises(Refused, match="month in which a card expires"):
        files.read(text.replace("\t02\t2028", "\t13\t2028").encode())
