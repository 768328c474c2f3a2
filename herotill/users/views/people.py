"""Setup: the people on the staff."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from herotill.access import may, staff_view
from herotill.errors import DomainError
from herotill.forms import refuse
from herotill.jobs import nudge
from herotill.pages import me, page
from herotill.users import sessions
from herotill.users.forms import NewPerson, Person
from herotill.users.models import Role, User
from herotill.users.selectors import people as reading
from herotill.users.selectors import rights as granted
from herotill.users.services import passwords, people, rights


@staff_view("users.view_user")
def listed(request: HttpRequest) -> HttpResponse:
    """Everybody on the staff."""
    return page(request, "users/people.html", people=list(reading.staff()), page_title="People")


@staff_view("users.add_user")
def add(request: HttpRequest) -> HttpResponse:
    """Take somebody on."""
    form = NewPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = dict(form.cleaned_data)
        given["roles"] = list(given["roles"]) if may(request.user, "users.grant_rights") else []
        try:
            user, waiting = people.create(**given, actor=me(request))
        except DomainError as trouble:
            refuse(form, trouble)
        else:
            nudge("log-in-mail")
            messages.success(
                request, f"{user} was added; a link to set a password is on its way to {user.email}."
            )
            _say_waiting(request, waiting)
            return redirect("users:person", pk=user.pk)
    return page(request, "users/person_add.html", form=form, page_title="New person")


def _say_waiting(request: HttpRequest, waiting: list[Role]) -> None:
    for role in waiting:
        messages.info(request, f"{role} holds money rights: a second person has to approve it.")


@staff_view("users.view_user")
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: name, email, roles, and what can be done about their log-in."""
    user = get_object_or_404(reading.staff(), pk=pk)
    roles = reading.roles_of(user)
    own, changing = user.pk == request.user.pk, may(request.user, "users.change_user")
    initial = {
        "name": user.name,
        "email": user.email,
        "mobile": user.mobile,
        "roles": [role.pk for role in roles],
    }
    form = Person(
        request.POST or None, initial=initial, own=own or not may(request.user, "users.grant_rights")
    )
    if request.method == "POST" and not changing:
        return page(request, "403.html", status=403, page_title="Not for you", whom=reading.whom_to_ask())
    if request.method == "POST" and form.is_valid() and _changed(request, user, form):
        return redirect("users:person", pk=user.pk)
    waiting = [each for each in granted.pending() if each.user_id == user.pk]
    context = {
        "person": user,
        "roles": roles,
        "own": own,
        "log_ins": reading.log_ins(user),
        "waiting": waiting,
        "page_title": str(user),
    }
    return page(request, "users/person.html", form=form, **context)


def _changed(request: HttpRequest, user: User, form: Person) -> bool:
    data, actor, now = form.cleaned_data, me(request), timezone.now()
    try:
        with transaction.atomic():
            given = {name: data[name] for name in ("name", "email", "mobile")}
            people.change(user=user, actor=actor, now=now, **given)
            disabled = form.fields["roles"].disabled
            waiting = [] if disabled else rights.set_roles(user=user, roles=data["roles"], actor=actor)
    except DomainError as trouble:
        refuse(form, trouble)
        return False
    nudge("log-in-mail")
    messages.success(request, f"{data['name']} was saved.")
    _say_waiting(request, waiting)
    return True


def _act(
    request: HttpRequest, pk: int, act: Callable[[User, Any, datetime], object], done: str
) -> HttpResponse:
    """Do something about one person's log-in and say so."""
    user = get_object_or_404(User, pk=pk, kind=User.Kind.STAFF)
    try:
        act(user, request.user, timezone.now())
    except DomainError as trouble:
        messages.error(request, str(trouble))
    else:
        nudge("log-in-mail")
        messages.success(request, done.format(user))
    return redirect("users:person", pk=pk)


@staff_view("users.reset_credentials")
@require_POST
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the password away and mail a link."""
    act = lambda user, actor, now: passwords.reset_other(user=user, actor=actor, now=now)  # noqa: E731
    return _act(request, pk, act, "The password of {} was reset; a link is on its way.")


@staff_view("users.reset_credentials")
@require_POST
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second factor away."""
    act = lambda user, actor, now: passwords.reset_second_factor(user=user, actor=actor, now=now)  # noqa: E731
    return _act(request, pk, act, "The second factor of {} was taken away.")


@staff_view("users.end_logins")
@require_POST
def end_log_ins(request: HttpRequest, pk: int) -> HttpResponse:
    """Log somebody out everywhere."""
    return _act(
        request,
        pk,
        lambda user, actor, now: sessions.end_all(user_id=user.pk),
        "{} is logged out everywhere.",
    )


@staff_view("users.change_user")
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in no more, or again."""
    if request.POST.get("active"):
        act = lambda user, actor, now: people.activate(user=user, actor=actor)  # noqa: E731
        return _act(request, pk, act, "{} may log in again, once the mailed link was used.")
    act = lambda user, actor, now: people.deactivate(user=user, actor=actor, now=now)  # noqa: E731
    return _act(request, pk, act, "{} can no longer log in.")
