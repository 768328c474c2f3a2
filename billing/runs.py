"""What the month-end adds: the source of recurring items, its runs, its rights, its place in the menu."""

from __future__ import annotations

from django.urls import reverse

import billing.rights.month_end  # noqa: F401
from billing.selectors import recurring_source, topping_source
from billing.services import month_end_runs as steps
from herotill import runs
from herotill.billable import BillableSource, billable_sources
from herotill.jobs import Queue
from herotill.menu import MenuEntry, menu
from herotill.models import Run

billable_sources.register(
    BillableSource(recurring_source.SOURCE, "Recurring items", recurring_source.billables, order=10)
)
billable_sources.register(
    BillableSource(
        topping_source.SOURCE,
        "Toppings",
        topping_source.billables,
        order=30,
        watched=("dataaccounts_topping",),
        monthly=False,
    )
)


def _month_end(run: Run) -> str:
    return reverse("billing:month-end", args=[run.params["month_end"]])


for name, title, function, permission in (
    (steps.PREVIEW, "Preview", steps.preview, "billing.run_month_end"),
    (steps.CHARGES, "Recurring entries", steps.charge, "billing.run_month_end"),
    (steps.DRAFTS, "Draft invoices", steps.draft, "billing.run_month_end"),
    (steps.ISSUE, "Issue of invoices", steps.issue, "billing.issue_invoices"),
    (steps.UNDO_DRAFTS, "Drafts taken back", steps.undo_drafts, "billing.run_month_end"),
    (steps.UNDO_CHARGES, "Recurring entries taken back", steps.undo_charges, "billing.run_month_end"),
):
    runs.kinds.register(
        runs.RunKind(
            name=name,
            title=title,
            permission=permission,
            queue=Queue.MONEY,
            function=function,
            result_url=_month_end,
            see_permission="billing.view_monthend",
        )
    )
menu.register(
    MenuEntry(
        "billing.month_end",
        "Month-end",
        "billing:month-ends",
        "billing.view_monthend",
        order=40,
        parent="billing",
    )
)
