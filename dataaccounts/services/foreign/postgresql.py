"""Another FreeRADIUS's sessions in PostgreSQL, read only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import psycopg

from dataaccounts.models import UsageSource
from dataaccounts.services.foreign.places import place_of, text_of
from dataaccounts.services.foreign.reports import Rows, since
from herotill.errors import IntegrationError
from herotill.integrations.http import resolve

SECONDS = 60
OPTIONS = f"-c default_transaction_read_only=on -c statement_timeout={SECONDS}s -c timezone=UTC"
ROWS = """
SELECT acctuniqueid, username, nasipaddress::text, extract(epoch FROM told)::bigint, acctsessiontime,
    acctinputoctets, acctoutputoctets, acctstoptime IS NOT NULL
FROM (SELECT *, coalesce(acctstoptime, acctupdatetime, acctstarttime) AS told FROM radacct) sessions
WHERE acctstoptime IS NULL OR acctstoptime >= to_timestamp(%s)
"""


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
        yield Rows(since(source), partial(_opened, who, connection))


@contextmanager
def _opened(who: str, connection: psycopg.Connection[Any], moment: int) -> Iterator[Iterable[Any]]:
    with _in_words(who), connection.cursor(name="usage") as rows:
        rows.itersize = 5000
        rows.execute(ROWS, [moment])
        yield rows


@contextmanager
def _in_words(who: str) -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError:
        raise IntegrationError(f"{who} could not be reached, or did not let us in.") from None
    except psycopg.Error:
        raise IntegrationError(f"{who} has no table radacct that we may read.") from None
