"""The connection to the books: its settings, its credentials, and whether it works."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.models import BooksConnection, BooksCustomer, BooksDocument, BooksReceipt
from billing.selectors import cutover
from billing.services.books import owing
from herotill import outward
from herotill.errors import DomainError
from herotill.integrations.books import Account, Books, Company, Connection, Credentials, packages
from herotill.integrations.books.errors import Denied
from herotill.secrets import decrypt

SETTINGS = (
    "is_on",
    "version",
    "company_id",
    "starts_on",
    "sales_account",
    "other_account",
    "manager",
    "makes_customers",
)
LINKED = "Customers are linked with this company already; it stays."


def connection() -> BooksConnection:
    """The one connection there is."""
    return BooksConnection.objects.select_related("manager").get()


def books(*, also_off: bool = False) -> Books:
    """The books as they can be called. Raises DomainError where they are off, incomplete or shut to us."""
    one = connection()
    if not also_off and not one.is_on:
        raise DomainError("SageOne is switched off; Setup, SageOne.")
    if not also_off and one.trouble:
        raise DomainError(f"{one.trouble} Nothing is sent until the connection was tested; Setup, SageOne.")
    if not (one.user and one.password and one.api_key):
        raise DomainError("SageOne has no user, password and API key yet; Setup, SageOne.")
    outward.ask()
    opened = Credentials(one.user, _clear(one.password), _clear(one.api_key))
    return packages.opened(Connection(opened, one.company_id, one.version))


def _clear(kept: Any) -> str:
    """A secret for the moment of a call."""
    return decrypt(kept.token)


@transaction.atomic
def change(*, values: Mapping[str, Any], companies: Collection[Company] = ()) -> BooksConnection:
    """Set how it works. Raises DomainError where it cannot work so.

    Switched on, everything from the cut-over day on that is not there yet is owed, and what changed meanwhile of
    those who are linked.
    """
    one = BooksConnection.objects.select_for_update(of=("self",)).get()
    if one.company_id and one.company_id != values["company_id"] and _linked():
        raise DomainError(LINKED, field="company_id")
    if one.starts_on and _told() and (values["starts_on"] is None or values["starts_on"] < one.starts_on):
        raise DomainError(f"Documents or receipts count from {one.starts_on} already.", field="starts_on")
    was_on = one.is_on
    for name in SETTINGS:
        setattr(one, name, values[name])
    _want_complete(one)
    _want_after_history(one)
    one.company_name = next((known.name for known in companies if known.id == one.company_id), "") or (
        one.company_name
    )
    one.save(update_fields=[*SETTINGS, "company_name"])
    if one.is_on:
        owing.catch_up()
    if one.is_on and not was_on:
        owing.owe_linked()
    return one


def _want_complete(one: BooksConnection) -> None:
    if not one.is_on:
        return
    if not (one.user and one.password and one.api_key):
        raise DomainError("Its credentials come first; then it can be switched on.", field="is_on")
    for name, what in (
        ("company_id", "Say which company it is."),
        ("starts_on", "Say from which day on documents and receipts count."),
        ("sales_account", "Say to which account lines are posted."),
    ):
        if not getattr(one, name):
            raise DomainError(what, field=name)


def _want_after_history(one: BooksConnection) -> None:
    """What was imported from before is in the opening balances there, and its receipts count no second time."""
    last = cutover.history_until()
    if one.is_on and one.starts_on and last and one.starts_on <= last:
        raise DomainError(
            f"History was imported up to {last}; the cut-over day comes after it.", field="starts_on"
        )


def _told() -> bool:
    return BooksDocument.objects.exists() or BooksReceipt.objects.exists()


def _linked() -> bool:
    return BooksCustomer.objects.exists() or BooksDocument.objects.exists()


@transaction.atomic
def change_credentials(*, user: str, password: str, api_key: str) -> None:
    """Set who we are there; what is left empty stays. Another user takes its own password."""
    one = BooksConnection.objects.select_for_update(of=("self",)).get()
    if user != one.user and not password:
        raise DomainError("Another user has another password.", field="password")
    one.user = user
    if password:
        one.password = password
    if api_key:
        one.api_key = api_key
    one.trouble, one.trouble_at = "", None
    one.save()


def test() -> Sequence[Company]:
    """The companies these credentials see. What kept us out is forgotten where they do, and noted where not."""
    try:
        found = books(also_off=True).companies()
    except Denied as no:
        note_trouble(str(no), at=None)
        raise
    BooksConnection.objects.update(trouble="", trouble_at=None)
    for one in found:
        BooksConnection.objects.filter(company_id=one.id).update(company_name=one.name[:200])
    return found


def accounts() -> Sequence[Account]:
    """The accounts there to which lines may be posted."""
    return books(also_off=True).accounts()


def note_trouble(text: str, *, at: datetime | None) -> None:
    """Send nothing more until a person has seen to it."""
    BooksConnection.objects.update(trouble=text[:300], trouble_at=at)
