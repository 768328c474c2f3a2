"""Setup: whose database this is, and the name that lets a copy act outward."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from herotill import outward
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import Form
from herotill.pages import page, posted

CONFIRM = "house.confirm_installation"


class NameForm(Form):
    """The name of the installation, typed by whoever is sure."""

    name = forms.CharField(
        max_length=200,
        label="Name of this installation",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@staff_view("house.see_installation")
def installation(request: HttpRequest) -> HttpResponse:
    """What is known of this database, and the form that lets it act."""
    may_confirm = may(request.user, CONFIRM)
    if request.method == "POST" and not may_confirm:
        raise PermissionDenied
    form = NameForm(posted(request))
    if form.is_valid():
        try:
            outward.confirm(typed=form.cleaned_data["name"], actor=request.user, now=timezone.now())
        except DomainError as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, "Confirmed. What waits goes out from now on.")
            return redirect("installation")
    ours = outward.is_ours()
    return page(
        request,
        "setup/installation.html",
        form=form,
        ours=ours,
        last=outward.last(),
        name=settings.INSTALLATION_NAME,
        owed=[] if ours else [(one.label, one.count()) for one in outward.owed],
        may_confirm=may_confirm,
        page_title="Installation",
    )
