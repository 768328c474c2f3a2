"""What stands around every page: the navigation, the person, the picker, and what the person chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from herotill.access import may
from herotill.menu import MenuEntry, menu
from herotill.registry import Registry
from herotill.users.doors import PORTAL, of
from herotill.users.selectors import preferences


@dataclass(frozen=True, slots=True)
class Picker:
    """The choice of what one works on, at the top right. `current` names what the page is about, or ""."""

    name: str
    url_name: str
    permission: str
    current: Callable[[HttpRequest], str]
    order: int = 100


pickers: Registry[Picker] = Registry("picker")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the navigation as this person sees it on this page."""

    label: str
    url: str
    icon: str = ""
    key: str = ""
    counter: int = 0
    current: bool = False
    open: bool = False
    children: tuple[Line, ...] = ()
    about: str = ""


PERSONAL = (
    ("users:password", "Password", "key"),
    ("users:second-factor", "Second factor", "device-phone-mobile"),
    ("users:log-ins", "Log-ins", "computer-desktop"),
)


class Shell:
    """Asked by the base templates as `shell`; what a page does not show is not worked out."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = getattr(request, "user", None)
        self.is_staff = bool(self.user and self.user.is_authenticated and of(request) is not PORTAL)

    def _chosen(self, key: str) -> str:
        return str(preferences.one(user=self.user, key=key, default="")) if self.is_staff else ""

    @property
    def theme(self) -> str:
        return self._chosen("theme")

    @property
    def density(self) -> str:
        return self._chosen("density")

    @property
    def nav(self) -> str:
        return self._chosen("nav")

    @property
    def keys(self) -> str:
        return self._chosen("keys")

    @cached_property
    def menu(self) -> list[Line]:
        """The entries this person may open, each with those under it."""
        if not self.is_staff:
            return []
        allowed = [entry for entry in menu if may(self.user, entry.permission)]
        here = self._here(allowed)
        tops = (self._top(entry, allowed, here) for entry in allowed if not entry.parent)
        return [line for line in tops if line]

    def _here(self, allowed: list[MenuEntry]) -> str:
        """The entry this page belongs to: what the view says in `request.menu_entry`, or the longest address."""
        said = getattr(self.request, "menu_entry", "")
        begun = [entry for entry in allowed if entry.url != "/" and self.request.path.startswith(entry.url)]
        exact = [entry for entry in allowed if entry.url == self.request.path]
        longest = max(begun or exact, key=lambda entry: (len(entry.url), entry.parent != ""), default=None)
        return said or (longest.name if longest else "")

    def _top(self, entry: MenuEntry, allowed: list[MenuEntry], here: str) -> Line | None:
        under = [child for child in allowed if child.parent == entry.name]
        if entry.gathers and not under:
            return None
        children = tuple(self._line(child, here) for child in under)
        return replace(
            self._line(entry, here), children=children, open=any(child.current for child in children)
        )

    def _line(self, entry: MenuEntry, here: str) -> Line:
        counter = entry.counter(self.user) if entry.counter else 0
        return Line(
            entry.label,
            entry.url,
            entry.icon,
            entry.key,
            counter,
            current=entry.name == here,
            about=entry.about,
        )

    @cached_property
    def person(self) -> dict[str, Any]:
        links = PERSONAL if self.is_staff else ()
        made = [{"url": reverse(name), "label": label, "icon": icon} for name, label, icon in links]
        return {"name": str(self.user or ""), "links": made}

    @cached_property
    def picker(self) -> dict[str, str] | None:
        """The first picker the person may use."""
        for picker in pickers if self.is_staff else ():
            if may(self.user, picker.permission):
                return {"url": reverse(picker.url_name), "current": picker.current(self.request)}
        return None

    @property
    def search_url(self) -> str:
        return reverse("search") if self.is_staff else ""

    @property
    def preference_url(self) -> str:
        return reverse("users:preference") if self.is_staff else ""

    @property
    def logout_url(self) -> str:
        if not self.user or not self.user.is_authenticated:
            return ""
        return reverse("users:logout" if self.is_staff else "users:portal-logout")

    @property
    def lock_after(self) -> int:
        """Seconds without a sign of life after which the screen locks."""
        return settings.IDLE_LOCK_SECONDS if self.is_staff else 0

    @property
    def lock_url(self) -> str:
        return reverse("users:unlock") if self.is_staff else ""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor."""
    return {"shell": Shell(request)}
