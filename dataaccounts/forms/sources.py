"""Where usage comes from besides our own RADIUS."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from dataaccounts.models import UsageSource
from dataaccounts.services.usage_sources import host_of
from herotill.errors import DomainError
from herotill.tables.forms import TableForm


class UsageSourceForm(TableForm):
    """A source. Its address is typed whole or kept whole: another host never gets the password of this one."""

    class Meta:
        model = UsageSource
        fields = ("name", "kind", "url", "files", "interval")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == UsageSource.Kind.DETAIL:
            if not data.get("files"):
                self.add_error("files", "Say which files are read.")
        elif data.get("kind"):
            self._database(data)
        return data

    def _database(self, data: dict[str, Any]) -> None:
        typed = data.get("url")
        if not isinstance(typed, str) or not typed:
            if self.instance.pk and self.instance.host and data["kind"] == self.initial.get("kind"):
                return
            self.add_error("url", "Say where the database is.")
            return
        try:
            self.instance.host = host_of(kind=data["kind"], url=typed)
        except DomainError as no:
            self.add_error("url", ValidationError(str(no)))

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.cleaned_data.get("kind") == UsageSource.Kind.DETAIL:
            self.instance.url, self.instance.host = "", ""
        else:
            self.instance.files = ""
