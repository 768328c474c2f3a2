"""Prices of an account's own, from a day on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from dataaccounts import billed
from dataaccounts.models import AccountPrice, DataAccount, ServiceSpan
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def set_price(
    *, account: DataAccount, amount: Decimal | None, starts_on: date, agreed: bool, actor: User | None
) -> AccountPrice:
    """Give an account a price of its own from a day on, or (None) the price list's again.

    Raises DomainError for days before it begins and days that are billed. A rise that the customer did not
    agree to counts only after its notice.
    """
    held = DataAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    if starts_on < held.starts_on:
        raise DomainError(f"It begins on {held.starts_on}.", field="starts_on")
    spans = list(ServiceSpan.objects.filter(account=held).values_list("pk", flat=True))
    last = max(billed.upto(spans).values(), default=None)
    if last and starts_on <= last:
        raise DomainError(
            f"It is billed up to {last}. Change the price from a later day; a credit note puts right what was"
            " billed.",
            field="starts_on",
        )
    if amount is None and not held.prices.filter(amount__isnull=False).exists():
        raise DomainError("It follows the price list already.", field="amount")
    # Whoever was told of another price for that day was not told of this one: its notice goes with it.
    held.prices.filter(starts_on=starts_on).exclude(amount=amount).delete()
    price, _ = AccountPrice.objects.update_or_create(
        account=held, starts_on=starts_on, defaults={"amount": amount, "agreed": agreed, "set_by": actor}
    )
    return price
