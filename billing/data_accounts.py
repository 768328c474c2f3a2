"""What billing tells data accounts: how far they are billed, for which prices, who pays, and what restores them.

In the portal it puts a button beside each service that leads to buying data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.selectors.account_bills import billed_upto, payer, price_lists
from billing.selectors.suspensions.restoring import to_pay
from dataaccounts import billed, restoring
from dataaccounts.deeds import PortalDeed, portal_deeds
from dataaccounts.models import DataAccount
from dataaccounts.restoring import Restored


def _restored(customer: int, accounts: Sequence[int], day: date) -> Mapping[int, Restored]:
    found = to_pay(customer, accounts, day)
    return {account: Restored(amount, reverse("portal-pay")) for account, amount in found.items()}


def _takes_data(account: DataAccount) -> bool:
    limited = account.prepaid or account.package.allowance is not None
    return limited and account.state == DataAccount.State.ACTIVE


def _buying(account: DataAccount) -> str:
    return f"{reverse('portal-data')}?account={account.pk}"


billed.provide(billed.Teller(billed_upto, price_lists, payer))
restoring.provide(_restored)
portal_deeds.register(PortalDeed("data", _("Buy data"), _buying, _takes_data, order=10))
