"""Checking who a customer is and where they live, before a service is activated (RICA)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from customers.models import Attachment, Customer
from dataaccounts.models import IdentityCheck
from dataaccounts.selectors import checks
from dataaccounts.selectors.rules import rules
from herotill.errors import DomainError
from herotill.users.models import User


def note(
    *,
    customer: Customer,
    kind: str,
    document: str,
    checked_on: date,
    today: date,
    actor: User,
    attachment: Attachment | None = None,
) -> IdentityCheck:
    """Note that somebody saw the document. Raises DomainError for a day to come."""
    if checked_on > today:
        raise DomainError("That day has not come yet.", field="checked_on")
    if not document.strip():
        raise DomainError("Say which document you saw.", field="document")
    return IdentityCheck.objects.create(
        customer=customer,
        kind=kind,
        document=document.strip(),
        attachment=attachment,
        checked_on=checked_on,
        checked_by=actor,
    )


def insist(customers: Collection[int]) -> None:
    """Raise DomainError where a customer lacks a check that the rules ask for."""
    if not rules().checks_required:
        return
    lacking = checks.missing(set(customers))
    if not lacking:
        return
    kinds = [checks.LABELS[kind].lower() for kind in next(iter(lacking.values()))]
    whose = "This customer" if len(set(customers)) == 1 else f"{len(lacking)} of these customers"
    verb = "is" if len(kinds) == 1 else "are"
    raise DomainError(
        f"{' and '.join(kinds).capitalize()} {verb} not checked yet. {whose} cannot be connected before a"
        " person has noted who checked it, when, and against which document:"
        " “Note a check…” on the customer's card Data accounts."
    )
