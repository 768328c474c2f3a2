"""A router that is played: it logs accounts in, reports what they use, and logs some of them out.

By packets to a real FreeRADIUS, or, where there is none, by the rows that FreeRADIUS would write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from random import Random
from typing import Any, Protocol

from django.db import connection
from pyrad import packet
from pyrad.client import Client

from dataaccounts.models import Nas, VendorTemplate
from dataaccounts.services import radius_secrets
from herotill.integrations.radius import dictionary

NAME, ADDRESS = "Simulated router", "127.0.0.2"
GIGAWORD = 2**32
SECONDS_OF_BYTE = 125  # octets that one kbit/s carries in a second


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who dials in, and the most they get, in kbit/s."""

    username: str
    password: str
    mac: str
    ip: str
    session_id: str
    down_kbit: int
    up_kbit: int


@dataclass(slots=True)
class Line:
    """A session that is up: what its counters say, and how busy it is, from 0 to 1."""

    who: Subscriber
    began: int
    busy: float
    input: int = 0
    output: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """One accounting packet; `at` in seconds since 1970."""

    kind: str
    who: Subscriber
    at: int
    seconds: int
    input: int
    output: int


class Voice(Protocol):
    """How the router is heard."""

    def login(self, who: Subscriber) -> bool: ...
    def report(self, told: Report) -> None: ...


def router() -> Nas:
    """The router that is played, made with a secret the first time."""
    vendor = VendorTemplate.objects.get(slug="mikrotik")
    nas, _ = Nas.objects.get_or_create(address=ADDRESS, defaults={"name": NAME, "vendor": vendor})
    if not radius_secrets.secret_for_packets(nas.pk):
        radius_secrets.set_secret(nas_id=nas.pk, secret=None, actor=None)
    return nas


# Who would be let in now, as FreeRADIUS itself sees it.
_SUBSCRIBERS = """
SELECT c.username, replace(c.value, '\\\\', '\\'), p.down_kbit, p.up_kbit
FROM radcheck c JOIN dataaccounts_dataaccount a ON a.username = c.username
JOIN dataaccounts_package p ON p.id = a.package_id
WHERE c.attribute = 'Cleartext-Password'
    AND NOT EXISTS (SELECT FROM radacct s WHERE s.username = c.username AND s.acctstoptime IS NULL)
ORDER BY a.id LIMIT %s
"""


def subscribers(count: int, chance: Random) -> list[Subscriber]:
    """Accounts that would be let in and are not on, the first `count` of them, each with a device."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBSCRIBERS, [count])
        rows = cursor.fetchall()
    return [_subscriber(number, row, chance) for number, row in enumerate(rows, 1)]


def _subscriber(number: int, row: tuple[str, str, int, int], chance: Random) -> Subscriber:
    username, password, down, up = row
    device = md5(username.encode(), usedforsecurity=False).hexdigest()[:6].upper()
    return Subscriber(
        username,
        password,
        f"4C:5E:0C:{device[:2]}:{device[2:4]}:{device[4:]}",
        f"100.64.{number // 250}.{number % 250 + 1}",
        f"{chance.getrandbits(32):08x}",
        down,
        up,
    )


def dial(voice: Voice, who: Sequence[Subscriber], at: datetime, chance: Random) -> list[Line]:
    """Logs them in; those who were let in have a session from now on."""
    lines = [Line(one, int(at.timestamp()), chance.random() ** 3) for one in who if voice.login(one)]
    for line in lines:
        voice.report(Report("Start", line.who, line.began, 0, 0, 0))
    return lines


def use(voice: Voice, lines: Sequence[Line], at: datetime, seconds: int, chance: Random) -> None:
    """All use the line for some seconds up to `at`, and their usage is reported."""
    for line in lines:
        share = line.busy * chance.uniform(0.2, 1.0)
        line.output += int(line.who.down_kbit * SECONDS_OF_BYTE * seconds * share)
        line.input += int(line.who.up_kbit * SECONDS_OF_BYTE * seconds * share * 0.2)
        voice.report(_told("Interim-Update", line, at))


def hang_up(voice: Voice, lines: Sequence[Line], at: datetime) -> None:
    for line in lines:
        voice.report(_told("Stop", line, at))


def _told(kind: str, line: Line, at: datetime) -> Report:
    moment = int(at.timestamp())
    return Report(kind, line.who, moment, moment - line.began, line.input, line.output)


class Packets:
    """By RADIUS to a FreeRADIUS on this machine. Raises pyrad's Timeout where it does not answer."""

    def __init__(self, nas: Nas, auth_port: int, acct_port: int) -> None:
        self.client = Client(
            "127.0.0.1",
            authport=auth_port,
            acctport=acct_port,
            secret=radius_secrets.secret_for_packets(nas.pk),
            dict=dictionary(),
            retries=3,
            timeout=3,
            enforce_ma=True,
        )
        self.client.bind((nas.address, 0))

    def close(self) -> None:
        self.client._CloseSocket()

    def login(self, who: Subscriber) -> bool:
        asked = self.client.CreateAuthPacket(code=packet.AccessRequest, **_session(who))
        asked["User-Password"] = asked.PwCrypt(who.password)
        return bool(self.client.SendPacket(asked).code == packet.AccessAccept)

    def report(self, told: Report) -> None:
        more: dict[str, Any] = {
            "Acct_Status_Type": told.kind,
            "Event_Timestamp": told.at,
            "Acct_Session_Time": told.seconds,
            "Acct_Input_Octets": told.input % GIGAWORD,
            "Acct_Input_Gigawords": told.input // GIGAWORD,
            "Acct_Output_Octets": told.output % GIGAWORD,
            "Acct_Output_Gigawords": told.output // GIGAWORD,
            "Framed_IP_Address": told.who.ip,
        }
        if told.kind == "Stop":
            more["Acct_Terminate_Cause"] = "User-Request"
        self.client.SendPacket(self.client.CreateAcctPacket(**_session(told.who), **more))


def _session(who: Subscriber) -> dict[str, Any]:
    return {
        "User_Name": who.username,
        "Acct_Session_Id": who.session_id,
        "NAS_Identifier": "simulated",
        "NAS_Port_Id": "bridge1",
        "Calling_Station_Id": who.mac,
        "Called_Station_Id": "pppoe1",
        "Service_Type": "Framed-User",
        "Framed_Protocol": "PPP",
    }


class Rows:
    """The rows that FreeRADIUS would write, where it is not installed."""

    def __init__(self, nas: Nas) -> None:
        self.nas = nas

    def login(self, who: Subscriber) -> bool:
        _execute(
            "INSERT INTO radpostauth (username, pass, reply, calledstationid, callingstationid)"
            " VALUES (%s, '', 'Access-Accept', 'pppoe1', %s)",
            [who.username, who.mac],
        )
        return True

    def report(self, told: Report) -> None:
        who = told.who
        values = {
            "session": who.session_id,
            "key": md5(f"{who.username},{who.session_id}".encode(), usedforsecurity=False).hexdigest(),
            "user": who.username,
            "nas": self.nas.address,
            "mac": who.mac,
            "ip": who.ip,
            "at": told.at,
            "seconds": told.seconds,
            "input": told.input,
            "output": told.output,
        }
        _execute(_STATEMENTS[told.kind], values)


_STATEMENTS = {
    "Start": """
        INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, nasportid, acctstarttime,
            acctupdatetime, acctsessiontime, acctinputoctets, acctoutputoctets, callingstationid, calledstationid,
            framedipaddress, servicetype, framedprotocol)
        VALUES (%(session)s, %(key)s, %(user)s, %(nas)s, 'bridge1', to_timestamp(%(at)s), to_timestamp(%(at)s), 0, 0, 0,
            %(mac)s, 'pppoe1', %(ip)s, 'Framed-User', 'PPP')
    """,
    "Interim-Update": """
        UPDATE radacct SET acctinterval = %(at)s - extract(epoch FROM acctupdatetime),
            acctupdatetime = to_timestamp(%(at)s), acctsessiontime = %(seconds)s, acctinputoctets = %(input)s,
            acctoutputoctets = %(output)s
        WHERE acctuniqueid = %(key)s AND acctstoptime IS NULL
    """,
    "Stop": """
        UPDATE radacct SET acctstoptime = to_timestamp(%(at)s), acctupdatetime = to_timestamp(%(at)s),
            acctsessiontime = %(seconds)s, acctinputoctets = %(input)s, acctoutputoctets = %(output)s,
            acctterminatecause = 'User-Request', connectinfo_stop = ''
        WHERE acctuniqueid = %(key)s AND acctstoptime IS NULL
    """,
}


def _execute(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
