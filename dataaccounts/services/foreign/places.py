"""Where a foreign database is: its address taken apart, so that nothing of it but these parts is ever used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from dataaccounts.models import UsageSource
from herotill.errors import DomainError
from herotill.secrets import decrypt

PORTS = {"postgresql": 5432, "mysql": 3306}
SCHEMES = {"postgresql": "postgresql", "postgres": "postgresql", "mysql": "mysql", "mariadb": "mysql"}


@dataclass(frozen=True, slots=True)
class Place:
    """A database on a host, and who reads it."""

    host: str
    port: int
    user: str
    password: str
    database: str


def place_of(kind: str, url: str) -> Place:
    """The parts of `postgresql://user:password@host:5432/database`. Raises DomainError where it is not like that."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port or PORTS[kind]
    except (ValueError, KeyError):
        raise _no(kind) from None
    name = unquote(parts.path.removeprefix("/"))
    if SCHEMES.get(parts.scheme) != kind or not parts.hostname or not name or "/" in name:
        raise _no(kind)
    return Place(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), name)


def text_of(source: UsageSource) -> str:
    """A source's address as it was typed, for the moment it is called."""
    kept: Any = source.url
    return decrypt(kept.token) if kept else ""


def _no(kind: str) -> DomainError:
    return DomainError(f"Write it as {kind}://user:password@host:{PORTS.get(kind, 0)}/database.", field="url")
