"""What `manage.py check` refuses, beyond Django's own checks.

Whatever stands in a registry names rights, templates and screens by text. A misspelt one would show to
nobody, or only fail when somebody opens it; so it is refused before anything starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth import get_permission_codename
from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from herotill import schedules
from herotill.access import Guard
from herotill.jobs import jobs
from herotill.registry import Registry
from herotill.users.grants import rights


@register("house")
def registries(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every right, template and screen that something registered names exists."""
    return [message for name, item in registered() for message in wrong_with(name, item)]


@register("house")
def guards(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every right that a view asks for exists."""
    known = permissions()
    asked = {view.guard.permission: name for name, view in views(get_resolver().url_patterns) if _guard(view)}
    return [
        Error(f"The view {name} asks for the right {right!r}, which no model declares.", id="house.E004")
        for right, name in asked.items()
        if right and right not in known
    ]


@register("house")
def declared_rights(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every right of the matrix is one that a model declares."""
    return [
        Error(f"The right {right.name!r} is declared, but no model knows it.", id="house.E005")
        for right in rights
        if right.name not in permissions()
    ]


@register("house")
def timetable(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every job's schedule means something."""
    return [
        Error(f"The job {job.name}: {said}", id="house.E006")
        for job in jobs
        if (said := _refused(job.schedule))
    ]


def _refused(schedule: str) -> str:
    try:
        schedules.parse(schedule)
    except ValueError as trouble:
        return str(trouble)
    return ""


def registered() -> Iterator[tuple[str, Any]]:
    """All things in all registries, and the actions of those that have some, with words for each."""
    for registry in sorted(Registry.everyone, key=lambda registry: registry.kind):
        for item in registry:
            name = f"{registry.kind} {item.name!r}"
            yield name, item
            actions = getattr(item, "actions", None)
            for action in actions.values() if isinstance(actions, dict) else ():
                yield f"{name}, action {action.name!r},", action


def wrong_with(name: str, item: Any) -> Iterator[CheckMessage]:
    """What one thing names that does not exist."""
    for right in _named(item, lambda field: field == "permission" or field.endswith("_permission")):
        if right not in permissions():
            yield Error(f"The {name} asks for the right {right!r}, which no model declares.", id="house.E001")
    for template in _named(item, lambda field: field == "template_name"):
        if not _template_exists(template):
            yield Error(f"The {name} is shown by {template!r}, which is no template.", id="house.E002")
    for screen in _named(item, lambda field: field == "url_name"):
        if screen not in screens():
            yield Error(
                f"The {name} leads to {screen!r}, which is no screen without arguments.", id="house.E003"
            )


def _named(item: Any, wanted: Callable[[str], bool]) -> Iterable[str]:
    values = (getattr(item, field) for field in dir(item) if wanted(field))
    return [value for value in values if isinstance(value, str) and value]


@cache
def permissions() -> frozenset[str]:
    """Every right there can be: those each model has by itself and those it declares."""
    found = set()
    for model in apps.get_models():
        meta = model._meta
        own = [get_permission_codename(action, meta) for action in meta.default_permissions]
        declared = [codename for codename, _ in meta.permissions]
        found |= {f"{meta.app_label}.{codename}" for codename in (*own, *declared)}
    return frozenset(found)


@cache
def _template_exists(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def screens() -> frozenset[str]:
    """The names of all addresses that need no argument."""
    return frozenset(_plain(get_resolver().url_patterns, ""))


def _plain(patterns: Sequence[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if pattern.pattern.regex.groups:
            continue
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _plain(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def views(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[tuple[str, Any]]:
    """Every view behind these patterns, with its name."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        else:
            yield f"{pattern.callback.__module__}.{pattern.callback.__qualname__}", pattern.callback


def _guard(view: Any) -> bool:
    return isinstance(getattr(view, "guard", None), Guard)
