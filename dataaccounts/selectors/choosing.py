"""The packages a customer may choose for an account in the portal, and what choosing one means for the bill.

All prices are with VAT, as a customer pays them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dataaccounts import billed
from dataaccounts.models import DataAccount, Package
from dataaccounts.policies.changing import Difference, difference
from dataaccounts.selectors.accounts import own_price
from herotill import vat
from herotill.reference.selectors.prices import PriceTable, prices
from herotill.reference.selectors.vat import rates


@dataclass(frozen=True, slots=True)
class Choice:
    """A package and what it costs this customer a month."""

    package: Package
    price: Decimal


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be chosen instead of the package an account has; read once, asked for any day."""

    account: DataAccount
    packages: Sequence[Package]
    table: PriceTable
    price_list: int | None
    known: vat.Rates

    def choices(self, day: date) -> list[Choice]:
        """Those that have a price on a day, the cheapest first."""
        priced = ((one, self._listed(one, day)) for one in self.packages)
        made = [Choice(one, self._with_vat(one, amount, day)) for one, amount in priced if amount is not None]
        return sorted(made, key=lambda one: (one.price, one.package.name_key))

    def meaning(self, package: Package, day: date) -> Difference:
        """What the account costs a month before and after, and the month of the change; one query."""
        theirs = DataAccount.objects.filter(pk=self.account.pk).annotate(own=own_price(day))
        own = theirs.values_list("own", flat=True).get()
        has = self.account.package
        before = self._listed(has, day) if own is None else own
        return difference(
            day=day,
            before=self._with_vat(has, before, day),
            after=self._with_vat(package, self._listed(package, day), day),
            starts_on=self.account.starts_on,
            ends_on=self.account.ends_on,
        )

    def _listed(self, package: Package, day: date) -> Decimal | None:
        if package.product_id is None or self.account.prepaid:
            return None
        return self.table.on(package.product_id, self.price_list, day)

    def _with_vat(self, package: Package, amount: Decimal | None, day: date) -> Decimal:
        """An amount in the terms of a package's product, as it is paid; nothing where nothing is billed."""
        if package.product is None or amount is None:
            return Decimal("0.00")
        tax = self.known.tax(package.product.vat_class, day)
        return vat.split(amount, tax.rate, package.product.price_includes_vat).incl


def offered(account: DataAccount) -> Offered:
    """What is offered in the portal for an account, with all prices; five queries."""
    sold = Package.objects.filter(in_portal=True, retired=False, staff=False, product__isnull=False)
    packages = list(sold.exclude(pk=account.package_id).select_related("product"))
    products = {one.product_id for one in (*packages, account.package) if one.product_id}
    price_list = billed.price_lists([account.customer_id]).get(account.customer_id)
    return Offered(account, packages, prices(products), price_list, rates())


def choices(*, account: DataAccount, day: date) -> list[Choice]:
    """What may be chosen for an account on a day, the cheapest first."""
    return offered(account).choices(day)
