"""The table of a list as HTML. Hundreds of cells a page: plain functions, each escaping what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from herotill.lists.columns import Column, Row
from herotill.lists.lists import RowAction
from herotill.templatetags.shell import icon


@dataclass(frozen=True, slots=True)
class Ends:
    """What stands at the ends of a row for this person: a box to choose it by, the black button."""

    action: RowAction
    choose: bool
    press: bool


def table_rows(rows: Sequence[Row], columns: Sequence[Column], ends: Ends) -> SafeString:
    """The table's body: a box to choose the row, its cells, and the black button."""
    cells = [_cell(column, rows) for column in columns]
    before = _box(ends.action) if ends.choose else _nothing
    after = _button(ends.action) if ends.press else _nothing
    made = (f"<tr>{before(row)}{''.join([cell(row) for cell in cells])}{after(row)}</tr>" for row in rows)
    # Every cell above escapes its own value; see cells.py.
    return mark_safe("\n".join(made))


def table_head(
    columns: Sequence[Column], ends: Ends, order_name: str, link: Callable[[str], str]
) -> SafeString:
    """The heading row. A press on a heading sorts by it, a second one the other way round."""
    before = '<th class="pick"><input type="checkbox" data-all aria-label="Choose all on this page"></th>'
    after = f'<th class="act"><span class="vh">{escape(ends.action.verb)}</span></th>'
    cells = "".join(_heading(column, order_name, link) for column in columns)
    # Headings and addresses are escaped in _heading.
    return mark_safe(f"<tr>{before if ends.choose else ''}{cells}{after if ends.press else ''}</tr>")


def _heading(column: Column, order_name: str, link: Callable[[str], str]) -> str:
    css = f' class="{escape(column.css)}"' if column.css else ""
    if not column.sort:
        return f'<th scope="col"{css}>{escape(column.heading)}</th>'
    falling, sorted_by = order_name.startswith("-"), order_name.removeprefix("-") == column.name
    state = f' aria-sort="{"descending" if falling else "ascending"}"' if sorted_by else ""
    url = link(f"-{column.name}" if sorted_by and not falling else column.name)
    name = escape(column.name)
    return f'<th scope="col"{css}{state}><a id="sort-{name}" href="{escape(url)}">{escape(column.heading)}</a></th>'


def _cell(column: Column, rows: Sequence[Row]) -> Callable[[Row], str]:
    value, html = column.reader(rows), column.cell.html
    css = f' class="{escape(column.css)}"' if column.css else ""
    opening, closing = (f'<th scope="row"{css}>', "</th>") if column.heads_row else (f"<td{css}>", "</td>")
    return lambda row: f"{opening}{html(value(row))}{closing}"


def _nothing(row: Row) -> str:
    return ""


def _box(action: RowAction) -> Callable[[Row], str]:
    name = action.label
    return lambda row: (
        f'<td class="pick"><input type="checkbox" name="ids" value="{row["pk"]}" form="list-chosen" data-row '
        f'aria-label="Choose {escape(name(row))}"></td>'
    )


def _button(action: RowAction) -> Callable[[Row], str]:
    drawing, name = icon("pencil" if action.in_dialog else "arrow-right"), action.label
    opens = _opens if action.in_dialog else _leads

    def button(row: Row) -> str:
        label = f"{escape(action.verb)} {escape(name(row))}"
        where = opens(row, escape(action.url(row)))
        return f'<td class="act"><a class="btn btn--row" {where} aria-label="{label}">{drawing}</a></td>'

    return button


def _leads(row: Row, url: str) -> str:
    return f'href="{url}"'


def _opens(row: Row, url: str) -> str:
    dialog = 'hx-target="#dialog" hx-swap="innerHTML" hx-push-url="false"'
    return f'id="row-{row["pk"]}" href="{url}" hx-get="{url}" {dialog}'
