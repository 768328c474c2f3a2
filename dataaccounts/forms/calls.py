"""What is asked where calls are taken in, linked with lines and read from columns."""

from __future__ import annotations

from typing import Any, cast

from django import forms

from dataaccounts.models import CallProfile, VoiceCaller, VoiceLine
from dataaccounts.selectors import calls
from herotill.forms import Form

LARGEST = 50_000_000


class TakeInForm(Form):
    """A file of calls and how it is read."""

    profile = forms.ModelChoiceField(
        CallProfile.objects.filter(retired=False).select_related("source"),
        empty_label="Choose",
        label="Format",
    )
    file = forms.FileField(help_text="As the telephone system or wholesaler gives it, up to 50 MB.")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("It is larger than 50 MB: leave it in a folder that is read.")
        return file


class LinkForm(Form):
    """Which line somebody is whom no line is known for; only lines whose calls come, or came, from there."""

    line: forms.ModelChoiceField = forms.ModelChoiceField(None, empty_label="Choose")

    def __init__(self, *args: Any, caller: VoiceCaller, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = calls.lines_for(caller).select_related("customer")
        asked = cast(forms.ModelChoiceField, self.fields["line"])
        asked.queryset = offered.order_by("number")
        asked.label_from_instance = _described  # type: ignore[method-assign, assignment]
        if caller.line_id:
            asked.initial, asked.required, asked.empty_label = caller.line_id, False, "Nobody we know"
            asked.widget.is_required = False


def _described(line: VoiceLine) -> str:
    until = f", until {line.ends_on}" if line.ends_on else ""
    return f"{line} · {line.customer.name} ({line.customer.code}){until}"
