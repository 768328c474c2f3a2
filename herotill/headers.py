"""What every answer tells the browser to refuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseBase

OWN_FORMS = "form-action 'self'"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        OWN_FORMS,
        "frame-ancestors 'none'",
    )
)
# Where somebody stands is asked for by a button on our own pages; everything else by none.
PERMISSIONS_POLICY = "geolocation=(self), " + ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "microphone",
        "payment",
        "usb",
        "browsing-topics",
    )
)


def with_forms_to(response: HttpResponse, origins: Sequence[str]) -> HttpResponse:
    """Let this page alone send a form elsewhere, such as a payer to a card gateway."""
    forms = " ".join((OWN_FORMS, *origins))
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(OWN_FORMS, forms)
    return response


def kept_for(response: HttpResponse, *, seconds: int) -> HttpResponse:
    """Lets browsers keep an answer in which nothing is about a person, such as our logo."""
    response.kept_seconds = seconds  # type: ignore[attr-defined]
    return response


class SafeHeaders:
    """No script or style but ours, no frame, and nothing of a page kept by browser or proxy.

    Static files are served before this and may be kept, as may what `kept_for` says so of.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        seconds = getattr(response, "kept_seconds", 0)
        response.headers["Cache-Control"] = f"private, max-age={seconds}" if seconds else "no-store, private"
        return response
