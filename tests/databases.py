"""A database for each test process, copied from a template that is migrated once.

The template's name holds a hash of the migrations, so it serves every run until a migration changes. Where
migrations were only added, the new template begins as a copy of the old one and takes just those. A lock
that PostgreSQL itself gives back when its holder dies tells which databases are in use: any number of runs
work side by side, and what a killed one left behind is swept by the next.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import DEFAULT_DB_ALIAS, connection, connections
from psycopg import sql

from herotill import outward

TEMPLATE, COPY = "herotill_template_", "herotill_test_"
KEPT_TEMPLATES = 4
OUR_VAT_NUMBER = "4000000002"  # without one no tax invoice is issued
OURS = ("herotill", "tests", *(label.split(".")[0] for label in settings.LOCAL_APPS))


class Copies:
    """The databases of one test process: the one in use, a clean one, and the next, made meanwhile from it."""

    def __init__(self, server: psycopg.Connection) -> None:
        self.server = server
        self.template = template_name()
        self.mine: list[str] = []
        self.clean = ""
        self.next: Future[str] | None = None
        self.meanwhile = ThreadPoolExecutor(1)

    def make(self) -> None:
        """Copies the template and points Django at the copy."""
        hold(self.server, self.template, shared=True)
        if not exists(self.server, self.template):
            self._make_template()
        use(self._copy(self.template))
        settle()
        outward.take()

    def renew(self) -> None:
        """Takes back whatever a test committed, sequences and reference rows included."""
        used = current()
        connections.close_all()
        if not self.clean:
            self.clean = self._copy(self.template)
            use(self.clean)
            settle()
            connections.close_all()
        use(self.next.result() if self.next else self._copy(self.clean))
        outward.take()
        self.next = self.meanwhile.submit(self._copy, self.clean)
        self.meanwhile.submit(self._drop, used)

    def drop(self) -> None:
        connections.close_all()
        self.meanwhile.shutdown()
        for name in list(self.mine):
            self._drop(name)

    def _drop(self, name: str) -> None:
        drop(self.server, name)
        self.mine.remove(name)

    def _copy(self, source: str) -> str:
        name = f"{COPY}{os.getpid()}_{secrets.token_hex(4)}"
        hold(self.server, name)
        copy(self.server, source, name)
        self.mine.append(name)
        return name

    def _make_template(self) -> None:
        """Migrates aside and renames, so that a killed run leaves no half template."""
        with locked(self.server, TEMPLATE):
            if exists(self.server, self.template):
                return
            aside = f"{self.template}_new"
            drop(self.server, aside)
            copy(self.server, base_for(self.server, made_of()), aside)
            use(aside)
            call_command("migrate", verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE reference_vendorstatus SET vat_number = %s", [OUR_VAT_NUMBER])
            connections.close_all()
            remember(self.server, aside, made_of())
            self.server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (aside, self.template)))
            )


@contextlib.contextmanager
def copies() -> Iterator[Copies]:
    """This process' databases, dropped at the end."""
    original = current()
    with server() as maintenance:
        sweep(maintenance)
        made = Copies(maintenance)
        made.make()
        yield made
        made.drop()
    use(original)


@contextlib.contextmanager
def server() -> Iterator[psycopg.Connection]:
    """A connection outside the test databases; it holds the locks that say which are in use."""
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    for ours in ("context", "cursor_factory", "prepare_threshold"):
        parameters.pop(ours, None)
    with psycopg.connect(**parameters, autocommit=True) as opened:
        yield opened


def current() -> str:
    """The name of the database in use."""
    return str(connection.settings_dict["NAME"])


def use(name: str) -> None:
    """Points Django, and what mirrors its database, at another one."""
    connections.close_all()
    settings.DATABASES[DEFAULT_DB_ALIAS]["NAME"] = name
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name


def settle() -> None:
    """What follows every migration: permissions, content types and the like, as today's code names them."""
    emit_post_migrate_signal(verbosity=0, interactive=False, db=DEFAULT_DB_ALIAS)


def template_name() -> str:
    """Says what the migrations make: their text, that of our modules they import, and the libraries' versions."""
    return f"{TEMPLATE}{_digest(*sorted(made_of()))}"


def made_of() -> set[str]:
    """A hash of each part of a template. A changed part has another hash; one that was added leaves the others."""
    parts = {_digest(OUR_VAT_NUMBER)}
    for config in apps.get_app_configs():
        ours = config.name.split(".")[0] in OURS
        parts.add(_digest(config.name))
        for path in _with_imports(Path(config.path, "migrations").glob("*.py")) if ours else ():
            parts.add(_digest(config.name, path.name, path.read_text()))
    for library in ("Django", "django-allauth", "django-pghistory", "django-pgtrigger"):
        parts.add(_digest(library, importlib.metadata.version(library)))
    return parts


def _digest(*words: str) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:12]


def remember(server: psycopg.Connection, name: str, parts: set[str]) -> None:
    """Writes on a database what it is made of."""
    told = sql.Literal(" ".join(sorted(parts)))
    server.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), told))


def base_for(server: psycopg.Connection, parts: set[str]) -> str:
    """The fullest template that has nothing but some of these parts, held; or PostgreSQL's empty one."""
    found = server.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE starts_with(datname, %s)",
        [TEMPLATE],
    ).fetchall()
    fit = [(len(told.split()), name) for name, told in found if told and set(told.split()) <= parts]
    for _, name in sorted(fit, reverse=True):
        hold(server, name, shared=True)
        if exists(server, name):
            return str(name)
    return "template0"


def _with_imports(paths: Iterator[Path]) -> set[Path]:
    """The files themselves and every module of ours they import, however far."""
    seen: set[Path] = set()
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _imported(path)
    return seen


def _imported(path: Path) -> list[Path]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return [found for name in names if name.split(".")[0] in OURS and (found := _source(name))]


def _source(name: str) -> Path | None:
    with contextlib.suppress(ModuleNotFoundError):
        spec = importlib.util.find_spec(name)
        return Path(spec.origin) if spec and spec.origin else None
    return None


def sweep(server: psycopg.Connection) -> None:
    """Drops what nobody holds: copies of killed runs and all but the newest templates."""
    found = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) OR starts_with(datname, %s) ORDER BY oid DESC",
        [COPY, TEMPLATE],
    ).fetchall()
    names = [name for (name,) in found]
    templates = [name for name in names if name.startswith(TEMPLATE)]
    for name in [name for name in names if name not in templates[:KEPT_TEMPLATES]]:
        if server.execute("SELECT pg_try_advisory_lock(%s)", [lock_key(name)]).fetchone() == (True,):
            drop(server, name)
            server.execute("SELECT pg_advisory_unlock(%s)", [lock_key(name)])


def hold(server: psycopg.Connection, name: str, *, shared: bool = False) -> None:
    """Says that we use a database, for as long as the connection lives."""
    word = "pg_advisory_lock_shared" if shared else "pg_advisory_lock"
    server.execute(sql.SQL("SELECT {}(%s)").format(sql.Identifier(word)), [lock_key(name)])


@contextlib.contextmanager
def locked(server: psycopg.Connection, name: str) -> Iterator[None]:
    server.execute("SELECT pg_advisory_lock(%s)", [lock_key(name)])
    try:
        yield
    finally:
        server.execute("SELECT pg_advisory_unlock(%s)", [lock_key(name)])


def lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def exists(server: psycopg.Connection, name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def copy(server: psycopg.Connection, source: str, name: str) -> None:
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(
            sql.Identifier(name), sql.Identifier(source)
        )
    )


def drop(server: psycopg.Connection, name: str) -> None:
    """Drops a database, whoever is in it. The autovacuum, which we may not end, is waited for."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for _ in range(60):
        try:
            server.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(0.5)
        else:
            return
    server.execute(statement)
