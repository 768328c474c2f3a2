"""What people and gateways open without a log-in: the way out of marketing, and the addresses for reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from anymail import urls as anymail_urls
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseForbidden
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from herotill.access import public_view
from herotill.links import link_view
from herotill.messages.services import consent, gateways, reports
from herotill.typed import said

LARGEST = 1_000_000
BY_LINK, BY_PROGRAM = "by the link in a message", "by their mail program"


@link_view
def opt_out(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button. Opening it changes nothing; the button ends marketing to that address."""
    found = consent.read(token)
    done = found is not None and request.method == "POST"
    if found and done:
        _end(found, BY_LINK)
    context = {
        "known": found is not None,
        "done": done,
        "home_url": "/portal/",
        "page_title": "No more of these",
    }
    return render(request, "messages/opt_out.html", context, status=200 if found else 410)


def _end(found: tuple[str, str], how: str) -> None:
    channel, address = found
    consent.record(channel=channel, address=address, wanted=False, how=how, now=timezone.now())


@csrf_exempt
@public_view
def opt_out_at_once(request: HttpRequest, token: str) -> HttpResponse:
    """Where a mail program posts when its user presses unsubscribe (RFC 8058)."""
    found = consent.read(token)
    if found is None or request.method != "POST":
        return HttpResponseForbidden()
    _end(found, BY_PROGRAM)
    return HttpResponse("Done.", content_type="text/plain")


@csrf_exempt
@public_view
def sms(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Where a gateway tells what became of messages, and what people answered."""
    if not gateways.known_callback(kind, token) or request.method != "POST":
        return HttpResponseForbidden()
    if len(request.body) > LARGEST:
        return HttpResponseBadRequest()
    try:
        told, answers = gateways.READERS[kind](said(request.body))
    except ValueError:
        return HttpResponseBadRequest()
    now = timezone.now()
    reports.take(reports=told, gateway=kind, now=now)
    reports.answer(replies=answers, now=now)
    return HttpResponse("OK", content_type="text/plain")


@csrf_exempt
@public_view
def mail(request: HttpRequest) -> HttpResponseBase:
    """Where the mail service tells what became of mails; anymail checks that it is the service."""
    view = _tracking()
    if view is None or request.method != "POST":
        return HttpResponseForbidden()
    return view(request)


def _tracking() -> Callable[..., Any] | None:
    """Anymail's view for our service. Without a secret of the address, anybody could tell us anything."""
    if not settings.MAIL_SERVICE or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        return None
    name = f"{settings.MAIL_SERVICE}_tracking_webhook"
    services = (one.callback.view_class for one in anymail_urls.urlpatterns if one.name == name)
    return next(map(_hearing, services), None)


@cache
def _hearing(service: type[Any]) -> Callable[..., Any]:
    """Anymail's view, which refuses what its service never says."""

    class Hearing(service):
        def parse_events(self, request: HttpRequest) -> list[Any]:
            try:
                return list(super().parse_events(request))
            except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
                raise BadRequest from error

    return Hearing.as_view()
