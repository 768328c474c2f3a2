"""Setup: whose database this is, and the name that lets a copy act outward."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from herotill import outward
from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import Form
from herotill.pages import page, posted
from herotill.users.views.confirm import fresh_second_factor

CONFIRM = "house.confirm_installation"


class NameForm(Form):
    """The name of the installation, typed by whoever is sure."""

    name = forms.CharField(
        max_length=200,
        label="Name of this installation",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@staff_view("house.see_installation")
def installation(request: HttpRequest) -> HttpResponseBase:
    """What is known of this database, and the form that lets it act."""
    if request.method != "POST":
        return _shown(request, NameForm())
    if not may(request.user, CONFIRM):
        raise PermissionDenied
    return _confirm(request)


@fresh_second_factor
def _confirm(request: HttpRequest) -> HttpResponse:
    """Let it act, for whoever typed its name and has just shown that it is still them."""
    form = NameForm(posted(request))
    if form.is_valid():
        try:
            outward.confirm(typed=form.cleaned_data["name"], actor=request.user, now=timezone.now())
        except DomainError as no:
            form.add_error(no.field, str(no))
        else:
            messages.success(request, "Confirmed. What waits goes out from now on.")
            return redirect("installation")
    return _shown(request, form)


def _shown(request: HttpRequest, form: NameForm) -> HttpResponse:
    ours = outward.is_ours()
    return page(
        request,
        "setup/installation.html",
        form=form,
        ours=ours,
        last=outward.last(),
        name=settings.INSTALLATION_NAME,
        owed=[] if ours else [(one.label, one.count()) for one in outward.owed],
        may_confirm=may(request.user, CONFIRM),
        page_title="Installation",
    )
