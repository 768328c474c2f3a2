"""/metrics, for Prometheus: to whoever shows the token, or to this machine alone."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from herotill import metrics
from herotill.access import public_view
from herotill.network import is_loopback

OF_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")
HERE = ("localhost", "127.0.0.1", "::1")


@public_view
@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """All figures as text; 403 for anybody else."""
    if not _may(request):
        raise PermissionDenied
    return HttpResponse(metrics.page(timezone.now()), content_type=CONTENT_TYPE_LATEST)


def _may(request: HttpRequest) -> bool:
    """With a token set it is asked of everybody.

    Without one this machine alone is answered, under a name of its own; a proxy on it is not this machine, and
    some say nothing of whom they ask for.
    """
    if settings.METRICS_TOKEN:
        shown = request.headers.get("Authorization", "")
        return constant_time_compare(shown, f"Bearer {settings.METRICS_TOKEN}")
    proxied = settings.TRUSTED_PROXIES or any(name in request.headers for name in OF_PROXIES)
    here = urlsplit(f"//{request.get_host()}").hostname in HERE
    return here and not proxied and is_loopback(str(request.META.get("REMOTE_ADDR", "")))
