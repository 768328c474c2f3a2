"""The two doors: what differs between where staff come in and where customers do."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from herotill.users.models import User

SUB = "portal_sub"
"""Where a portal session keeps which sub-account its master switched to."""
LOOK = "herotill_look"
"""The cookie of staff who look at the portal as a customer."""


@dataclass(frozen=True, slots=True)
class Door:
    """One door, by the kind of person it lets in."""

    kind: str
    login_name: str
    home: str
    forgot_name: str
    link_name: str
    code_name: str

    @property
    def login_url(self) -> str:
        return reverse(self.login_name)

    @property
    def path(self) -> str:
        """Where the door's cookies are sent."""
        return settings.PORTAL_PATH if self is PORTAL else "/"


STAFF = Door(User.Kind.STAFF, "users:login", "/", "users:forgot", "users:link", "users:code")
PORTAL = Door(
    User.Kind.PORTAL,
    "users:portal-login",
    "/portal/",
    "users:portal-forgot",
    "users:portal-link",
    "users:portal-code",
)
DOORS = {STAFF.kind: STAFF, PORTAL.kind: PORTAL}


def of(request: HttpRequest) -> Door:
    """The door by whose path the request came."""
    return PORTAL if request.path.startswith(settings.PORTAL_PATH) else STAFF
