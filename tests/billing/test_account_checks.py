"""Account numbers of every bank: those that pass, those that fail, and how often a slip of the finger is caught."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.policies import debit_days
from billing.policies.account_checks import BANKS, branch_doubt, check, whose_branch
from herotill import business_days
from herotill.months import Month

UNIVERSAL = {
    "absa": "632005",
    "african": "430000",
    "bidvest": "462005",
    "capitec": "470010",
    "fnb": "250655",
    "investec": "580105",
    "mercantile": "450105",
    "nedbank": "198765",
    "postbank": "460005",
    "standard": "051001",
}


@pytest.mark.parametrize(
    ("rule", "account_type", "number"),
    [
        ("absa", "current", "4052601815"),
        ("absa", "current", "4090830166"),
        ("absa", "current", "123456789"),  # by the rule that moves the last digit
        ("fnb", "current", "62194875749"),
        ("fnb", "savings", "62448347824"),
        ("standard", "current", "067970168"),
        ("standard", "current", "19454437323"),
        ("nedbank", "current", "1826512330"),
        ("nedbank", "savings", "2815516616"),
        ("capitec", "savings", "1978378058"),
        ("investec", "current", "10059772215"),
        ("absa", "savings", "53000000000"),  # not checked at all
        ("", "current", "123456"),
        ("", "savings", "1234567890123456"),
    ],
)
def test_numbers_that_pass(rule: str, account_type: str, number: str) -> None:
    assert check(rule, account_type, number, UNIVERSAL.get(rule, "679000"))


@pytest.mark.parametrize(
    ("rule", "account_type", "number"),
    [
        ("absa", "current", "123456780"),
        ("absa", "current", "4052601810"),
        ("absa", "current", "53000000000"),  # only savings go unchecked
        ("absa", "current", "1234567"),
        ("fnb", "savings", "62194875748"),
        ("fnb", "current", "6219487574"),
        ("standard", "current", "067970169"),
        ("standard", "current", "0679701680"),
        ("standard", "current", "19454437324"),
        ("standard", "current", "29454437323"),
        ("nedbank", "current", "1826512331"),
        ("nedbank", "savings", "2815516617"),
        ("nedbank", "current", "182651233"),
        ("capitec", "savings", "1978378059"),
        ("capitec", "savings", "978378058"),
        ("investec", "current", "10059772216"),
        ("", "current", "12345"),
        ("", "current", "12345678901234567"),
        ("fnb", "current", ""),
        ("fnb", "current", "6219487574X"),
        ("", "current", "１２３４５６７"),  # digits of another script are no digits of ours
    ],
)
def test_numbers_that_fail(rule: str, account_type: str, number: str) -> None:
    assert not check(rule, account_type, number, UNIVERSAL.get(rule, "679000"))


def test_long_numbers_of_standard_bank_are_of_the_universal_branch() -> None:
    assert check("standard", "current", "19454437323", "051001")
    assert not check("standard", "current", "19454437323", "020909")


def test_loans_of_fnb_have_a_rule_of_their_own() -> None:
    loan = next(str(n) for n in range(10**10, 2 * 10**10) if _loan(str(n)) and not _plain(str(n)))
    assert check("fnb", "current", loan, "250655")
    assert not check("fnb", "savings", loan, "250655")


def _loan(number: str) -> bool:
    weights = (13, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
    return sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11 == 0


def _plain(number: str) -> bool:
    return sum(w * int(d) for w, d in zip((1, 2) * 6, number, strict=False)) % 10 == 0


def test_a_remainder_of_one_will_do_for_mercantile_where_the_last_digit_is_nought_or_one() -> None:
    weights = (1, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)

    def rest(number: str) -> int:
        return sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11

    numbers = [f"{n:011}" for n in range(10**10, 10**10 + 2000)]
    for number in (one for one in numbers if rest(one) == 1):
        assert check("mercantile", "current", number, "450105") == (number[-1] in "01")


SINGLE = ["african", "bidvest", "capitec", "investec", "mercantile", "postbank"]


@given(st.sampled_from(SINGLE), st.data())
def test_one_wrong_digit_is_caught_wherever_its_weight_says_so(rule: str, data: st.DataObject) -> None:
    """A digit that differs by d is missed exactly where weight times d is a multiple of the modulus."""
    bank = BANKS[rule]
    assert bank.rule
    length = max(bank.lengths)
    number = data.draw(
        st.text("0123456789", min_size=length, max_size=length).filter(lambda text: bank.rule.holds(text))
    )
    place = data.draw(st.integers(0, length - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != number[place]]))
    mistyped = number[:place] + wrong + number[place + 1 :]
    weight = int(bank.rule.weights[11 - length + place], 36)
    moved = weight * (int(wrong) - int(number[place]))
    missed = moved % bank.rule.modulus == 0
    if not bank.rule.one_left:
        assert check(rule, "current", mistyped, UNIVERSAL[rule]) is missed
    elif missed and place != length - 1:
        assert check(rule, "current", mistyped, UNIVERSAL[rule])


@given(st.sampled_from(sorted(BANKS)), st.sampled_from(["current", "savings", "transmission"]), st.text())
def test_whatever_is_typed_gets_an_answer(rule: str, account_type: str, number: str) -> None:
    assert check(rule, account_type, number, UNIVERSAL[rule]) in (True, False)


def test_branch_codes_say_whose_they_are() -> None:
    assert branch_doubt("fnb", "250655", "250655") == ""
    assert branch_doubt("fnb", "250655", "210554") == ""
    assert "belongs to Absa" in branch_doubt("fnb", "250655", "632005")
    assert branch_doubt("", "223626", "223626") == ""  # Grindrod's own lies among FNB's
    assert "not known as one of this bank" in branch_doubt("", "679000", "999999")
    assert whose_branch("000205") == "standard"
    assert whose_branch("999999") == ""


def test_a_debit_runs_on_a_business_day_as_the_mandate_says() -> None:
    # 1 December 2026 is a Tuesday; 16 December a holiday; 25 and 26 December holidays, then a weekend.
    assert debit_days.on(1, "after", Month(2026, 12)) == date(2026, 12, 1)
    assert debit_days.on(16, "after", Month(2026, 12)) == date(2026, 12, 17)
    assert debit_days.on(16, "before", Month(2026, 12)) == date(2026, 12, 15)
    assert debit_days.on(25, "after", Month(2026, 12)) == date(2026, 12, 28)
    assert debit_days.on(31, "before", Month(2026, 2)) == date(2026, 2, 27)
    assert debit_days.on(31, "after", Month(2026, 2)) == date(2026, 3, 2)  # the 28th is a Saturday
    assert debit_days.on(30, "before", Month(2026, 4)) == date(2026, 4, 30)


@given(st.integers(1, 31), st.sampled_from(["before", "after"]), st.integers(2020, 2035), st.integers(1, 12))
def test_a_debit_always_runs_on_a_business_day_near_its_own(
    day: int, holiday: str, year: int, number: int
) -> None:
    month = Month(year, number)
    asked = month.first.replace(day=min(day, month.length))
    runs = debit_days.on(day, holiday, month)
    assert business_days.is_business_day(runs)
    assert abs((runs - asked).days) <= 5
    assert runs <= asked if holiday == "before" else runs >= asked
