"""What customers of the invented ISP ask for in the portal."""

from __future__ import annotations

from datetime import timedelta

from dataaccounts.models import DataAccount, NetworkRules, PackageWish
from dataaccounts.selectors import choosing
from dataaccounts.services.package_wishes import refusal
from herotill.demo import DemoOrder
from herotill.months import Month

ASKED = 3


def make_wishes(order: DemoOrder) -> None:
    """Toppings may be bought on account, and a few customers wait for another package; once."""
    if PackageWish.objects.exists():
        return
    NetworkRules.objects.update(portal_on_account=True)
    month = Month.of(order.moment.date()).next
    active = DataAccount.objects.filter(state=DataAccount.State.ACTIVE, prepaid=False, changes=None)
    found = active.select_related("package__product", "customer").order_by("-pk")[:ASKED]
    for number, account in enumerate(one for one in found if not refusal(one)):
        dearer = choosing.choices(account=account, day=month.first)[-1]
        PackageWish.objects.create(
            account=account,
            to_package=dearer.package,
            takes_effect_on=month.first,
            price=dearer.price,
            asked_at=order.moment - timedelta(hours=5 * number + 1),
        )
