"""Where a request came from."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of the machine that asks, or "" if it has none.

    Behind TRUSTED_PROXIES proxies it is what the outermost of them wrote; whatever stands further left
    in X-Forwarded-For was sent by the other side and is not believed. By which of our own network cards it
    came, as in fe80::1%eth0, is no part of it.
    """
    address = str(request.META.get("REMOTE_ADDR") or "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXIES:
            address = hops[-settings.TRUSTED_PROXIES]
    address = address.partition("%")[0]
    return address if _is_address(address) else ""


def network_of(address: str) -> str:
    """What one household or office shares: an IPv4 address, the /64 of an IPv6 one."""
    if not _is_address(address):
        return "unknown"
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)


def is_loopback(address: str) -> bool:
    """Whether this machine itself asks; a socket file has no address and is this machine, too."""
    return address == "" or (_is_address(address) and ipaddress.ip_address(address).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
