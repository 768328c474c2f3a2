"""Webhooks set up, paused and removed."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from herotill.api.kinds import offers
from herotill.api.models import Delivery, Webhook
from herotill.api.services.owing import SENDS
from herotill.errors import DomainError
from herotill.integrations.http import may_be_called
from herotill.jobs import nudge
from herotill.users.models import User

LOG_KEPT = timedelta(days=30)


def new_secret() -> str:
    return f"whs_{secrets.token_urlsafe(32)}"


@transaction.atomic
def add(*, name: str, url: str, kinds: Collection[str], actor: User, now: datetime) -> tuple[Webhook, str]:
    """A webhook and its secret, which is shown this once. Raises DomainError for an address we do not call."""
    _insist(url, kinds)
    text = new_secret()
    hook = Webhook(name=name, url=url, kinds=sorted(kinds), made_at=now, made_by=actor)
    hook.secret = text
    _save(hook)
    return hook, text


@transaction.atomic
def change(*, hook: Webhook, name: str, url: str, kinds: Collection[str]) -> str:
    """Change it. Another host gets another secret, which is returned; otherwise nothing is."""
    _insist(url, kinds)
    held = Webhook.objects.select_for_update().get(pk=hook.pk)
    text = new_secret() if _host(url) != _host(held.url) else ""
    held.name, held.url, held.kinds = name, url, sorted(kinds)
    if text:
        held.secret = text
    _save(held)
    return text


@transaction.atomic
def renew(*, hook: Webhook) -> str:
    """A new secret, shown this once; the old one signs nothing any more."""
    text, held = new_secret(), Webhook.objects.select_for_update().get(pk=hook.pk)
    held.secret = text
    _save(held)
    return text


def pause(*, hook: Webhook, paused: bool) -> None:
    """Tell it nothing for now, or go on; what it is owed waits meanwhile."""
    Webhook.objects.filter(pk=hook.pk).update(paused=paused)
    if not paused:
        nudge(SENDS)


def remove(*, hook: Webhook) -> None:
    """Delete it with what it was told and is owed."""
    hook.delete()


def forget(now: datetime) -> str:
    """Let go of what was told or given up, past its time."""
    gone = Delivery.objects.filter(made_at__lt=now - LOG_KEPT).exclude(state="owed").delete()[0]
    return f"{gone} deliveries forgotten." if gone else ""


def _save(hook: Webhook) -> None:
    try:
        with transaction.atomic():
            hook.save()
    except IntegrityError as error:
        raise DomainError("Another webhook has this name.", field="name") from error


def _insist(url: str, kinds: Collection[str]) -> None:
    if not kinds or any(kind not in offers for kind in kinds):
        raise DomainError("Say what it is told of.", field="kinds")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise DomainError("This is no address.", field="url") from error
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or parts.fragment:
        raise DomainError("Give an address such as https://stock.example/told.", field="url")
    address = _literal(host)
    if address and not may_be_called(address):
        raise DomainError("This address lies inside our own network, which is not called.", field="url")
    if parts.scheme == "http" and (not address or ipaddress.ip_address(address).is_global):
        raise DomainError("It has to begin with https, so that nobody reads along.", field="url")


def _literal(host: str) -> str:
    """The host where it is an address itself, "" where it is a name."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return ""


def _host(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port
