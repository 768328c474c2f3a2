"""Who is online, who was in the last weeks, what RADIUS answered, and how well radios are heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from herotill.demo import DemoOrder

CHUNK = 20_000
LOOKED_BACK = timedelta(days=35)

# Each account has some sessions one after the other over the weeks; the last one of most is still up. A session
# counted what the account used on the days after the one on which it began.
_SESSIONS = """
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, nasportid, nasporttype, acctstarttime,
    acctupdatetime, acctstoptime, acctinterval, acctsessiontime, acctauthentic, acctinputoctets, acctoutputoctets,
    calledstationid, callingstationid, acctterminatecause, servicetype, framedprotocol, framedipaddress)
SELECT '8' || lpad(to_hex(a.id * 8 + s.n), 7, '0'), md5(%(seed)s || '/' || a.username || '/' || s.n), a.username,
    a.address, 'pppoe-' || coalesce(a.sector_id, 0), 'Ethernet', s.began,
    least(s.ended, %(now)s), CASE WHEN s.ended <= %(now)s THEN s.ended END, 300,
    extract(epoch FROM least(s.ended, %(now)s) - s.began)::bigint, 'RADIUS', u.upload, u.download,
    'pppoe1', a.mac, CASE WHEN s.ended <= %(now)s THEN (ARRAY['User-Request', 'Lost-Carrier', 'NAS-Request',
        'Session-Timeout'])[1 + (s.drawn & 3)] ELSE '' END,
    'Framed-User', 'PPP', coalesce(a.static_ip, inet '100.64.0.0' + a.id)
FROM (
    SELECT a.id, k.key, a.username, a.static_ip, a.sector_id, n.address, d.mac,
        a.starts_on::timestamp AT TIME ZONE %(zone)s AS starts, 2 + (hashint8extended(k.key, %(seed)s) & 3)::int AS many,
        least(CASE WHEN a.state <> 'active' THEN a.state_since END, a.expires_at,
            %(now)s + CASE WHEN hashint8extended(k.key, %(seed)s + 2) & 7 > 0 THEN interval '1 hour'
                ELSE - make_interval(mins => (hashint8extended(k.key, %(seed)s + 3) & 4095)::int) END) AS ends
    FROM dataaccounts_dataaccount a
    CROSS JOIN LATERAL (SELECT hashtext(a.username)::bigint AS key) k
    JOIN dataaccounts_nas n ON n.highsite_id = a.highsite_id
    JOIN LATERAL (SELECT mac FROM dataaccounts_device d
        WHERE d.account_id = a.id AND d.state = 'authorised' ORDER BY d.id LIMIT 1) d ON true
    WHERE a.id > %(after)s AND a.id <= %(upto)s AND a.state <> 'waiting'
) a
CROSS JOIN LATERAL generate_series(0, a.many) AS k(n)
CROSS JOIN LATERAL (SELECT hashint8extended(a.key * 16 + k.n, %(seed)s) AS drawn,
    hashint8extended(a.key * 16 + k.n + 1, %(seed)s) AS following) r
CROSS JOIN LATERAL (SELECT k.n, r.drawn,
    %(now)s - %(length)s + (k.n + (r.drawn & 1023) / 3400.0::float8) * (%(length)s / (a.many + 1)) AS began,
    CASE WHEN k.n = a.many THEN a.ends ELSE least(a.ends,
        %(now)s - %(length)s + (k.n + 1 + (r.following & 1023) / 3400.0::float8) * (%(length)s / (a.many + 1))
        - make_interval(mins => 1 + (r.drawn >> 12 & 63)::int)) END AS ended) s
CROSS JOIN LATERAL (SELECT coalesce(sum(u.download), 0) AS download, coalesce(sum(u.upload), 0) AS upload
    FROM dataaccounts_usageday u WHERE u.account_id = a.id AND u.day > (s.began AT TIME ZONE %(zone)s)::date
        AND u.day <= (least(s.ended, %(now)s) AT TIME ZONE %(zone)s)::date) u
WHERE s.began > a.starts AND s.ended > s.began
"""
# Each session was let in; who may not get in keeps trying, and some mistype their password.
_LET_IN = """
INSERT INTO radpostauth (username, pass, reply, calledstationid, callingstationid, authdate, reason)
SELECT r.username, '', 'Access-Accept', r.calledstationid, r.callingstationid, r.acctstarttime, ''
FROM dataaccounts_dataaccount a JOIN radacct r ON r.username = a.username
WHERE a.id > %(after)s AND a.id <= %(upto)s
UNION ALL
SELECT a.username, '', 'Access-Reject', 'pppoe1', d.mac,
    %(now)s - make_interval(mins => (k.n * 37 + (hashtextextended(a.username, k.n) & 31))::int), why.reason
FROM dataaccounts_dataaccount a
JOIN radius_account v ON v.id = a.id
CROSS JOIN LATERAL (SELECT coalesce(v.refused, CASE WHEN hashtextextended(a.username, %(seed)s) & 31 = 0
    THEN 'Wrong password' END) AS reason) why
CROSS JOIN generate_series(1, 4) AS k(n)
LEFT JOIN LATERAL (SELECT mac FROM dataaccounts_device d WHERE d.account_id = a.id ORDER BY d.id LIMIT 1) d ON true
WHERE a.id > %(after)s AND a.id <= %(upto)s AND why.reason IS NOT NULL AND a.state <> 'waiting'
    AND NOT EXISTS (SELECT FROM radpostauth p WHERE p.username = a.username)
    AND (a.state <> 'cancelled' OR a.state_since > %(now)s - interval '30 days')
"""
_STRANGERS = """
INSERT INTO radpostauth (username, pass, reply, calledstationid, callingstationid, authdate, reason)
SELECT name, '', 'Access-Reject', 'pppoe1', '02:00:5E:10:00:0' || n, %(now)s - make_interval(mins => n * 53),
    'Unknown user name'
FROM unnest(ARRAY['admin', 'test', 'thabo.nkosi@old-isp.example']) WITH ORDINALITY AS s(name, place)
CROSS JOIN generate_series(1, 3) AS n
"""
_HEARD = """
INSERT INTO dataaccounts_signalreading (account_id, nas_id, dbm, read_at)
SELECT a.id, n.id, -52 - (hashtextextended(a.username, %(seed)s) & 31) - (hashtextextended(a.username, 7) & 3), %(now)s
FROM dataaccounts_dataaccount a
JOIN dataaccounts_nas n ON n.highsite_id = a.highsite_id
WHERE a.id > %(after)s AND a.id <= %(upto)s AND a.sector_id IS NOT NULL AND a.state = 'active'
ON CONFLICT DO NOTHING
"""
_AFTER = """
SELECT a.id FROM dataaccounts_dataaccount a
WHERE EXISTS (SELECT FROM radacct r WHERE r.username = a.username) ORDER BY a.id DESC LIMIT 1
"""
_LAST = "SELECT coalesce(max(id), 0) FROM dataaccounts_dataaccount"


def make_sessions(order: DemoOrder) -> None:
    """Sessions and log-ins of every account that has none; after a kill it goes on where it was."""
    after, last = _place(_AFTER), _place(_LAST)
    values: dict[str, Any] = {
        "seed": order.seed,
        "now": order.moment,
        "length": LOOKED_BACK,
        "zone": settings.TIME_ZONE,
    }
    if not after and last:
        _written(_STRANGERS, values)
    while after < last:
        values |= {"after": after, "upto": after + CHUNK}
        _written(_SESSIONS, values)
        after += CHUNK
    order.say("Sessions and log-ins")


def _place(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _written(statement: str, values: dict[str, Any]) -> None:
    """Some accounts' in one transaction. What is written was counted: its triggers would count it again."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("radacct", "radpostauth"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        if statement == _SESSIONS:
            cursor.execute(_LET_IN, values)
            cursor.execute(_HEARD, values)
        for table in ("radacct", "radpostauth"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
