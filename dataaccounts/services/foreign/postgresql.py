"""Another FreeRADIUS's sessions in PostgreSQL, read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from dataaccounts.models import UsageSource
from dataaccounts.services.foreign.places import place_of, text_of
from dataaccounts.services.foreign.reports import Report, of_rows
from herotill.errors import IntegrationError
from herotill.integrations.http import resolve

SECONDS, OVERLAP = 60, 3600
OPTIONS = f"-c default_transaction_read_only=on -c statement_timeout={SECONDS}s -c timezone=UTC"
ROWS = """
SELECT acctuniqueid, username, nasipaddress::text, extract(epoch FROM told)::bigint, acctsessiontime,
    acctinputoctets, acctoutputoctets, acctstoptime IS NOT NULL
FROM (SELECT *, coalesce(acctstoptime, acctupdatetime, acctstarttime) AS told FROM radacct) sessions
WHERE acctstoptime IS NULL OR acctstoptime >= to_timestamp(%s)
"""


class Rows:
    """What is open, and what has ended since the last reading and somewhat before."""

    def __init__(self, who: str, connection: psycopg.Connection[Any], since: int) -> None:
        self.who, self.connection, self.since = who, connection, since
        self.cursor: dict[str, Any] = {"since": since}

    def __iter__(self) -> Iterator[Report]:
        latest = self.since
        with _in_words(self.who), self.connection.cursor(name="usage") as rows:
            rows.itersize = 5000
            rows.execute(ROWS, [self.since - OVERLAP])
            for report in of_rows(rows):
                if report.kind == "stop":
                    latest = max(latest, report.at)
                yield report
        self.cursor = {"since": latest}


@contextmanager
def reading(source: UsageSource) -> Iterator[Rows]:
    """Opens the database. Raises IntegrationError with a sentence that tells nothing of what it answered."""
    place = place_of(source.kind, text_of(source))
    who = f"The database of {source}"
    with _in_words(who):
        connection = psycopg.connect(
            host=place.host,
            hostaddr=resolve(who, place.host, place.port),
            port=place.port,
            user=place.user,
            password=place.password,
            dbname=place.database,
            passfile="/dev/null",
            connect_timeout=5,
            options=OPTIONS,
            application_name="herotill",
        )
    with closing(connection):
        yield Rows(who, connection, int(source.cursor.get("since", source.since.timestamp())))


@contextmanager
def _in_words(who: str) -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError:
        raise IntegrationError(f"{who} could not be reached, or did not let us in.") from None
    except psycopg.Error:
        raise IntegrationError(f"{who} has no table radacct that we may read.") from None
