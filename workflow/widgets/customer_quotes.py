from __future__ import annotations

from typing import Any

from django.urls import reverse

from customers.screen import Section, Widget, register
from herotill.access import may
from workflow.lists.quotes import TONES
from workflow.selectors import quotes as reading

SHOWN = 6


@register
class CustomerQuotes(Widget):
    """What was offered to the customer, as a lead too, newest first."""

    name, title = "customer-quotes", "Customer Quotes"
    section, position = Section.BILLING, 45
    permission = "workflow.view_quote"
    template_name = "workflow/widgets/customer_quotes.html"
    lazy = True
    rows = 3

    def context(self) -> dict[str, Any]:
        found, count = reading.of_customer(self.customer, limit=SHOWN)
        may_begin = may(self.user, "workflow.add_quote")
        return {
            "quotes": [(one, TONES[one.state]) for one in found],  # type: ignore[index]
            "count": count,
            "begin_url": reverse("workflow:quote-begin-customer", args=[self.customer.code])
            if may_begin
            else "",
        }
