"""Endpoints: who may ask, and how reading and writing go about it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.decorators import decorate_view
from ninja.security import HttpBearer

from herotill.access import may
from herotill.api import limits
from herotill.api.models import Token
from herotill.api.refusing import REFUSALS, Refusal, Refused, refuse
from herotill.api.scopes import scopes
from herotill.api.services import keeping, tokens
from herotill.clock import stamp
from herotill.network import address_of
from herotill.users.models import User

KEY = "Idempotency-Key"
LONGEST_KEY = 100
WRONG_TOKENS = 30  # a minute, from one address
_KEY_WANTED = {
    "parameters": [
        {
            "in": "header",
            "name": KEY,
            "required": True,
            "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
            "description": "The same request with the same key is done once and answered the same.",
        }
    ]
}
View = Callable[..., Any]


class Scoped(HttpBearer):
    """Lets in tokens that have a scope, whose owners hold its right now."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        held = _holder(request, token)
        if held is None:
            return None
        scope = scopes[self.scope]
        if self.scope not in held.scopes:
            raise Refused(403, "scope_missing", f"This token is not for {self.scope}.")
        if not may(request.user, scope.right):
            raise Refused(403, "right_missing", "The owner of this token may not do this.")
        return held


def _holder(request: Any, text: str) -> Token | None:
    """The token of this request, counted and noted once; the request goes on as its owner's."""
    if hasattr(request, "api_token"):
        return cast("Token | None", request.api_token)
    now, request.api_token = stamp(), None
    found = tokens.known(text, now=now)
    if found is None:
        limits.take(f"wrong:{address_of(request)}", now=now, allowed=WRONG_TOKENS)
        return None
    token, owner = found
    limits.take(f"owner:{owner.pk}", now=now)
    if owner.needs_second_factor and not owner.has_second_factor:  # type: ignore[attr-defined]
        raise Refused(403, "second_factor_missing", "The owner of this token has to set up a second factor.")
    request.user, request.api_token = owner, token
    request.audit.update(user=owner.pk, source=f"api: {token.prefix} {request.path}"[:200])
    tokens.seen(token=token, now=now)
    return token


def asker(request: HttpRequest) -> User:
    """Whose token asks."""
    return cast(User, request.user)


def read(router: Router, path: str, *, scope: str, answer: Any, **more: Any) -> Callable[[View], View]:
    """An endpoint that changes nothing. `answer` is the schema of what it gives."""

    def declare(view: View) -> View:
        said = {200: answer, REFUSALS: Refusal}
        return router.get(path, auth=Scoped(scope), response=said, **more)(view)

    return declare


def read_file(router: Router, path: str, *, scope: str, kind: str, **more: Any) -> Callable[[View], View]:
    """An endpoint that gives a file of this media type, which the view makes a response of."""
    given = {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}

    def declare(view: View) -> View:
        said = {200: None, REFUSALS: Refusal}
        shown = {"responses": {200: given}}
        return router.get(path, auth=Scoped(scope), response=said, openapi_extra=shown, **more)(view)

    return declare


def write(
    router: Router, path: str, *, scope: str, answer: Any, status: int = 201, **more: Any
) -> Callable[[View], View]:
    """An endpoint that does something, in one transaction and once for each Idempotency-Key of a token."""
    ask = Scoped(scope)

    def declare(view: View) -> View:
        said = {status: answer, REFUSALS: Refusal}
        kept = decorate_view(lambda run: _once(run, ask))(view)
        return router.post(path, auth=ask, response=said, openapi_extra=_KEY_WANTED, **more)(kept)

    return declare


def _once(run: View, ask: Scoped) -> View:
    @wraps(run)
    def inner(request: HttpRequest, **given: Any) -> HttpResponse:
        try:
            token = ask(request)
        except Refused as no:
            return refuse(request, no)
        if token is None:
            return cast(HttpResponse, run(request, **given))  # which says the same no
        return _kept(request, cast(Token, token), lambda: run(request, **given))

    return inner


def _kept(request: HttpRequest, token: Token, run: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        key = _key(request)
        with transaction.atomic():
            row, new = keeping.reserve(token=token, key=key, asked=_asked(request))
            if not new and not row.body:
                raise Refused(
                    409, "answer_gone", "This was done; what was answered was personal and is gone."
                )
            if not new:
                return HttpResponse(
                    row.body,
                    status=row.status,
                    content_type="application/json; charset=utf-8",
                    headers={"Idempotent-Replayed": "true"},
                )
            response = run()
            if response.status_code >= 400:
                transaction.set_rollback(True)
            else:
                keeping.keep(row=row, status=response.status_code, body=response.content.decode())
            return response
    except Refused as no:
        return refuse(request, no)


def _key(request: HttpRequest) -> str:
    key: str = request.headers.get(KEY, "")
    if not 1 <= len(key) <= LONGEST_KEY or not all("!" <= sign <= "~" for sign in key):
        raise Refused(400, "key_missing", f"Send a header {KEY} of up to {LONGEST_KEY} plain signs.")
    return key


def _asked(request: HttpRequest) -> str:
    said = b"\0".join((str(request.method).encode(), request.get_full_path().encode(), request.body))
    return hashlib.sha256(said).hexdigest()
