from __future__ import annotations

from typing import Any

from django.urls import reverse

from billing.selectors import cancellations as reading
from customers.models import Customer
from customers.screen import Section, Widget, register
from herotill.access import may


@register
class AccountExpiry(Widget):
    """The end of service: cancellations on their way and gone by, and suspending who does not pay."""

    name, title = "account-expiry", "Account expiry"
    section, position = Section.BILLING, 65
    permission = "billing.view_cancellation"
    template_name = "billing/widgets/account_expiry.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        found = reading.of(customer=self.customer)
        status = self.customer.status
        ended = status == Customer.Status.CANCELLED
        asks = may(self.user, "billing.add_cancellation") and not ended
        suspends = may(self.user, "billing.suspend_customer") and status == Customer.Status.ACTIVE
        code = self.customer.code
        return {
            "cancellations": found,
            "cancel_url": reverse("billing:cancellation-ask", args=[code]) if asks else "",
            "suspend_url": reverse("billing:suspend-at-once", args=[code]) if suspends else "",
        }
