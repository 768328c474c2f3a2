"""The column picker: which columns, in which order."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict

from herotill.lists import remembering
from herotill.lists.lists import List
from herotill.lists.sheet import Sheet
from herotill.lists.views.dialogs import changed, dialog
from herotill.lists.views.page import address, part, sheet_of


def columns(request: HttpRequest, listing: List) -> HttpResponse:
    """GET: the dialog, with a column moved if its arrow was pressed. POST: keep the choice."""
    sheet, _ = sheet_of(request, listing)
    if request.method == "POST":
        return _save(request, sheet)
    order, chosen = _arranged(request.GET, sheet)
    shown = [
        {"name": name, "heading": sheet.allowed[name].heading, "chosen": name in chosen} for name in order
    ]
    context = {
        "listing": listing,
        "columns": shown,
        "action": part(sheet, "columns"),
        "page_title": "Columns",
    }
    return dialog(request, "lists/_columns.html", context)


def _arranged(query: QueryDict, sheet: Sheet) -> tuple[list[str], set[str]]:
    """All columns in the order of the dialog, and those that are ticked."""
    if "order" not in query:
        names = [column.name for column in sheet.columns]
        return names + [name for name in sheet.allowed if name not in names], set(names)
    names = [name for name in dict.fromkeys(query.getlist("order")) if name in sheet.allowed]
    order = names + [name for name in sheet.allowed if name not in names]
    return _moved(order, query.get("up", ""), query.get("down", "")), set(query.getlist("columns"))


def _moved(order: list[str], up: str, down: str) -> list[str]:
    """`order` with one name a place higher or lower."""
    name, step = (up, -1) if up else (down, 1)
    if name in order:
        at = order.index(name)
        order.remove(name)
        order.insert(max(at + step, 0), name)
    return order


def _save(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    ticked = set(request.POST.getlist("columns"))
    names = [name for name in request.POST.getlist("order") if name in ticked and name in sheet.allowed]
    kept = sheet.remembered.with_columns(sheet.state.view, [] if "usual" in request.POST else names)
    remembering.save(user=request.user, list_name=sheet.listing.name, remembered=kept)
    return changed(request, "Columns kept.", address(sheet, sheet.state))
