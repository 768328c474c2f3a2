"""Netcash's stand-in on the eve of Christmas, and a client that does not wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from herotill.integrations.netcash.bureau import Bureau
from herotill.integrations.netcash.live import Netcash
from herotill.integrations.netcash.standin import KEYS, NetcashStandIn
from tests.factories.netcash import judged


class Clock:
    """What time it is at the bureau."""

    def __init__(self) -> None:
        self.at = datetime.fromisoformat("2026-11-25 09:00")

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def there(clock: Clock) -> Iterator[NetcashStandIn]:
    with NetcashStandIn(Bureau(now=clock, check=judged)) as found:
        yield found


@pytest.fixture
def client(there: NetcashStandIn) -> Netcash:
    return Netcash(KEYS, there.url, sleep=lambda seconds: None, seconds=0.5)
