"""The list of ratings: what was given, and what was asked for and not given yet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from customers.models import Customer
from helpdesk.filters.ratings import FILTERS
from helpdesk.forms.ratings import AcknowledgeForm
from helpdesk.models import Rating
from helpdesk.policies.ratings import in_stars
from helpdesk.services import ratings as services
from herotill.clock import stamp
from herotill.folding import fold
from herotill.lists import (
    BulkAction,
    Column,
    Done,
    Link,
    List,
    RowAction,
    Search,
    cells,
    keyset,
    lists,
)
from herotill.lists.columns import Row

LABELS = dict(Rating.Kind.choices)
ABOUT = ("kind", "subject_id")
SHORT_LINK = replace(cells.LINK, css=cells.SHORT.css)  # the comment has what room there is


def rating_url(row: Row) -> str:
    return reverse("helpdesk:rating", args=[row["pk"]])


def rating_name(row: Row) -> str:
    return f"the rating of {row['customer__name'] or row['by_name'] or 'somebody'}"


def _customer(row: Row) -> Link | None:
    if not row["customer__code"]:
        return None
    return Link(reverse("customers:profile", args=[row["customer__code"]]), row["customer__name"])


def what(kind: str, subject_id: int | None) -> Link | None:
    """The ticket or job card that is rated."""
    if kind == Rating.Kind.TICKET:
        return Link(reverse("helpdesk:ticket", args=[subject_id]), f"Ticket #{subject_id}")
    if kind == Rating.Kind.JOB:
        return Link(reverse("workflow:job", args=[subject_id]), f"Job card {subject_id}")
    return None


def _ticket(row: Row) -> Link | None:
    pk = row["ticket_id"]
    return Link(reverse("helpdesk:ticket", args=[pk]), f"#{pk}") if pk else None


def _search(text: str, person: object) -> Search:
    theirs = Customer.objects.filter(Q(name_key__startswith=fold(text)) | Q(code=text.upper()))

    def narrowed(rows: QuerySet[Rating], along: str = "") -> QuerySet[Rating]:
        return rows.filter(customer__in=theirs.values("pk"))

    return narrowed


class Acknowledge(BulkAction):
    """Say that ratings were read."""

    name, label, icon = "acknowledge", "Acknowledge", "check"
    permission = "helpdesk.acknowledge_rating"
    form = AcknowledgeForm
    undoable = False
    warns = "Who acknowledged a rating, and when, stays on it."

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return chosen.filter(submitted_at__isnull=False, acknowledged_at=None).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Acknowledge {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = list(chosen.order_by().values_list("pk", flat=True))
        done = services.acknowledge(ratings=ids, actor=data["actor"], now=stamp())
        return Done(done, f"{done:,} rating{'' if done == 1 else 's'} acknowledged.", {})


ratings = lists.register(
    List(
        name="ratings",
        title="Ratings",
        noun="rating",
        nouns="ratings",
        permission="helpdesk.view_rating",
        url_name="helpdesk:ratings",
        rows=lambda: Rating.objects.order_by(),
        default_sort="-submitted",
        action=RowAction(
            url=rating_url,
            label=rating_name,
            fields=("customer__name", "by_name"),
            permission="helpdesk.view_rating",
            in_dialog=True,
        ),
        search=_search,
        searches="customer or code",
        export_permission="helpdesk.export_ratings",
        empty="No rating yet. The sales settings say when customers are asked for one.",
        icon="star",
        order=84,
    )
)
COLUMNS = (
    Column(
        name="customer",
        heading="Customer",
        cell=SHORT_LINK,
        fields=("customer__code", "customer__name"),
        value=_customer,
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="stars",
        heading="Rating",
        cell=cells.IDENTIFIER,
        fields=("stars",),
        value=lambda row: in_stars(row["stars"]) or "Asked",
        sort=keyset.by_number("stars", empty=keyset.Empty.NULL),
        default=True,
        order=20,
    ),
    Column(
        name="about",
        heading="About",
        cell=SHORT_LINK,
        fields=ABOUT,
        value=lambda row: what(row["kind"], row["subject_id"]),
        default=True,
        narrow=False,
        order=30,
    ),
    Column(
        name="kind",
        heading="Kind",
        cell=cells.words(LABELS),
        fields=("kind",),
        narrow=False,
        order=35,
    ),
    Column(
        name="comment", heading="Comment", cell=cells.CLIPPED, fields=("comment",), default=True, order=40
    ),
    Column(
        name="person",
        heading="Served by",
        cell=cells.SHORT,
        fields=("about__name",),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="department",
        heading="Department",
        cell=cells.SHORT,
        fields=("department__name",),
        narrow=False,
        order=55,
    ),
    Column(
        name="submitted",
        heading="Date Submitted",
        cell=cells.MOMENT,
        fields=("submitted_at",),
        sort=keyset.by_moment("submitted_at", empty=keyset.Empty.NULL),
        default=True,
        order=60,
    ),
    Column(
        name="acknowledged",
        heading="Date Acknowledged",
        cell=cells.MOMENT,
        fields=("acknowledged_at",),
        default=True,
        order=70,
    ),
    Column(
        name="acknowledged_by",
        heading="Acknowledged by",
        cell=cells.SHORT,
        fields=("acknowledged_by__name",),
        order=80,
    ),
    Column(
        name="ticket",
        heading="Ticket opened",
        cell=cells.LINK,
        fields=("ticket_id",),
        value=_ticket,
        default=True,
        order=90,
    ),
    Column(name="asked", heading="Asked", cell=cells.MOMENT, fields=("asked_at",), order=100),
    Column(name="asked_by", heading="Asked by", cell=cells.SHORT, fields=("asked_by__name",), order=110),
)
for column in COLUMNS:
    ratings.columns.register(column)
for narrowing in FILTERS:
    ratings.filters.register(narrowing)
ratings.bulk.register(Acknowledge())
