"""People on the staff: hired, changed, gone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from herotill.errors import DomainError
from herotill.users import sessions
from herotill.users.models import AccessLink, Role, User
from herotill.users.policies import granting
from herotill.users.selectors import rights as reading
from herotill.users.services import links, passwords, rights

CUSTOMER_CODE = re.compile(r"[A-Za-z]{3}[0-9]+")


@transaction.atomic
def create(
    *, username: str, name: str, email: str, roles: Iterable[Role], actor: User, mobile: str = ""
) -> tuple[User, list[Role]]:
    """Take somebody on and mail them a link to set their password; also the roles that wait for a second person."""
    check_name(username)
    user = User.objects.create_user(
        username, None, kind=User.Kind.STAFF, name=name, email=email, mobile=mobile
    )
    links.owe(user=user, email=email, actor=actor)
    return user, rights.set_roles(user=user, roles=roles, actor=actor)


def check_name(username: str) -> None:
    """Refuse a log-in name that is taken or could be a customer's."""
    if CUSTOMER_CODE.fullmatch(username):
        raise DomainError(
            "This looks like a customer code; those are the customers' log-in names.", field="username"
        )
    if User.objects.by_name(username).exists():
        raise DomainError("This log-in name is taken.", field="username")


@transaction.atomic
def change(
    *, user: User, name: str, email: str, actor: User, now: datetime, mobile: str | None = None
) -> User:
    """Change name, email and, where given, the cell phone. Somebody else's new email leads to their password, so it counts as a reset."""
    before = _lock(user)
    if before.email.lower() != email.lower() and before.pk != actor.pk:
        refusal = granting.refusal_of_taking_over(
            reading.giver(actor), rights=reading.of_person(before), name=str(before)
        )
        if refusal:
            raise DomainError(refusal, field="email")
        passwords.taken_over(user=before, actor=actor, what="email address", now=now, also_to=email)
        AccessLink.objects.filter(user=before, used_at=None, ended_at=None).update(ended_at=now)
    User.objects.filter(pk=user.pk).update(
        name=name, email=email, mobile=before.mobile if mobile is None else mobile
    )
    return User.objects.get(pk=user.pk)


@transaction.atomic
def deactivate(*, user: User, actor: User, now: datetime) -> None:
    """Let somebody in no more: their log-ins and links end now, their name stays in the records."""
    person = _lock(user)
    if person.pk == actor.pk:
        raise DomainError("You cannot switch off your own log-in.")
    rights.keep_an_administrator(without=person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    AccessLink.objects.filter(user=person, used_at=None, ended_at=None).update(ended_at=now)
    sessions.end_all(user_id=person.pk)


@transaction.atomic
def activate(*, user: User, actor: User) -> None:
    """Let somebody in again with the roles they have; they need a new password."""
    person = _lock(user)
    if person.pk == actor.pk:
        raise DomainError("You cannot switch on your own log-in.")
    person.is_active = True
    person.set_unusable_password()
    person.save(update_fields=["is_active", "password"])
    links.owe(user=person, email=person.email, actor=actor)


def _lock(user: User) -> User:
    person = User.objects.select_for_update().get(pk=user.pk)
    if person.kind != User.Kind.STAFF:
        raise DomainError("Customers are looked after on the customer's screen.")
    return person
