"""The week calendar of technicians."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from herotill.access import may, staff_view
from herotill.forms import DayField, Form
from herotill.users.models import User
from workflow.models import Area
from workflow.selectors import calendar
from workflow.selectors import jobs as reading


class WeekForm(Form):
    """Which week, of whom, and where."""

    week = DayField(label="Week of", required=False)
    technician = forms.ModelChoiceField(
        label="Technician", queryset=User.objects.none(), required=False, empty_label="Everybody"
    )
    area = forms.ModelChoiceField(
        label="Area", queryset=Area.objects.filter(retired=False), required=False, empty_label="All"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["technician"]
        field.queryset = reading.technicians()
        for one in self.fields.values():
            one.widget.attrs["class"] = "input"


@require_safe
@staff_view("workflow.view_jobcard")
def show(request: HttpRequest) -> HttpResponse:
    """A week: a row a technician, a column a day; what waits to be scheduled stands beside it."""
    form = WeekForm(request.GET)
    form.is_valid()
    asked, today = form.cleaned_data, timezone.localdate()
    first = calendar.monday(asked.get("week") or today)
    narrowed = "".join(f"&{name}={asked[name].pk}" for name in ("technician", "area") if asked.get(name))
    context = {
        "week": calendar.week(first, technician=asked.get("technician"), area=asked.get("area")),
        "form": WeekForm(initial=asked | {"week": first}, auto_id="calendar_%s"),
        "first": first,
        "number": first.isocalendar().week,
        "today": today,
        "earlier": _link(first - calendar.WEEK, narrowed),
        "later": _link(first + calendar.WEEK, narrowed),
        "this": "" if first == calendar.monday(today) else _link(today, narrowed),
        "schedules": may(request.user, "workflow.schedule_jobcard"),
        "page_title": f"Calendar, week of {first}",
    }
    return render(request, "workflow/calendar/week.html", context)


def _link(day: date, narrowed: str) -> str:
    return f"?week={day.isoformat()}{narrowed}"
