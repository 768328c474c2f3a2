from __future__ import annotations

from typing import Any

from django.urls import reverse

from customers.screen import Section, Widget, register
from helpdesk.selectors import ratings as reading

SHOWN = 6


@register
class CustomerRatings(Widget):
    """What the customer thinks of us: when each rating was submitted, and when somebody acknowledged it."""

    name, title = "customer-ratings", "Customer Ratings"
    section, position = Section.CONVERSATION, 40
    permission = "helpdesk.view_rating"
    template_name = "helpdesk/widgets/customer_ratings.html"
    lazy = True
    rows = 3

    def context(self) -> dict[str, Any]:
        found, figures = reading.of_customer(self.customer, limit=SHOWN)
        return {
            "ratings": found,
            "count": figures["count"],
            "given": figures["count"],
            "average": figures["average"],
            "all_url": f"{reverse('helpdesk:ratings')}?q={self.customer.code}",
        }
