from __future__ import annotations

from typing import Any

from django.urls import reverse

from customers.screen import Section, Widget, register
from helpdesk.lists.ticket_columns import TONES
from helpdesk.selectors import tickets as reading
from herotill.access import may

SHOWN = 6


@register
class HelpdeskTickets(Widget):
    """A customer's tickets, the open ones first: in which department each is or was, and who sees to it."""

    name, title = "helpdesk-tickets", "Helpdesk Tickets"
    section, position = Section.CONVERSATION, 30
    permission = "helpdesk.view_ticket"
    template_name = "helpdesk/widgets/helpdesk_tickets.html"
    lazy = True
    rows = 3

    def context(self) -> dict[str, Any]:
        found, waiting, count = reading.of_customer(self.customer.pk, limit=SHOWN)
        code = self.customer.code
        opens = may(self.user, "helpdesk.add_ticket")
        return {
            "tickets": [(one, TONES[one.state]) for one in found],  # type: ignore[index]
            "waiting": waiting,
            "count": count,
            "more": count > len(found),
            "all_url": f"{reverse('helpdesk:tickets-all')}?q={code}",
            "open_url": f"{reverse('helpdesk:ticket-new')}?customer={code}" if opens else "",
        }
