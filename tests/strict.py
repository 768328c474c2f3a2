"""STRICT=1 turns a skip into a failure: a run that is to prove everything must not pass over anything."""

import os
from collections.abc import Generator

import pytest

Reports = Generator[None, pytest.TestReport, pytest.TestReport]
CollectReports = Generator[None, pytest.CollectReport, pytest.CollectReport]


def needs(found: object, sentence: str) -> None:
    """Skips the test where `found` is not there; `sentence` says what to install. STRICT=1 makes it a failure."""
    if not found:
        pytest.skip(sentence)


def refused(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Fails the report if it is a skip and skips are not allowed."""
    if os.environ.get("STRICT") == "1" and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"STRICT=1 and this was skipped: {reason(report)}"


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Reports:
    report = yield
    refused(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> CollectReports:
    report = yield
    refused(report)
    return report
