"""Small things that several of these pages do alike."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from herotill.errors import DomainError
from herotill.network import address_of, network_of
from herotill.users.doors import PORTAL, Door
from herotill.users.models import User
from herotill.users.services import throttle


def page(
    request: HttpRequest, template: str, *, form: forms.BaseForm | None = None, **context: Any
) -> HttpResponse:
    """A page; one whose form was refused says so with 422, one that came too soon with 429."""
    status = context.pop("status", 422 if form is not None and form.is_bound and form.errors else 200)
    return render(request, template, {"form": form, **context}, status=status)


def me(request: HttpRequest) -> User:
    """The person who asks, in a view that lets in no others."""
    return cast(User, request.user)


def refuse(form: forms.BaseForm, trouble: DomainError) -> None:
    """Put a business no where it belongs in the form."""
    form.add_error(trouble.field if trouble.field in form.fields else None, str(trouble))


def counted(request: HttpRequest, action: str, name: str) -> throttle.Try:
    """Count this try of `name`; raises TooSoon."""
    return throttle.admit(action=action, name=name, network=network_of(address_of(request)))


def too_soon(response: HttpResponse, trouble: throttle.TooSoon) -> HttpResponse:
    response.status_code = 429
    response.headers["Retry-After"] = str(trouble.seconds)
    return response


def next_url(request: HttpRequest, door: Door) -> str:
    """Where to go on to: a page behind the same door, or its home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    in_portal = urlsplit(wanted).path.startswith(settings.PORTAL_PATH)
    return wanted if safe and wanted.startswith("/") and in_portal == (door is PORTAL) else door.home
