"""Setup: tokens of the API."""

from __future__ import annotations

from datetime import time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from herotill.access import may, staff_view
from herotill.api.forms import TokenForm
from herotill.api.models import Token
from herotill.api.scopes import scopes
from herotill.api.services import tokens
from herotill.clock import moment
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.pages import me, page, posted, told
from herotill.users.views.confirm import fresh_second_factor

MAKE = "api.make_token"


@require_safe
@staff_view(MAKE)
def listed(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and everybody's for whoever may see them."""
    person = me(request)
    everybody = may(person, "api.see_tokens")
    found = tokens.listed(owner=None if everybody else person)
    now, revokes = timezone.now(), may(person, "api.revoke_tokens")
    rows = [
        {
            "token": one,
            "may": [scopes[name].label if name in scopes else name for name in one.scopes],
            "open": one.revoked_at is None and one.expires_at > now,
            "revoke": one.revoked_at is None and (revokes or one.owner_id == person.pk),
        }
        for one in found
    ]
    return render(
        request,
        "api/tokens.html",
        {"rows": rows, "everybody": everybody, "page_title": "API tokens"},
    )


@staff_view(MAKE)
@fresh_second_factor
def add(request: HttpRequest) -> HttpResponse:
    """A new token, shown once."""
    now, person = timezone.now(), me(request)
    form = TokenForm(posted(request), owner=person, today=timezone.localdate())
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        until = moment(data["expires_on"] + timedelta(days=1), time.min)
        try:
            token, text = tokens.make(
                owner=person, name=data["name"], wanted=data["scopes"], expires_at=until, now=now
            )
        except DomainError as no:
            refuse(form, no)
        else:
            context = {"token": token, "text": text, "page_title": "New token"}
            return render(request, "api/token_made.html", context)
    return page(request, "api/token_add.html", form=form, page_title="New token")


@require_POST
@staff_view(MAKE)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a token."""
    token, person = Token.objects.filter(pk=pk).first(), me(request)
    if token is None or (token.owner_id != person.pk and not may(person, "api.see_tokens")):
        raise Http404
    told(
        request,
        lambda: tokens.revoke(token=token, actor=person, now=timezone.now()),
        f"{token.name} is revoked: nothing comes in by it any more.",
    )
    return redirect("api-tokens")
