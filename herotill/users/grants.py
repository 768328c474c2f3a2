"""The rights by name: what each lets a person do in words, and which role holds it from the start.

Every app declares its rights in its wiring. A right that is not declared stands in no matrix and is held
by administrators alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps

from herotill.registry import Registry

ADMINISTRATOR, AUDITOR = "administrator", "auditor"
ROLES = {
    ADMINISTRATOR: ("Administrator", "Holds every right, sets up people and roles."),
    "manager": ("Manager", "Runs the business: sees everything, approves, corrects."),
    "accounts": ("Accounts", "Invoices, receipts, imports and what customers owe."),
    "collections": ("Collections", "Debit orders, overdue accounts and suspensions."),
    "sales": ("Sales", "New customers, quotes and contacts."),
    "support": ("Support", "Answers customers: contacts, notes, equipment, services."),
    "technician": ("Technician", "Installs and repairs: addresses, equipment, photos."),
    AUDITOR: ("Auditor", "Sees everything, changes nothing."),
}
EVERYBODY = tuple(name for name in ROLES if name not in (ADMINISTRATOR, AUDITOR))
SEEING = ("view_", "see_", "export_")


@dataclass(frozen=True, slots=True)
class Right:
    """One right. `money` ones take a second person to give; `sensitive` ones show what is private."""

    name: str
    label: str
    screen: str
    order: int
    changes: bool
    money: bool = False
    sensitive: bool = False

    @property
    def app(self) -> str:
        return self.name.split(".")[0]

    @property
    def area(self) -> str:
        """The app's name for people."""
        return str(apps.get_app_config(self.app).verbose_name)


rights: Registry[Right] = Registry("right")
_given: dict[str, set[str]] = defaultdict(set)


def right(
    name: str,
    label: str,
    *,
    screen: str,
    to: tuple[str, ...] = (),
    money: bool = False,
    sensitive: bool = False,
    changes: bool | None = None,
) -> Right:
    """Declare `app.codename`, say what it lets a person do, and give it to the roles in `to`.

    Administrators hold it anyway; auditors hold every right that changes nothing.
    """
    if changes is None:
        changes = not name.split(".")[1].startswith(SEEING)
    declared = rights.register(Right(name, label, screen, len(rights), changes, money, sensitive))
    for role in to if changes else (*to, AUDITOR):
        give(role, name)
    return declared


def give(role: str, *names: str) -> None:
    """Let a role hold these rights from the start; what a person changes in the matrix later stays."""
    if role not in ROLES:
        raise ValueError(f"There is no role {role!r}.")
    _given[role].update(names)


def given() -> Iterator[tuple[str, str]]:
    """Every default grant as role and right."""
    for role, names in _given.items():
        for name in names:
            yield role, name


def money_rights() -> frozenset[str]:
    return frozenset(each.name for each in rights if each.money)
