"""Pings of what is ours to ping: a session that is up, or a router in our table. The caller has found either."""

from __future__ import annotations

from herotill.integrations.ping import Heard, Pinger
from herotill.integrations.ping.live import IcmpPinger


def way() -> Pinger:
    """The way pings go out."""
    return IcmpPinger()


def ping(address: str) -> Heard:
    """Ask a machine. Raises IntegrationError where this server cannot."""
    return way().ping(address)
