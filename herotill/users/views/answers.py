"""Small things that several of these pages do alike."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from herotill.network import address_of, network_of
from herotill.users.doors import PORTAL, Door
from herotill.users.services import throttle


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
    if not safe or not wanted.startswith("/"):  # what is not even an address is not safe
        return door.home
    in_portal = urlsplit(wanted).path.startswith(settings.PORTAL_PATH)
    return wanted if in_portal == (door is PORTAL) else door.home
