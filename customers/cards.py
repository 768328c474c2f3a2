"""Rendering the profile's cards: in the page, alone, or a group of lazy ones at once."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from customers.models import Customer
from customers.screen import Widget, permitted
from herotill.errors import IntegrationError
from herotill.users.selectors import preferences

logger = logging.getLogger(__name__)

GROUP_SIZE = 6


def arrangement(user: Any) -> dict[str, list[str]]:
    """How this person arranged the cards: `order` and `collapsed`, each a list of widget names."""
    chosen = preferences.one(user=user, key="profile.cards", default={})
    return {"order": list(chosen.get("order", [])), "collapsed": list(chosen.get("collapsed", []))}


def arranged(user: Any) -> list[type[Widget]]:
    """The widgets this person may see, in their own order; what they never placed keeps the screen's."""
    place = {name: index for index, name in enumerate(arrangement(user)["order"])}
    shown = permitted(user)
    screen_order = {one.name: index for index, one in enumerate(shown)}
    return sorted(shown, key=lambda one: (place.get(one.name, len(place)), screen_order[one.name]))


def render(widget: Widget, *, collapsed: bool = False, oob: bool = False) -> SafeString:
    """The widget's card; one that fails says so in its own card and leaves the others alone."""
    frame = {"widget": widget, "customer": widget.customer, "collapsed": collapsed, "oob": oob}
    try:
        return render_to_string(widget.template_name, frame | widget.context(), widget.request)
    except IntegrationError as error:
        trouble = str(error)
    except Exception:
        logger.exception("Widget %s failed for customer %s", widget.name, widget.customer.code)
        trouble = "This card could not be shown. The others are not affected."
    return render_to_string("widgets/_failed.html", frame | {"trouble": trouble}, widget.request)


def skeleton(widget: Widget, *, collapsed: bool, group: Iterable[str] = ()) -> SafeString:
    """The place of a lazy card, of its own height; the first of a group asks for all of them."""
    address = reverse("customers:widgets", args=[widget.customer.code])
    frame = {"widget": widget, "customer": widget.customer, "collapsed": collapsed}
    frame["group_url"] = f"{address}?names={','.join(group)}" if group else ""
    return render_to_string("widgets/_skeleton.html", frame)


def page(*, customer: Customer, user: Any, request: HttpRequest) -> list[SafeString]:
    """Every card of the profile in this person's order, lazy ones as skeletons in groups."""
    shown = [one(customer=customer, user=user, request=request) for one in arranged(user)]
    collapsed = set(arrangement(user)["collapsed"])
    lazy = [widget.name for widget in shown if widget.lazy]
    groups = {lazy[start]: lazy[start : start + GROUP_SIZE] for start in range(0, len(lazy), GROUP_SIZE)}
    return [
        skeleton(widget, collapsed=widget.name in collapsed, group=groups.get(widget.name, ()))
        if widget.lazy
        else render(widget, collapsed=widget.name in collapsed)
        for widget in shown
    ]
