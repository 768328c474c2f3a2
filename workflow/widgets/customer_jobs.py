from __future__ import annotations

from typing import Any

from django.urls import reverse

from customers.screen import Section, Widget, register
from herotill.access import may
from workflow.lists.jobs import TONES
from workflow.selectors import jobs as reading

SHOWN = 6


@register
class CustomerJobs(Widget):
    """The jobs at a customer, newest first."""

    name, title = "customer-jobs", "Job cards"
    section, position = Section.SERVICE, 85
    permission = "workflow.view_jobcard"
    template_name = "workflow/widgets/customer_jobs.html"
    lazy = True
    rows = 3

    def context(self) -> dict[str, Any]:
        found, count = reading.of_customer(self.customer.pk, limit=SHOWN)
        opens = may(self.user, "workflow.add_jobcard")
        return {
            "jobs": [(one, TONES[one.state]) for one in found],  # type: ignore[index]
            "count": count,
            "open_url": reverse("workflow:job-open", args=[self.customer.code]) if opens else "",
        }
