"""User names whose usage is an account's though it is called otherwise."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from dataaccounts.models import DataAccount, UsageName
from herotill.errors import DomainError

LONGEST = 253


def link(*, username: str, account_username: str) -> UsageName:
    """Give an account what a name has used and will use. Raises DomainError where either cannot be."""
    account = DataAccount.objects.filter(username=account_username).first()
    if account is None:
        raise DomainError(f"There is no data account {account_username}.", field="account")
    if len(username) > LONGEST:
        raise DomainError("No user name is as long as that.", field="account")
    if not username or DataAccount.objects.filter(username=username).exists():
        raise DomainError("That is the name of a data account already.", field="account")
    try:
        with transaction.atomic():
            return UsageName.objects.create(username=username, account=account)
    except IntegrityError:
        raise DomainError(f"{username} is linked already.", field="account") from None
