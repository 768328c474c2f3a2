"""FreeRADIUS's role in the database: it may read the views and write sessions and answers, and nothing else."""

from __future__ import annotations

from django.db import connection, transaction
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from herotill.errors import DomainError

ROLE = "herotill_radius"


def shut() -> None:
    """Take from everybody what only the role's rights may open; a dump does not bring that along."""
    with connection.cursor() as cursor:
        cursor.execute(
            "REVOKE ALL ON FUNCTION radius_secrets_write, radius_secret_reveal, radius_let_in FROM PUBLIC"
        )


@transaction.atomic
def let_in(*, role: str = ROLE, password: str | None = None) -> None:
    """Give the role its rights, and make it first where it is missing; with a password it may log in by it.

    Raises DomainError where we may not make roles, with the line that the database's administrator runs.
    """
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        known = cursor.fetchone() is not None
    if password is not None or not known:
        _make(role, known, password)
    with connection.cursor() as cursor:
        cursor.execute("SELECT radius_let_in(%s)", [role])


def _make(role: str, known: bool, password: str | None) -> None:
    statement = sql.SQL("ALTER ROLE {} {}" if known else "CREATE ROLE {} {}")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            made = statement.format(sql.Identifier(role), _login(role, password))
            cursor.execute(made.as_string(connection.connection))
    except Exception as no:
        if isinstance(no.__cause__, InsufficientPrivilege):
            raise DomainError(
                f"HeroTill may not make roles here. As the database's administrator run:"
                f" createuser --pwprompt {role}. Then come back, without a password."
            ) from None
        raise


def _login(role: str, password: str | None) -> sql.Composable:
    """The password goes as its hash, so that no log of the database ever holds it."""
    if password is None:
        return sql.SQL("NOLOGIN")
    hashed = connection.connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(hashed.decode()))
