"""The lists of the desk: what is open, mine, nobody's, soon late, late, waits for the customer, closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from helpdesk.filters.tickets import FILTERS
from helpdesk.lists.ticket_columns import COLUMNS, ticket_name, ticket_url
from helpdesk.lists.ticket_deeds import DEEDS
from helpdesk.models import Ticket
from helpdesk.selectors import counts, people, queues
from helpdesk.selectors.queues import found_by
from herotill.lists import List, PageAction, RowAction, Search, lists
from herotill.lists.sheet import Sheet
from herotill.search.narrowing import Narrowing, narrowing

FOUND = 500  # tickets that one customer, or one beginning of an address, may find


@dataclass(frozen=True, slots=True)
class Queue:
    """A list of tickets: what it is called, which rows it has, how it is sorted, what it says when empty."""

    name: str
    label: str
    rows: Callable[[], QuerySet[Ticket]] | None
    sort: str
    empty: str
    rows_of: Callable[[Any], QuerySet[Ticket]] | None = None

    @property
    def url_name(self) -> str:
        return f"helpdesk:{self.list_name}"

    @property
    def list_name(self) -> str:
        return "tickets" if self.name == "open" else f"tickets-{self.name}"


QUEUES = (
    Queue("open", "Open tickets", queues.open_ones, "-last", "No ticket is open."),
    Queue("mine", "My tickets", None, "-last", "No open ticket is yours.", rows_of=queues.mine),
    Queue("unassigned", "Nobody's tickets", queues.unassigned, "due", "Every open ticket is with somebody."),
    Queue("breaching", "About to be late", queues.breaching, "due", "No ticket is about to be late."),
    Queue("late", "Late", queues.late, "due", "No ticket is late."),
    Queue("waiting", "Customer's turn", queues.waiting, "last", "No ticket waits for a customer."),
    Queue("closed", "Closed tickets", queues.closed, "-closed", "No ticket was closed yet."),
    Queue("all", "All tickets", queues.every, "-number", "There is no ticket yet."),
)
NEW = PageAction(
    name="new", label="New ticket", url_name="helpdesk:ticket-new", permission="helpdesk.add_ticket"
)


def _search(text: str, person: object) -> Search:
    """By number, the words of the subject, who asked, and the customer's name or code; all that match.

    Each way by its own index: asked for in one condition, all tickets are read.
    """
    by_words = narrowing(text, kind="ticket", user=person, name="") or Narrowing([], [], "")
    return replace(by_words, ids=[*by_words.ids, *found_by(text, FOUND)])


def _facts(queue: Queue) -> Callable[[Sheet], dict[str, Any]]:
    """The other lists with their counters, and the departments this person works in."""

    def facts(sheet: Sheet) -> dict[str, Any]:
        found = counts.counts()
        shown = [
            (
                one,
                reverse(one.url_name),
                counts.mine(sheet.user) if one.name == "mine" else found.get(one.name),
            )
            for one in QUEUES
        ]
        chosen = [value for name, value in sheet.state.filters if name == "department"]
        departments = [
            (one, counts.of_department(one.pk), chosen == [str(one.pk)])
            for one in people.departments_of(sheet.user)
        ]
        return {"queue": queue, "queues": shown, "departments": departments}

    return facts


def _declare(queue: Queue) -> List:
    listing = lists.register(
        List(
            name=queue.list_name,
            title=queue.label,
            noun="ticket",
            nouns="tickets",
            permission="helpdesk.view_ticket",
            url_name=queue.url_name,
            rows=queue.rows or queues.every,
            rows_of=queue.rows_of,
            default_sort=queue.sort,
            action=RowAction(url=ticket_url, label=ticket_name, fields=("subject",)),
            search=_search,
            searches="number, subject, customer or email",
            export_permission="helpdesk.export_tickets",
            empty=queue.empty,
            icon="lifebuoy",
            template_name="helpdesk/tickets/list.html",
            facts=_facts(queue),
            order=80,
        )
    )
    for column in COLUMNS:
        listing.columns.register(column)
    for one in FILTERS:
        if queue.name == "all" or one.name != "state":
            listing.filters.register(one)
    listing.actions.register(NEW)
    for deed in DEEDS:
        if queue.name != "closed" or deed.name != "close":
            listing.bulk.register(deed)
    return listing


ticket_lists = {"" if queue.name == "open" else f"{queue.name}/": _declare(queue) for queue in QUEUES}
