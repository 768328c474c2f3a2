"""What can be done with many messages of unknown senders at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from helpdesk.forms.mail import LeaveForm
from helpdesk.services.inbound import triage
from herotill.clock import stamp
from herotill.lists import BulkAction, Done


class Leave(BulkAction):
    """Leave the chosen messages be."""

    name, label, icon = "leave", "Leave be", "x-mark"
    permission = "helpdesk.triage_mail"
    undoable = False
    warns = "No ticket opens for them. They stay in the list of mail that came in."
    form = LeaveForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Leave {count} be"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = list(chosen.order_by("pk").values_list("pk", flat=True))
        left = triage.discard_many(mails=ids, actor=data["actor"], now=stamp())
        return Done(left, f"{left:,} message{'' if left == 1 else 's'} left be.", {})
