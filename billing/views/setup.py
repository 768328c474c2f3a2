"""Billing in Setup: number series, rules, limits on credits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.forms.setup import LimitsForm, RulesForm, SeriesForm
from billing.models import Rules, Series
from billing.selectors.limits import by_role
from billing.services import limits, setting_up
from billing.views.dialogs import answer, posted
from herotill.access import may, staff_view
from herotill.errors import DomainError


@require_safe
@staff_view("billing.view_series")
def series(request: HttpRequest) -> HttpResponse:
    """The number series."""
    rows = [(one, setting_up.is_used(one)) for one in Series.objects.order_by("pk")]
    may_change = may(request.user, "billing.change_series")
    context = {"page_title": "Number series", "rows": rows, "may_change": may_change}
    return render(request, "billing/setup/series.html", context)


@staff_view("billing.change_series")
def change_series(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a series in which no number is given yet."""
    found = get_object_or_404(Series, pk=pk)

    def do(form: Any) -> tuple[str, str]:
        setting_up.change_series(series=found, values=form.cleaned_data)
        return "Series saved.", reverse("billing:series")

    form = SeriesForm(posted(request), instance=Series.objects.get(pk=pk))
    title = f"Numbers of {found.get_kind_display().lower()}s"
    return answer(request, form=form, title=title, press="Save series", do=do, stays=True)


@staff_view("billing.view_rules")
def rules(request: HttpRequest) -> HttpResponse:
    """How we bill."""
    may_change = may(request.user, "billing.change_rules")
    form = RulesForm(posted(request) if may_change else None, instance=Rules.objects.get())
    if form.is_bound and form.is_valid():
        setting_up.change_rules(values=form.cleaned_data)
        messages.success(request, "Billing rules saved.")
        return redirect("billing:rules")
    context = {
        "page_title": "Billing rules",
        "about": "Ages and due dates count by these from now on; what was printed stays as it is.",
    }
    return _page(request, form, may_change, **context)


@staff_view("billing.view_limit")
def credit_limits(request: HttpRequest) -> HttpResponse:
    """How much each role may credit alone."""
    may_change = may(request.user, "billing.change_limit")
    form = LimitsForm(posted(request) if may_change else None, roles=by_role())
    if form.is_bound and form.is_valid():
        try:
            limits.save(amounts=form.amounts())
        except DomainError as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, "Limits saved.")
            return redirect("billing:limits")
    about = (
        "What a credit note, a write-off or an adjustment downwards may come to before a second person must agree."
        " Of several roles the greatest limit counts."
    )
    return _page(request, form, may_change, page_title="Limits on credits", about=about)


def _page(request: HttpRequest, form: Any, may_change: bool, **context: Any) -> HttpResponse:
    context |= {"form": form, "may_change": may_change}
    return render(request, "billing/setup/form.html", context, status=422 if form.errors else 200)
