"""How pages answer, at the desk and in the portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from herotill.access import may
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.reports import reports
from herotill.users.models import User


def me(request: HttpRequest) -> User:
    """The person who asks, in a view that lets in no others."""
    return cast(User, request.user)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form; None where it is only asked for."""
    return request.POST if request.method == "POST" else None


def page(
    request: HttpRequest, template: str, *, form: forms.BaseForm | None = None, **context: Any
) -> HttpResponse:
    """A page; one whose form was refused says so with 422, unless a `status` says otherwise."""
    status = context.pop("status", 422 if form is not None and form.is_bound and form.errors else 200)
    return render(request, template, {"form": form, **context}, status=status)


def done(request: HttpRequest, says: str, to: str, *arguments: Any) -> HttpResponse:
    """On to the next page, which says what was done."""
    messages.success(request, says)
    return redirect(to, *arguments)


def told(request: HttpRequest, deed: Callable[[], object], says: str) -> bool:
    """Do it, and have the next page say that it is done, or why not; whether it is."""
    try:
        deed()
    except DomainError as no:
        messages.error(request, gettext(str(no)))
        return False
    messages.success(request, says)
    return True


def report_page(request: HttpRequest, name: str, template: str, **context: Any) -> HttpResponse:
    """A registered report on the screen; `query` is what was asked, for the links to its files."""
    query, report = request.GET.copy(), reports[name]
    query.pop("format", None)
    shown = {"page_title": report.title, "report": report, "query": query.urlencode()}
    return render(request, template, shown | context)


def settings_page(
    request: HttpRequest,
    *,
    right: str,
    form: Callable[[QueryDict | None], Any],
    keep: Callable[[Any], object],
    says: str,
    title: str,
    about: str,
) -> HttpResponse:
    """A page of Setup with one form: read by all whom its view lets in, changed by who holds `right`.

    `form` makes it of what was sent, or of nothing; `keep` takes the valid one.
    """
    may_change = may(request.user, right)
    shown = form(posted(request) if may_change else None)
    if shown.is_bound and shown.is_valid():
        try:
            keep(shown)
        except DomainError as no:
            refuse(shown, no)
        else:
            return done(request, says, request.path)
    return page(request, "setup/form.html", form=shown, may_change=may_change, page_title=title, about=about)
