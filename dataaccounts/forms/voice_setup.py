"""What tables of voice in Setup are asked: sources, packages, decks, formats, drops."""

from __future__ import annotations

from typing import Any

from django import forms

from dataaccounts.models import CallDrop, CallProfile, Deck, VoicePackage, VoiceSource
from herotill.integrations.sftp import host_key
from herotill.tables.forms import TableForm


class SourceForm(TableForm):
    class Meta:
        model = VoiceSource
        fields = ("name", "cost_deck")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cost_deck"].queryset = Deck.objects.filter(side=Deck.Side.COST)  # type: ignore[attr-defined]


class VoicePackageForm(TableForm):
    class Meta:
        model = VoicePackage
        fields = ("name", "product", "calls_product", "deck")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deck"].queryset = Deck.objects.filter(side=Deck.Side.SELL)  # type: ignore[attr-defined]


class DeckForm(TableForm):
    """A deck keeps its side: which rates it may hold follows from it."""

    class Meta:
        model = Deck
        fields = ("name", "side", "peak_from", "peak_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["side"].disabled = True


class ProfileForm(TableForm):
    """How the files of a known telephone system are read; a wholesaler's columns have a page of their own.

    Of a wholesaler's format only the name is asked here.
    """

    strip_prefixes = forms.CharField(
        required=False,
        max_length=200,
        label="Put before numbers by the system",
        help_text="With commas between, as 9, 0027. The first that fits is dropped.",
    )
    line_match = forms.CharField(
        max_length=200,
        label="Columns that say the line",
        help_text="With commas between, tried in order, as accountcode, src.",
    )

    class Meta:
        model = CallProfile
        fields = (
            "name",
            "source",
            "kind",
            "encoding",
            "delimiter",
            "has_header",
            "timezone",
            "trunk_channel_regex",
            "strip_prefixes",
            "line_match",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.kind == CallProfile.Kind.MAPPED:
            self.fields = {"name": self.fields["name"]}
            return
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            one for one in CallProfile.Kind.choices if one[0] != CallProfile.Kind.MAPPED
        ]
        for name in ("strip_prefixes", "line_match"):
            self.initial[name] = ", ".join(getattr(self.instance, name) or ())
        self.fields[
            "trunk_channel_regex"
        ].help_text = (
            r"Asterisk and FreePBX: a pattern such as ^(PJSIP|SIP)/trunk-, without which no call went out."
        )

    def clean_strip_prefixes(self) -> list[str]:
        return _parts(self.cleaned_data["strip_prefixes"])

    def clean_line_match(self) -> list[str]:
        return _parts(self.cleaned_data["line_match"])


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


class DropForm(TableForm):
    """A drop. Whoever names another machine says its key and types its password anew."""

    class Meta:
        model = CallDrop
        fields = (
            "name",
            "profile",
            "kind",
            "folder",
            "files",
            "host",
            "port",
            "user",
            "password",
            "host_key",
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") != CallDrop.Kind.SFTP:
            return data
        for name in ("host", "user", "host_key"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, "It takes this to be known.")
        if data.get("host_key"):
            try:
                host_key(data["host_key"])
            except ValueError as no:
                self.add_error("host_key", str(no))
        moved = {"kind", "host", "port", "user", "host_key"} & set(self.changed_data)
        typed = data.get("password")
        if (moved or not self.instance.pk) and not (isinstance(typed, str) and typed):
            self.add_error("password", "Another machine or user takes its password anew.")
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.cleaned_data.get("kind") == CallDrop.Kind.FOLDER:
            self.instance.host = self.instance.user = self.instance.host_key = ""
            self.instance.password = ""
