"""What a customer used, as a file."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from customers.views.profile import find_customer
from dataaccounts.policies.measures import gigabytes
from dataaccounts.selectors.customer_usage import Used
from dataaccounts.widgets.data_usage import DataUsage
from herotill.access import staff_view
from herotill.tabular import Figures, taken

HEAD = ("From", "Download, GB", "Upload, GB", "Together, GB")


@require_safe
@staff_view("dataaccounts.view_usageday")
def of_customer(request: HttpRequest, code: str) -> HttpResponseBase:
    """The table behind the card's chart, as CSV or XLSX."""
    shown = DataUsage(customer=find_customer(code), user=request.user, request=request).context()
    rows = [
        (_from(one), gigabytes(one.download), gigabytes(one.upload), gigabytes(one.total))
        for one in shown["used"]
    ]
    figures = Figures("usage", f"usage-{code}-{shown['stretch'].asked}", HEAD, rows)
    return taken(request, figures, large="customers.export_customers")


def _from(one: Used) -> date | str:
    """When a stretch begins; an hour as it is here."""
    return f"{one.first:%Y-%m-%d %H:%M}" if isinstance(one.first, datetime) else one.first
