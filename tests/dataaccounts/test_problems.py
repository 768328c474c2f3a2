"""The page of sessions with problems: which, why, and what can be done about them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from dataaccounts.models import DataAccount, Session, SessionOrder, UsageDay, UsageName
from dataaccounts.selectors import problems
from dataaccounts.services import healing, usage_import
from tests.dataaccounts.radius_sql import Line
from tests.factories import make_customer, make_person
from tests.factories.data import make_account, make_nas

pytestmark = pytest.mark.django_db
PAGE = "/data-accounts/problems/"
NOW = datetime.now(UTC).replace(microsecond=0)
CLOCK = int(NOW.timestamp())


@pytest.fixture
def alice() -> DataAccount:
    make_nas()
    return make_account(make_customer("Alice Liddel", "ALI001"))


@pytest.fixture
def clerk(client: Client) -> Client:
    rights = "view_session cut_session add_usagename".split()
    client.force_login(make_person("Thabo", *(f"dataaccounts.{one}" for one in rights)))
    return client


def up(user: str = "alice@isp.example", session: str = "1", nas: str = "10.1.0.1") -> Line:
    line = Line(CLOCK - 60, user=user, session=session, nas=nas)
    line.send("start", CLOCK - 60)
    return line


def counts() -> dict[str, int]:
    return {kind: count for kind, count in problems.counts(now=NOW).items() if count}


def test_each_kind_of_problem_is_found(alice: DataAccount) -> None:
    up()
    assert counts() == {}
    up(session="2")
    up(user="mallory", session="3")
    up(user="carol@isp.example", session="4", nas="10.9.9.9")
    make_account(make_customer("Carol", "CAR001"), "carol@isp.example")
    Line(CLOCK - 7200, session="5", user="carol@isp.example").send("interim", CLOCK - 7000, 5, 50)
    Line(CLOCK - 900, session="6").send("stop", CLOCK - 300, 5, 50)
    reset = Line(CLOCK - 900, session="7")
    reset.send("interim", CLOCK - 600, 100, 100)
    reset.send("stop", CLOCK - 300, 5, 5)
    Line(0, session="8").send("stop", 300, 5, 5)
    usage_import.run(now=NOW)
    with_stale = counts()
    assert with_stale == {"twice": 4, "name": 1, "nas": 1, "reset": 1, "clock": 1}
    assert [one.code for one in problems.sessions("twice", now=NOW)] == [
        "CAR001",
        "ALI001",
        "ALI001",
        "CAR001",
    ]


def test_who_is_not_heard_of_and_who_was_ended(alice: DataAccount) -> None:
    Line(CLOCK - 7200, session="5").send("interim", CLOCK - 7000, 5, 50)
    up(session="6")
    assert counts() == {"stale": 1, "twice": 2}
    healing.heal(now=NOW)
    assert counts() == {"ended": 1}


def test_a_clerk_ends_one_and_has_one_disconnected(alice: DataAccount, clerk: Client) -> None:
    up(session="1")
    up(session="2")
    shown = clerk.get(f"{PAGE}?kind=twice").content.decode()
    assert shown.count("Disconnect") == 2
    assert "Alice Liddel" in shown
    keys = list(Session.objects.order_by("session_id").values_list("unique_id", flat=True))
    assert clerk.post(f"{PAGE}close/", {"session": keys[0], "kind": "twice"}).status_code == 302
    assert Session.objects.get(unique_id=keys[0]).terminate_cause == "Stale-Session"
    clerk.post(f"{PAGE}cut/", {"session": keys[1], "kind": "twice"})
    assert SessionOrder.objects.get().unique_id == keys[1]


def test_how_many_have_each_problem_comes_after_the_page(alice: DataAccount, clerk: Client) -> None:
    up(user="mallory")
    Line(CLOCK - 600, user="ALICE").send("stop", CLOCK - 300, 5, 50)
    usage_import.run(now=NOW)
    page = clerk.get(PAGE).content.decode()
    assert "mallory" in page  # the first kind that any session has
    assert f'hx-get="{PAGE}counts/?kind=name"' in page
    tabs = clerk.get(f"{PAGE}counts/?kind=name").content.decode()
    for words in (
        '?kind=name" aria-current="page">Unknown user name 1',
        "Not heard of 0",
        "Usage of nobody 1",
    ):
        assert words in tabs
    clerk.force_login(make_person("Mallory"))
    assert clerk.get(f"{PAGE}counts/").status_code == 403


def test_usage_of_nobody_is_given_to_an_account(alice: DataAccount, clerk: Client) -> None:
    Line(CLOCK - 600, user="ALICE").send("stop", CLOCK - 300, 5, 50)
    usage_import.run(now=NOW)
    assert "ALICE" in clerk.get(f"{PAGE}?kind=aside").content.decode()
    refused = clerk.post(f"{PAGE}link/", {"username": "ALICE", "account": "nobody"}, follow=True)
    assert "There is no data account nobody." in refused.content.decode()
    clerk.post(f"{PAGE}link/", {"username": "ALICE", "account": "alice@isp.example"})
    assert UsageName.objects.get().account == alice
    usage_import.run(now=NOW)
    assert UsageDay.objects.get().download == 50


def test_dora_sees_but_does_nothing_and_mallory_sees_nothing(alice: DataAccount, client: Client) -> None:
    up(user="mallory")
    client.force_login(make_person("Dora", "dataaccounts.view_session"))
    assert "Disconnect" not in client.get(f"{PAGE}?kind=name").content.decode()
    assert client.post(f"{PAGE}close/", {"session": "mallory/1"}).status_code == 403
    client.force_login(make_person("Mallory"))
    assert client.get(PAGE).status_code == 403


def test_it_is_a_file_too(alice: DataAccount, clerk: Client) -> None:
    up(user="mallory")
    answer: Any = clerk.get(f"{PAGE}?kind=name&format=csv")
    assert b"Unknown user name,1,mallory,Tower 1" in b"".join(answer.streaming_content)


def test_the_page_shows_the_first_and_the_file_has_more(
    alice: DataAccount, clerk: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr(problems, "SHOWN", 2)
    for number in range(3):
        up(user=f"u{number}", session=str(number))
    page = clerk.get(f"{PAGE}?kind=name").content.decode()
    assert page.count("Disconnect") == 2
    assert "The first 2 are shown; the file has more." in page
    assert "Unknown user name 2+" in clerk.get(f"{PAGE}counts/?kind=name").content.decode()
    answer: Any = clerk.get(f"{PAGE}?kind=name&format=csv")
    assert b"".join(answer.streaming_content).count(b"Unknown user name") == 3


def test_the_page_asks_as_much_for_many(
    alice: DataAccount, clerk: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        up(user=f"u{number}", session=str(number))
    clerk.get(PAGE)
    with django_assert_max_num_queries(12):
        clerk.get(f"{PAGE}?kind=name")


def test_what_no_database_keeps_is_refused_in_words(alice: DataAccount, clerk: Client) -> None:
    for deed in ("close", "cut"):
        assert clerk.post(f"{PAGE}{deed}/", {"session": "1\0"}).status_code == 302
    long = {"username": "m" * 300, "account": alice.username}
    assert "as long as that" in clerk.post(f"{PAGE}link/", long, follow=True).content.decode()
    clerk.post(f"{PAGE}link/", {"username": "m\0", "account": alice.username})
    assert [one.username for one in UsageName.objects.all()] == ["m"]
