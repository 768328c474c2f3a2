"""Asking for a secret on a screen: a form for the reason, and the dialog that shows the text once."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from herotill.forms import Form


class ReasonForm(Form):
    """Why somebody needs to see a secret."""

    reason = forms.CharField(
        max_length=300, help_text="Kept with your name, for everybody who may see the audit trail."
    )


def shown(request: HttpRequest, *, title: str, text: str) -> HttpResponse:
    """The secret in a dialog, stored nowhere on its way."""
    response = render(request, "secrets/_shown.html", {"title": title, "text": text})
    response.headers["Cache-Control"] = "no-store, private"
    return response
