"""What sessions add: the jobs that work on them, and their places in the menu."""

from __future__ import annotations

import dataaccounts.rights.network
import dataaccounts.rights.sessions  # noqa: F401
from dataaccounts.services import session_orders, session_work
from herotill.jobs import Job, Queue, jobs

jobs.register(
    Job(
        name=session_orders.JOB,
        title="Changes or cuts sessions whose accounts have changed",
        queue=Queue.NETWORK,
        task=session_work.carry_out,
        schedule="every minute",
        order=60,
    )
)
