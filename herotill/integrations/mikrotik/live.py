"""RouterOS by its API (librouteros) and by SNMP version 2c (puresnmp)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from typing import Any

import librouteros
from librouteros.exceptions import LibRouterosError
from puresnmp import V2C, Client, ObjectIdentifier
from puresnmp.exc import SnmpError

from herotill import outward
from herotill.errors import IntegrationError
from herotill.integrations import loops
from herotill.integrations.mikrotik import Access, dbm

SECONDS = 5.0
TLS_PORT = 8729
TABLES = (
    ("/interface/wireless/registration-table", "signal-strength"),
    ("/interface/wifi/registration-table", "signal"),
)
STRENGTHS = ObjectIdentifier("1.3.6.1.4.1.14988.1.1.1.2.1.3")
"""mtxrWlRtabStrength; its index begins with the six octets of the device's MAC address."""


class RouterOsApi:
    """A router's own API. Over TLS it is not asked who it is: routers sign for themselves."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def signals(self) -> Mapping[str, int]:
        outward.ask()
        try:
            api = self._connected()
            try:
                return _read(api)
            finally:
                api.close()
        except (LibRouterosError, OSError, ValueError) as trouble:
            raise IntegrationError(_told(trouble)) from None

    def _connected(self) -> Any:
        more: dict[str, Any] = {"port": self.access.port, "timeout": SECONDS}
        if self.access.port == TLS_PORT:
            more["ssl_wrapper"] = _unasked().wrap_socket
        return librouteros.connect(self.access.address, self.access.user, self.access.secret, **more)


def _unasked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _read(api: Any) -> dict[str, int]:
    """From whichever of the tables of radios this version has."""
    found: dict[str, int] = {}
    for table, column in TABLES:
        try:
            rows = list(api(f"{table}/print"))
        except librouteros.exceptions.TrapError:
            continue
        for row in rows:
            strength = dbm(row.get(column, ""))
            if strength is not None and "mac-address" in row:
                found[str(row["mac-address"]).upper()] = strength
    return found


def _told(trouble: Exception) -> str:
    if isinstance(trouble, LibRouterosError) and "password" in str(trouble):
        return "The router does not take our user and password."
    return "The router's API does not answer."


class RouterOsSnmp:
    """The same by SNMP, where there is no API."""

    def __init__(self, access: Access) -> None:
        self.access = access

    def signals(self) -> Mapping[str, int]:
        outward.ask()
        try:
            return loops.run(self._walk())
        except (SnmpError, OSError, TimeoutError):
            raise IntegrationError("The router does not answer by SNMP.") from None

    async def _walk(self) -> dict[str, int]:
        client = Client(self.access.address, V2C(self.access.secret), port=self.access.port)
        client.configure(timeout=1, retries=3)
        found: dict[str, int] = {}
        async for row in client.walk(STRENGTHS):
            octets = str(row.oid).removeprefix(f"{STRENGTHS}.").split(".")[:6]
            strength = dbm(row.value.value)
            if len(octets) == 6 and strength is not None:
                found[":".join(f"{int(octet):02X}" for octet in octets)] = strength
        return found
