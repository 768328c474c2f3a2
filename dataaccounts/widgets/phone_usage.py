from __future__ import annotations

from typing import Any

from django.utils import timezone

from customers.screen import Section, Widget, register
from dataaccounts.selectors import voice


@register
class PhoneUsage(Widget):
    """What their calls cost us and what is put on top, by day of a month or month of a year."""

    name, title = "phone-usage", "Phone usage"
    section, position = Section.SERVICE, 65
    permission = "dataaccounts.view_call"
    template_name = "dataaccounts/widgets/phone_usage.html"
    lazy = True
    rows = 7

    def context(self) -> dict[str, Any]:
        lines = voice.lines_of(self.customer)
        chosen = self._chosen(lines)
        ids = [one.pk for one in lines if chosen in (None, one)]
        stretch = voice.stretch_asked(self.request.GET, timezone.localdate())
        parts = voice.told(ids, stretch) if lines else []
        first, last = voice.days_of(stretch)
        return {
            "lines": lines,
            "chosen": chosen,
            "stretch": stretch,
            "parts": parts,
            "total": voice.together(parts, stretch),
            "chart": voice.drawn(parts),
            "places": voice.by_destination(ids, first, last) if lines else [],
        }

    def _chosen(self, lines: list[Any]) -> Any:
        """The line asked for; all of them where none, or somebody else's, was."""
        wanted = self.request.GET.get("line", "")
        return next((one for one in lines if str(one.pk) == wanted), None)
