"""The customers' portal: who sits before it, its navigation and its pages about private things.

Each app has its pages in `<app>/portal/` and adds to the navigation here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import resolve, reverse

from herotill.access import Guard, may, portal_view
from herotill.registry import Registry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits before the portal, and whom its pages are about; `request.portal`.

    `own` is the customer of the log-in, `customer` whom the pages are about: a sub-account of theirs once they
    switched to it. `looking` is the member of staff who looks at the portal as the customer; nothing changes
    then. `shared` says that the sub-account agreed to show its master what is private; `lapsed` that the
    sub-account they had switched to is theirs no longer.
    """

    user: Any
    own: Any
    customer: Any
    looking: Any = None
    shared: bool = False
    has_subs: bool = False
    lapsed: bool = False

    @property
    def is_sub(self) -> bool:
        return bool(self.customer != self.own)

    @property
    def signature(self) -> str:
        """The name under which they write: a master at a sub-account names both."""
        return f"{self.own.name} for {self.customer.name}" if self.is_sub else str(self.customer.name)

    @property
    def sees_private(self) -> bool:
        return not self.is_sub or self.shared


def seat(request: HttpRequest) -> Seat:
    """Who sits before the portal; the door has seen to it that somebody does."""
    return cast(Seat, request.portal)  # type: ignore[attr-defined]


def sees(request: HttpRequest, right: str) -> bool:
    """Whether a part of a page is shown: customers see what is theirs, staff who look what they may."""
    looking = seat(request).looking
    return looking is None or may(looking, right)


@dataclass(frozen=True, slots=True)
class Look:
    """A member of staff looks as a customer: `request.look`. `back` is where they came from, once it is over."""

    seat: Seat
    back: str
    ends_at: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class PortalEntry:
    """One line of the portal's navigation; on a phone the first four (by `order`) stand below, the others in More.

    `shown` gets the customer and says whether it concerns them; it costs no query of its own on every page.
    Staff who look, and masters at a sub-account, get no line whose page they may not open.
    """

    name: str
    label: str | _StrPromise
    url_name: str
    icon: str
    order: int = 100
    shown: Callable[[Any], bool] | None = None

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    def is_open_to(self, seat: Seat) -> bool:
        """Whether the entry concerns this customer, and its page lets in who sits here."""
        if self.shown is not None and not self.shown(seat.customer):
            return False
        guard = _guard(self.url_name)
        if seat.looking is not None and not may(seat.looking, guard.permission):
            return False
        return seat.sees_private or not guard.private


@cache
def _guard(url_name: str) -> Guard:
    """What the page behind a line asks; found once, since it is asked for every line on every page."""
    return resolve(reverse(url_name)).func.guard  # type: ignore[attr-defined]


portal_menu: Registry[PortalEntry] = Registry("portal entry")


@overload
def private_view(asked: str) -> Callable[[View], View]: ...


@overload
def private_view(asked: View) -> View: ...


def private_view(asked: Any) -> Any:
    """A `portal_view` of what a master may not see of a sub-account that has not agreed: 404 to them.

    `@private_view("app.right")` names the right that staff need who look as the customer.
    """
    if isinstance(asked, str):
        return lambda view: portal_view(asked, private=True)(_if_theirs(view))
    return portal_view("", private=True)(_if_theirs(asked))


def _if_theirs(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not seat(request).sees_private:
            raise Http404
        return view(request, *args, **kwargs)

    return inner
