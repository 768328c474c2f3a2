"""Passwords: one's own, and those of others."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from herotill.errors import DomainError
from herotill.users import sessions
from herotill.users.models import User
from herotill.users.selectors import people
from herotill.users.services import links, mail

BLOCK = timedelta(hours=24)


@transaction.atomic
def change(*, user: User, password: str, keep: str | None, now: datetime) -> None:
    """Set one's own password. Ends the person's other log-ins and open links; `keep` is the key of this one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    sessions.end_all(user_id=user.pk, keep=keep)
    mail.owe(
        to=mail.addresses(user),
        template="password-set",
        now=now,
        name=str(user),
        username=user.username,
        what="changed",
        when=mail.moment(now),
    )


@transaction.atomic
def reset_other(*, user: User, actor: User, now: datetime) -> None:
    """Take somebody's password away and mail them a link to set a new one."""
    _check(user, actor)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    links.owe(user=user, email=user.email, actor=actor)
    taken_over(user=user, actor=actor, what="password", now=now)


@transaction.atomic
def reset_second_factor(*, user: User, actor: User, now: datetime) -> None:
    """Take somebody's authenticator and recovery codes away."""
    _check(user, actor)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise DomainError(f"{user} has no second factor.")
    taken_over(user=user, actor=actor, what="second factor", now=now)


def taken_over(*, user: User, actor: User, what: str, now: datetime, also_to: str = "") -> None:
    """What follows whenever somebody else changed what a person logs in with.

    Their log-ins end, their money rights are blocked for a day, they and all administrators are told.
    """
    sessions.end_all(user_id=user.pk)
    User.objects.filter(pk=user.pk).update(money_rights_blocked_until=now + BLOCK)
    mail.owe(
        to=[user.email, also_to, *(person.email for person in people.administrators())],
        template="taken-over",
        now=now,
        name=str(user),
        username=user.username,
        actor=f"{actor} ({actor.username})",
        what=what,
        when=mail.moment(now),
        until=mail.moment(now + BLOCK),
    )


def _check(user: User, actor: User) -> None:
    if user.pk == actor.pk:
        raise DomainError("Change your own from the menu at your name.")
    if user.kind != User.Kind.STAFF:
        raise DomainError("A customer gets a link from the customer's screen.")
