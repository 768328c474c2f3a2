"""The accounting packages whose books a connection may name.

Each is a folder beside this one whose `package.py` registers it; it is found by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from herotill import integrations
from herotill.integrations.books import Books, Connection
from herotill.integrations.http import NotSent
from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Package:
    """One package in one version: the word kept with a connection, what people read, and how books are opened."""

    name: str
    label: str
    books: Callable[[Connection], Books]
    order: int = 100


packages: Registry[Package] = Registry("accounting package")


def discover() -> None:
    """Import the `package.py` of every folder that has one."""
    for found in sorted(Path(integrations.__path__[0]).glob("*/package.py")):
        import_module(f"{integrations.__name__}.{found.parent.name}.package")


def choices() -> list[tuple[str, str]]:
    """The packages that can be chosen."""
    return [(one.name, one.label) for one in packages]


def opened(connection: Connection) -> Books:
    """The books of a connection. Raises NotSent where nobody speaks its package."""
    if connection.version not in packages:
        raise NotSent("That accounting package is not spoken here.", retry=False)
    return packages[connection.version].books(connection)
