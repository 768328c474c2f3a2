"""What figures of sales are asked by."""

from __future__ import annotations

from django import forms

from billing.forms.reports import ReportDaysForm
from herotill.users.models import User
from workflow.models import Area, Source


class FunnelForm(ReportDaysForm):
    """Which days, and whose leads."""

    owner = forms.ModelChoiceField(
        label="Person",
        queryset=User.objects.filter(kind=User.Kind.STAFF).order_by("name", "username"),
        required=False,
        empty_label="Everybody",
    )
    area = forms.ModelChoiceField(
        label="Area", queryset=Area.objects.all(), required=False, empty_label="All"
    )
    source = forms.ModelChoiceField(
        label="Source", queryset=Source.objects.all(), required=False, empty_label="All"
    )
