"""Reads about people: who is staff, who administers, who is logged in."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, QuerySet

from herotill.users.grants import ADMINISTRATOR
from herotill.users.models import Role, Session, User


def staff() -> QuerySet[User]:
    """Everybody on the staff with their roles, those who may log in first."""
    has_factor = Exists(Authenticator.objects.filter(user=OuterRef("pk"), type="totp"))
    people = User.objects.filter(kind=User.Kind.STAFF).annotate(has_second_factor=has_factor)
    return people.prefetch_related("groups__role").order_by("-is_active", "name", "username")


def administrators() -> QuerySet[User]:
    """Those who hold every right and may log in."""
    people = User.objects.filter(kind=User.Kind.STAFF, is_active=True, groups__name=ADMINISTRATOR)
    return people.order_by("name", "username").distinct()


def holding(right: str) -> QuerySet[User]:
    """Those whose roles hold a right, as in "app.right", and who may log in."""
    app, _, codename = right.partition(".")
    held = Permission.objects.filter(content_type__app_label=app, codename=codename)
    people = User.objects.filter(kind=User.Kind.STAFF, is_active=True, groups__permissions__in=held)
    return people.order_by("name", "username").distinct()


def whom_to_ask() -> str:
    """The administrators in words, for somebody who lacks a right."""
    names = [str(person) for person in administrators()[:4]]
    if not names:
        return "your administrator"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def roles_of(user: User) -> Sequence[Role]:
    return list(Role.objects.filter(user=user))


def log_ins(user: User) -> Sequence[Session]:
    """The person's log-ins, the last used first."""
    return list(Session.objects.filter(user=user).order_by("-seen_at"))
