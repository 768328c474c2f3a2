from __future__ import annotations

from typing import Any

from customers.screen import Section, Widget, register
from dataaccounts.models import DataAccount
from dataaccounts.selectors import sessions as reading

SHOWN = 8


@register
class PreviousSessions(Widget):
    """When the customer was online before: times, usage, why each ended, over which router."""

    name, title = "previous-sessions", "Previous data sessions"
    section, position = Section.SERVICE, 40
    permission = "dataaccounts.view_session"
    template_name = "dataaccounts/widgets/previous_sessions.html"
    lazy = True
    rows = 8

    def context(self) -> dict[str, Any]:
        accounts = list(
            DataAccount.objects.filter(customer=self.customer).order_by("username")[: reading.MOST_ACCOUNTS]
        )
        lines = reading.past(accounts=accounts, limit=SHOWN + 1)
        return {
            "lines": lines[:SHOWN],
            "more": len(lines) > SHOWN,
            "several": len(accounts) > 1,
            "count": f"{SHOWN}+" if len(lines) > SHOWN else len(lines),
        }
