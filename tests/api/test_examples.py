"""The lines that the guide gives to type do what it says, against a server that listens."""

from __future__ import annotations

import http.client
import re
import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from billing.services import printing
from herotill.api.scopes import scopes
from herotill.api.services import tokens
from tests.factories import make_customer
from tests.factories.banking import bank_account
from tests.factories.billing import make_invoice
from tests.factories.people import in_role

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "api.md"
HOUSE = "https://office.isp.example"


class Line(NamedTuple):
    """A line of curl, taken apart."""

    url: str
    headers: dict[str, str]
    body: str


def typed() -> list[Line]:
    """Every line of curl in the guide."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(), flags=re.MULTILINE | re.DOTALL)
    return [_line(one) for block in blocks for one in block.replace("\\\n", " ").splitlines()]


def _line(text: str) -> Line:
    words, headers, body, url = iter(shlex.split(text)), {}, "", ""
    assert next(words) == "curl"
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(words)
        elif word == "-o":
            next(words)
        else:
            assert word.startswith(HOUSE), word
            url = word
    return Line(url, headers, body)


def sent(line: Line, house: str, token: str, replaced: dict[str, str]) -> tuple[int, str, bytes]:
    """Status, media type and body of the answer."""
    path = line.url.removeprefix(HOUSE)
    for old, new in replaced.items():
        path = path.replace(old, new)
    there = http.client.HTTPConnection(urlsplit(house).netloc)
    try:
        headers = {name: value.replace("ht_…", token) for name, value in line.headers.items()}
        there.request("POST" if line.body else "GET", path, line.body or None, headers)
        answer = there.getresponse()
        return answer.status, answer.headers["Content-Type"].partition(";")[0], answer.read()
    finally:
        there.close()


@pytest.mark.django_db(transaction=True)
def test_what_the_guide_types_works(live_server: Any) -> None:
    invoice = make_invoice(make_customer("Alice Liddel", "ALI001"))
    printing.print_some(among=[invoice.pk])
    bank_account("Cash box", source="capture")
    now = timezone.now()
    _, token = tokens.make(
        owner=in_role("Thabo", "administrator"),
        name="Stock",
        wanted=[scope.name for scope in scopes],
        expires_at=now + timedelta(days=1),
        now=now,
    )
    replaced = {
        "/documents/7/": f"/documents/{invoice.pk}/",
        "2026-11-23T07:00:00Z": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
    }
    lines = typed()
    assert len(lines) >= 5
    answers = [sent(line, live_server.url, token, replaced) for line in lines]
    assert [(line.url, status) for line, (status, _, _) in zip(lines, answers, strict=True)] == [
        (line.url, 201 if line.body else 200) for line in lines
    ]
    kinds = {kind for _, kind, _ in answers}
    assert kinds == {"application/json", "application/pdf"}
