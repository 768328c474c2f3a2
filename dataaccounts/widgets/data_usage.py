from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from customers.screen import Section, Widget, register
from dataaccounts.models import DataAccount
from dataaccounts.policies.measures import octets_in_words
from dataaccounts.selectors import customer_usage
from dataaccounts.selectors.customer_usage import Used
from herotill import charts
from herotill.months import Month


@register
class DataUsage(Widget):
    """What their accounts downloaded and uploaded, by day of a month or by month of a year."""

    name, title = "data-usage", "Data usage"
    section, position = Section.SERVICE, 20
    permission = "dataaccounts.view_usageday"
    template_name = "dataaccounts/widgets/data_usage.html"
    lazy = True
    rows = 7

    def context(self) -> dict[str, Any]:
        accounts = customer_usage.accounts_of(self.customer)
        chosen = self._chosen(accounts)
        ids = [one.pk for one in accounts if chosen in (None, one)]
        month, yearly = self._month(), self.request.GET.get("by") == "year"
        used = (
            customer_usage.by_month(accounts=ids, year=month.year)
            if yearly
            else customer_usage.by_day(accounts=ids, month=month)
        )
        query = {"by": "year" if yearly else "month", "month": str(month)} | (
            {"account": str(chosen.pk)} if chosen else {}
        )
        return {
            "accounts": accounts,
            "chosen": chosen,
            "month": month,
            "yearly": yearly,
            "title": str(month.year) if yearly else f"{month.first:%B %Y}",
            "used": used,
            "total": Used(
                month.first, "", sum(one.download for one in used), sum(one.upload for one in used)
            ),
            "chart": drawn(used),
            "before": month.plus(-12 if yearly else -1),
            "after": month.plus(12 if yearly else 1),
            "file_url": reverse("dataaccounts:usage-of-customer", args=[self.customer.code]),
            "query": query,
        }

    def _chosen(self, accounts: list[DataAccount]) -> DataAccount | None:
        """The account asked for; all of them where none, or somebody else's, was."""
        wanted = self.request.GET.get("account", "")
        return next((one for one in accounts if str(one.pk) == wanted), None)

    def _month(self) -> Month:
        """The month asked for; this one where none or nonsense was."""
        try:
            return Month.of(date.fromisoformat(f"{self.request.GET.get('month', '')}-01"))
        except ValueError:
            return Month.of(timezone.localdate())


def drawn(used: list[Used]) -> charts.Chart | None:
    """Download and upload as bars side by side."""
    series = [
        ("Download", [Decimal(one.download) for one in used]),
        ("Upload", [Decimal(one.upload) for one in used]),
    ]
    return charts.bars([one.label for one in used], series, words=octets_in_words, sheet=charts.CARD)
