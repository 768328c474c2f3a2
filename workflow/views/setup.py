"""The workflow in Setup: phases, lists, gates, and how we sell."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from billing.views.dialogs import answer
from herotill.access import may, staff_view
from herotill.pages import posted, settings_page
from workflow.forms.phases import PhaseForm, SalesRulesForm, StepForm
from workflow.models import Phase, SalesRules, Step
from workflow.selectors import phases as reading
from workflow.services import phases as setting_up


@require_safe
@staff_view("workflow.view_phase")
def phases(request: HttpRequest) -> HttpResponse:
    """Phases in their order, their lists, and the gates before each."""
    context = {
        "page_title": "Workflow phases",
        "stages": reading.staged(),
        "may_change_phase": may(request.user, "workflow.change_phase"),
        "may_change_step": may(request.user, "workflow.change_step"),
    }
    return render(request, "workflow/setup/phases.html", context)


@staff_view("workflow.change_phase")
def change_phase(request: HttpRequest, key: str) -> HttpResponse:
    """What a phase is called, and where it stands."""
    phase = get_object_or_404(Phase, pk=key)

    def do(form: Any) -> tuple[str, str]:
        setting_up.change_phase(phase=phase, **form.cleaned_data)
        return "Phase saved.", reverse("workflow:phases")

    form = PhaseForm(posted(request), phase=phase, places=Phase.objects.count())
    return answer(request, form=form, title=f"Phase {phase.name}", press="Save phase", do=do, stays=True)


@staff_view("workflow.change_step")
def change_step(request: HttpRequest, key: str) -> HttpResponse:
    """What a list is called, its days, its gates."""
    step = get_object_or_404(Step.objects.filter(phase__isnull=False).select_related("phase"), pk=key)
    assert step.phase

    def do(form: Any) -> tuple[str, str]:
        setting_up.change_step(step=step, values=form.cleaned_data, now=timezone.now())
        return "List saved.", reverse("workflow:phases")

    form = StepForm(posted(request), instance=Step.objects.get(pk=key))
    title = f"List {step.phase.name}: {step.name}"
    return answer(request, form=form, title=title, press="Save list", do=do, stays=True)


@staff_view("workflow.view_salesrules")
def sales_rules(request: HttpRequest) -> HttpResponse:
    """How we sell."""
    return settings_page(
        request,
        right="workflow.change_salesrules",
        form=lambda sent: SalesRulesForm(sent, instance=SalesRules.objects.get()),
        keep=lambda form: setting_up.change_sales_rules(values=form.cleaned_data),
        says="Sales settings saved.",
        title="Sales settings",
        about="Quotes that are sent keep the days and terms they were sent with.",
    )
