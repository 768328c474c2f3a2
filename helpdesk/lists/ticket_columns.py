"""The columns of the lists of tickets."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.urls import reverse

from helpdesk.models import Ticket
from helpdesk.models.tickets import NEXT_DUE
from herotill.clock import local, stamp
from herotill.lists import Column, Empty, Link, Tag, cells, keyset
from herotill.lists.columns import Row

State = Ticket.State
TONES = {State.OPEN: "accent", State.PENDING: "warn", State.CLOSED: ""}
SHORT = {State.PENDING: "Waits"}
A_YEAR = timedelta(days=360)
STATE = cells.chips({state.value: (SHORT.get(state, state.label), tone) for state, tone in TONES.items()})

WHO = replace(cells.LINK, css=cells.SHORT.css)  # the subject has what room there is


def _shortly(at: datetime | None) -> str:
    """A moment as one reads it at a glance: the year only where it is not this one."""
    if at is None:
        return ""
    return f"{local(at):%d %b %H:%M}" if stamp() - at < A_YEAR else f"{local(at):%Y-%m-%d}"


SHORTLY = replace(cells.MOMENT, html=_shortly)


def ticket_url(row: Row) -> str:
    return reverse("helpdesk:ticket", args=[row["pk"]])


def ticket_name(row: Row) -> str:
    return f"#{row['pk']}"


def _subject(row: Row) -> Link:
    who = (
        row["requester_name"] or row["requester_email"]
    )  # whose it is, says a column with a right of its own
    return Link(ticket_url(row), row["subject"], f"{ticket_name(row)} {who}")


def _who(row: Row) -> Link | None:
    if row["customer__code"]:
        url = reverse("customers:profile", args=[row["customer__code"]])
        return Link(url, row["customer__name"], row["customer__code"])
    return None


def _due(row: Row) -> list[Tag]:
    due = row["due"]
    if due is None or row["state"] == State.CLOSED:
        return []
    said = _shortly(due)
    return [Tag(f"{said}, late", "red") if due < stamp() else Tag(said)]


def _last(row: Row) -> str:
    return "Customer" if row["last_by_customer"] else "Us"


COLUMNS = (
    Column(
        name="subject",
        heading="Subject",
        cell=cells.LINK,
        fields=("subject", "requester_email", "requester_name"),
        value=_subject,
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="number",
        heading="No",
        cell=cells.IDENTIFIER,
        fields=("id",),
        value=ticket_name,
        sort=keyset.by_number("id"),
        default=True,
        narrow=False,
        order=20,
    ),
    Column(
        name="customer",
        heading="Customer",
        cell=WHO,
        fields=("customer__name", "customer__code"),
        value=_who,
        permission="customers.view_customer",
        default=True,
        narrow=False,
        order=30,
    ),
    Column(name="state", heading="Status", cell=STATE, fields=("state",), default=True, order=40),
    Column(
        name="department",
        heading="Department",
        cell=cells.SHORT,
        fields=("department__name",),
        default=True,
        narrow=False,
        order=65,
    ),
    Column(
        name="assignee",
        heading="Given to",
        cell=cells.SHORT,
        fields=("assignee__name", "assignee__username"),
        value=lambda row: row["assignee__name"] or row["assignee__username"] or "",
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="priority",
        heading="Priority",
        cell=cells.SHORT,
        fields=("priority__name",),
        narrow=False,
        order=70,
    ),
    Column(
        name="due",
        heading="Due",
        cell=cells.TAGS,
        fields=("due", "state"),
        annotations=lambda: {"due": NEXT_DUE},
        value=_due,
        sort=keyset.by_moment("due", empty=Empty.NULL),
        default=True,
        order=45,
    ),
    Column(
        name="last",
        heading="Last said",
        cell=SHORTLY,
        fields=("last_at",),
        sort=keyset.by_moment("last_at"),
        default=True,
        narrow=False,
        order=48,
    ),
    Column(
        name="by",
        heading="By",
        fields=("last_by_customer",),
        value=_last,
        narrow=False,
        order=95,
    ),
    Column(name="category", heading="Category", cell=cells.SHORT, fields=("category__name",), order=100),
    Column(
        name="code",
        heading="Account code",
        cell=cells.IDENTIFIER,
        fields=("customer__code",),
        permission="customers.view_customer",
        order=110,
    ),
    Column(name="email", heading="Asked by", cell=cells.SHORT, fields=("requester_email",), order=120),
    Column(
        name="origin",
        heading="Came by",
        cell=cells.words(dict(Ticket.Origin.choices)),
        fields=("origin",),
        order=130,
    ),
    Column(
        name="opened",
        heading="Opened",
        cell=cells.MOMENT,
        fields=("opened_at",),
        sort=keyset.by_moment("opened_at"),
        order=140,
    ),
    Column(name="answered", heading="First answered", cell=cells.MOMENT, fields=("answered_at",), order=150),
    Column(
        name="closed",
        heading="Closed",
        cell=cells.MOMENT,
        fields=("closed_at",),
        sort=keyset.by_moment("closed_at", empty=Empty.NULL),
        order=160,
    ),
    Column(name="reason", heading="Why", cell=cells.SHORT, fields=("close_reason__name",), order=170),
    Column(name="reopened", heading="Reopened", cell=cells.NUMBER, fields=("reopened",), order=180),
    Column(
        name="account",
        heading="Data account",
        cell=cells.IDENTIFIER,
        fields=("account__username",),
        order=190,
    ),
    Column(name="nas", heading="NAS", cell=cells.SHORT, fields=("nas__name",), order=200),
)
