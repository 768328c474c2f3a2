"""What the slice of tickets adds: rights, the navigation, lists, search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

import helpdesk.rights.tickets  # noqa: F401
from helpdesk.lists.tickets import QUEUES
from helpdesk.selectors import counts
from helpdesk.services import watching
from herotill.events import Consumer, consumers
from herotill.menu import MenuEntry, Section, menu, setup_sections
from herotill.messages.templates import EMAIL, Field, Template, templates
from herotill.search import Row, SearchKind, search_kinds

SEE = "helpdesk.view_ticket"
COUNTED = ("open", "unassigned", "breaching", "late", "waiting")


def _counter(queue: str) -> Callable[[Any], int] | None:
    if queue == "mine":
        return counts.mine
    return (lambda user: counts.count(queue)) if queue in COUNTED else None


setup_sections.register(Section("helpdesk", "Helpdesk", 600))
menu.register(
    MenuEntry(
        "helpdesk",
        "Helpdesk",
        "helpdesk:tickets",
        SEE,
        "lifebuoy",
        45,
        counter=lambda user: counts.count("open"),
        key="h",
        gathers=True,
        about="What customers ask for, and how they rate us.",
    )
)
for _order, _queue in enumerate(QUEUES):
    menu.register(
        MenuEntry(
            f"helpdesk.{_queue.list_name}",
            _queue.label,
            _queue.url_name,
            SEE,
            order=10 + _order,
            parent="helpdesk",
            counter=_counter(_queue.name),
        )
    )


def _url(row: Row) -> str:
    return reverse("helpdesk:ticket", args=[row.object_id])


search_kinds.register(
    SearchKind(
        name="ticket",
        label="Tickets",
        permission=SEE,
        url=_url,
        icon="lifebuoy",
        chips={"open": ("Open", "accent"), "pending": ("Waits", "warn"), "closed": ("Closed", "")},
        order=45,
    )
)

templates.register(
    Template(
        name=watching.TEMPLATE,
        title="Something happened on a ticket that somebody follows",
        group="Tickets (to our own people)",
        channel=EMAIL,
        subject="#{number} {subject}: {happened}",
        text="{happened} on ticket #{number}: {subject}\n\nCustomer: {customer}\n\n{words}\n\n{link}",
        fields=(
            Field("number", "The ticket's number", "1042"),
            Field("subject", "What it is about", "No connection since the storm"),
            Field("customer", "Whose it is", "Alice Liddel"),
            Field("happened", "What happened", "The customer wrote"),
            Field("words", "What was said", "It works again.", several=True),
            Field("link", "Where it is read", "https://isp.example/helpdesk/tickets/1042/", link=True),
        ),
        order=90,
    )
)
consumers.register(Consumer("ticket-watchers", frozenset(watching.HAPPENED), watching.consume, order=30))
