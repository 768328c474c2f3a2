"""The figures of sales: on the screen with a chart where one helps, and as files."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, get_args

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.forms.reports import ReportDaysForm
from herotill import charts, tabular
from herotill.access import staff_view
from herotill.figures import Days
from herotill.months import Month
from herotill.pages import report_page
from herotill.reports import reports
from herotill.tabular import Figures
from workflow.forms.figures import FunnelForm
from workflow.selectors.figures import funnel, load, sales, work

SEE = "workflow.see_sales_reports"
BY = {"owner": "Person", "source": "Source", "area": "Area"}
MONTHS = 3
taken = partial(tabular.taken, large="workflow.export_leads")


def _days(form: ReportDaysForm, usual: Days) -> Days:
    if form.is_bound and form.is_valid():
        return Days(form.cleaned_data["first"], form.cleaned_data["last"])
    return usual


def _usual() -> Days:
    """The last months up to today."""
    today = timezone.localdate()
    return Days(Month.of(today).plus(1 - MONTHS).first, today)


def _form(request: HttpRequest, kind: type[ReportDaysForm], usual: Days) -> ReportDaysForm:
    asked = request.GET if "first" in request.GET else None
    return kind(asked, initial={"first": usual.first, "last": usual.last})


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    request.menu_entry = "workflow.figures"  # type: ignore[attr-defined]
    figures = [one for one in reports if one.name.startswith("sales-")]
    template = f"workflow/reports/{name}.html"
    return report_page(request, f"sales-{name}", template, figures=figures, **context)


@require_safe
@staff_view(SEE)
def show_funnel(request: HttpRequest) -> HttpResponseBase:
    """How far the leads of some days have come, and how long phases take."""
    form = _form(request, FunnelForm, _usual())
    days = _days(form, _usual())
    chosen = form.cleaned_data if form.is_bound and form.is_valid() else {}
    whose = {name: one.pk for name in ("owner", "area", "source") if (one := chosen.get(name))}
    found = funnel.funnel(days, funnel.Whose(**whose))
    if request.GET.get("format"):
        head = ["Phase", "Came so far", "% of previous", "% of all", "Are here", "Lost from here"]
        head += ["Median days", "Average days"]
        rows = [
            [
                one.name,
                one.reached,
                one.of_previous,
                one.of_all,
                one.here,
                one.lost,
                one.median,
                one.mean,
            ]
            for one in found
        ]
        return taken(request, Figures("sales-funnel", f"funnel-{days.first}-{days.last}", head, rows))
    chart = charts.counts([one.name for one in found], ("Came so far", [one.reached for one in found]))
    return _page(request, "funnel", {"form": form, "found": found, "chart": chart, "days": days})


@require_safe
@staff_view(SEE)
def show_sales(request: HttpRequest) -> HttpResponseBase:
    """What was captured, quoted, won and lost, by person, source or area."""
    form = _form(request, ReportDaysForm, _usual())
    days = _days(form, _usual())
    asked = request.GET.get("by", "owner")
    by: sales.By = asked if asked in get_args(sales.By) else "owner"  # type: ignore[assignment]
    found = sales.sold(days, by)
    if request.GET.get("format"):
        head = [BY[by], "Captured", "Quotes accepted", "Won", "Lost", "Won of decided %"]
        head += ["Once-off excl. VAT", "Monthly excl. VAT"]
        rows = [
            [one.name, one.captured, one.quotes, one.won, one.lost, one.rate, one.once, one.monthly]
            for one in found
        ]
        return taken(request, Figures("sales-by", f"sales-by-{by}-{days.first}-{days.last}", head, rows))
    context = {
        "form": form,
        "found": found,
        "total": sales.total(found),
        "by": by,
        "choices": BY.items(),
        "heading": BY[by],
        "chart": charts.counts(
            [one.name for one in found[:12]],
            ("Captured", [one.captured for one in found[:12]]),
            ("Won", [one.won for one in found[:12]]),
            ("Lost", [one.lost for one in found[:12]]),
        ),
    }
    return _page(request, "by", context)


@require_safe
@staff_view(SEE)
def show_work(request: HttpRequest) -> HttpResponseBase:
    """What waits now, by list and by person."""
    now = timezone.now()
    lists, people = work.by_list(now), work.by_person(now, timezone.localdate())
    if request.GET.get("format"):
        head = ("Phase", "List or person", "Waiting", "Long", "Too long", "Oldest, days", "Actions due")
        rows = [
            [one.phase or "Person", one.name, one.waiting, one.late, one.overdue, one.oldest, one.due]
            for one in (*lists, *people)
        ]
        return taken(request, Figures("sales-work", f"work-waiting-{timezone.localdate()}", head, rows))
    phases = list(dict.fromkeys(one.phase for one in lists))
    chart = charts.counts(
        phases,
        ("Waiting", [sum(one.waiting for one in lists if one.phase == phase) for phase in phases]),
        ("Too long", [sum(one.overdue for one in lists if one.phase == phase) for phase in phases]),
    )
    return _page(request, "work", {"lists": lists, "people": people, "chart": chart})


@require_safe
@staff_view(SEE)
def show_load(request: HttpRequest) -> HttpResponseBase:
    """What technicians have on some days: usually two weeks back and two ahead."""
    today = timezone.localdate()
    usual = Days(today - timedelta(days=14), today + timedelta(days=14))
    form = _form(request, ReportDaysForm, usual)
    days = _days(form, usual)
    found = load.load(days, timezone.now())
    if request.GET.get("format"):
        head = (
            "Technician",
            "Jobs",
            "Surveys",
            "Completed",
            "Failed",
            "Completed %",
            "Ahead",
            "Hours booked",
        )
        rows = [
            [
                one.name,
                one.jobs,
                one.surveys,
                one.completed,
                one.failed,
                one.rate,
                one.ahead,
                one.hours,
            ]
            for one in found
        ]
        return taken(request, Figures("sales-load", f"technicians-{days.first}-{days.last}", head, rows))
    chart = charts.counts(
        [one.name for one in found],
        ("Jobs", [one.jobs for one in found]),
        ("Surveys", [one.surveys for one in found]),
    )
    return _page(request, "load", {"form": form, "found": found, "chart": chart})
