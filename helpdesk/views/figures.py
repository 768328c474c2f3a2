"""The figures of the helpdesk: on the screen with a chart, and as files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from helpdesk.forms.figures import FiguresForm
from helpdesk.policies.lengths import in_hours
from helpdesk.selectors.figures import times, volumes
from herotill import charts, tabular
from herotill.access import staff_view
from herotill.figures import Days
from herotill.months import Month
from herotill.pages import report_page
from herotill.reports import reports
from herotill.tabular import Figures

SEE = "helpdesk.see_helpdesk_reports"
MONTHS, BARS = 3, 12
taken = partial(tabular.taken, large="helpdesk.export_tickets")


def asked_for(request: HttpRequest) -> tuple[FiguresForm, Days, int | None]:
    """The form, the days and the department; the last months of all where nothing usable was asked."""
    today = timezone.localdate()
    usual = Days(Month.of(today).plus(1 - MONTHS).first, today)
    form = FiguresForm(
        request.GET if "first" in request.GET else None, initial={"first": usual.first, "last": usual.last}
    )
    if not (form.is_bound and form.is_valid()):
        return form, usual, None
    chosen = form.cleaned_data
    department = chosen["department"].pk if chosen["department"] else None
    return form, Days(chosen["first"], chosen["last"]), department


def page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    request.menu_entry = "helpdesk.figures"  # type: ignore[attr-defined]
    figures = [one for one in reports if one.name.startswith("helpdesk-")]
    template = f"helpdesk/reports/{name}.html"
    return report_page(request, f"helpdesk-{name}", template, figures=figures, **context)


def _hours(many: Decimal) -> str:
    return f"{many:,.1f} h"


@require_safe
@staff_view(SEE)
def show_volumes(request: HttpRequest) -> HttpResponseBase:
    """Tickets opened, closed and open, by day, week or month."""
    form, days, department = asked_for(request)
    found = volumes.volumes(days, now=timezone.now(), department=department)
    step = volumes.step_of(days)
    if request.GET.get("format"):
        head = [f"{step.capitalize()} from", "Opened", "Closed", "Open at the end"]
        head += ["First answers late", "Solved late"]
        rows = [
            [one.day, one.opened, one.closed, one.open, one.answered_late, one.solved_late] for one in found
        ]
        name = f"tickets-{days.first}-{days.last}"
        return taken(request, Figures("helpdesk-volumes", name, head, rows))
    chart = charts.counts(
        [f"{one.day:%Y-%m}" if step == "month" else f"{one.day:%d %b}" for one in found],
        ("Opened", [one.opened for one in found]),
        ("Closed", [one.closed for one in found]),
    )
    context = {
        "form": form, "found": found, "total": volumes.total(found), "chart": chart, "step": step
    }  # fmt: skip
    return page(request, "volumes", context)


@require_safe
@staff_view(SEE)
def show_times(request: HttpRequest) -> HttpResponseBase:
    """First answers and solutions, by department, person, category, priority, highsite or source."""
    form, days, department = asked_for(request)
    asked = request.GET.get("by", "department")
    by: times.By = asked if times.is_grouping(asked) else "department"  # type: ignore[assignment]
    found = times.times(days, by, now=timezone.now(), department=department)
    if request.GET.get("format"):
        return taken(request, _file(found, by, days))
    shown = [one for one in found if one.answered or one.closed][:BARS]
    context = {
        "form": form,
        "found": found,
        "by": by,
        "choices": [(key, one.heading) for key, one in times.BY.items()],
        "heading": times.BY[by].heading,
        "chart": charts.counts(
            [one.name for one in shown],
            ("First answer, median hours", [in_hours(one.answer_median) or 0 for one in shown]),
            ("Solved, median hours", [in_hours(one.solve_median) or 0 for one in shown]),
            words=_hours,
        ),
    }
    return page(request, "times", context)


def _file(found: Sequence[times.Times], by: times.By, days: Days) -> Figures:
    head = [times.BY[by].heading, "Opened", "Answered", "First answer, median h", "First answer, average h"]
    head += ["First answers in time %", "Closed", "Reopened", "Solved, median h", "Solved, average h"]
    head += ["Solved in time %", "Open now", "Late now"]
    rows = [
        [
            *(one.name, one.opened, one.answered, in_hours(one.answer_median), in_hours(one.answer_mean)),
            *(one.answer_rate, one.closed, one.reopened, in_hours(one.solve_median)),
            *(in_hours(one.solve_mean), one.solve_rate, one.waiting, one.late),
        ]
        for one in found
    ]
    return Figures("helpdesk-times", f"ticket-times-{by}-{days.first}-{days.last}", head, rows)
