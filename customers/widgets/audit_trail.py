from __future__ import annotations

from typing import Any

from customers.screen import Section, Widget, register
from herotill import audit


@register
class AuditTrail(Widget):
    """Who changed what on this customer, newest first."""

    name, title = "audit-trail", "Audit trail"
    section, position = Section.RECORD, 90
    permission = "customers.see_audit_trail"
    template_name = "customers/widgets/audit_trail.html"
    lazy = True
    rows = 6

    def context(self) -> dict[str, Any]:
        return {"trail": audit.trail(viewer=self.user, customer_id=self.customer.pk, limit=6)}
