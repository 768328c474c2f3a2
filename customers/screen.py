"""The customer edit screen: its widgets, and what else apps may put on it.

A widget is one module in an app's `widgets` package and one template. It is declared once, by `@register`
on its class; this module finds it, orders it, asks its permission before its `context` runs, and serves it
and its actions. No URL, view or list is to be extended for a new widget.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from customers import deeds
from customers.models import Customer
from herotill.access import may
from herotill.registry import Registry


class Section(IntEnum):
    """Where on the profile a widget stands; sections follow each other in this order."""

    ACCOUNT = 100
    SERVICE = 200
    BILLING = 300
    CONVERSATION = 400
    RECORD = 500


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do in a widget.

    `form` asks what the action needs; without one, `confirm` is the sentence to agree to. An action of a
    row (`row=True`) gets the row's object, found by `Widget.find`. `emits` names what changes besides the
    widget itself: other widgets, or `profile-head`. `done` is the toast. `wide` makes the dialog wide,
    `submit` is the word on its button; `foot` puts the action at the card's foot.
    """

    name: str
    method: str
    label: str
    permission: str
    form: type[forms.BaseForm] | None = None
    confirm: str = ""
    title: str = ""
    row: bool = False
    emits: tuple[str, ...] = ()
    done: str = "Saved."
    danger: bool = False
    order: int = 100
    wide: bool = False
    submit: str = ""
    foot: bool = False

    @property
    def press(self) -> str:
        """What the dialog's button says: what it does, with the noun."""
        return self.submit or self.title or self.label


Method = TypeVar("Method", bound=Callable[..., Any])


def action(**options: Any) -> Callable[[Method], Method]:
    """Make a widget's method an action: `@action(label="Add", permission=…, form=…)`."""

    def mark(method: Method) -> Method:
        name = method.__name__.replace("_", "-")
        method.action = Action(name=name, method=method.__name__, **options)  # type: ignore[attr-defined]
        return method

    return mark


class Widget:
    """One card of the profile, made for one customer, one person and one request."""

    name: ClassVar[str]
    title: ClassVar[str]
    section: ClassVar[Section]
    position: ClassVar[int] = 50
    permission: ClassVar[str]
    template_name: ClassVar[str]
    lazy: ClassVar[bool] = False
    rows: ClassVar[int] = 4
    """How many rows high its skeleton is while it loads."""
    needless: Collection[str] = ()
    """The names of actions that have nothing to act on, as `context` found: they get no button."""
    actions: ClassVar[dict[str, Action]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        marked = (getattr(getattr(cls, name), "action", None) for name in dir(cls))
        found = sorted((one for one in marked if one), key=lambda one: (one.order, one.name))
        cls.actions = {one.name: one for one in found}

    def __init__(self, *, customer: Customer, user: Any, request: HttpRequest) -> None:
        self.customer = customer
        self.user = user
        self.request = request

    def context(self) -> dict[str, Any]:
        """What the template shows, read in full. `count` stands beside the title, where given."""
        return {}

    def find(self, pk: int) -> Model:
        """The row with this id, if it is this customer's; otherwise there is none."""
        raise Http404

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        """What an action's form is made with beside data and files."""
        if action.form and issubclass(action.form, forms.BaseModelForm):
            return {"instance": target}
        return {}

    @cached_property
    def url(self) -> str:
        return reverse("customers:widget", args=[self.customer.code, self.name])

    @cached_property
    def allowed(self) -> set[str]:
        """The names of the actions this person may take."""
        return {one.name for one in self.actions.values() if may(self.user, one.permission)}

    @property
    def head_actions(self) -> Iterator[dict[str, Any]]:
        """The buttons of the card's head that this person may press."""
        return self._buttons(foot=False)

    @property
    def foot_actions(self) -> Iterator[dict[str, Any]]:
        """The buttons of the card's foot that this person may press, its own and those of apps above."""
        yield from self._buttons(foot=True)
        yield from deeds.offered(self.name, self.customer, self.user, foot=True)

    def _buttons(self, *, foot: bool) -> Iterator[dict[str, Any]]:
        for one in self.actions.values():
            if one.name in self.needless or one.name not in self.allowed:
                continue
            if not one.row and one.foot == foot:
                yield {
                    "label": one.label,
                    "name": one.name,
                    "url": f"{self.url}{one.name}/",
                    "danger": one.danger,
                }


class _Widgets(Registry[Any]):
    """Widget classes by name, in the order of the screen."""

    def register(self, item: Any) -> Any:
        item.order = item.section * 1000 + item.position
        return super().register(item)


widgets = _Widgets("widget")
register = widgets.register


def permitted(user: Any) -> list[type[Widget]]:
    """The widgets this person may see, in the screen's order."""
    return [one for one in widgets if may(user, one.permission)]


@dataclass(frozen=True, slots=True)
class HeadFact:
    """A figure at the right of the profile's head. `value` gives text, tone and detail, or None for nothing."""

    name: str
    label: str
    permission: str
    value: Callable[[Customer], dict[str, str] | None]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a figure of the head is what it is: `name` is the figure's, `url` leads to the dialog that tells."""

    name: str
    permission: str
    url: Callable[[Customer], str]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Banner:
    """Important news at the top of the profile. `lines` gives a text, tone, link and link label for each.

    `about` gives the rows without which there is none; whether they are there is asked once for all banners.
    """

    name: str
    permission: str
    lines: Callable[[Customer], list[dict[str, str]]]
    order: int = 100
    about: Callable[[Customer], QuerySet[Any]] | None = None


@dataclass(frozen=True, slots=True)
class CreateTab:
    """A tab of the create dialog: a form, and what is done with it in the creating transaction."""

    name: str
    title: str
    permission: str
    form: type[forms.BaseForm]
    save: Callable[..., None]
    template_name: str = "customers/create/_fields.html"
    order: int = 100


head_facts: Registry[HeadFact] = Registry("head fact")
explanations: Registry[Explanation] = Registry("explanation")
banners: Registry[Banner] = Registry("banner")
create_tabs: Registry[CreateTab] = Registry("create tab")
