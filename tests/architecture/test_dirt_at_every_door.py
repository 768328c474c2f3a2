"""Every address of the product, sent what nobody means: the answer is a page or a sentence, never our mistake."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from zlib import crc32

import pytest
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from customers.models import Customer
from customers.screen import widgets
from herotill.lists.views import page
from herotill.tables import views as tables
from herotill.users.grants import ROLES
from tests.architecture.dirt import DIGITS, NUL, OTHERS, everywhere
from tests.architecture.test_every_url_is_guarded import browser, undone
from tests.architecture.urls import Address, addresses
from tests.factories.people import in_role
from tests.portal.things import THINGS
from tests.users.conftest import portal_user

pytestmark = pytest.mark.django_db
IN_A_PATH = (NUL, DIGITS, "9999-12")
Doors = dict[str, Client]


@pytest.fixture
def doors() -> Doors:
    """Somebody at each door who may do all that is done there, and nobody."""
    in_role("Dora")
    carol = portal_user("CAR001", "Carol Petersen", "carol@example.com")
    return {"staff": browser(in_role("Naledi", *ROLES)), "portal": browser(carol), "public": browser(None)}


@pytest.fixture(autouse=True)
def _dirt(settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.architecture.dirt.SendsDirt"]


def _code(view: Any) -> Any:
    """What a view does, whatever stands around it and whatever it was made for."""
    while hasattr(view, "__wrapped__"):
        view = view.__wrapped__
    return getattr(view, "__code__", view)


# Of these each has forms or filters of its own; other views of one making are walked once.
EACH = {_code(page.show), _code(tables.new)}


def walked() -> Iterator[Address]:
    """The addresses of people and partners. Programs have a description, by which they are tried elsewhere."""
    known: set[Any] = set()
    for address in addresses():
        code = (_code(address.view), address.arguments)
        if not address.is_for_programs and (code[0] in EACH or code not in known):
            yield address
        known.add(code)


def examples(address: Address) -> Iterator[str]:
    """Where it is asked: for a thing of the customer's own, on each card of the profile, for each of its actions."""
    customer = Customer.objects.get()
    if address.name in THINGS:
        yield reverse(address.name, kwargs=THINGS[address.name](customer))
    elif address.name == "customers:widget":
        yield from (reverse(address.name, args=[customer.code, card.name]) for card in widgets)
    elif address.name == "customers:widget-action":
        deeds = [(card.name, deed.name) for card in widgets for deed in card.actions.values() if not deed.row]
        yield from (reverse(address.name, args=[customer.code, *names]) for names in deeds)
    else:
        yield address.path()


def ask(doors: Doors, address: Address, path: str, method: str, **headers: str) -> int:
    """The status of the answer, once all of it is read; what was done is undone."""
    assert address.guard
    client = doors[address.guard.door]
    client.raise_request_exception = True
    with undone(client):
        answer = client.generic(method, path, headers=headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert b"could not be shown" not in body
    return int(answer.status_code)


def trouble(doors: Doors, address: Address, path: str, method: str, **headers: str) -> str:
    """What broke, if anything did."""
    try:
        status = ask(doors, address, path, method, **headers)
    except Exception as error:
        return f"{method} {path[:100]!r}: {error!r:.200}"
    return f"{method} {path[:100]!r}: {status}" if status >= 500 else ""


def troubles(doors: Doors, address: Address, path: str, method: str) -> Iterator[str]:
    """What broke with a NUL under every name; where a view asks for any, with all else too, asked as htmx does."""
    with everywhere(lambda name: NUL) as asked:
        yield trouble(doors, address, path, method)
    if not asked:
        return
    with everywhere(partial(other, path)):
        yield trouble(doors, address, path, method, **{"HX-Request": "true"})
    if method == "POST":
        with everywhere(lambda name: DIGITS):
            yield trouble(doors, address, path, method)


def other(path: str, name: str) -> str:
    """Another text for each name, the same in every run."""
    return OTHERS[crc32(f"{path} {name}".encode()) % len(OTHERS)]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_whatever_is_typed_is_answered(doors: Doors, method: str) -> None:
    asked = ((each, path) for each in walked() for path in examples(each))
    assert [one for each, path in asked for one in troubles(doors, each, path, method) if one] == []


def test_the_walk_would_notice_what_breaks(doors: Doors) -> None:
    def broken(name: str) -> str:
        raise ValueError(name)

    search = next(each for each in walked() if each.name == "search")
    with everywhere(broken) as asked:
        assert "ValueError('q')" in trouble(doors, search, search.path(), "GET")
    assert asked == ["q"]


def in_its_place(address: Address) -> Iterator[str]:
    """Paths with something else in place of an argument, where the address takes such a thing."""
    usual = resolve(next(examples(address))).kwargs
    for argument in usual:
        for text in IN_A_PATH:
            with suppress(NoReverseMatch):
                yield reverse(address.name, kwargs={**usual, argument: text})


def test_whatever_stands_in_the_address_is_answered(doors: Doors) -> None:
    asked = ((each, path) for each in walked() if each.arguments for path in in_its_place(each))
    methods = ("GET", "POST")
    assert [one for each, path in asked for way in methods if (one := trouble(doors, each, path, way))] == []
