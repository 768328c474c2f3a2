"""Letting customers into the portal, and out of it."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from herotill.errors import DomainError
from herotill.users import sessions
from herotill.users.models import AccessLink, Preference, User
from herotill.users.services import links


@transaction.atomic
def open_login(*, username: str, name: str = "") -> User:
    """A portal log-in without a password; only a mailed link gives it one."""
    if User.objects.by_name(username).exists():
        raise DomainError(f"The log-in name {username} is taken.", field="username")
    return User.objects.create_user(username, None, kind=User.Kind.PORTAL, name=name)


def send_link(*, user: User, email: str, actor: User | None, template: str = "") -> AccessLink:
    """Owe the customer a link to `email` by which they set their password; in the mail `template`, if another."""
    if user.kind != User.Kind.PORTAL:
        raise DomainError("Only a customer's log-in gets a link for the portal.")
    return links.owe(user=user, email=email, actor=actor, template=template)


@transaction.atomic
def end(*, user: User, now: datetime) -> int:
    """End the customer's log-ins, links, password and second step; returns how many log-ins there were."""
    AccessLink.objects.filter(user=user, used_at=None, ended_at=None).update(ended_at=now)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    return sessions.end_all(user_id=user.pk)


@transaction.atomic
def forget(*, user: User, now: datetime) -> None:
    """End a log-in for good, and keep nothing of who it was but its name, which is the customer's code."""
    end(user=user, now=now)
    AccessLink.objects.filter(Q(user=user) | Q(asked_for__iexact=user.username)).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    Preference.objects.filter(user=user).delete()
    user.name, user.email, user.is_active = "", "", False
    user.save(update_fields=["name", "email", "is_active"])
