"""The URL table of the product, with an example of every argument."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from customers.models import Customer
from herotill.access import Guard
from herotill.users.models import Role, User
from workflow.models import Place

# What an argument is called, and an example of it. A view whose argument means something else gives its own
# below, by the name of its URL. A new argument without an example fails the walk.
ARGUMENTS: dict[str, Callable[[], Any]] = {
    "code": lambda: Customer.objects.get().code,
    "pk": lambda: 1,
    "file_pk": lambda: 1,
    "version": lambda: 1,
    "name": lambda: "contacts",
    "action_name": lambda: "add",
    "token": lambda: "no-such-token",
    "handle": lambda: "0123456789abcdef",
    "key": lambda: "theme",
    "area": lambda: "customers",
    "line": lambda: 1,
    "what": lambda: "details",
    "allocation": lambda: 1,
    "month": lambda: "2018-08",
    "deed_name": lambda: "confirm",
    "kind": lambda: "smsportal",
    "reference": lambda: "no-such-reference",
    "other": lambda: 2,
    "step": lambda: "quote-sent",
    "file": lambda: 1,
    "number": lambda: 1,
}
OWN: dict[str, dict[str, Callable[[], Any]]] = {
    "users:person": {"pk": lambda: User.objects.get(username="dora").pk},
    "users:person-reset-password": {"pk": lambda: User.objects.get(username="dora").pk},
    "users:person-reset-factor": {"pk": lambda: User.objects.get(username="dora").pk},
    "users:person-end-log-ins": {"pk": lambda: User.objects.get(username="dora").pk},
    "users:person-switch": {"pk": lambda: User.objects.get(username="dora").pk},
    "users:role": {"pk": lambda: Role.objects.get(name="technician").pk},
    "moving-in-figure": {"name": lambda: "customers"},
    "job-pause": {"name": lambda: "log-in-mail"},
    "job": {"name": lambda: "log-in-mail"},
    "job-time": {"name": lambda: "log-in-mail"},
    "job-run": {"name": lambda: "log-in-mail"},
    "message-template": {"name": lambda: "own-change"},
    "message-template-look": {"name": lambda: "own-change"},
    "message-template-reset": {"name": lambda: "own-change"},
    "message-template-test": {"name": lambda: "own-change"},
    "customers:list-bulk": {"name": lambda: "label"},
    "billing:payers-bulk": {"name": lambda: "forget"},
    "billing:batch-deed": {"deed_name": lambda: "release"},
    "billing:batch-line-change": {"deed_name": lambda: "amount"},
    "billing:documents-bulk": {"name": lambda: "issue"},
    "billing:desk-bulk": {"name": lambda: "assign"},
    "billing:hand-overs-bulk": {"name": lambda: "take-back"},
    "billing:suspensions-bulk": {"name": lambda: "approve"},
    "helpdesk:mail-triage-bulk": {"name": lambda: "leave"},
    "helpdesk:ratings-bulk": {"name": lambda: "acknowledge"},
    "dataaccounts:sessions-bulk": {"name": lambda: "disconnect"},
    "dataaccounts:orders-bulk": {"name": lambda: "again"},
    "dataaccounts:accounts-bulk": {"name": lambda: "suspend"},
    "card-notify": {"kind": lambda: "payfast"},
    "billing:card-gateway": {"kind": lambda: "payfast"},
    "billing:card-gateway-change": {"kind": lambda: "payfast"},
    "billing:card-gateway-address": {"kind": lambda: "payfast"},
    "billing:card-gateway-test": {"kind": lambda: "payfast"},
    "billing:card-gateway-off": {"kind": lambda: "payfast"},
    "workflow:phase-change": {"key": lambda: "quotes"},
    "workflow:step-change": {"key": lambda: "quote-sent"},
    "workflow:my-job-send": {"kind": lambda: "start"},
    "workflow:my-survey-send": {"kind": lambda: "found"},
    **{f"workflow:list-{place}-bulk": {"name": lambda: "assign"} for place in Place},
    "workflow:list-lost-bulk": {"name": lambda: "bring-back"},
}


@dataclass(frozen=True)
class Address:
    """One line of the URL table."""

    name: str
    arguments: tuple[str, ...]
    view: Callable[..., Any]

    @property
    def guard(self) -> Guard | None:
        return getattr(self.view, "guard", None)

    @property
    def is_for_programs(self) -> bool:
        """Whether it stands behind the door of tokens, where every endpoint asks a scope."""
        return self.guard is not None and self.guard.door == "token"

    def path(self) -> str:
        own = OWN.get(self.name, {})
        given = {argument: (own.get(argument) or ARGUMENTS[argument])() for argument in self.arguments}
        return reverse(self.name, kwargs=given)


def addresses() -> list[Address]:
    return list(_walk(get_resolver(), ()))


def _walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            yield Address(":".join((*spaces, entry.name or "")), _arguments(entry), entry.callback)


def _arguments(entry: URLPattern) -> tuple[str, ...]:
    return tuple(entry.pattern.regex.groupindex)
