"""RADIUS passwords of data accounts and secrets of routers, which FreeRADIUS must be able to read.

They are in no model and so in no list, export, dump or audit value. Two functions of the database write and
reveal them, and record who did. They go there as parameters, which no log shows.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from psycopg import Cursor

from dataaccounts.models import DataAccount, NetworkRules
from dataaccounts.selectors.rules import rules
from herotill import audit
from herotill.errors import DomainError

SEE_PASSWORDS = "dataaccounts.reveal_password"
SEE_SECRETS = "dataaccounts.change_nas"
OWN = "Shown to the customer in the portal"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another over the telephone
PASSWORD_LENGTH, SECRET_LENGTH = 12, 32

_PASSWORD = re.compile(r"[ -~]{1,128}")
_SECRET = re.compile(r"[!#-&(-\[\]-_a-~]{8,60}")
_QUOTES = "'\"`"


def generated(length: int = PASSWORD_LENGTH) -> str:
    """A random password that can be read out."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def set_password(*, account_id: int, password: str | None, actor: Any) -> str:
    """Give an account a password, a random one without `password`, and return it. See `set_many`."""
    return set_many(passwords={account_id: password}, actor=actor)[account_id]


def set_many(*, passwords: Mapping[int, str | None], actor: Any) -> dict[int, str]:
    """Give accounts, by id, the passwords they have from now on; None makes a random one.

    Raises DomainError for one that RADIUS could not take. The trail says that each changed, and who did it.
    """
    told = {key: generated() if word is None else word for key, word in passwords.items()}
    for word in told.values():
        _check_password(word)
    _write("password", told, actor)
    return told


def set_secret(*, nas_id: int, secret: str | None, actor: Any) -> str:
    """Give a router a secret, a random one without `secret`, and return it. Raises DomainError as above."""
    told = generated(SECRET_LENGTH) if secret is None else secret
    if not _SECRET.fullmatch(told):
        raise DomainError(
            "A secret has 8 to 60 letters, figures and signs, without spaces, quotation marks and \\.",
            field="secret",
        )
    _write("secret", {nas_id: told}, actor)
    return told


def reveal_password(*, account_id: int, actor: Any, reason: str) -> str:
    """The password of an account, for somebody with the right and a reason; empty if it has none.

    Who saw it is committed before it is handed out, so this cannot run inside a transaction. Raises
    PermissionDenied without the right and DomainError without a reason.
    """
    return _revealed("password", account_id, actor, SEE_PASSWORDS, reason)


def reveal_own(*, account: DataAccount, actor: Any) -> str:
    """The password of an account for its own customer, on record as theirs; empty if it has none.

    Raises DomainError where the network rules do not show it. As above, not inside a transaction.
    """
    if rules().portal_password == NetworkRules.PortalPassword.HIDDEN:
        raise DomainError("Ask us for the password.")
    return _recorded("password", account.pk, actor, OWN)


def renew_own(*, account: DataAccount, actor: Any) -> str:
    """Give an account a new password for its own customer, and return it; RADIUS asks for it from now on.

    Raises DomainError where the network rules do not let customers do that.
    """
    if rules().portal_password != NetworkRules.PortalPassword.RENEWED:
        raise DomainError("Ask us for a new password.")
    return set_password(account_id=account.pk, password=None, actor=actor)


def reveal_secret(*, nas_id: int, actor: Any, reason: str) -> str:
    """The secret of a router, on the same terms, for whoever may change routers."""
    return _revealed("secret", nas_id, actor, SEE_SECRETS, reason)


def secret_for_packets(nas_id: int) -> bytes:
    """The secret of a router for packets that we send it ourselves; nobody gets to see it. Empty without one."""
    found = _one("SELECT secret FROM radius_nas_secret WHERE nas_id = %s", [nas_id])
    return (found or "").encode()


def _check_password(password: str) -> None:
    quoted = password[:1] in _QUOTES and password[:1] == password[-1:]
    if not _PASSWORD.fullmatch(password) or quoted:
        raise DomainError(
            "A password has up to 128 plain letters, figures and signs, and does not stand in quotation marks.",
            field="password",
        )


def _write(kind: str, told: Mapping[int, str], actor: Any) -> None:
    if told:
        with transaction.atomic():
            audit.attach()
            _one(
                "SELECT radius_secrets_write(%s, %s::bigint[], %s::text[], %s)",
                [kind, list(told), list(told.values()), actor.pk if actor else None],
            )


def _revealed(kind: str, whose: int, actor: Any, permission: str, reason: str) -> str:
    if not actor.has_perm(permission):
        raise PermissionDenied
    if not reason.strip():
        raise DomainError("Say why you need to see it; the reason is kept.", field="reason")
    return _recorded(kind, whose, actor, reason)


def _recorded(kind: str, whose: int, actor: Any, reason: str) -> str:
    with transaction.atomic(durable=True):
        found = _one(
            "SELECT radius_secret_reveal(%s, %s, %s, %s, %s, %s::inet)",
            [kind, whose, actor.pk, reason.strip()[:300], *_from_where()],
        )
    return found or ""


def _from_where() -> tuple[str, str | None]:
    with pghistory.context() as current:
        return str(current.metadata.get("source") or "database"), current.metadata.get("ip")


def _one(statement: str, values: Sequence[Any]) -> Any:
    """The one value of a statement whose parameters go to the server apart, not as part of its text."""
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
    return found[0] if found else None
