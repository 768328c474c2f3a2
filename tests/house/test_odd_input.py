"""What no screen sends but anybody can: the answer is a page or a sentence, never our mistake."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory

from herotill.wsgi import application
from tests.factories import make_customer
from tests.factories.people import in_role
from tests.users.conftest import PASSWORD, log_in, with_password

pytestmark = pytest.mark.django_db
ENDLESS = "9" * 5000


@pytest.fixture
def desk(client: Client) -> Client:
    make_customer("Alice Liddel", "ALI001")
    client.force_login(with_password(in_role("Naledi", "administrator", email="naledi@isp.example")))
    return client


@pytest.mark.parametrize(
    ("url", "query"),
    [
        ("/setup/audit/", {"until": "9999-12-31"}),
        ("/setup/audit/", {"since": "0001-01-01"}),
        ("/setup/audit/", {"before": "2020-01-01_5"}),
        ("/setup/audit/", {"before": "0001-01-01T00:00:00+23:00_5"}),
        ("/setup/runs/", {"before": ENDLESS}),
        ("/customers/import/", {"before": ENDLESS}),
        ("/customers/import/", {"before": "9" * 25}),
        ("/messages/", {"q": "²"}),
        ("/workflow/jobs/all/", {"q": "JOB²"}),
        ("/billing/batches/build/", {"group": "²"}),
        ("/billing/batches/build/", {"group": ENDLESS}),
        ("/billing/batches/lines/", {"batch": "²"}),
        ("/billing/documents/", {"month_end": "٣"}),
        ("/customers/", {"after": "eHh4", "before": "eHh4"}),
        ("/customers/", {"reseller": "\0", "group": ENDLESS, "q": "\0"}),
    ],
)
def test_a_place_or_day_that_cannot_be_is_left_out(desk: Client, url: str, query: dict[str, str]) -> None:
    assert desk.get(url, query).status_code == 200


@pytest.mark.parametrize("shown", ["²", ENDLESS, "-1"])
def test_an_odd_number_of_notes_shows_the_usual_ones(desk: Client, shown: str) -> None:
    card = desk.get("/customers/ALI001/widgets/customer-notes/", {"shown": shown}).content.decode()
    assert "could not be shown" not in card
    assert "Customer notes" in card


def test_what_was_not_ticked_in_the_matrix_or_the_list_counts_for_nothing(desk: Client) -> None:
    answer = desk.post("/setup/rights/customers/", {"held": ["x:y", "²:y"], "seen": ""})
    assert answer.status_code == 422
    taken = desk.post("/customers/list/export/?all=1", {"ids": ["²", ENDLESS], "format": "csv"})
    assert b"ALI001" in b"".join(taken.streaming_content)


@pytest.mark.parametrize(
    "chosen",
    [{"columns": {"": [{"a": 1}]}}, {"columns": {"": 5}}, {"size": 10.0}, {"query": 5}, {"view": "x"}],
)
def test_choices_for_a_list_that_make_no_sense_do_not_close_it(desk: Client, chosen: dict[str, Any]) -> None:
    desk.post("/preferences/list:customers/", json.dumps(chosen), content_type="application/json")
    assert b"Alice Liddel" in desk.get("/customers/?all=1").content


@pytest.mark.parametrize("text", ["\0", "\ud800"])
def test_half_a_letter_and_nul_are_no_choice(desk: Client, text: str) -> None:
    body = json.dumps({"query": text})
    refused = desk.post("/preferences/list:customers/", body, content_type="application/json")
    assert refused.status_code == 400


@pytest.mark.parametrize("body", ["[" * 100_000, "[" * 3000 + "]" * 3000, "NaN", "1e999", "9" * 5000, "\xff"])
def test_what_is_no_choice_is_refused(desk: Client, body: str) -> None:
    for key in ("theme", "list:customers"):
        assert desk.post(f"/preferences/{key}/", body, content_type="application/json").status_code == 400


def test_a_choice_for_a_list_of_no_name_is_refused(desk: Client) -> None:
    for key in ("list:%00", "list:" + "x" * 200):
        refused = desk.post(f"/preferences/{key}/", "{}", content_type="application/json")
        assert refused.status_code == 400


@pytest.mark.parametrize(
    "key", ['"\\000abcdefghij"', '"\\355\\240\\200abcdefgh"', "\xff" * 32, "x" * 4000, '"\\""']
)
@pytest.mark.parametrize("path", ["/customers/", "/portal/bills/", "/login/", "/portal/login/"])
def test_s23_a_key_that_is_none_is_nobodys(key: str, path: str) -> None:
    cookies = "; ".join(f"{name}={key}" for name in ("herotill_staff", "herotill_portal", "herotill_look"))
    answer = Client().get(path, HTTP_COOKIE=cookies)
    assert answer.status_code == (200 if "login" in path else 302)


@pytest.mark.parametrize("address", ["fe80::1%eth0", "fe80::1%\0", "9" * 300, "\0", "unix:", ""])
def test_s23_wherever_somebody_asks_from_they_log_in(client: Client, address: str, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    with_password(in_role("Alice", "support"))
    came = client.post("/login/", {"username": "alice", "password": PASSWORD}, HTTP_X_FORWARDED_FOR=address)
    assert came.status_code == 302
    kept = client.post("/preferences/", {"key": "theme", "value": "dark"}, HTTP_X_FORWARDED_FOR=address)
    assert kept.status_code == 204


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain; x*=nosuch''a",
        "text/plain; charset*=utf-8''%00",
        "text/plain; charset*=utf-7''+2AA-",
        "text/plain; charset=rot13",
        "text/plain; charset=idna",
        "multipart/form-data; boundary=x; charset=unicode_escape",
        "multipart/form-data; boundary=x; charset=nosuch",
        "application/x-www-form-urlencoded; charset=utf-16",
        "application/x-www-form-urlencoded; charset=iso-8859-1",
    ],
)
def test_letters_that_cannot_be_read_break_nothing(content_type: str) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n\\ud800\xd8\r\n--x--\r\n'
    for method, query, body in (("GET", "next=%D8%00a", b""), ("POST", "", part)):
        asked = RequestFactory().generic(method, "/login/", body, "text/plain", QUERY_STRING=query).environ
        answer: Any = application({**asked, "CONTENT_TYPE": content_type}, lambda *told: None)
        assert answer.status_code < 500, method


@pytest.mark.parametrize("onward", ["x", "users:people", "\\", "https:/evil.example", "\0"])
def test_s23_after_the_log_in_only_an_address_of_this_door_is_gone_to(client: Client, onward: str) -> None:
    with_password(in_role("Alice", "support"))
    assert log_in(client, "alice", next=onward).url == "/"
    assert client.get("/login/", {"next": onward}).url == "/"
