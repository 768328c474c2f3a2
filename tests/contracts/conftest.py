"""Contracts: each adapter against a server that keeps its partner's documented promises, and breaks them when told."""

from __future__ import annotations

from typing import Any

import pytest

from herotill.integrations import http


@pytest.fixture(autouse=True)
def _this_machine_may_be_called(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    monkeypatch.setattr(http, "READ_SECONDS", 0.5)
