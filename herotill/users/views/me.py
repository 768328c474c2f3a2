"""A person's own log-in: password, second factor, log-ins, preferences."""

from __future__ import annotations

from typing import Any

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from herotill import secrets
from herotill.access import staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.jobs import nudge
from herotill.pages import me, page
from herotill.typed import said
from herotill.users import sessions
from herotill.users.forms import ChangePassword, Code, Unlock
from herotill.users.selectors import people
from herotill.users.services import passwords, preferences, second_factor
from herotill.users.services.throttle import TooSoon

from .answers import counted, too_soon

NEW_SECRET = "second_factor_secret"


def is_confirmed(request: HttpRequest, form: Any) -> bool:
    """Whether the form holds the person's present password; says so in the form if not."""
    if not form.is_valid():
        return False
    attempt = counted(request, "unlock", str(request.user.pk))
    if request.user.check_password(form.cleaned_data["password"]):
        attempt.succeeded()
        return True
    form.add_error("password", "This is not your password.")
    return False


def change_password(request: HttpRequest, form: ChangePassword) -> None:
    """Take the new password of a valid form; this log-in stays, the others end."""
    user, key = me(request), request.session.session_key
    passwords.change(user=user, password=form.cleaned_data["new"], keep=key, now=timezone.now())
    auth.update_session_auth_hash(request, user)
    nudge("log-in-mail")


@sensitive_post_parameters("password", "new", "again")
@staff_view()
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other log-ins end."""
    user: Any = me(request)
    form = ChangePassword(request.POST or None, user=user)
    try:
        if request.method == "POST" and is_confirmed(request, form):
            change_password(request, form)
            messages.success(request, "Your password is changed. Your other log-ins have ended.")
            return redirect("users:password")
    except TooSoon as trouble:
        form.add_error(None, str(trouble))
        return too_soon(page(request, "users/password.html", form=form, page_title="Password"), trouble)
    return page(request, "users/password.html", form=form, page_title="Password")


@staff_view()
def factor(request: HttpRequest) -> HttpResponse:
    """Whether there is a second factor, and what can be done with it."""
    return page(request, "users/second_factor.html", form=Unlock(), **_factor(request.user))


def _factor(user: Any) -> dict[str, Any]:
    demanding = [role for role in people.roles_of(user) if role.second_factor_required]
    left = second_factor.codes_left(user)
    return {"codes_left": left, "demanding": demanding, "page_title": "Second factor"}


@staff_view()
def factor_start(request: HttpRequest) -> HttpResponse:
    """Set up a second factor: scan the picture, type the first code, keep the recovery codes."""
    user: Any = me(request)
    if user.has_second_factor:
        return redirect("users:second-factor")
    secret = offered_secret(request)
    form = Code(request.POST or None)
    if request.method == "POST" and form.is_valid() and (codes := set_up_factor(request, form)):
        return page(request, "users/codes.html", codes=codes, page_title="Recovery codes")
    drawing = second_factor.drawing(user=user, secret=secret)
    context = {
        "drawing": drawing,
        "secret": secret,
        "demanded": user.needs_second_factor,
        "page_title": "Second factor",
    }
    return page(request, "users/second_factor_start.html", form=form, **context)


def set_up_factor(request: HttpRequest, form: Code) -> list[str]:
    """The recovery codes, once the first code is right; otherwise the form says why. Other log-ins end."""
    user, secret = me(request), offered_secret(request)
    try:
        codes = second_factor.set_up(user=user, secret=secret, code=form.cleaned_data["code"])
    except DomainError as trouble:
        refuse(form, trouble)
        return []
    del request.session[NEW_SECRET]
    request.session.cycle_key()
    sessions.end_all(user_id=user.pk, keep=request.session.session_key)
    nudge("log-in-mail")
    return codes


def offered_secret(request: HttpRequest) -> str:
    """The secret of this set-up, the same until it is done."""
    if NEW_SECRET not in request.session:
        request.session[NEW_SECRET] = secrets.encrypt(second_factor.new_secret())
    return secrets.decrypt(request.session[NEW_SECRET])


@sensitive_post_parameters("password")
@staff_view()
@require_POST
def factor_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    return _with_password(request, lambda: _show_new_codes(request))


def _show_new_codes(request: HttpRequest) -> HttpResponse:
    codes = second_factor.renew_codes(user=me(request))
    return page(request, "users/codes.html", codes=codes, page_title="Recovery codes")


@sensitive_post_parameters("password")
@staff_view()
@require_POST
def factor_off(request: HttpRequest) -> HttpResponse:
    """Do without a second factor."""
    return _with_password(request, lambda: _switch_off(request))


def _switch_off(request: HttpRequest) -> HttpResponse:
    second_factor.switch_off(user=me(request))
    messages.success(request, "Your second factor is switched off.")
    return redirect("users:second-factor")


def _with_password(request: HttpRequest, act: Any) -> HttpResponse:
    """Do something delicate once the password is confirmed."""
    form = Unlock(request.POST)
    try:
        if is_confirmed(request, form):
            response: HttpResponse = act()
            nudge("log-in-mail")
            return response
    except (DomainError, TooSoon) as trouble:
        form.add_error(None, str(trouble))
    return page(request, "users/second_factor.html", form=form, **_factor(request.user))


@staff_view()
def log_ins(request: HttpRequest) -> HttpResponse:
    """Where one is logged in."""
    found = people.log_ins(me(request))
    context: dict[str, Any] = {
        "log_ins": found,
        "own": request.session.session_key,
        "page_title": "Your log-ins",
    }
    return page(request, "users/log_ins.html", **context)


@staff_view()
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Log out everywhere else."""
    count = sessions.end_all(user_id=me(request).pk, keep=request.session.session_key)
    messages.success(request, f"{count} other log-in{'' if count == 1 else 's'} ended.")
    return redirect("users:log-ins")


@staff_view()
@require_POST
def end_one(request: HttpRequest, handle: str) -> HttpResponse:
    """End one other log-in."""
    if sessions.end_one(user_id=me(request).pk, handle=handle):
        messages.success(request, "This log-in has ended.")
    return redirect("users:log-ins")


@staff_view()
@require_POST
def preference(request: HttpRequest, key: str = "") -> HttpResponse:
    """Keep a choice: `/preferences/<key>/` takes JSON, `/preferences/` a form with key and value."""
    try:
        value = said(request.body) if key else request.POST.get("value")
        preferences.keep(user=me(request), key=key or request.POST.get("key", ""), value=value)
    except (ValueError, DomainError) as trouble:
        return JsonResponse({"error": str(trouble)}, status=400)
    return HttpResponse(status=204)
