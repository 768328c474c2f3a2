"""Load reports and statements as they come, odd columns and all."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from herotill.integrations.netcash import Refused, dates, reports, statements, statuses


def row(*cells: str) -> str:
    return "\t".join(cells)


OBL, CBL = (
    row("20261201", "OBL", "", "Opening", "0.00", "+"),
    row("20261201", "CBL", "", "Closing", "756.49", "+"),
)
TDD = row("20261201", "TDD", "9001", "ALI001", "756.49", "+", "0", "HT1", "ALI001", "")


def test_a_report_of_netcash_is_read() -> None:
    text = (
        "###BEGIN\tMy batch\tSUCCESSFUL WITH ERRORS\t16:52\tR12568.20\t20200922\r\n"
        "Acc Ref :1158\tLine :6\tDuplicate account reference in T (transaction) records\tmore\teven more\r\n"
        "###END\t09:33"
    )
    report = reports.read(text)
    assert (report.loaded, report.name, report.errors) == (True, "My batch", ())
    assert report.lines == {"1158": "Duplicate account reference in T (transaction) records"}


def test_an_error_of_the_file_means_that_nothing_was_loaded() -> None:
    text = "###BEGIN\tRun\tSUCCESSFUL\t1\n###ERROR: Action date is not valid for this instruction\tR1\t20200922\n"
    assert reports.read(text).loaded is False
    assert reports.read(text).errors == ("Action date is not valid for this instruction",)
    assert reports.read("###BEGIN\tRun\tUNSUCCESSFUL\t1").loaded is False
    assert reports.read("###BEGIN\t\t09:12\tRun\tUNSUCCESSFUL").loaded is False
    with pytest.raises(Refused):
        reports.read("Something else")


def test_a_statement_that_adds_up() -> None:
    told = statements.read("\r\n".join([OBL, TDD, CBL]))
    assert (told.opening, told.closing) == (Decimal(0), Decimal("756.49"))
    assert (told.checked, told.trouble) == (True, "")
    [one] = told.rows
    assert (one.day, one.kind, one.told_id, one.extras) == (
        date(2026, 12, 1), "TDD", "9001", ("HT1", "ALI001", ""),
    )  # fmt: skip


@pytest.mark.parametrize("changed", [("756.49\t+\t0", "756.48\t+\t0"), ("756.49\t+\t0", "756.49\t-\t0")])
def test_a_statement_that_does_not_add_up_says_so(changed: tuple[str, str]) -> None:
    told = statements.read("\n".join([OBL, TDD, CBL]).replace(*changed))
    assert "missing or was changed" in told.trouble


def test_parts_of_a_statement_are_read_and_not_checked() -> None:
    assert statements.read("\n".join([OBL, TDD])).checked is False
    assert statements.read(TDD).trouble == ""
    assert len(statements.read("\n".join([OBL, TDD, CBL, OBL, TDD, CBL])).rows) == 2


def test_cents_dates_and_codes_come_in_every_form() -> None:
    cents = statements.read(row("2026-12-03", "dru", "9001", "ALI001 unpaid - Code:002", "75649", "-"))
    assert (cents.rows[0].amount, cents.rows[0].code) == (Decimal("-756.49"), "2")
    spelt = statements.read(row("2026-12-03", "DRU", "1", "Not paid -Code: 145", "R 1,756.49", "-", ""))
    assert (spelt.rows[0].amount, spelt.rows[0].code) == (Decimal("-1756.49"), "145")
    headed = statements.read(row("Date", "Type", "Id", "Description", "Amount", "Sign") + "\n" + TDD)
    assert [one.kind for one in headed.rows] == ["TDD"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20261201\tTDD",
        TDD.replace("20261201", "20261301"),
        TDD.replace("756.49", "much"),
        TDD.replace("+", "*"),
    ],
)
def test_what_is_no_statement_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        statements.read(text)


def test_a_list_of_batches_is_kept_without_its_key() -> None:
    [one] = statuses.read("KEY\tguid\tRun\t1\t2\tR 1,856.49\t2026-11-25\t1900-01-01\t1900-01-01")
    assert (one.guid, one.value) == ("guid", Decimal("1856.49"))
    assert "KEY" not in repr(one)
    with pytest.raises(Refused):
        statuses.read("KEY\tguid\tRun\tone")


@pytest.mark.parametrize(
    ("day", "instruction", "until"),
    [
        ("2026-12-01", "TwoDay", "2026-11-26 22:00"),
        ("2026-12-21", "TwoDay", "2026-12-15 22:00"),  # the 16th is a holiday
        ("2026-12-01", "SameDay", "2026-12-01 22:00"),
        ("2026-12-05", "Sameday", "2026-12-04 22:00"),
    ],
)
def test_until_when_a_file_is_taken(day: str, instruction: str, until: str) -> None:
    found = dates.deadline(date.fromisoformat(day), instruction=instruction, lead_days=3, cutoff_hour=22)
    assert found == datetime.fromisoformat(until)


def test_the_earliest_action_date_is_one_that_is_taken() -> None:
    rules = {"instruction": "TwoDay", "lead_days": 3, "cutoff_hour": 22}
    at = datetime.fromisoformat
    assert dates.earliest(at("2026-11-26 22:00"), **rules) == date(2026, 12, 1)
    assert dates.earliest(at("2026-11-26 22:01"), **rules) == date(2026, 12, 2)
    assert dates.collects_on(date(2026, 12, 5), "SameDay")
    assert not dates.collects_on(date(2026, 12, 26), "SameDay")
    assert not dates.collects_on(date(2026, 12, 5), "TwoDay")
