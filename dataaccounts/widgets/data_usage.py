from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from customers.screen import Section, Widget, register
from dataaccounts.models import DataAccount
from dataaccounts.selectors import customer_usage
from dataaccounts.selectors.rules import rules
from dataaccounts.selectors.stretches import drawn, stretch_asked, summed, used_in


@register
class DataUsage(Widget):
    """What their accounts downloaded and uploaded, by hour of a day, day of a month or month of a year."""

    name, title = "data-usage", "Data usage"
    section, position = Section.SERVICE, 20
    permission = "dataaccounts.view_usageday"
    template_name = "dataaccounts/widgets/data_usage.html"
    lazy = True
    rows = 7

    def context(self) -> dict[str, Any]:
        accounts = customer_usage.accounts_of(self.customer)
        chosen = self._chosen(accounts)
        stretch = stretch_asked(self.request.GET, timezone.localdate())
        used = used_in([one.pk for one in accounts if chosen in (None, one)], stretch)
        query = {"by": stretch.by, stretch.field: stretch.asked}
        return {
            "accounts": accounts,
            "chosen": chosen,
            "stretch": stretch,
            "used": used,
            "total": summed(used, stretch),
            "chart": drawn(used),
            "hours_kept": rules().hours_kept_days if stretch.by == "day" else 0,
            "file_url": reverse("dataaccounts:usage-of-customer", args=[self.customer.code]),
            "query": query | ({"account": str(chosen.pk)} if chosen else {}),
        }

    def _chosen(self, accounts: list[DataAccount]) -> DataAccount | None:
        """The account asked for; all of them where none, or somebody else's, was."""
        wanted = self.request.GET.get("account", "")
        return next((one for one in accounts if str(one.pk) == wanted), None)
