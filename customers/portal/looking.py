"""Staff who look as a customer have seen enough."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from customers.services import portal_looks
from herotill.access import public_view
from herotill.users import doors


@require_POST
@public_view
def end(request: HttpRequest) -> HttpResponse:
    """End the look of this browser and go back to the profile; without one, to the door."""
    look = request.look  # type: ignore[attr-defined]
    portal_looks.end(token=request.COOKIES.get(doors.LOOK, ""), now=timezone.now())
    response = redirect(look.back if look else doors.PORTAL.login_url)
    response.delete_cookie(doors.LOOK, path=settings.PORTAL_PATH, samesite="Lax")
    return response
