"""Billing in Setup: number series, rules, limits on credits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from billing.forms.setup import LimitsForm, RulesForm, SeriesForm
from billing.models import Rules, Series
from billing.selectors.limits import by_role
from billing.services import limits, setting_up
from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.pages import posted, settings_page


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
    return settings_page(
        request,
        right="billing.change_rules",
        form=lambda sent: RulesForm(sent, instance=Rules.objects.get()),
        keep=lambda form: setting_up.change_rules(values=form.cleaned_data),
        says="Billing rules saved.",
        title="Billing rules",
        about="Ages and due dates count by these from now on; what was printed stays as it is.",
    )


@staff_view("billing.view_limit")
def credit_limits(request: HttpRequest) -> HttpResponse:
    """How much each role may credit alone."""
    return settings_page(
        request,
        right="billing.change_limit",
        form=lambda sent: LimitsForm(sent, roles=by_role()),
        keep=lambda form: limits.save(amounts=form.amounts()),
        says="Limits saved.",
        title="Limits on credits",
        about="What a credit note, a write-off or an adjustment downwards may come to before a second person must"
        " agree. Of several roles the greatest limit counts.",
    )
