"""The panel of filters as HTML. A select of a hundred towers is a hundred templates the usual way, so these
are plain functions too, each escaping what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString, mark_safe

from herotill.lists.filters import flat

ANY = "Any"


def fields(form: forms.BaseForm) -> SafeString:
    """All fields of the form, each with its label."""
    # Labels, names and values are escaped below.
    return mark_safe("\n".join(map(_field, form)))


def _field(field: BoundField) -> str:
    if isinstance(field.field.widget, forms.CheckboxSelectMultiple):
        return f'<fieldset class="field"><legend>{escape(str(field.label))}</legend><div class="checks">{_boxes(field)}</div></fieldset>'
    control = _select(field) if isinstance(field.field.widget, forms.Select) else _input(field)
    return f'<div class="field"><label for="{_id(field)}">{escape(str(field.label))}</label>{control}</div>'


def _id(field: BoundField) -> str:
    return f"filter-{escape(field.html_name)}"


def _choices(field: BoundField) -> Iterable[tuple[str, str, bool]]:
    """Value, label and whether it is chosen."""
    value = field.value()
    chosen = set(map(str, value)) if isinstance(value, (list, tuple)) else {str(value or "")}
    for key, label in flat(field.field.choices):  # type: ignore[attr-defined]
        text = str(key) if key is not None else ""
        yield text, str(label) if text else _any(str(label)), text in chosen


def _any(label: str) -> str:
    return ANY if label.startswith("---") else label


def _select(field: BoundField) -> str:
    options = "".join(
        f'<option value="{escape(key)}"{" selected" if chosen else ""}>{escape(label)}</option>'
        for key, label, chosen in _choices(field)
    )
    return f'<select id="{_id(field)}" name="{escape(field.html_name)}">{options}</select>'


def _boxes(field: BoundField) -> str:
    return "".join(
        f'<label class="check"><input type="checkbox" name="{escape(field.html_name)}" value="{escape(key)}"'
        f"{' checked' if chosen else ''}>{escape(label)}</label>"
        for key, label, chosen in _choices(field)
    )


def _input(field: BoundField) -> str:
    attributes: dict[str, Any] = {
        "type": "text",
        "id": _id(field),
        "name": field.html_name,
        "value": field.value() or "",
    }
    attributes |= {key: value for key, value in field.field.widget.attrs.items() if isinstance(value, str)}
    if isinstance(field.field, forms.DateField):
        attributes["type"] = "date"
    written = " ".join(f'{escape(str(key))}="{escape(str(value))}"' for key, value in attributes.items())
    return f'<input {written} autocomplete="off">'
