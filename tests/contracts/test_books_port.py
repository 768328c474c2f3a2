"""The books kept elsewhere are reached through the port alone: another package is one more folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from herotill.integrations.books import Connection, Credentials, packages
from herotill.integrations.http import NotSent
from herotill.integrations.sageone import VERSIONS, live

APPS = ("herotill", "customers", "dataaccounts", "billing", "workflow", "helpdesk")
MAY = (
    "billing/demo/books.py",  # the demo's own server, of which it is known which it is
    "herotill/settings.py",
)
THEIRS = re.compile(
    r"TextField1|LockProcessing|TaxInvoice|CustomerReturn|CustomerReceipt|CustomerAgeing|BankAccountId"
    r"|DocumentNumber|TotalUnallocated|Days120Plus|\"CustomerId\"|companyid|TaxTypeId"
)


def sources() -> list[tuple[str, str]]:
    root = Path(settings.BASE_DIR)
    found = [path for app in APPS for path in (root / app).rglob("*.py")]
    named = [(str(path.relative_to(root)), path.read_text()) for path in found]
    outside = [one for one in named if not one[0].startswith("herotill/integrations/sageone/")]
    return [one for one in outside if one[0] not in MAY]


def test_nobody_outside_its_folder_knows_sageone_or_its_words() -> None:
    assert [name for name, text in sources() if "integrations.sageone" in text.replace("`", "")] == [
        "herotill/integrations/books/__init__.py"  # which names it as the first
    ]
    assert [name for name, text in sources() if THEIRS.search(text)] == []


class Ledgers:
    """The books of another package."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection


@pytest.fixture
def ledgers() -> Iterator[None]:
    """Another package beside SageOne."""
    packages.packages.register(packages.Package("ledgers", "Ledgers", Ledgers))
    yield
    packages.packages.unregister("ledgers")


def test_another_package_is_chosen_beside_sageone_and_opened_by_its_name(ledgers: None) -> None:
    assert packages.choices() == [*((one, f"SageOne {one}") for one in VERSIONS), ("ledgers", "Ledgers")]
    known = Credentials("mary@isp.example", "open", "key")
    assert isinstance(packages.opened(Connection(known, "1", "ledgers")), Ledgers)
    assert isinstance(packages.opened(Connection(known, "1", VERSIONS[0])), live.SageOne)
    with pytest.raises(NotSent, match="not spoken here"):
        packages.opened(Connection(known, "1", "3.1"))
