"""Asking routers how well they hear radios, and keeping the newest answer for each account."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from dataaccounts.models import Nas, NasTurn
from herotill.errors import IntegrationError
from herotill.integrations.mikrotik import Access, Radios
from herotill.integrations.mikrotik.live import RouterOsApi, RouterOsSnmp
from herotill.secrets.keys import decrypt

JOB = "signal-poll"
AT_ONCE = 16
SNMP_PORT = 161
# Whose session is up at this router or over a sector of it, and logged in by a device that it hears.
KEEP = """
    INSERT INTO dataaccounts_signalreading AS r (account_id, nas_id, dbm, read_at)
    SELECT DISTINCT ON (up.id) up.id, %(nas)s, heard.dbm, %(now)s FROM (
        SELECT a.id, s.callingstationid FROM radacct s JOIN dataaccounts_dataaccount a ON a.username = s.username
        WHERE s.acctstoptime IS NULL AND s.nasipaddress = %(address)s
        UNION
        SELECT a.id, s.callingstationid FROM dataaccounts_sector o
        JOIN dataaccounts_dataaccount a ON a.sector_id = o.id
        JOIN radacct s ON s.username = a.username AND s.acctstoptime IS NULL
        WHERE o.nas_id = %(nas)s
    ) up JOIN unnest(%(macs)s::text[], %(dbms)s::smallint[]) AS heard (mac, dbm)
        ON heard.mac = radius_mac(up.callingstationid)
    ORDER BY up.id, heard.dbm DESC
    ON CONFLICT (account_id) DO UPDATE SET nas_id = excluded.nas_id, dbm = excluded.dbm, read_at = excluded.read_at
"""


def radios(nas: Nas) -> Radios | None:
    """The way to a router's radios: its API, else SNMP, else none."""
    if nas.api_port and nas.api_user:
        return RouterOsApi(Access(nas.address, nas.api_port, nas.api_user, _text(nas.api_password)))
    if nas.snmp_community:
        return RouterOsSnmp(Access(nas.address, SNMP_PORT, secret=_text(nas.snmp_community)))
    return None


def _text(secret: Any) -> str:
    """The plain text of an encrypted field of a row."""
    return decrypt(secret.token) if secret else ""


def poll(now: datetime) -> str:
    """The job that asks every router that lets us; some at a time, and none holds up the others."""
    in_use = Nas.objects.filter(retired=False).order_by("pk")
    ways = [(nas, way) for nas in in_use if (way := radios(nas))]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        heard = list(pool.map(_ask, [way for _, way in ways]))
    kept = 0
    for (nas, _), said in zip(ways, heard, strict=True):
        kept += _keep(nas, said, now)
    return f"Routers asked: {len(ways)}, signals kept: {kept}."


def _ask(way: Radios) -> Mapping[str, int] | str:
    """What a router hears, or why it did not say."""
    try:
        return way.signals()
    except IntegrationError as no:
        return str(no)


@transaction.atomic
def _keep(nas: Nas, said: Mapping[str, int] | str, now: datetime) -> int:
    told = said if isinstance(said, str) else f"{len(said)} radios heard."
    note = {"polled_at": now, "poll_said": told}
    NasTurn.objects.update_or_create(nas=nas, defaults=note, create_defaults=note | {"busy_until": now})
    if isinstance(said, str) or not said:
        return 0
    values: dict[str, Any] = {
        "nas": nas.pk,
        "address": nas.address,
        "now": now,
        "macs": list(said),
        "dbms": list(said.values()),
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)
        return cursor.rowcount
