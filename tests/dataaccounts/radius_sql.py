"""FreeRADIUS's accounting statements, as its queries.conf for PostgreSQL has them, and a router that sends packets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

COLUMNS = """AcctSessionId, AcctUniqueId, UserName, Realm, NASIPAddress, NASPortId, NASPortType, AcctStartTime,
    AcctUpdateTime, AcctStopTime, AcctSessionTime, AcctAuthentic, ConnectInfo_start, ConnectInfo_Stop,
    AcctInputOctets, AcctOutputOctets, CalledStationId, CallingStationId, AcctTerminateCause, ServiceType,
    FramedProtocol, FramedIpAddress, FramedIpv6Address, FramedIpv6Prefix, FramedInterfaceId, DelegatedIpv6Prefix"""
BEFORE = """%(session)s, %(key)s, %(user)s, NULLIF('', ''), %(nas)s, NULLIF(%(port)s, ''), 'Ethernet'"""
AFTER = """%(called)s, %(calling)s, {cause}, 'Framed-User', 'PPP', NULLIF(%(ip)s, '')::inet, NULLIF('', '')::inet,
    NULLIF('', '')::inet, NULLIF('', ''), NULLIF('', '')::inet"""
MOMENT = "TO_TIMESTAMP(%(at)s)"
OCTETS = """(%(in_giga)s::bigint << 32) + %(in_octets)s::bigint, (%(out_giga)s::bigint << 32) + %(out_octets)s::bigint"""
SET_OCTETS = """AcctInputOctets = ((%(in_giga)s::bigint << 32) + %(in_octets)s::bigint),
    AcctOutputOctets = ((%(out_giga)s::bigint << 32) + %(out_octets)s::bigint)"""
FRAMED = """FramedIPAddress = NULLIF(%(ip)s, '')::inet, FramedIPv6Address = NULLIF('', '')::inet,
    FramedIPv6Prefix = NULLIF('', '')::inet, FramedInterfaceId = NULLIF('', ''),
    DelegatedIPv6Prefix = NULLIF('', '')::inet"""
STOP_SET = f"""AcctStopTime = {MOMENT}, AcctUpdateTime = {MOMENT},
    AcctSessionTime = COALESCE(%(seconds)s, (%(at)s - EXTRACT(EPOCH FROM(AcctStartTime)))), {SET_OCTETS},
    AcctTerminateCause = %(cause)s, {FRAMED}, ConnectInfo_stop = ''"""

START = (
    f"""INSERT INTO radacct ({COLUMNS}) VALUES ({BEFORE}, {MOMENT}, {MOMENT}, NULL, 0, 'RADIUS', '', NULL, 0, 0,
    {AFTER.format(cause="NULL")}) ON CONFLICT (AcctUniqueId) DO UPDATE SET AcctStartTime = {MOMENT},
    AcctUpdateTime = {MOMENT}, ConnectInfo_start = ''
    WHERE radacct.AcctUniqueId = %(key)s AND radacct.AcctStopTime IS NULL""",
    f"""UPDATE radacct SET AcctStartTime = {MOMENT}, AcctUpdateTime = {MOMENT}, ConnectInfo_start = ''
    WHERE AcctUniqueId = %(key)s""",
)
INTERIM = (
    f"""UPDATE radacct SET {FRAMED}, AcctSessionTime = %(seconds)s,
    AcctInterval = (%(at)s - EXTRACT(EPOCH FROM (COALESCE(AcctUpdateTime, AcctStartTime)))),
    AcctUpdateTime = {MOMENT}, {SET_OCTETS} WHERE AcctUniqueId = %(key)s AND AcctStopTime IS NULL""",
    f"""INSERT INTO radacct ({COLUMNS}) VALUES ({BEFORE}, {MOMENT}, {MOMENT}, NULL, %(seconds)s, 'RADIUS', '', NULL,
    {OCTETS}, {AFTER.format(cause="NULL")}) ON CONFLICT (AcctUniqueId) DO NOTHING""",
)
STOP = (
    f"""UPDATE radacct SET {STOP_SET} WHERE AcctUniqueId = %(key)s AND AcctStopTime IS NULL""",
    f"""INSERT INTO radacct ({COLUMNS}) VALUES ({BEFORE}, TO_TIMESTAMP(%(at)s - COALESCE(%(seconds)s, 0)), {MOMENT},
    {MOMENT}, NULLIF(%(seconds)s::text, '')::bigint, 'RADIUS', '', NULL, {OCTETS}, {AFTER.format(cause="%(cause)s")})
    ON CONFLICT (AcctUniqueId) DO NOTHING""",
)
RESTART = (
    f"""UPDATE radacct SET AcctStopTime = {MOMENT}, AcctUpdateTime = {MOMENT},
    AcctSessionTime = (%(at)s - EXTRACT(EPOCH FROM(AcctStartTime))), AcctTerminateCause = 'NAS-Reboot'
    WHERE AcctStopTime IS NULL AND NASIPAddress = %(nas)s AND AcctStartTime <= {MOMENT}""",
)
STATEMENTS = {"start": START, "interim": INTERIM, "stop": STOP, "restart": RESTART}
ACCOUNTING = {
    "session": "81600001",
    "user": "alice@isp.example",
    "nas": "10.1.0.1",
    "port": "bridge1",
    "called": "pppoe1",
    "calling": "80:2A:A8:24:E8:61",
    "ip": "100.64.0.10",
    "cause": "User-Request",
    "seconds": None,
    "in_giga": 0,
    "in_octets": 0,
    "out_giga": 0,
    "out_octets": 0,
}


def account(kind: str, at: int, *, input: int = 0, output: int = 0, **said: Any) -> None:
    """Have FreeRADIUS take a packet: the first of its statements that changes a row is the last."""
    values = ACCOUNTING | said | {"at": at}
    values |= {"in_giga": input >> 32, "in_octets": input % 2**32}
    values |= {"out_giga": output >> 32, "out_octets": output % 2**32}
    values.setdefault("key", f"{values['user']}/{values['session']}")
    with connection.cursor() as cursor:
        for statement in STATEMENTS[kind]:
            cursor.execute(statement, values)
            if cursor.rowcount:
                break


@dataclass
class Line:
    """A session at a router, by what it is told to send."""

    began: int
    user: str = "alice@isp.example"
    session: str = "81600001"
    nas: str = "10.1.0.1"

    def send(
        self, kind: str, at: int, input: int = 0, output: int = 0, *, seconds: bool = True, **said: Any
    ) -> None:
        lasted = at - self.began if seconds else None
        known = {"user": self.user, "session": self.session, "nas": self.nas, "seconds": lasted}
        account(kind, at, input=input, output=output, **(known | said))
