"""The page of a list, and what a person chooses on it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers

from herotill.access import may
from herotill.lists import remembering, saved
from herotill.lists.filters import filterset_class
from herotill.lists.lists import List
from herotill.lists.panel import fields
from herotill.lists.remembering import Remembered
from herotill.lists.rendering import Ends, table_head, table_rows
from herotill.lists.sheet import Sheet
from herotill.lists.state import SIZES, State
from herotill.models import SavedView


def sheet_of(request: HttpRequest, listing: List) -> tuple[Sheet, list[SavedView]]:
    """The list as this person sees it at this address, and their views of it."""
    remembered = remembering.load(user=request.user, list_name=listing.name)
    views = saved.of(user=request.user, list_name=listing.name)
    sheet = Sheet(listing, request.user, request.GET, remembered)
    view = current(sheet, views)
    if view:
        sheet.view_columns = view.columns
    return sheet, views


def current(sheet: Sheet, views: list[SavedView]) -> SavedView | None:
    """The view that the address names, if this person has it."""
    return next((view for view in views if view.pk == sheet.state.view), None)


def address(sheet: Sheet, state: State) -> str:
    return f"{sheet.listing.url}?{state.query}"


def show(request: HttpRequest, listing: List) -> HttpResponseBase:
    """A page of the list; to htmx only what changes on it."""
    sheet, views = sheet_of(request, listing)
    elsewhere = _opens_with(request, sheet, views)
    if elsewhere is not None:
        return redirect(f"{listing.url}?{elsewhere}")
    context = page_context(sheet, views)
    swapped = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    response = render(request, "lists/_swapped.html" if swapped else listing.template_name, context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _opens_with(request: HttpRequest, sheet: Sheet, views: list[SavedView]) -> str | None:
    """Where the bare address leads: to the view the person opens with, or what they left there."""
    named = sheet.state.view if request.GET.keys() == {"view"} else None
    if request.GET and named is None:
        return None
    wanted = named or sheet.remembered.view
    for view in views:
        if view.pk == wanted:
            return query_of(view)
    return sheet.remembered.query or ("all=1" if named else None)


def query_of(view: SavedView) -> str:
    """The address of a view: what it holds, and its number."""
    query = QueryDict(view.query, mutable=True)
    query["view"] = str(view.pk)
    return query.urlencode()


def page_context(sheet: Sheet, views: list[SavedView]) -> dict[str, Any]:
    """What the page shows, read in full before its template starts."""
    listing, state, page = sheet.listing, sheet.state, sheet.page
    bulk = listing.bulk_for(sheet.user)
    choose = bool(bulk) or bool(listing.export_permission)
    ends = Ends(listing.action, choose, may(sheet.user, listing.action.permission))
    count, is_sure = _counted(sheet)
    head = table_head(sheet.columns, ends, sheet.order_name, lambda name: address(sheet, state.to(sort=name)))
    return {
        "page_title": listing.title,
        "listing": listing,
        "state": state,
        "links": _links(sheet),
        "head": head,
        "rows": table_rows(page.rows, sheet.columns, ends),
        "is_empty": not page.rows,
        "count": count,
        "is_estimate": not is_sure,
        "chips": sheet.filtering.chips,
        "forbidden": bool(sheet.filtering.forbidden),
        "narrowed": bool(state.filters or state.search),
        "kept": [pair for pair in state.to().pairs if pair[0] != "q"],
        "sizes": SIZES,
        "size": sheet.size,
        "choose": choose,
        "bulk": [
            {"label": one.label, "icon": one.icon, "name": one.name, "url": part(sheet, "bulk", one.name)}
            for one in bulk
        ],
        "views": [{"view": view, "url": f"{listing.url}?{query_of(view)}"} for view in views],
        "view": current(sheet, views),
        "has_filters": len(listing.filters) > 0,
        "panel": fields(panel(sheet)) if state.panel else "",
        "actions": listing.actions_for(sheet.user),
        **(listing.facts(sheet) if listing.facts else {}),
    }


def part(sheet: Sheet, name: str, *args: Any) -> str:
    """The address of one of the list's own pages, about the rows this one shows."""
    return f"{sheet.listing.url_of(name, *args)}?{sheet.state.query}"


def _links(sheet: Sheet) -> dict[str, str]:
    state, page = sheet.state, sheet.page
    links = {name: part(sheet, name) for name in ("remember", "columns", "count", "export")}
    links |= {
        "new_view": part(sheet, "view-new"),
        "here": address(sheet, state),
        "all": f"{sheet.listing.url}?all=1",
        "panel": address(sheet, state.to(panel=not state.panel, after=state.after, before=state.before)),
    }
    if page.before:
        links |= {
            "first": address(sheet, state.to()),
            "previous": address(sheet, state.to(before=page.before)),
        }
    if page.after:
        links |= {
            "next": address(sheet, state.to(after=page.after)),
            "last": address(sheet, state.to(before="")),
        }
    if sheet.state.view:
        links["edit_view"] = part(sheet, "view", sheet.state.view)
    return links


def _counted(sheet: Sheet) -> tuple[str, bool]:
    """`12 customers` where they are few, otherwise `about 4,200 customers`; and whether it is sure."""
    page, listing = sheet.page, sheet.listing
    if page.is_whole:
        return listing.counted(len(page.rows)), True
    number, is_sure = sheet.estimate()
    if is_sure:
        return listing.counted(number), True
    return f"about {rounded(max(number, len(page.rows) + 1)):,} {listing.nouns}", False


def rounded(number: int) -> int:
    """Two figures are all that an estimate can promise."""
    step = 10 ** max(len(str(number)) - 2, 0)
    return max(round(number / step) * step, 1)


def panel(sheet: Sheet) -> Any:
    """The form of all filters this person may use, filled with those in use."""
    allowed = tuple(one for one in sheet.listing.filters if one not in sheet.filtering.withheld)
    return filterset_class(allowed)(sheet.state.data, sheet.listing.rows().none()).form


def count(request: HttpRequest, listing: List) -> HttpResponse:
    """How many match, counted on demand."""
    sheet, _ = sheet_of(request, listing)
    said = listing.counted(sheet.count())
    if request.headers.get("HX-Request"):
        return HttpResponse(said, content_type="text/plain; charset=utf-8")
    return render(
        request,
        "lists/count.html",
        {"page_title": listing.title, "said": said, "back": address(sheet, sheet.state)},
    )


def remember(request: HttpRequest, listing: List) -> HttpResponse:
    """Keep what the person chose on the page, rows a page or filters, and lead back to it."""
    sheet, _ = sheet_of(request, listing)
    state = _chosen(request.POST, sheet)
    kept = _kept(request.POST, sheet.remembered, state)
    remembering.save(user=request.user, list_name=listing.name, remembered=kept)
    return redirect(address(sheet, state))


def _chosen(posted: QueryDict, sheet: Sheet) -> State:
    """The state that the buttons and fields sent ask for."""
    state = sheet.state.to(size=None)
    if "clear" in posted:
        return State(sort=state.sort, panel=state.panel)
    if "without" in posted:
        return state.without(posted.get("without", ""))
    if "filters" in posted:
        names = [one.name for one in sheet.listing.filters]
        return state.to(filters=State.read(posted, names).filters)
    return state


def _kept(posted: QueryDict, remembered: Remembered, state: State) -> Remembered:
    size = State.read(posted, ()).size
    if size:
        return remembered.sized(size)
    left = state.to(search="", panel=False)
    return remembered.at(left.query if left.pairs else "")
