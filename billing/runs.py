"""What the month-end adds: the source of recurring items."""

from billing.selectors import recurring_source
from herotill.billable import BillableSource, billable_sources

billable_sources.register(
    BillableSource(recurring_source.SOURCE, "Recurring items", recurring_source.billables, order=10)
)
