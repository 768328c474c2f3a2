"""The company's rules about its network, one row."""

from __future__ import annotations

from dataaccounts.models import NetworkRules


def rules() -> NetworkRules:
    """As they stand."""
    return NetworkRules.objects.get()
