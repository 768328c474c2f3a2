"""What stands around every page: the navigation, the person, the picker, and what the person chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from herotill import outward
from herotill.access import may
from herotill.menu import MenuEntry, menu
from herotill.portal import portal_menu
from herotill.reference.selectors.brand import Brand, brand
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
    order: int = 0


PERSONAL = (
    ("users:password", "Password", "key"),
    ("users:second-factor", "Second factor", "device-phone-mobile"),
    ("users:log-ins", "Log-ins", "computer-desktop"),
)


PORTAL_NEAR, PORTAL_FAR = 4, 7
"""How many lines of the portal's navigation stand by themselves on a phone, and at a desk."""


class Shell:
    """Asked by the base templates as `shell`; what a page does not show is not worked out."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = getattr(request, "user", None)
        self.is_staff = bool(self.user and self.user.is_authenticated and of(request) is not PORTAL)

    def _chosen(self, key: str) -> str:
        return str(preferences.one(user=self.user, key=key, default="")) if self.is_staff else ""

    @cached_property
    def brand(self) -> Brand:
        """How customers see us."""
        return brand()

    @property
    def us(self) -> str:
        """What customers know us by."""
        return self.brand.name or "HeroTill"

    @property
    def at_portal(self) -> bool:
        """Whether the page is on the customers' side."""
        return of(self.request) is PORTAL

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
            return self._portal_menu()
        allowed = [entry for entry in menu if entry.gathers or may(self.user, entry.permission)]
        here = self._here(allowed)
        tops = (self._top(entry, allowed, here) for entry in allowed if not entry.parent)
        return [line for line in tops if line]

    def _portal_menu(self) -> list[Line]:
        """The customer's navigation: the line of the page is the one with the longest address that fits."""
        seat = self.seat
        if not seat:
            return []
        open_here = [(entry, entry.url) for entry in portal_menu if entry.is_open_to(seat)]
        begun = [url for _, url in open_here if url != PORTAL.home and self.request.path.startswith(url)]
        here = max(begun, key=len, default=self.request.path)
        return [Line(str(entry.label), url, entry.icon, current=url == here) for entry, url in open_here]

    @property
    def in_more(self) -> str:
        """Where the page's line stands behind More: on a phone (near), at a desk too (far), or nowhere ("")."""
        if any(line.current for line in self.menu[PORTAL_FAR:]):
            return "far"
        return "near" if any(line.current for line in self.menu[PORTAL_NEAR:PORTAL_FAR]) else ""

    @property
    def seat(self) -> Any:
        """Who sits before the portal, or None."""
        return getattr(self.request, "portal", None)

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
        line = self._line(entry, here)
        if entry.gathers and not may(self.user, entry.permission):
            line = replace(line, url=children[0].url)
        return replace(line, children=children, open=any(child.current for child in children))

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
            order=entry.order,
        )

    @cached_property
    def person(self) -> dict[str, Any]:
        links = PERSONAL if self.is_staff else self._portal_links()
        made = [{"url": reverse(name), "label": label, "icon": icon} for name, label, icon in links]
        name = str(self.seat.customer.name) if self.seat else str(self.user or "")
        return {"name": name, "links": made}

    def _portal_links(self) -> list[tuple[str, str, str]]:
        """What a customer may open besides the navigation; staff who look get none that are a log-in's own."""
        seat = self.seat
        own = bool(seat) and seat.looking is None
        return [
            *([("users:portal-security", gettext("Your log-in"), "key")] if own else []),
            *(
                [("portal-accounts", gettext("Change account"), "arrows-right-left")]
                if own and seat.has_subs
                else []
            ),
            *(
                [("portal-sharing", gettext("Who sees your account"), "eye")]
                if own and seat.own.master_id
                else []
            ),
            *([("portal-terms", gettext("Terms"), "document-text")] if self.brand.has_terms else []),
        ]

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
        if not self.user or not self.user.is_authenticated or (self.seat and self.seat.looking):
            return ""
        return reverse("users:logout" if self.is_staff else "users:portal-logout")

    @cached_property
    def is_held(self) -> bool:
        """Whether nothing goes out, since this database was restored or copied."""
        return self.is_staff and not outward.allowed()

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
