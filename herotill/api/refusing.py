"""How the API says no: always in one shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Schema


class Problem(Schema):
    """What is wrong: a word for programs, a sentence for people, and the fields that are to blame."""

    code: str
    message: str
    fields: dict[str, str] = {}


class Refusal(Schema):
    """The body of every answer that is a no."""

    error: Problem


class Refused(Exception):
    """Ends a request with a no."""

    def __init__(
        self, status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}


REFUSALS = frozenset({400, 401, 403, 404, 409, 422, 429})


def says(
    status: int,
    code: str,
    message: str,
    *,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The answer in that shape."""
    body = {"error": {"code": code, "message": message, "fields": dict(fields or {})}}
    return JsonResponse(body, status=status, headers=dict(headers or {}))


def refuse(request: HttpRequest, no: Refused) -> HttpResponse:
    """The answer to a request that was refused."""
    return says(no.status, no.code, no.message, headers=no.headers)


def misread(errors: Sequence[Any]) -> HttpResponse:
    """What was sent cannot be read: each field with what is wrong about it."""
    fields = {".".join(map(str, each["loc"][1:])) or "body": str(each["msg"])[:200] for each in errors}
    return says(422, "not_readable", "What was sent cannot be read.", fields=fields)
