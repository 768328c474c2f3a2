"""What nginx writes down of requests: every address but what opens something."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse

from helpdesk.models import Ticket
from helpdesk.services import ticket_links
from herotill import links
from tests.architecture.urls import ARGUMENTS, OWN, Address, addresses

CONF = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()
FOUND = re.search(r'"~(\^.*\$)" "\$before\[link\]\$after";', CONF)
SECRET = {"users:link", *(each.name for each in addresses() if "token" in each.arguments)}


def logged(address: str) -> str:
    """The address as the log has it."""
    assert FOUND is not None
    pattern = FOUND[1].replace("(?<", "(?P<")
    return re.sub(pattern, r"\g<before>[link]\g<after>", address)


def path_of(address: Address, token: str) -> str:
    own = ARGUMENTS | OWN.get(address.name, {}) | {"token": lambda: token}
    return reverse(address.name, kwargs={name: own[name]() for name in address.arguments})


@pytest.mark.parametrize(
    "address", [each for each in addresses() if each.name in SECRET], ids=lambda each: each.name
)
def test_s25_no_link_that_works_stands_in_the_web_servers_log(address: Address) -> None:
    for token in (links.new(), ticket_links.token_of(Ticket(pk=7), "alice@example.com")):
        path = path_of(address, token)
        assert token not in logged(path)
        assert token not in logged(f"{path}?done=sent")


def test_s25_every_log_of_our_own_name_is_without_links() -> None:
    servers = re.split(r"^server \{", CONF, flags=re.MULTILINE)[1:]
    ours = [server for server in servers if "server_name" in server]
    assert len(ours) == 2
    assert all("without_links;" in server for server in ours)
    assert "$request_uri" not in re.findall(r"log_format without_links (.*?);", CONF, re.DOTALL)[0]


def test_other_addresses_stand_there_as_they_are() -> None:
    for address in ("/", "/portal/bills/?after=99", "/customers/ALI001/", "/helpdesk/17/answer/"):
        assert logged(address) == address
