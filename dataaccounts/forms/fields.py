"""Fields that read speeds, data and days as people type them."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms

from dataaccounts.policies.measures import GB, octets
from herotill.clock import local_day, moment
from herotill.forms import DayField

MBIT = 1000


class SpeedField(forms.DecimalField):
    """A speed typed in Mb/s and cleaned to kbit/s."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "In Mb/s.")
        super().__init__(min_value=Decimal("0.001"), max_value=100_000, decimal_places=3, **kwargs)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        return None if typed is None else int(typed * MBIT)

    def prepare_value(self, value: Any) -> Any:
        return _short(Decimal(value) / MBIT) if isinstance(value, int) else value


class DataField(forms.DecimalField):
    """An amount of data typed in GB and cleaned to octets."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "In GB.")
        super().__init__(min_value=Decimal("0.001"), max_value=1_000_000, decimal_places=3, **kwargs)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        return None if typed is None else octets(typed)

    def prepare_value(self, value: Any) -> Any:
        return _short(Decimal(value) / GB) if isinstance(value, int) else value


def _short(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class LastDayField(DayField):
    """A last day, cleaned to the midnight that ends it."""

    def clean(self, value: Any) -> datetime | None:
        day = super().clean(value)
        return moment(day, time.max.replace(microsecond=0)) if day else None

    def prepare_value(self, value: Any) -> Any:
        return local_day(value) if isinstance(value, datetime) else value


class PreviewWidget(forms.Widget):
    """A place of a dialog that tells what its form as it stands would do, asked anew with each change."""

    template_name = "dataaccounts/_preview_slot.html"

    def __init__(self, url: str) -> None:
        super().__init__(attrs={"wide": True})
        self.url = url

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value, attrs) | {"url": self.url}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> None:
        return None
