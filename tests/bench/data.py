"""Bench data: a database keyed by size, months and the migrations, made once and kept."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from herotill import outward
from tests import databases

MONTHS = 24


def _name(customers: int) -> str:
    migrations = databases.template_name().removeprefix(databases.TEMPLATE)
    return f"herotill_bench_{customers}_{MONTHS}_{migrations}"


def use(name: str) -> None:
    """Points Django, pool and all, at another database."""
    connections.close_all()  # First, since what comes back to a closed pool opens it anew, at the old database.
    for alias in connections:
        connections[alias].close_pool()
    databases.use(name)


@contextlib.contextmanager
def kept(name: str, *, source: str, make: Callable[[], None]) -> Iterator[None]:
    """Points Django at a database that is copied from another, filled by `make` once and kept."""
    original = databases.current()
    with databases.server() as server:
        if not databases.exists(server, name):
            started = time.perf_counter()
            databases.drop(server, f"{name}_new")
            use("postgres")  # Nobody may be in the one that is copied.
            databases.copy(server, source, f"{name}_new")
            use(f"{name}_new")
            make()
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            use(original)
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (f"{name}_new", name)))
            )
            print(f"made {name} in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    use(name)
    outward.take()
    try:
        yield
    finally:
        use(original)


def database(*, customers: int) -> contextlib.AbstractContextManager[None]:
    """Points Django at the bench database of this size."""

    def make() -> None:
        call_command("migrate", verbosity=0)
        call_command("demo_data", customers=customers, months=0, seed=1, stdout=sys.stderr)

    return kept(_name(customers), source="template0", make=make)


@contextlib.contextmanager
def scratch() -> Iterator[None]:
    """An empty migrated database for a bench that writes, dropped afterwards."""
    original = databases.current()
    name = f"{original[:40]}_scratch"
    with databases.server() as server:
        databases.drop(server, name)
        databases.copy(server, "template0", name)
        use(name)
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            use(original)
            databases.drop(server, name)
