"""Setup: how long records are kept, and how the nightly run went."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from herotill import retention
from herotill.access import may, staff_view
from herotill.forms import ModelForm
from herotill.models import KeptState, RetentionRules


class RulesForm(ModelForm):
    """How long records are kept, where a kind has no setting of its own."""

    class Meta:
        model = RetentionRules
        fields = (
            "anonymise_after_months",
            "results_days",
            "documents_years",
            "books_years",
            "year_ends_in",
            "audit_years",
            "diaries_months",
            "notices_months",
            "lost_leads_months",
            "raw_mail_months",
        )


@staff_view("house.view_retentionrules")
def rules(request: HttpRequest) -> HttpResponse:
    """Each kind with its period and what last went, and the periods that are set here."""
    may_change = may(request.user, "house.change_retentionrules")
    held = RetentionRules.objects.get()
    posted = request.POST if request.method == "POST" and may_change else None
    form = RulesForm(posted, instance=RetentionRules.objects.get())
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("retention")
    states = KeptState.objects.in_bulk()
    context = {
        "form": form,
        "may_change": may_change,
        "kinds": [_row(kind, held, states.get(kind.name)) for kind in retention.kinds],
        "page_title": "Retention",
        "about": "What is set here counts for former customers and for records without a setting of their own.",
    }
    return render(request, "setup/retention.html", context, status=422 if form.errors else 200)


def _row(kind: retention.Kept, rules: RetentionRules, state: KeptState | None) -> dict[str, Any]:
    return {
        "title": kind.title,
        "period": kind.period(rules),
        "url": reverse(kind.setting) if kind.setting else "",
        "variable": kind.variable,
        "state": state,
    }
