"""SageOne's stand-in, and a client without a pace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from herotill.integrations.books import Connection
from herotill.integrations.sageone import VERSIONS
from herotill.integrations.sageone.limits import Limits, Pace
from herotill.integrations.sageone.live import SageOne
from herotill.integrations.sageone.standin import CREDENTIALS, SageStandIn

LIFTED = Pace(0, 0, 0)


@pytest.fixture
def there() -> Iterator[SageStandIn]:
    with SageStandIn(a_minute=0) as found:
        yield found


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def limits(there: SageStandIn) -> Iterator[Limits]:
    found = Limits(there.url, Connection(CREDENTIALS, "1"), pace=LIFTED)
    found.forget()
    yield found
    found.forget()


@pytest.fixture
def books(there: SageStandIn, limits: Limits) -> SageOne:
    return SageOne(Connection(CREDENTIALS, "1"), there.url, limits=limits)
