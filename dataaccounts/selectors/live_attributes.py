"""What a session that is up may be told to become: what RADIUS would answer now, as far as its router takes that.

It is read from the views that FreeRADIUS reads. How long a session may last stands at its start, so a change
does not touch it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db import connection

from herotill.integrations.radius.live import known

# Where a make wants something of a package that it cannot change live, nothing is left but a new session.
LIVE = """
    SELECT asked.username, asked.nas_id, reply.attribute, reply.value
    FROM unnest(%s::text[], %s::bigint[]) AS asked (username, nas_id)
    JOIN dataaccounts_nas n ON n.id = asked.nas_id
    JOIN dataaccounts_vendortemplate v ON v.id = n.vendor_id AND v.can_change_speed
    JOIN radusergroup belongs ON belongs.username = asked.username
    JOIN radgroupreply reply ON reply.groupname = belongs.groupname AND reply.make = v.slug
    JOIN dataaccounts_vendorattribute t
        ON t.vendor_id = v.id AND t.answers = 'service' AND t.attribute = reply.attribute AND t.changes_live
    WHERE belongs.groupname <> 'suspended' AND NOT EXISTS (
        SELECT 1 FROM dataaccounts_vendorattribute fixed
        WHERE fixed.vendor_id = v.id AND fixed.answers = 'service' AND NOT fixed.changes_live
          AND strpos(fixed.value, '{') > 0)
"""


def of(pairs: Sequence[tuple[str, int]]) -> dict[tuple[str, int], dict[str, str]]:
    """By user name and router: the attributes a change carries. A pair that needs a new session is not there."""
    if not pairs:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LIVE, [[name for name, _ in pairs], [nas for _, nas in pairs]])
        rows = cursor.fetchall()
    found: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    for username, nas, attribute, value in rows:
        found[username, nas][attribute] = value
    return {pair: values for pair, values in found.items() if all(known(name) for name in values)}


def secrets_of(nas_ids: Collection[int]) -> dict[int, str]:
    """The secrets that packets to these routers are signed with; nobody is shown them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nas_id, secret FROM radius_nas_secret WHERE nas_id = ANY (%s)", [list(nas_ids)]
        )
        return dict(cursor.fetchall())
