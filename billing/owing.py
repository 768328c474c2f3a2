"""What ageing, statements and reports add to the shell."""

import billing.lists.ageing
import billing.mails
import billing.reports
import billing.rights.ageing  # noqa: F401
from billing.selectors import overdue
from billing.services import month_sums, pictures
from customers import owing
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu

owing.provide(overdue.of)
menu.register(
    MenuEntry(
        "billing.age-analysis",
        "Age analysis",
        "billing:age-analysis",
        "billing.see_age_analysis",
        order=40,
        parent="billing",
    )
)
menu.register(
    MenuEntry(
        "billing.email-statements",
        "Email statements",
        "billing:email-statements",
        "billing.send_statements",
        order=45,
        parent="billing",
    )
)
menu.register(
    MenuEntry("reports", "Reports", "reports:index", "billing.see_reports", "chart-bar", 80, key="r")
)
jobs.register(
    Job(
        name="month-sums",
        title="Sums up revenue, VAT and receipts by month for the reports",
        queue=Queue.REPORTS,
        task=month_sums.sum_up,
        schedule="every hour at :50",
        order=97,
    )
)
jobs.register(
    Job(
        name="ageing-picture",
        title="Makes today's age analysis of everybody anew",
        queue=Queue.REPORTS,
        task=pictures.renew,
        schedule="every 5 minutes",
        order=95,
    )
)
jobs.register(
    Job(
        name="ageing-pictures-clear",
        title="Forgets age analyses that nobody looks at any more",
        queue=Queue.REPORTS,
        task=pictures.clear,
        schedule="every hour",
        order=96,
    )
)
