"""Every shape of SageOne's answers is read, and no secret is told by any of them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from decimal import Decimal

import pytest

from herotill.integrations.books import Connection, Credentials, Customer
from herotill.integrations.books.errors import Denied, NotThere, Refused, Stopped
from herotill.integrations.http import NotSent, Uncertain
from herotill.integrations.sageone.faults import HTML, Told
from herotill.integrations.sageone.limits import Limits
from herotill.integrations.sageone.live import SageOne
from herotill.integrations.sageone.standin import CREDENTIALS, SageStandIn

ALICE = Customer("ALI001", "Alice Adams")
SECRETS = (CREDENTIALS.api_key, CREDENTIALS.password, "%7B")


def says(there: SageStandIn, monkeypatch: pytest.MonkeyPatch, *told: Told) -> None:
    """Have the server say these, and then what it would."""
    left, usual = [*told], there.respond

    def respond(method: str, path: str, query: dict[str, str], raw: bytes, head: Mapping[str, str]) -> Told:
        said = usual(method, path, query, raw, head)
        return left.pop(0) if left else said

    monkeypatch.setattr(there, "respond", respond)


@pytest.mark.parametrize(
    ("body", "kind", "why"),
    [
        ("Username is Required.", "text/plain", ("Username is Required.",)),
        ('"Name is Required."', "application/json", ("Name is Required.",)),
        ('{"Message": "No."}', "application/json", ("No.",)),
        ('{"Message": "No.", "MessageDetail": "Really."}', "application/json", ("No.", "Really.")),
        (
            '{"Message": "No.", "ModelState": {"a.Name": ["Too long.", "Odd."], "b": "x"}}',
            "application/json",
            ("No.", "a.Name: Too long.", "a.Name: Odd.", "b: x"),
        ),
        ('["One.", {"Message": "Two."}]', "application/json", ("One.", "Two.")),
        ('{"Message": 5}', "application/json", ("5",)),
        ('{"Message": null}', "application/json", ()),
        ("A\r\nBcc: x\u202e\x00y\t" + "z" * 400, "text/plain", ("A Bcc: x y " + "z" * 289,)),
        (HTML, "text/html", ()),
        (HTML, "text/plain", ()),
        ("", "text/plain", ()),
        (f"Key {{{CREDENTIALS.api_key}}} is none", "text/plain", ("Key {…} is none",)),
    ],
)
def test_a_refusal_is_read_whatever_its_shape(
    there: SageStandIn,
    books: SageOne,
    monkeypatch: pytest.MonkeyPatch,
    body: str,
    kind: str,
    why: tuple[str, ...],
) -> None:
    says(there, monkeypatch, Told(400, body, kind))
    with pytest.raises(Refused) as no:
        books.save_customer(ALICE)
    assert no.value.why == why
    assert "SageOne refused it" in str(no.value)
    assert not any(secret in str(no.value) for secret in SECRETS)


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "does not have"), (405, "not allow"), (409, "in use"), (415, "refused"), (403, "No")],
)
def test_a_no_is_for_good(
    there: SageStandIn, books: SageOne, monkeypatch: pytest.MonkeyPatch, status: int, words: str
) -> None:
    says(there, monkeypatch, Told(status, '{"Message": "No."}'))
    with pytest.raises(Refused, match=words) as no:
        books.tax_types()
    assert not no.value.retry
    assert isinstance(no.value, NotThere) == (status == 404)
    assert len(there.calls) == 1


@pytest.mark.parametrize("fault", ["500", "503", "html", "drop", "html-ok", "late"])
def test_a_question_is_asked_three_times_at_most(there: SageStandIn, books: SageOne, fault: str) -> None:
    there.misbehave(fault, fault)
    assert len(books.tax_types()) == 3
    there.calls.clear()
    there.misbehave(fault, fault, fault)
    with pytest.raises((NotSent, Uncertain)) as trouble:
        books.tax_types()
    assert trouble.value.retry
    assert len(there.calls) == 3


@pytest.mark.parametrize(
    "body",
    [
        "[1]",
        "5",
        '{"Results": 5, "TotalResults": 1}',
        '{"Results": []}',
        '{"Results": [{"Name": "x"}], "TotalResults": 1}',
        '{"Results": [{"ID": true, "Name": "x"}], "TotalResults": 1}',
        '{"Results": [{"ID": 1, "Name": "x", "Percentage": "many"}], "TotalResults": 1}',
    ],
)
def test_nonsense_is_no_answer(
    there: SageStandIn, books: SageOne, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    says(there, monkeypatch, *[Told(200, body)] * 3)
    with pytest.raises(Uncertain, match="cannot be read"):
        books.tax_types()


def test_a_bare_list_and_missing_fields_are_taken(
    there: SageStandIn, books: SageOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = '[{"ID": 7, "Name": "VAT", "Percentage": 0.15, "Created": "0001-01-01T00:00:00"}]'
    says(there, monkeypatch, Told(200, rows))
    [found] = books.tax_types()
    assert (found.id, found.rate, found.active, found.default) == ("7", Decimal(15), True, False)


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (Credentials(CREDENTIALS.user, "wrong", CREDENTIALS.api_key), "user and password"),
        (Credentials(CREDENTIALS.user, CREDENTIALS.password, "{wrong}"), "key"),
    ],
)
def test_never_a_second_try_where_they_do_not_know_us(
    there: SageStandIn, limits: Limits, known: Credentials, why: str
) -> None:
    connection = Connection(known, "1")
    theirs = Limits(there.url, connection, pace=limits.pace)
    theirs.allow()
    books = SageOne(connection, there.url, limits=theirs)
    with pytest.raises(Denied, match=why):
        books.tax_types()
    again = SageOne(connection, there.url, limits=Limits(there.url, connection, pace=limits.pace))
    with pytest.raises(Denied, match="tested"):
        again.save_customer(ALICE)
    assert len(there.calls) == 1
    assert theirs.standing().denied
    with pytest.raises(Denied):
        again.companies()  # a person tests: one more try, and no more after it
    with pytest.raises(Denied):
        again.tax_types()
    assert len(there.calls) == 2
    theirs.forget()
    assert len(SageOne(Connection(CREDENTIALS, "1"), there.url, limits=limits).tax_types()) == 3


def test_an_hour_of_silence_for_all_after_too_much(
    there: SageStandIn, books: SageOne, limits: Limits
) -> None:
    there.misbehave("429")
    with pytest.raises(Stopped, match="silent") as no:
        books.tax_types()
    assert no.value.retry
    other = Connection(CREDENTIALS, "2")  # the address is blocked, not the company
    with pytest.raises(Stopped) as still:
        SageOne(other, there.url, limits=Limits(there.url, other, pace=limits.pace)).tax_types()
    assert len(there.calls) == 1
    assert abs((still.value.until - no.value.until).total_seconds()) < 1
    assert limits.standing().stopped_until == still.value.until


def test_an_expired_subscription_stops_too(
    there: SageStandIn, books: SageOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(there, monkeypatch, Told(402, HTML, "text/html"))
    with pytest.raises(Denied, match="expired"):
        books.tax_types()
    with pytest.raises(Stopped):
        books.tax_types()


def test_no_secret_is_told(there: SageStandIn, books: SageOne, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    for fault in ("500", "html", "text", "drop", "late", "429"):
        there.misbehave(fault)
        with pytest.raises((NotSent, Uncertain)) as trouble:
            books.save_customer(ALICE)
        told.append(f"{trouble.value!r} {trouble.value.__cause__!r} {vars(trouble.value)}")
    text = caplog.text + "".join(told) + repr(books.connection)
    assert "Customer/Save" in caplog.text
    assert not any(secret in text for secret in SECRETS)
    assert there.calls[0][2]["apikey"] == f"{{{CREDENTIALS.api_key}}}"
