"""The lists of leads that wait, one for each sub-list of a phase, all with the same bones."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django.urls import reverse

from herotill.clock import stamp
from herotill.lists import Column, Link, List, RowAction, Tag, cells, keyset, lists
from herotill.lists.cells import Cell
from herotill.lists.columns import Row
from herotill.lists.sheet import Sheet
from workflow.filters.waiting import filters_of
from workflow.lists.lead_deeds import DEEDS
from workflow.models import ENDS, Place
from workflow.neighbours import beside
from workflow.policies import ageing, way
from workflow.row_deeds import RowDeed, row_deeds
from workflow.selectors import board, rows, waiting

COLOURS = {ageing.Age.FRESH: "", ageing.Age.LATE: "orange", ageing.Age.OVERDUE: "red"}


def route(place: str) -> str:
    """Where a list stands below /workflow/: `surveys/scheduled/`, `won/`."""
    phase, _, part = place.partition("-")
    return f"{way.PHASES[phase]}/{part}/" if part else f"{phase}/"


def url_name(place: str) -> str:
    return f"workflow:list-{place}"


def _lead(row: Row) -> str:
    return reverse("workflow:lead", args=[row["pk"]])


def _name(row: Row) -> Link:
    return Link(_lead(row), row["name"], row["phone"])


def _waits(row: Row) -> list[Tag]:
    days = ageing.days(row["step_since"], stamp())
    age = ageing.age(
        days, row["step__late_after"], row["step__overdue_after"], ends=row["step__phase"] is None
    )
    return [
        Tag(f"{ageing.waited(days)}, {age}" if age else ageing.waited(days), COLOURS[age] or "grey"),
    ]


def _needs(sentences: Iterable[str] | None) -> str:
    return "".join(f"<li>{escape(one)}</li>" for one in sentences or ())


def _needed(sentences: Iterable[str] | None) -> str:
    listed = _needs(sentences)
    return f'<ul class="needs">{listed}</ul>' if listed else '<span class="is-ok">Nothing</span>'


NEEDS = Cell(html=_needed, plain=lambda sentences: " ".join(sentences or ()), css="says")


def _pressed(value: tuple[str, str, str] | None) -> str:
    if value is None:
        return ""
    url, label, name = (escape(one) for one in value)
    return (
        f'<a class="btn btn--pri btn--s" href="{url}" hx-get="{url}" hx-target="#dialog" hx-swap="innerHTML" '
        f'hx-push-url="false" aria-label="{label}: {name}">{label}</a>'
    )


PRESS = Cell(html=_pressed, plain=lambda value: value[1] if value else "", css="id")


def _facts(place: str) -> Any:
    """The list's name as Setup has it, and its neighbours with their counters."""

    def facts(sheet: Sheet) -> dict[str, Any]:
        shown = board.phases(waiting.counts())
        phase = next((one for one in shown if any(each.key == place for each in one.lists)), None)
        return {
            "phases": shown,
            "phase": phase,
            "place": place,
            "ends": [(end.value, end.label) for end in ENDS],
            "neighbours": beside(phase.key, sheet.user) if phase else [],
            "page_title": f"{phase.name}: {_titled(phase.lists, place)}" if phase else Place(place).label,
        }

    return facts


def _titled(found: Iterable[board.Counted], place: str) -> str:
    return next(one.name for one in found if one.key == place)


COLUMNS = (
    Column(
        name="name",
        heading="Lead",
        cell=cells.LINK,
        fields=("name", "phone"),
        value=_name,
        sort=keyset.by_text("name_key"),
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="since",
        heading="Waits",
        cell=cells.TAGS,
        fields=("step_since", "step__late_after", "step__overdue_after", "step__phase"),
        value=_waits,
        sort=keyset.by_moment("step_since"),
        default=True,
        order=30,
    ),
    Column(
        name="owner",
        heading="Person",
        cell=cells.SHORT,
        fields=("owner__name", "owner__username"),
        value=lambda row: row["owner__name"] or row["owner__username"] or "",
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="area",
        heading="Area",
        cell=cells.SHORT,
        fields=("area__name",),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="source",
        heading="Source",
        cell=cells.SHORT,
        fields=("source__name",),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="next_action",
        heading="Next action",
        cell=cells.SHORT,
        fields=("next_action",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="next_action_on",
        heading="On",
        cell=cells.DAY,
        fields=("next_action_on",),
        sort=keyset.by_day("next_action_on"),
        default=True,
        narrow=False,
        order=80,
    ),
    Column(name="moment", heading="Here since", cell=cells.MOMENT, fields=("step_since",), order=90),
    Column(name="phone", heading="Cell number", cell=cells.IDENTIFIER, fields=("phone",), order=100),
    Column(name="email", heading="Email", cell=cells.CLIPPED, fields=("email",), order=110),
    Column(name="suburb", heading="Suburb", cell=cells.SHORT, fields=("suburb",), order=120),
    Column(name="town", heading="Town", cell=cells.SHORT, fields=("town",), order=130),
    Column(name="wants", heading="Wants", cell=cells.CLIPPED, fields=("wants",), order=140),
    Column(
        name="customer",
        heading="Customer",
        cell=cells.IDENTIFIER,
        fields=("customer__code",),
        permission="customers.view_customer",
        order=150,
    ),
    Column(
        name="created",
        heading="Captured",
        cell=cells.MOMENT,
        fields=("created_at",),
        sort=keyset.by_moment("created_at"),
        order=160,
    ),
)


def _list(place: Place) -> List:
    open_ = place not in ENDS
    return List(
        name=f"workflow.{place.value}",
        title=place.label,
        noun="lead",
        nouns="leads",
        permission="workflow.view_lead",
        url_name=url_name(place),
        rows=rows.waiting_in(place),
        default_sort="since" if open_ else "-since",
        action=RowAction(url=_lead, label=lambda row: str(row["name"]), fields=("name",)),
        search=rows.search,
        searches="name, phone, email or town",
        export_permission="workflow.export_leads",
        empty="No lead waits here." if open_ else "No lead has come here yet.",
        icon="view-columns",
        template_name="workflow/board/list.html",
        facts=_facts(place),
        order=200,
    )


def _declare(place: Place) -> List:
    listing = lists.register(_list(place))
    for column in COLUMNS:
        listing.columns.register(column)
    if place in way.AIMS:
        listing.columns.register(
            Column(
                name="missing",
                heading="Still needs",
                cell=NEEDS,
                batch=rows.missing_in(place),
                default=True,
                order=35,
            )
        )
    else:
        listing.columns.register(
            Column(
                name="reason",
                heading="Reason",
                cell=cells.SHORT,
                fields=("lost_reason__name",),
                default=place == Place.LOST,
                order=20,
            )
        )
    for narrowing in filters_of(place):
        listing.filters.register(narrowing)
    for deed in DEEDS[place.value]:
        listing.bulk.register(deed)
    return listing


waiting_lists = {place.value: _declare(place) for place in Place}


def offer_deeds() -> None:
    """Give each list the button of its rows, once every part of the workflow has said what it is."""
    for deed in row_deeds:
        waiting_lists[deed.step].columns.register(_button(deed))


def _button(deed: RowDeed) -> Column:
    return Column(
        name="deed",
        heading="To do",
        cell=PRESS,
        fields=("name",),
        value=lambda row: (deed.url(row["pk"]), deed.label, row["name"]),
        permission=deed.permission,
        default=True,
        order=25,
    )
