"""What the figures of sales add to the page of reports and to the navigation."""

from __future__ import annotations

from herotill.menu import MenuEntry, menu
from herotill.reports import Report, reports

SEE = "workflow.see_sales_reports"
for place, (name, title, about, icon) in enumerate(
    (
        ("funnel", "Sales funnel", "How far leads come, and how long each phase takes.", "funnel"),
        (
            "by",
            "Sales by person, source and area",
            "What was captured, quoted, won and lost, and what it brings.",
            "trophy",
        ),
        ("work", "Sales work waiting", "What waits in each list and for each person, and how long.", "clock"),
        (
            "load",
            "Technicians' load",
            "Jobs and surveys of each technician, and what came of them.",
            "wrench-screwdriver",
        ),
    )
):
    reports.register(Report(f"sales-{name}", title, f"sales:{name}", SEE, about, icon, 200 + place))
menu.register(
    MenuEntry("workflow.figures", "Sales figures", "sales:funnel", SEE, order=90, parent="workflow")
)
