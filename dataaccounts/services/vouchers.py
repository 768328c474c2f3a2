"""Vouchers: made in batches, printed, redeemed once, withdrawn."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from dataaccounts.models import DataAccount, Package, Topping, ToppingOffer, Voucher, VoucherBatch
from dataaccounts.policies import voucher_codes
from dataaccounts.services import toppings
from dataaccounts.services.toppings import Given
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.users.models import User

MOST, AT_ONCE = 5000, 1000

_REDEEM = """
UPDATE dataaccounts_voucher v SET redeemed_at = %(now)s, account_id = %(account)s
FROM dataaccounts_voucherbatch b
WHERE v.code_hash = %(hash)s AND v.redeemed_at IS NULL
  AND b.id = v.batch_id AND b.expires_on >= %(day)s AND b.withdrawn_at IS NULL
RETURNING v.id
"""


@transaction.atomic
def make(
    *,
    name: str,
    package: Package,
    offer: ToppingOffer,
    count: int,
    expires_on: date,
    actor: User | None,
    now: datetime,
) -> VoucherBatch:
    """Make vouchers, each good for one bundle on a prepaid account with the package.

    Raises DomainError for offers that are no bundles, too many at once, and a last day that has gone by.
    """
    if offer.kind != ToppingOffer.Kind.BUNDLE:
        raise DomainError("A voucher gives a prepaid bundle.", field="offer")
    if not 1 <= count <= MOST:
        raise DomainError(f"From 1 to {MOST:,} at once.", field="count")
    if expires_on < local_day(now):
        raise DomainError("That day has gone by.", field="expires_on")
    batch = VoucherBatch.objects.create(
        name=name, package=package, offer=offer, count=count, expires_on=expires_on, made_by=actor
    )
    codes = (_code() for _ in range(count))
    made = [_voucher(batch, number, code) for number, code in enumerate(codes, 1)]
    Voucher.objects.bulk_create(made, batch_size=AT_ONCE)
    return batch


def _code() -> str:
    return "".join(secrets.choice(voucher_codes.ALPHABET) for _ in range(voucher_codes.LENGTH))


def _voucher(batch: VoucherBatch, number: int, code: str) -> Voucher:
    made = Voucher(batch=batch, number=number, code_hash=voucher_codes.hashed(code))
    made.code = code
    return made


@transaction.atomic
def redeem(*, code: str, account: DataAccount, actor: User | None, now: datetime) -> Topping:
    """Give an account what a voucher holds. However many try at once, one succeeds.

    Raises DomainError for a code that is not known, used, expired or withdrawn, in one sentence for all, and
    for an account that takes no bundle.
    """
    values: dict[str, Any] = {
        "hash": voucher_codes.hashed(code),
        "now": now,
        "day": local_day(now),
        "account": account.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_REDEEM, values)
        found = cursor.fetchone()
    if not found:
        raise DomainError("This voucher is not known, used already, or no longer good.", field="code")
    voucher = Voucher.objects.select_related("batch__offer", "batch__package").get(pk=found[0])
    if voucher.batch.package_id != account.package_id:
        raise DomainError(f"This voucher is for {voucher.batch.package}.", field="code")
    named = f"Voucher {voucher.batch_id}-{voucher.number}"
    given = Given(voucher.batch.offer, charge=Topping.Charge.PAID, document=named)
    topping = toppings.give(account=account, given=given, actor=actor, now=now)
    Voucher.objects.filter(pk=voucher.pk).update(topping=topping)
    return topping


@transaction.atomic
def withdraw(*, batch: VoucherBatch, now: datetime) -> None:
    """Let no voucher of a batch be redeemed any more; those that were, stay so."""
    locked = VoucherBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.withdrawn_at:
        raise DomainError("It has been withdrawn already.")
    locked.withdrawn_at = now
    locked.save(update_fields=["withdrawn_at"])
