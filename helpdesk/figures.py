"""What the figures of the helpdesk add to the page of reports and to the navigation."""

from __future__ import annotations

import helpdesk.rights.figures  # noqa: F401
from herotill.menu import MenuEntry, menu
from herotill.reports import Report, reports

SEE = "helpdesk.see_helpdesk_reports"
for place, (name, title, about, icon) in enumerate(
    (
        ("volumes", "Tickets", "How many tickets come, are closed and stay open.", "lifebuoy"),
        (
            "times",
            "Times of tickets",
            "How long first answers and solutions take, by department, person, category and highsite.",
            "clock",
        ),
    )
):
    reports.register(
        Report(f"helpdesk-{name}", title, f"helpdesk-reports:{name}", SEE, about, icon, 300 + place)
    )
menu.register(
    MenuEntry(
        "helpdesk.figures", "Helpdesk figures", "helpdesk-reports:volumes", SEE, order=90, parent="helpdesk"
    )
)
