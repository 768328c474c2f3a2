"""Every address of the product, asked by nobody, by every role and by a customer: each gets what is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import cycle
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from customers.selectors import recents
from herotill.users.grants import ROLES
from herotill.users.models import User
from tests.architecture.urls import ARGUMENTS, OWN, Address, addresses
from tests.factories.people import in_role
from tests.users.conftest import portal_user
from workflow.models import Place

pytestmark = pytest.mark.django_db
# Open to anybody, on purpose. A name that is no longer open must leave this list.
OPEN = {
    "alive",
    "api:description",
    "billing-mandate",
    "cancellation-answer",
    "card-cancelled",
    "card-go",
    "card-notify",
    "card-pay",
    "card-return",
    "card-verify",
    "health",
    "mail-callback",
    "metrics",
    "opt-out",
    "opt-out-at-once",
    "portal-colours",
    "portal-logo",
    "portal-look-end",
    "portal-terms",
    "quote-answer",
    "quote-answer-paper",
    "rate",
    "sign-up",
    "sign-up-coverage",
    "sms-callback",
    "suspended",
    "ticket-link",
    "ticket-link-file",
    "users:code",
    "users:forgot",
    "users:link",
    "users:login",
    "users:logout",
    "users:portal-code",
    "users:portal-forgot",
    "users:portal-link",
    "users:portal-login",
    "users:portal-logout",
}
KEPT = {"portal-colours", "portal-logo"}  # nothing in them is about a person
# These ask for more than their guard says: whose run it is, or the right of the widget or action they serve.
ASK_MORE = {
    "billing:books-owed-bulk",
    "billing:delete",
    "billing:desk-bulk",
    "billing:documents-bulk",
    "billing:edit",
    "billing:hand-overs-bulk",
    "billing:issue",
    "billing:payers-bulk",
    "billing:sell-topping",
    "billing:suspensions-bulk",
    "customers:list-bulk",
    "customers:widget",
    "customers:widget-action",
    "customers:widget-row-action",
    "dataaccounts:accounts-bulk",
    "dataaccounts:orders-bulk",
    "dataaccounts:sessions-bulk",
    "helpdesk:mail-triage-bulk",
    "helpdesk:ratings-bulk",
    "run",
    "run-cancel",
    "run-progress",
    "workflow:my-job",
    "workflow:my-job-send",
    "workflow:my-jobs",
    "workflow:my-jobs-later",
    "workflow:my-jobs-line",
    "workflow:my-jobs-worker",
    "workflow:my-survey",
    "workflow:my-survey-send",
    *(f"workflow:list-{place}-bulk" for place in Place),
}


@pytest.fixture
def people() -> dict[str, User]:
    """One in every role, Dora in none, and Carol, a customer."""
    found = {name: in_role(name.title(), name) for name in ROLES}
    return {
        **found,
        "dora": in_role("Dora"),
        "carol": portal_user("CAR001", "Carol Petersen", "carol@example.com"),
    }


@pytest.fixture
def table(people: dict[str, User]) -> list[tuple[Address, str]]:
    """Every address with the path of an example."""
    return [(each, each.path()) for each in addresses()]


def browser(user: User | None, **kwargs: Any) -> Client:
    client = Client(raise_request_exception=False, **kwargs)
    if user is not None:
        client.force_login(user)
    if user is not None and user.kind == User.Kind.PORTAL:
        client.cookies["herotill_portal"] = client.cookies.pop("herotill_staff").value
    return client


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """What is done here, to the database and the browser's cookies, is gone afterwards: nobody logs in again."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def ask(client: Client, path: str) -> Any:
    """GET it, or POST where only that is answered."""
    answer = client.get(path)
    return client.post(path) if answer.status_code == 405 else answer


def test_every_view_says_who_may_come_in() -> None:
    assert [each.name for each in addresses() if each.guard is None] == []
    assert {each.name for each in addresses() if each.guard and each.guard.door == "public"} == OPEN


def test_s30_a_log_in_opens_no_endpoint_of_programs(
    table: list[tuple[Address, str]], people: dict[str, User]
) -> None:
    clients = [browser(people["administrator"]), browser(None)]
    asked = [path for address, path in table if address.is_for_programs]
    assert asked
    for path in asked:
        for client in clients:
            assert ask(client, path).status_code == 401, path


def test_every_name_is_its_own_and_every_example_is_used() -> None:
    names = [each.name for each in addresses()]
    assert len(set(names)) == len(names)
    assert set(OWN) <= set(names)
    used = {argument for each in addresses() for argument in each.arguments}
    assert used == set(ARGUMENTS)


def test_nobody_is_led_to_the_door(table: list[tuple[Address, str]]) -> None:
    nobody = browser(None)
    for address, path in table:
        if address.name not in OPEN and not address.is_for_programs:
            door = "/portal/login/" if path.startswith("/portal/") else "/login/"
            answer = ask(nobody, path)
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, door), path


def test_a_customer_finds_every_staff_page_behind_the_staff_door(
    table: list[tuple[Address, str]], people: dict[str, User]
) -> None:
    carol = browser(people["carol"])
    for address, path in table:
        if address.guard and address.guard.door == "staff":
            assert ask(carol, path).headers["Location"].startswith("/login/"), path
    assert carol.get("/portal/").status_code == 200


def test_staff_find_the_portal_behind_its_own_door(
    table: list[tuple[Address, str]], people: dict[str, User]
) -> None:
    clerk = browser(people["administrator"])
    for address, path in table:
        if address.guard and address.guard.door == "portal":
            assert ask(clerk, path).headers["Location"].startswith("/portal/login/"), path


@pytest.mark.parametrize("role", [*ROLES, "dora", "carol"])
def test_s24_each_role_opens_what_it_may_and_nothing_else_and_asking_changes_nothing(
    role: str, table: list[tuple[Address, str]], people: dict[str, User]
) -> None:
    """S30 too: no page is kept by anybody or runs a foreign script, whoever asks for it."""
    person = people[role]
    client = browser(person)
    client.get("/")
    before = contents()
    to_post = []
    for some in in_turn(table, 20):
        for address, path in some:
            answer = client.get(path)
            check_headers(address, path, answer)
            if answer.status_code == 405:
                to_post.append((address, path))
            else:
                check_right(address, path, answer, person)
        assert contents() == before, f"asking for one of these changed something: {some}"
    for address, path in to_post:
        if is_for_staff(address):
            with undone(client):
                check_right(address, path, client.post(path), person)
    home = "/portal/" if role == "carol" else "/"
    assert client.get(home).status_code == 200, f"{role} was logged out on the way"


def in_turn(table: list[tuple[Address, str]], many: int) -> Iterator[list[tuple[Address, str]]]:
    return (table[start : start + many] for start in range(0, len(table), many))


def is_for_staff(address: Address) -> bool:
    """Whether it is a page of the desk that leaves whoever opens it logged in."""
    guard = address.guard
    return (
        guard is not None and guard.door == "staff" and address.name not in ("users:logout", "users:unlock")
    )


def check_right(address: Address, path: str, answer: Any, person: User) -> None:
    """Who holds the right of a page of the desk is answered, and nobody else."""
    if not is_for_staff(address) or person.kind != User.Kind.STAFF:
        return
    right = address.guard.permission
    assert answer.status_code < 500, f"{path} broke for {person}"
    if right and not person.has_perm(right):
        assert answer.status_code == 403, f"{path} is open to {person}"
    elif address.name not in ASK_MORE:
        assert answer.status_code != 403, f"{path} is closed to {person}"


def test_s30_nothing_is_changed_without_the_token(
    table: list[tuple[Address, str]], people: dict[str, User]
) -> None:
    """A view is let off whole or not at all, so that each is asked by two of the methods that change something."""
    carol, clerk = (browser(people[who], enforce_csrf_checks=True) for who in ("carol", "administrator"))
    others = cycle(("put", "patch", "delete"))
    for address, path in table:
        if address.is_for_programs:
            continue
        client = carol if path.startswith("/portal/") else clerk
        for method in ("post", next(others)):
            assert getattr(client, method)(path).status_code == 403, f"{method} {path}"


def check_headers(address: Address, path: str, answer: Any) -> None:
    """An answer is kept by nobody, and runs no foreign script."""
    assert address.name in KEPT or "no-store" in answer.headers["Cache-Control"], path
    policy = answer.headers["Content-Security-Policy"]
    if "attachment" in answer.headers.get("Content-Disposition", ""):
        assert policy == "sandbox; default-src 'none'", path
        return
    assert "script-src 'self';" in policy, path
    assert "unsafe" not in policy, path
    assert "frame-ancestors 'none'" in policy, path
    assert "camera=()" in answer.headers["Permissions-Policy"], path


# Log-ins, and what lists remember of sums that follow from the ledger.
KEPT_SUMS = ("users_session", "billing_ageingpicture", "billing_agedcustomer")
WRITTEN = """
SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE relname <> ALL (%s) AND n_tup_ins + n_tup_upd + n_tup_del > 0
"""
PREFERENCES = "SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM users_preference t WHERE key <> %s"


def contents() -> dict[str, Any]:
    """How often each table was written in this test, but for those of log-ins and of sums kept for lists.

    Of preferences it is what they hold, besides whom a person looked at last.
    """
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN, [[*KEPT_SUMS, "users_preference"]])
        written: dict[str, Any] = dict(cursor.fetchall())
        cursor.execute(PREFERENCES, [recents.KEY])
        return written | {"users_preference": cursor.fetchone()[0]}


def test_the_walk_would_notice_a_change() -> None:
    dora = in_role("Dora")
    before = contents()
    dora.save()
    assert contents() != before
