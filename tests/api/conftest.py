"""A program that is told, over a socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.listening import Listener


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with Listener() as there:
        yield there
