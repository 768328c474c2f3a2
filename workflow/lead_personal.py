"""What leads know of a person, and how long it stays."""

from customers.anonymising import Personal, personal
from herotill.retention import Kept, kinds
from workflow.services import lead_blanking

personal.register(
    Personal(
        name="leads",
        what="The leads they came from: names, numbers, addresses, notes, surveys' pictures",
        blank=lead_blanking.of_customers,
        order=60,
    )
)
kinds.register(
    Kept(
        name="lost-leads",
        title="Leads that were lost",
        period=lambda rules: f"{rules.lost_leads_months} months",
        forget=lead_blanking.lost,
        setting="retention",
        order=70,
    )
)
