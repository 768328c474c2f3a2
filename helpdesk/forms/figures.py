"""What figures of the helpdesk are asked by."""

from __future__ import annotations

from django import forms

from billing.forms.reports import ReportDaysForm
from helpdesk.models import Department


class FiguresForm(ReportDaysForm):
    """Which days, and the tickets of which department."""

    department = forms.ModelChoiceField(
        label="Department", queryset=Department.objects.all(), required=False, empty_label="All"
    )
