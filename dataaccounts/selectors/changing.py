"""What a change of package would mean for an account's bills."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from dataaccounts.models import DataAccount, Package
from dataaccounts.policies.changing import Difference, difference
from dataaccounts.selectors.accounts import listed_prices, own_price


def before_and_after(
    *,
    account: DataAccount,
    day: date,
    package: Package | None,
    prepaid: bool | None,
    price: Decimal | None,
    keeps_price: bool,
) -> Difference:
    """The price a month as it is and as it would be from a day on, with that month's days at each."""
    now_has, will_have = account.package, package or account.package
    own = (
        DataAccount.objects.filter(pk=account.pk)
        .annotate(own=own_price(day))
        .values_list("own", flat=True)
        .get()
    )
    products = {one.product_id for one in (now_has, will_have) if one.product_id}
    listed = listed_prices(customer=account.customer, products=products, day=day)
    stays = prepaid if prepaid is not None else account.prepaid
    new_own = price if price is not None else own if keeps_price else None
    return difference(
        day=day,
        before=_price(now_has, account.prepaid, own, listed),
        after=_price(will_have, stays, new_own, listed),
        starts_on=account.starts_on,
        ends_on=account.ends_on,
    )


def _price(
    package: Package, prepaid: bool, own: Decimal | None, listed: Mapping[int, Decimal | None]
) -> Decimal | None:
    """What a package is billed at a month; None where nothing is."""
    if prepaid or package.product_id is None:
        return None
    return listed.get(package.product_id) if own is None else own
