from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from herotill.integrations.sageone.limits import Limits
from herotill.integrations.sageone.standin import CONNECTION, SageStandIn


@pytest.fixture
def sage(settings: Any) -> Iterator[SageStandIn]:
    """Books on a port of this machine, called as fast as one likes."""
    with SageStandIn(a_minute=1_000_000) as server:
        settings.SAGEONE_URL, settings.OUTBOUND_ALLOW = server.url, ["127.0.0.1"]
        settings.SAGEONE_SECONDS_APART, settings.SAGEONE_A_MINUTE, settings.SAGEONE_A_DAY = 0.0, 0, 0
        limits = Limits(server.url, CONNECTION)
        limits.forget()  # a port is used again by other tests, and what is remembered outlives them
        yield server
        limits.forget()
