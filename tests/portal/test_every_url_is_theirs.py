"""Every page of the portal, tried with what is somebody else's: as stranger, master, sub-account, staff and nobody.

The pages come from the URL table, so that a new one cannot be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from customers.models import Customer
from herotill.models import Fact
from tests.architecture import test_every_url_is_guarded as guarded
from tests.architecture.urls import Address, addresses
from tests.factories import make_customer
from tests.factories.people import client_of, in_role
from tests.portal.conftest import at_portal, login_of
from tests.portal.things import NO_IDS, THINGS

pytestmark = pytest.mark.django_db
PAGES = [each for each in addresses() if each.guard and each.guard.door == "portal"]
ABOUT_ONE = [each for each in PAGES if each.arguments and each.name not in NO_IDS]
OF_THE_LOG_IN = {each.name for each in PAGES if each.name.startswith("users:portal-")} - {"users:portal-home"}
# To staff who look these are open without a further right: they show nothing but whose account it is.
BARE = {"users:portal-home", "portal-accounts", "portal-switch", "portal-sharing", *OF_THE_LOG_IN}
LOST = {"pk": 999_999_999, "file_pk": 999_999_999, "handle": "0" * 16, "reference": "no-such"}
BY_WHO_ASKED = {"portal-package-change-withdraw"}  # only by the log-in that asked for it
TOKENS = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+')


@pytest.fixture
def wonderland() -> Customer:
    return make_customer("Wonderland (Pty) Ltd", "WON001", kind="company")


@pytest.fixture
def family(wonderland: Customer, alice: Customer, bob: Customer) -> dict[str, Customer]:
    """Wonderland is the master of Alice and of Carol; Bob is a stranger."""
    carol = make_customer("Carol Petersen", "CAR001", contact={"email": "carol@example.com"})
    Customer.objects.filter(pk__in=[alice.pk, carol.pk]).update(master=wonderland)
    people = {"alice": alice, "bob": bob, "carol": carol, "wonderland": wonderland}
    for each in people.values():
        each.refresh_from_db()
        login_of(each)
    return people


def path_of(address: Address, customer: Customer) -> str:
    return reverse(address.name, kwargs=THINGS[address.name](customer))


def ask(client: Client, path: str) -> Any:
    """GET it, or POST where only that is answered; a file is read to its end."""
    answer = guarded.ask(client, path)
    if answer.streaming:
        list(answer.streaming_content)
    return answer


def body(answer: Any) -> bytes:
    """What is read, without the tokens that differ from answer to answer."""
    return TOKENS.sub(rb"\1", answer.content)


def switched(master: Customer, sub: Customer) -> Client:
    client = at_portal(master)
    assert client.post("/portal/accounts/switch/", {"code": sub.code}).status_code == 302
    return client


def looking_at(customer: Customer, role: str) -> Client:
    client = client_of(in_role(role.title(), role))
    why = {"reason": "They ask about their account"}
    assert client.post(f"/customers/{customer.code}/portal/", why).status_code == 302
    return client


def looked(client: Client, path: str) -> int:
    """How a plain GET is answered; a file is read to its end."""
    answer: Any = client.get(path)
    if answer.streaming:
        list(answer.streaming_content)
    return int(answer.status_code)


def test_every_page_about_one_thing_says_how_to_make_one() -> None:
    assert {each.name for each in ABOUT_ONE} == set(THINGS)
    assert {each.name for each in PAGES} >= NO_IDS


@contextmanager
def apart(subtests: pytest.Subtests, address: Address) -> Iterator[None]:
    """One page of a walk, named if it fails; what was made and done for it is undone before the next."""
    with subtests.test(page=address.name), transaction.atomic():
        yield
        transaction.set_rollback(True)
    cache.clear()


def test_s23_nobody_opens_what_is_alices(subtests: pytest.Subtests, family: dict[str, Customer]) -> None:
    strangers = {name: at_portal(family[name]) for name in ("bob", "carol", "wonderland")}
    alice = at_portal(family["alice"])
    for address in ABOUT_ONE:
        with apart(subtests, address):
            path = path_of(address, family["alice"])
            lost = reverse(address.name, kwargs={name: LOST[name] for name in address.arguments})
            for name, client in strangers.items():
                refused, nothing = ask(client, path), ask(client, lost)
                assert (refused.status_code, nothing.status_code) == (404, 404), name
                assert body(refused) == body(nothing), f"{name} is given a hint"
                assert client.post(path).status_code in (404, 405), name
            facts = Fact.objects.count()
            assert ask(Client(), path).headers["Location"].startswith("/portal/login/")
            assert Fact.objects.count() == facts
            hers = ask(alice, path)
            assert hers.status_code in (200, 302, 422), hers.status_code


def test_s23_a_master_at_one_sub_account_opens_nothing_of_another(
    subtests: pytest.Subtests, family: dict[str, Customer]
) -> None:
    wonderland, alice, carol = (family[name] for name in ("wonderland", "alice", "carol"))
    at_alice, at_carol = switched(wonderland, alice), switched(wonderland, carol)
    alice_herself = at_portal(alice)
    for address in ABOUT_ONE:
        with apart(subtests, address):
            guard: Any = address.guard
            path = path_of(address, alice)
            assert ask(at_carol, path).status_code == 404
            there = ask(at_alice, path).status_code
            log_in_of_alice = address.name in OF_THE_LOG_IN
            assert (there == 404) == (guard.private or log_in_of_alice or address.name in BY_WHO_ASKED), there
            own = path_of(address, wonderland)
            assert ask(alice_herself, own).status_code == 404, "a sub-account opens what is its master's"
            assert log_in_of_alice or ask(at_alice, own).status_code == 404


def test_s30_staff_who_look_open_what_is_that_customers_alone_and_change_nothing(
    subtests: pytest.Subtests, family: dict[str, Customer]
) -> None:
    bobs = looking_at(family["bob"], "administrator")
    clerk = client_of(in_role("Sipho", "support"))
    for address in ABOUT_ONE:
        with apart(subtests, address):
            path, theirs = path_of(address, family["alice"]), path_of(address, family["bob"])
            assert looked(bobs, path) in (404, 405)
            for one in (path, theirs):
                assert bobs.post(one).status_code == 403
            open_to_them = (404, 405) if address.name in OF_THE_LOG_IN else (200, 302, 405, 410)
            assert looked(bobs, theirs) in open_to_them
            assert ask(clerk, path).headers["Location"].startswith("/portal/login/")


def test_s30_staff_who_look_need_the_right_to_what_a_page_shows(
    subtests: pytest.Subtests, family: dict[str, Customer]
) -> None:
    clerk = looking_at(family["bob"], "support")
    person = in_role("Another", "support")
    for address in PAGES:
        with apart(subtests, address):
            guard: Any = address.guard
            assert bool(guard.permission) == (address.name not in BARE)
            path = path_of(address, family["bob"]) if address in ABOUT_ONE else address.path()
            answer = looked(clerk, path)
            assert answer < 500
            if guard.permission and not person.has_perm(guard.permission):
                assert answer in (403, 405)


def test_s23_no_page_of_bobs_says_anything_of_alice(
    subtests: pytest.Subtests, family: dict[str, Customer]
) -> None:
    for make in dict.fromkeys(THINGS.values()):
        make(family["alice"])
    client = at_portal(family["bob"])
    for address in (each for each in PAGES if not each.arguments):
        with apart(subtests, address):
            answer = client.get(reverse(address.name))
            assert answer.status_code < 500
            for word in (b"ALI001", b"Liddel", b"alice@"):
                assert word not in answer.content
