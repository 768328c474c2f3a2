"""/health/, for load balancers, containers and people."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from herotill import health
from herotill.access import public_view


@public_view
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Whether pages can be served: 200, or 503 where something vital is missing. Silent workers are said."""
    found = health.findings(timezone.now())
    serves = all(finding.ok for finding in found.values() if finding.vital)
    state = "ok" if all(finding.ok for finding in found.values()) else "limited" if serves else "down"
    checks = {name: {"ok": finding.ok, "says": finding.says} for name, finding in found.items()}
    return JsonResponse({"status": state, "checks": checks}, status=200 if serves else 503)


@public_view
@never_cache
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Whether this process answers at all; asks nobody else."""
    return JsonResponse({"status": "alive"})
