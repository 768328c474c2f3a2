"""The list of messages."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse

from herotill.among import few
from herotill.clock import moment
from herotill.lists import Column, Link, List, ListFilter, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.messages.models import Channel, Message
from herotill.messages.templates import templates
from herotill.reading import reading
from herotill.typed import number

TONES = {
    "waiting": "accent",
    "held": "warn",
    "sending": "accent",
    "sent": "ok",
    "delivered": "ok",
    "failed": "bad",
    "unknown": "bad",
}
STATE = cells.chips({value: (str(label), TONES.get(value, "")) for value, label in Message.State.choices})
CHANNEL = cells.words({value: str(label) for value, label in Channel.choices})


def title(name: str) -> str:
    """What a template is called; one that is no longer declared goes by its name."""
    return templates[name].title if name in templates else name


def _url(row: Row) -> str:
    return reverse("message", args=[row["pk"]])


def _what(row: Row) -> Link:
    return Link(_url(row), row["subject"] or title(row["template"]))


def _to(row: Row) -> str:
    return str(row["address"] or f"whoever gets {row['purpose']}")


def _search(text: str, user: Any) -> Search:
    """By the beginning of an address or number, or by the message's own number."""
    wanted = text.strip().lower()
    begun = Q(address__startswith=wanted) | Q(address__startswith=_international(wanted))
    found = begun & ~Q(address="")
    if (pk := number(wanted)) is not None:
        found |= Q(pk=pk)
    return partial(_holding, few(Message.objects.using(reading()).filter(found)) or found)


def _holding(found: Q, rows: QuerySet[Any], along: str = "") -> QuerySet[Any]:
    return rows.filter(found)


def _international(text: str) -> str:
    digits = "".join(one for one in text if one.isdigit())
    return f"+27{digits[1:]}" if digits.startswith("0") else text


messages = List(
    name="messages",
    title="Messages",
    noun="message",
    nouns="messages",
    permission="outbox.view_message",
    url_name="messages",
    rows=lambda: Message.objects.order_by(),
    default_sort="-when",
    action=RowAction(url=_url, label=lambda row: f"message to {_to(row)}", fields=("address", "purpose")),
    search=_search,
    searches="address, number",
    export_permission="outbox.export_messages",
    empty="Nothing has been said yet.",
    icon="envelope",
    order=450,
)

COLUMNS = (
    Column(
        name="when",
        heading="Date",
        cell=cells.MOMENT,
        fields=("queued_at",),
        sort=keyset.by_moment("queued_at"),
        default=True,
        order=10,
    ),
    Column(
        name="what",
        heading="Message",
        cell=cells.LINK,
        fields=("subject", "template"),
        value=_what,
        default=True,
        heads_row=True,
        order=20,
    ),
    Column(
        name="to",
        heading="To",
        cell=cells.CLIPPED,
        fields=("address", "purpose"),
        value=_to,
        default=True,
        narrow=False,
        order=30,
    ),
    Column(
        name="channel", heading="By", cell=CHANNEL, fields=("channel",), default=True, narrow=False, order=50
    ),
    Column(name="state", heading="State", cell=STATE, fields=("state",), default=True, order=60),
    Column(
        name="template",
        heading="Template",
        cell=cells.SHORT,
        fields=("template",),
        value=lambda row: title(row["template"]),
        order=70,
    ),
    Column(name="purpose", heading="Purpose", fields=("purpose",), order=80),
    Column(
        name="error",
        heading="Why not",
        cell=cells.CLIPPED,
        fields=("error",),
        default=True,
        narrow=False,
        order=90,
    ),
    Column(name="sent", heading="Sent", cell=cells.MOMENT, fields=("sent_at",), order=100),
    Column(name="delivered", heading="Delivered", cell=cells.MOMENT, fields=("delivered_at",), order=110),
    Column(name="attempts", heading="Tries", cell=cells.NUMBER, fields=("attempts",), order=120),
    Column(name="parts", heading="Parts", cell=cells.NUMBER, fields=("parts",), order=130),
    Column(name="cost", heading="Cost", cell=cells.NUMBER, fields=("cost",), order=140),
    Column(name="gateway", heading="Gateway", fields=("gateway",), order=150),
)


def _declared() -> list[tuple[str, str]]:
    return sorted(((one.name, one.title) for one in templates), key=lambda pair: pair[1])


def _since(rows: QuerySet[Any], name: str, day: date) -> QuerySet[Any]:
    return rows.filter(queued_at__gte=moment(day))


def _until(rows: QuerySet[Any], name: str, day: date) -> QuerySet[Any]:
    return rows.filter(queued_at__lt=moment(date.fromordinal(day.toordinal() + 1)))


def _day(label: str, narrow: Any) -> django_filters.Filter:
    return django_filters.DateFilter(
        label=label, method=narrow, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


FILTERS = (
    ListFilter(
        name="state",
        filter=django_filters.MultipleChoiceFilter(
            field_name="state",
            label="State",
            choices=Message.State.choices,
            widget=forms.CheckboxSelectMultiple,
        ),
        order=10,
    ),
    ListFilter(
        name="channel",
        filter=django_filters.ChoiceFilter(
            field_name="channel", label="By", choices=Channel.choices, empty_label="Any"
        ),
        order=20,
    ),
    ListFilter(
        name="template",
        filter=django_filters.ChoiceFilter(
            field_name="template", label="Template", choices=_declared, empty_label="Any"
        ),
        order=40,
    ),
    ListFilter(
        name="purpose", filter=django_filters.CharFilter(field_name="purpose", label="Purpose"), order=50
    ),
    ListFilter(name="since", filter=_day("From", _since), order=60),
    ListFilter(name="until", filter=_day("Until", _until), order=70),
)


def register() -> None:
    """Have the house keep this list."""
    lists.register(messages)
    for column in COLUMNS:
        messages.columns.register(column)
    for one in FILTERS:
        messages.filters.register(one)
