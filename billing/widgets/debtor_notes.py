from __future__ import annotations

from typing import Any

from django.utils import timezone

from billing.forms.desk import DebtorNoteForm
from billing.selectors import debtor_notes as reading
from billing.services import debtor_notes
from customers.screen import Section, Widget, action, register
from herotill.access import may

SHOWN, MOST = 8, 500


@register
class DebtorNotes(Widget):
    """What was said and agreed about a debt, newest first. Customers never see it."""

    name, title = "debtor-notes", "Debtor notes"
    section, position = Section.BILLING, 60
    permission = "billing.view_debtornote"
    template_name = "billing/widgets/debtor_notes.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        limit = MOST if self.request.GET.get("shown") == "all" else SHOWN
        found = reading.of(customer=self.customer, limit=limit)
        more = len(found) > limit
        return {
            "notes": found[:limit],
            "more": more,
            "count": f"{limit}+" if more else len(found),
            "may_track": may(self.user, "outbox.view_message"),
            "may_call": may(self.user, "billing.view_debtor"),
        }

    @action(
        label="Add",
        title="Add debtor note",
        permission="billing.add_debtornote",
        form=DebtorNoteForm,
        emits=("messages-sent",),
        done="Debtor note added.",
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        debtor_notes.add(customer=self.customer, now=timezone.now(), actor=self.user, **data)
