"""The report on collecting."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.selectors import collecting as reading
from billing.tabular import Figures
from billing.views.reports import days, page
from herotill import charts, tabular
from herotill.access import staff_view
from herotill.money import ZERO

HEAD = (
    "Collector",
    "Contacts",
    "Promises",
    "Kept",
    "Broken",
    "Open",
    "Promised",
    "Of it kept",
    "Came in after a contact",
)


@require_safe
@staff_view("billing.view_debtor")
def collecting(request: HttpRequest) -> HttpResponseBase:
    """Promises kept and broken by collector, what came in after a contact, what is overdue by age."""
    form, first, last = days(request, months=3)
    found = reading.by_collector(first=first, last=last, zone=settings.TIME_ZONE)
    if request.GET.get("format"):
        figures = Figures("collecting", f"collecting-{first}-{last}", HEAD, [list(one) for one in found])
        return tabular.taken(request, figures, large="billing.export_debtors")
    names = [one.collector for one in found]
    series = [
        ("Promised", [one.promised for one in found]),
        ("Of it kept", [one.kept_amount for one in found]),
        ("Came in after a contact", [one.collected for one in found]),
    ]
    shown = {
        "form": form,
        "first": first,
        "last": last,
        "found": found,
        "ages": reading.ages(day=timezone.localdate()),
        "within": reading.WITHIN,
        "chart": charts.bars(names, series, sheet=charts.Sheet(left=76))
        if sum((one.promised + one.collected for one in found), ZERO)
        else None,
    }
    return page(request, "collecting", shown)
