"""Reports of usage and calls among the reports, and the job that sums usage up for them."""

from __future__ import annotations

from dataaccounts.services import usage_months
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.reports import Report, reports

SEE = "dataaccounts.see_usage_reports"

reports.register(
    Report(
        "top-users",
        "Top users",
        "dataaccounts:top-users",
        SEE,
        "Which accounts and customers used most, down and up.",
        "arrow-trending-up",
        200,
    )
)
reports.register(
    Report(
        "usage-by",
        "Usage by package and place",
        "dataaccounts:usage-by",
        SEE,
        "What was used by package, highsite, sector and router, month by month.",
        "signal",
        210,
    )
)
reports.register(
    Report(
        "calls-by-destination",
        "Calls by destination",
        "dataaccounts:calls-by-destination",
        "dataaccounts.see_call_reports",
        "Where was called most, what it cost and what it brought in.",
        "phone-arrow-up-right",
        220,
    )
)
menu.register(
    MenuEntry(
        "dataaccounts.reports",
        "Top users and usage",
        "dataaccounts:top-users",
        SEE,
        order=80,
        parent="dataaccounts",
    )
)
jobs.register(
    Job(
        name="usage-months",
        title="Sums usage up by month, for reports",
        queue=Queue.REPORTS,
        task=lambda now: f"{usage_months.count(now=now):,} sums were new or differ.",
        schedule="daily at 01:40",
        order=335,
    )
)
