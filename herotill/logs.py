"""What programs write down: a line for each thing, with the request or job it belongs to, and no secret.

LOG_FORMAT=json gives one JSON object a line, for whatever gathers logs; plain is for people.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[0-9A-Za-z-]{8,64}")
# What links and tokens are made of: long, without a break, of small and large letters and digits.
TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{28,}(?![\w-])")
NAMED = re.compile(
    r"(?i)((?:password|passphrase|secret|token|api_?key|authorization|cookie)[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic|token)\s+)?)[^\s\"',;&}]+"
)
ADDRESS = re.compile(r"(?i)(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(@)")
GONE = "[secret]"

requests = logging.getLogger("herotill.requests")


class Redactor:
    """Takes out of a line whatever looks like a secret, and the installation's own keys by name."""

    def __init__(self, known: Iterable[str]) -> None:
        long = sorted({one for one in known if len(one) >= 8}, key=len, reverse=True)
        self.known = re.compile("|".join(map(re.escape, long))) if long else None

    def __call__(self, text: str) -> str:
        found = ADDRESS.sub(rf"\1{GONE}\2", text)
        found = self.known.sub(GONE, found) if self.known else found
        return TOKEN.sub(GONE, NAMED.sub(rf"\1{GONE}", found))


redact = Redactor(())  # knows the installation's keys once `configuration` was asked for


class _Redacted:
    """The last of the processors: what any of the others made is looked through before it is written."""

    def __init__(self, render: Any, redact: Redactor) -> None:
        self.render, self.redact = render, redact

    def __call__(self, logger: Any, name: str, event: MutableMapping[str, Any]) -> str:
        clean = {key: self.redact(value) if isinstance(value, str) else value for key, value in event.items()}
        return str(self.render(logger, name, clean))


def configuration(*, form: str, level: str, secrets: Iterable[str]) -> dict[str, Any]:
    """For LOGGING: everything to standard error as `form` says, json or plain."""
    global redact
    redact = Redactor(secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(allow=("method", "route", "status", "ms", "user")),
        structlog.processors.format_exc_info,
    ]
    render: Any = (
        structlog.processors.JSONRenderer(default=str)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    )
    last = _Redacted(render, redact)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"house": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "house"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }


class RequestIds:
    """Gives each request an id, says it to the browser, and writes a line when it is answered.

    The line names the route and not the address, in which tokens of links and codes of customers stand.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        known = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=known):
            response = self.get_response(request)
            response[HEADER] = known
            requests.info("answered", extra=_told(request, response, started))
        return response


def _told(request: HttpRequest, response: HttpResponseBase, started: float) -> dict[str, Any]:
    match = request.resolver_match
    user = request.__dict__.get("_cached_user")  # nobody is asked for only to be written down
    return {
        "method": request.method,
        "route": match.route if match else "",
        "status": response.status_code,
        "ms": round((time.perf_counter() - started) * 1000),
        "user": getattr(user, "pk", None),
    }


def of_task(task_id: str = "", task: Any = None, args: Any = (), **_: Any) -> None:
    """What is written from now on belongs to this task of a worker."""
    what = str(args[0]) if args else ""
    structlog.contextvars.bind_contextvars(task=getattr(task, "name", ""), of=what, id=task_id[:8])


def of_no_task(**_: Any) -> None:
    """The task is over."""
    structlog.contextvars.unbind_contextvars("task", "of", "id")
