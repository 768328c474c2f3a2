"""The forms of outages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from dataaccounts.models import Nas, Outage, Sector
from herotill.forms import Form
from herotill.reference.models import Highsite

CHANNELS = (("email", "Email"), ("sms", "SMS"))


def places() -> list[tuple[str, list[tuple[str, str]]]]:
    """Where an outage can be: routers, highsites and sectors in use, by kind."""
    sectors = Sector.objects.filter(retired=False).select_related("highsite")
    return [
        ("Highsites", [(f"highsite-{one.pk}", one.name) for one in Highsite.objects.filter(retired=False)]),
        ("Sectors", [(f"sector-{one.pk}", f"{one.highsite}, {one.name}") for one in sectors]),
        ("Routers (NAS)", [(f"nas-{one.pk}", one.name) for one in Nas.objects.filter(retired=False)]),
    ]


class MomentField(forms.DateTimeField):
    """A day and a time, to the minute."""

    def __init__(self, **kwargs: Any) -> None:
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=picker, **kwargs)


class OutageForm(Form):
    """An outage or planned maintenance: where, since when, and what customers read."""

    kind = forms.ChoiceField(choices=Outage.Kind.choices, label="What it is")
    place = forms.ChoiceField(label="Where")
    starts_at = MomentField(label="From")
    ends_at = MomentField(label="Until", required=False, help_text="Empty: not known yet.")
    headline = forms.CharField(
        max_length=100,
        help_text="Such as: No service at Koppie.",
        widget=forms.TextInput(attrs={"wide": True}),
    )
    text = forms.CharField(
        max_length=1000, label="What customers read", widget=forms.Textarea(attrs={"rows": 4, "wide": True})
    )

    def __init__(self, *args: Any, outage: Outage | None = None, **kwargs: Any) -> None:
        if outage:
            kwargs["initial"] = {"place": outage.place_key} | {
                name: getattr(outage, name) for name in ("kind", "starts_at", "ends_at", "headline", "text")
            }
        super().__init__(*args, **kwargs)
        field: Any = self.fields["place"]
        kept = [(outage.place_key, outage.place)] if outage and not _offered(outage.place_key) else []
        field.choices = [("", "Choose"), *kept, *places()]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = data.get("starts_at"), data.get("ends_at")
        if isinstance(begins, datetime) and isinstance(ends, datetime) and ends <= begins:
            self.add_error("ends_at", "It ends after it begins.")
        if data.get("kind") == Outage.Kind.MAINTENANCE and not ends and "ends_at" not in self.errors:
            self.add_error("ends_at", "Say until when the maintenance goes on.")
        return data

    def values(self) -> dict[str, Any]:
        """The columns of an outage."""
        data = dict(self.cleaned_data)
        kind, _, pk = data.pop("place").partition("-")
        return data | {"nas_id": None, "highsite_id": None, "sector_id": None} | {f"{kind}_id": int(pk)}


def _offered(key: str) -> bool:
    return any(key == one for _, group in places() for one, _ in group)


class TellForm(Form):
    """By which ways customers are told."""

    channels = forms.MultipleChoiceField(
        choices=CHANNELS, initial=["email"], label="Tell them by", widget=forms.CheckboxSelectMultiple
    )


class EndForm(Form):
    """That it is over, and whether those who were told are told that too."""

    tell = forms.BooleanField(required=False, initial=True, label="Tell those who were told of it")
