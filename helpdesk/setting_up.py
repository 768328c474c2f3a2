"""What the helpdesk's set-up adds: its tables, settings, and the job that reckons due times."""

from __future__ import annotations

import helpdesk.rights.setup
import helpdesk.setup.tables  # noqa: F401
from helpdesk.services import due_times
from helpdesk.services.setup import DUE_TIMES
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu

menu.register(
    MenuEntry(
        "setup.helpdesk-rules",
        "Helpdesk settings",
        "helpdesk:rules",
        "helpdesk.view_helpdeskrules",
        "lifebuoy",
        605,
        parent="setup",
        about="Tickets in the portal, links, who is told, when tickets are about to be late, ratings.",
    )
)
jobs.register(
    Job(
        name=DUE_TIMES,
        title="Reckons when open tickets are due",
        queue=Queue.MESSAGES,
        task=lambda now: f"{due_times.set_due_of_open(now=now)} tickets changed.",
        schedule="every 15 minutes",
    )
)
