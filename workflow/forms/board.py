"""What the board is narrowed by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet

from herotill.forms import Form
from workflow.models import Lead

NONE = "none"


class BoardForm(Form):
    """A person, an area, a source, and for how long they wait. Empty is all; `none` is who has none."""

    owner = forms.ChoiceField(label="Person", required=False)
    area = forms.ChoiceField(label="Area", required=False)
    source = forms.ChoiceField(label="Source", required=False)
    days = forms.IntegerField(label="Waits for at least (days)", required=False, min_value=0, max_value=9999)

    def __init__(self, data: Mapping[str, Any], known: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        super().__init__(data)
        for name, every, nobody in (
            ("owner", "Everybody", "Nobody"),
            ("area", "All", "None"),
            ("source", "All", "Unknown"),
        ):
            field: Any = self.fields[name]
            field.choices = [("", every), (NONE, nobody), *known[name]]

    def narrow(self, rows: QuerySet[Lead], now: datetime) -> QuerySet[Lead]:
        """What is left of `rows`; nothing where something asked for cannot be understood."""
        if not self.is_valid():
            return rows.none()
        chosen = {name: self.cleaned_data[name] for name in ("owner", "area", "source")}
        for name, value in chosen.items():
            if value:
                rows = rows.filter(**{name: None if value == NONE else value})
        days = self.cleaned_data["days"]
        return rows if days is None else rows.filter(step_since__lte=now - timedelta(days=days))

    @property
    def query(self) -> str:
        """The address's part that asks for the same, as lists know it too."""
        return urlencode([(name, self.data[name]) for name in self.fields if self.data.get(name)])

    @property
    def selects(self) -> list[dict[str, Any]]:
        """Name, label, what is chosen and what can be, as the page draws it."""
        return [
            {
                "name": name,
                "label": self.fields[name].label,
                "chosen": self.data.get(name, ""),
                "choices": self.fields[name].choices,  # type: ignore[attr-defined]
            }
            for name in ("owner", "area", "source")
        ]
