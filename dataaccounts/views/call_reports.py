"""The report of calls by destination."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from dataaccounts.forms.reports import CallsForm
from dataaccounts.selectors import call_reports
from herotill import charts
from herotill.access import staff_view
from herotill.months import Month
from herotill.pages import report_page
from herotill.tabular import Figures, taken

LARGE = "dataaccounts.export_calls"
SHOWN, DRAWN, LONGEST = 200, 8, 20
HEADINGS = ("Destination", "Class", "Calls", "Minutes", "Call cost", "Price", "Markup")


def _asked(request: HttpRequest) -> tuple[CallsForm, dict[str, Any] | None]:
    """The form, and what it asks: this month where it says nothing, None where it says nonsense."""
    present = Month.of(timezone.localdate())
    usual: dict[str, Any] = {"first": present, "last": present}
    form = CallsForm(request.GET if "first" in request.GET else None, initial=usual)
    if not form.is_bound:
        return form, usual
    return form, form.cleaned_data if form.is_valid() else None


@require_safe
@staff_view("dataaccounts.see_call_reports")
def by_destination(request: HttpRequest) -> HttpResponseBase:
    """Calls by destination; the file holds the first ten thousand."""
    form, asked = _asked(request)
    wanted = request.GET.get("format") if asked else None
    found = call_reports.Places([], call_reports.NOTHING)
    if asked:
        found = call_reports.by_destination(**asked, limit=call_reports.MOST if wanted else SHOWN)
    if asked and wanted:
        rows = [
            [one.destination, one.call_class, one.calls, one.minutes, one.cost, one.price, one.markup]
            for one in found.rows
        ]
        name = f"calls-by-destination-{asked['first']}-{asked['last']}"
        return taken(request, Figures("calls-by-destination", name, HEADINGS, rows), large=LARGE)
    drawn = found.rows[:DRAWN]
    chart = charts.bars(
        [one.destination[:LONGEST] for one in drawn],
        [("Price", [one.price for one in drawn]), ("Call Cost", [one.cost for one in drawn])],
    )
    request.menu_entry = "voice.reports"  # type: ignore[attr-defined]
    context = {"form": form, "found": found, "chart": chart, "shown": SHOWN}
    return report_page(
        request, "calls-by-destination", "dataaccounts/reports/calls-by-destination.html", **context
    )
