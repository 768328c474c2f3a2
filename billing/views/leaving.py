"""The report on why customers leave."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from billing.selectors import cancellations as reading
from billing.tabular import Figures, taken
from billing.views.reports import days, page
from herotill import charts
from herotill.access import staff_view


@require_safe
@staff_view("billing.view_cancellation")
def leaving(request: HttpRequest) -> HttpResponseBase:
    """Cancellations by month and reason, how many of them left and how many stayed."""
    form, first, last = days(request, months=12)
    found = reading.by_reason(first=first, last=last)
    if request.GET.get("format"):
        head = ("Month", "Reason", "Could be won back", "Asked", "Left", "Stayed")
        rows = [[f"{one.month:%Y-%m}", *one[1:]] for one in found]
        return taken(request, Figures("leaving", f"leaving-{first}-{last}", head, rows))
    asked, left = Counter[str](), Counter[str]()
    for one in found:
        asked[one.reason] += one.asked
        left[one.reason] += one.left
    reasons = [name for name, _ in asked.most_common()]
    chart = charts.counts(
        reasons,
        ("Asked", [asked[name] for name in reasons]),
        ("Left", [left[name] for name in reasons]),
    )
    return page(request, "leaving", {"form": form, "found": found, "chart": chart if reasons else None})
