"""What sessions add: the jobs that work on them, and their places in the menu."""

from __future__ import annotations

import dataaccounts.lists.logins
import dataaccounts.lists.session_orders
import dataaccounts.lists.sessions
import dataaccounts.network
import dataaccounts.rights.network
import dataaccounts.rights.sessions  # noqa: F401
from dataaccounts.selectors import sessions
from dataaccounts.services import radius_role, session_orders, session_work, signals
from herotill import backups, outward
from herotill.errors import DomainError
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu


def _let_radius_in() -> str:
    radius_role.shut()
    try:
        radius_role.let_in()
    except DomainError as no:
        return str(no)
    return f"{radius_role.ROLE} has the rights that FreeRADIUS needs."


backups.afterwards.register(backups.Afterwards("radius", _let_radius_in, order=10))
outward.owed.register(outward.Owed("routers", "Changes to sessions", sessions.orders_owed, order=30))
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
jobs.register(
    Job(
        name=signals.JOB,
        title="Asks routers how well they hear radios",
        queue=Queue.NETWORK,
        task=signals.poll,
        schedule="every 10 minutes",
        order=62,
    )
)
for name, label, url_name, right, order in (
    ("sessions", "Who is online", "dataaccounts:sessions", "dataaccounts.view_session", 30),
    ("network", "Network", "dataaccounts:network", "dataaccounts.view_nas", 35),
    ("logins", "Log-ins", "dataaccounts:logins", "dataaccounts.view_loginanswer", 40),
    ("orders", "Changes sent to routers", "dataaccounts:orders", "dataaccounts.view_sessionorder", 45),
):
    menu.register(
        MenuEntry(f"dataaccounts.{name}", label, url_name, right, order=order, parent="dataaccounts")
    )
