"""Logs: a line for each thing, with the request or job it belongs to, and no secret in it."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import secrets
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from herotill import jobs, logs, tasks
from herotill.logs import GONE

KEY = "CANARY-secret-key-9931"
LINK = secrets.token_urlsafe(32) + "aB1"


class Lines(io.StringIO):
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Lines]:
    """What a program with these settings writes, as JSON."""
    config = deepcopy(logs.configuration(form="json", level="INFO", secrets=[KEY]))
    made, root = Lines(), logging.getLogger()
    before = (root.handlers[:], root.level)
    handler = logging.StreamHandler(made)
    formatter = config["formatters"]["house"]
    handler.setFormatter(formatter.pop("()")(**formatter))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield made
    root.removeHandler(handler)
    root.setLevel(before[1])


def test_s25_no_line_holds_a_planted_secret(written: Lines) -> None:
    log = logging.getLogger("herotill.test")
    log.warning("Not Found: /quotes/%s/", LINK)
    log.info("GET postgres://herotill:CANARY-pw@db/herotill said %s", KEY)
    log.info('{"password": "CANARY-word", "apikey": "CANARY-api"} Authorization: Bearer CANARY-bearer')
    log.info("token=CANARY-token&name=Alice")
    try:
        raise RuntimeError(f"could not sign with {KEY} for {LINK}")
    except RuntimeError:
        log.exception("It broke.")
    text = written.getvalue()

    assert "CANARY" not in text
    assert LINK not in text
    assert text.count(GONE) >= 7
    assert "RuntimeError" in text
    assert "name=Alice" in text


def test_what_is_no_secret_stays() -> None:
    redact = logs.Redactor([])
    plain = "billing.services.batches.sending: INV00699 of ALI001 at 2026-11-21T12:00:00Z in 0.12 s, run 4711"
    assert redact(plain) == plain


def test_a_request_has_an_id_and_its_line_names_the_route(client: Any, written: Lines) -> None:
    answer = client.get("/health/alive/")
    (line,) = [one for one in written.told() if one["logger"] == "herotill.requests"]

    assert line["request"] == answer[logs.HEADER] != ""
    assert (line["route"], line["method"], line["status"], line["user"]) == (
        "health/alive/",
        "GET",
        200,
        None,
    )
    assert line["ms"] >= 0
    assert {"timestamp", "level", "event"} <= set(line)
    given = client.get("/health/alive/", headers={logs.HEADER: "abc-12345678"})
    forged = client.get("/health/alive/", headers={logs.HEADER: "a b\tc;<script>"})
    assert given[logs.HEADER] == "abc-12345678"
    assert forged[logs.HEADER] != "a b\tc;<script>"


def test_what_a_view_writes_belongs_to_its_request(written: Lines) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        logging.getLogger("herotill.test").info("inside")
        return HttpResponse()

    answer = logs.RequestIds(view)(RequestFactory().get("/"))
    logging.getLogger("herotill.test").info("outside")
    inside, outside = (one for one in written.told() if one["logger"] == "herotill.test")
    assert inside["request"] == answer[logs.HEADER]
    assert "request" not in outside


@pytest.mark.django_db
def test_what_a_job_writes_names_the_job(written: Lines) -> None:
    def task(now: Any) -> None:
        logging.getLogger("herotill.test").info("at work")

    jobs.jobs.register(jobs.Job("loud", "Writes a line", jobs.Queue.REPORTS, task, "daily at 03:00"))
    try:
        tasks.job.apply(args=["loud"], task_id="0123456789")
    finally:
        jobs.jobs.unregister("loud")
    (line,) = [one for one in written.told() if one["logger"] == "herotill.test"]
    assert (line["task"], line["of"], line["id"]) == ("house.job", "loud", "01234567")


@pytest.mark.parametrize("form", ["json", "plain"])
def test_the_settings_are_what_logging_takes(form: str) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        logging.config.dictConfig(logs.configuration(form=form, level="INFO", secrets=[]))
    finally:
        root.handlers[:], root.level = before[0], before[1]
