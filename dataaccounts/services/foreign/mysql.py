"""Another FreeRADIUS's sessions in MySQL or MariaDB, read only; the server can ask for no file of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import pymysql
from pymysql.cursors import SSCursor

from dataaccounts.models import UsageSource
from dataaccounts.services.foreign.places import place_of, text_of
from dataaccounts.services.foreign.reports import Rows, since
from herotill.errors import IntegrationError
from herotill.integrations.http import resolve

SECONDS = 60
# Its times have no zone: the session's own is the one they were written in, and undone by UNIX_TIMESTAMP.
ROWS = """
SELECT acctuniqueid, username, nasipaddress, UNIX_TIMESTAMP(COALESCE(acctstoptime, acctupdatetime, acctstarttime)),
    acctsessiontime, acctinputoctets, acctoutputoctets, acctstoptime IS NOT NULL
FROM radacct WHERE acctstoptime IS NULL OR acctstoptime >= FROM_UNIXTIME(%s)
"""


@contextmanager
def reading(source: UsageSource) -> Iterator[Rows]:
    """Opens the database. Raises IntegrationError with a sentence that tells nothing of what it answered."""
    place = place_of(source.kind, text_of(source))
    who = f"The database of {source}"
    try:
        with closing(
            pymysql.connect(
                host=resolve(who, place.host, place.port),
                port=place.port,
                user=place.user,
                password=place.password,
                database=place.database,
                local_infile=False,
                connect_timeout=5,
                read_timeout=SECONDS,
                charset="utf8mb4",
                cursorclass=SSCursor,
                init_command="SET SESSION TRANSACTION READ ONLY",
            )
        ) as connection:
            yield Rows(since(source), partial(_opened, connection))
    except pymysql.err.ProgrammingError:
        raise IntegrationError(f"{who} has no table radacct that we may read.") from None
    except pymysql.err.Error:
        raise IntegrationError(f"{who} could not be reached, or did not let us in.") from None


@contextmanager
def _opened(connection: pymysql.Connection[Any], moment: int) -> Iterator[Iterable[Any]]:
    with connection.cursor() as rows:
        rows.execute(ROWS, [moment])
        yield rows
