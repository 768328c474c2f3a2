"""The port to radios: how well a router hears each device, by its API or by SNMP. Stand-ins speak both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

STRONGEST, WEAKEST = 0, -128
_NUMBER = re.compile(r"-?\d+")


@dataclass(frozen=True, slots=True)
class Access:
    """How a router lets us ask. The address is one of our table of routers."""

    address: str
    port: int
    user: str = ""
    secret: str = field(default="", repr=False)
    """The API's password, or the SNMP community."""


class Radios(Protocol):
    """A router that knows radios. Raises IntegrationError where it does not answer or refuses us."""

    def signals(self) -> Mapping[str, int]:
        """By MAC address in capitals with colons: dBm."""
        ...


def dbm(said: object) -> int | None:
    """The dBm in what a router says, such as `-61dBm@6Mbps`, or nothing where there is none."""
    found = _NUMBER.match(str(said).strip())
    number = int(found.group()) if found else None
    return number if number is not None and WEAKEST <= number < STRONGEST else None
