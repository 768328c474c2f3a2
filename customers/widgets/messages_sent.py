from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils import timezone

from customers.forms.marketing import ConsentForm
from customers.screen import Action, Section, Widget, action, register
from herotill.messages.listing import TONES, title
from herotill.messages.selectors import messages
from herotill.messages.services import consent

SHOWN = 8
MOST = 200


@register
class MessagesSent(Widget):
    """What we said to the customer, newest first: invoices mailed, SMS, answers."""

    name, title = "messages-sent", "Messages sent"
    section, position = Section.CONVERSATION, 50
    permission = "outbox.view_message"
    template_name = "customers/widgets/messages_sent.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        search = self.request.GET.get("q", "").replace("\0", "").strip()[:100]
        limit = MOST if search or "all" in self.request.GET else SHOWN
        found = messages.of_customer(customer_id=self.customer.pk, search=search, limit=limit + 1)
        rows = [(one, one.subject or title(one.template), TONES.get(one.state, "")) for one in found[:limit]]
        more = len(found) > limit
        return {"rows": rows, "search": search, "more": more, "count": f"{limit}+" if more else len(rows)}

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        return {"contacts": self.customer.contacts.all()}

    @action(
        label="Marketing…",
        title="Record who wants marketing",
        submit="Record",
        permission="outbox.add_consent",
        form=ConsentForm,
        foot=True,
        done="Recorded.",
    )
    def marketing(self, data: dict[str, Any], changed: list[str]) -> None:
        channel, _, address = data["address"].partition(":")
        consent.record(
            channel=channel,
            address=address,
            wanted=data["wanted"],
            how=data["how"],
            customer_id=self.customer.pk,
            actor_id=self.user.pk,
            now=timezone.now(),
        )
