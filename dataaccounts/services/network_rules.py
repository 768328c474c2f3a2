"""Changing how the network is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dataaccounts.selectors.rules import rules


def change(*, values: Mapping[str, Any]) -> None:
    """Run the network by these from now on."""
    held = rules()
    for name, value in values.items():
        setattr(held, name, value)
    held.save(update_fields=list(values))
