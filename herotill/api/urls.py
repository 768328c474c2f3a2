"""The addresses of the API: what apps registered, and its description."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_safe

from herotill.access import Guard, public_view
from herotill.api.refusing import says
from herotill.api.site import VERSION, api

BASE = f"api/v{VERSION}/"


@require_safe
@public_view
def description(request: HttpRequest) -> HttpResponse:
    """What can be asked and how, in OpenAPI; it holds nothing of anybody."""
    return JsonResponse(api().get_openapi_schema(path_prefix=f"/{BASE}"))


def _guarded(entries: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """The endpoints, which all stand behind the door of tokens, without ninja's own page."""
    for entry in entries:
        if isinstance(entry, URLPattern) and entry.name != "api-root":
            entry.callback = _in_shape(entry.callback)
            entry.callback.guard = Guard("token")  # type: ignore[attr-defined]
            yield entry


def _in_shape(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Says no to other methods as everything else says it."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if answer.status_code != 405:
            return answer
        allowed = {"Allow": answer.headers["Allow"]}
        return says(405, "method_not_allowed", "This address does not take that method.", headers=allowed)

    return inner


endpoints = list(_guarded(api().urls[0]))
urlpatterns = [path("openapi.json", description, name="description"), *endpoints]
app_name = "api"
