"""Sources, areas and reasons, as Setup keeps them."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

from herotill import forms
from herotill.tables.forms import TableForm
from workflow.models import Area, DeclineReason, FailReason, LostReason, Source

STAYS = "It stays as it is: retire it and add another to say it differently."


class SourceForm(TableForm):
    """Where leads come from."""

    class Meta:
        model = Source
        fields = ("name",)


class AreaForm(TableForm):
    """A part of the country."""

    class Meta:
        model = Area
        fields = ("name", "towns", "covered")


class ReasonForm(TableForm):
    """A reason; its words are given once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = STAYS
        if self.instance.pk:
            self.fields["name"].disabled = True


def reason_form(model: type[Model]) -> type[forms.ModelForm]:
    """The form of one kind of reasons."""
    meta = type("Meta", (), {"model": model, "fields": ("name",)})
    return type(f"{model.__name__}Form", (ReasonForm,), {"Meta": meta})


LostReasonForm, DeclineReasonForm, FailReasonForm = map(reason_form, (LostReason, DeclineReason, FailReason))
