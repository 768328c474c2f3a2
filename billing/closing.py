"""What accounting periods add: the runs that close them and gather audit packs, and their place in the menu."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command
from django.urls import reverse

from billing.services import audit_packs, periods
from herotill import backups, runs
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.models import Run


def _verified() -> str:
    said = StringIO()
    call_command("verify_ledger", stdout=said)
    return said.getvalue().strip()


backups.afterwards.register(backups.Afterwards("ledger", _verified, order=20))


def _periods(run: Run) -> str:
    return reverse("billing:periods")


runs.kinds.register(
    runs.RunKind(
        name=periods.KIND,
        title="Closing of an accounting period",
        permission="billing.close_period",
        queue=Queue.REPORTS,
        function=periods.work,
        can_cancel=False,
        result_url=_periods,
    )
)
runs.kinds.register(
    runs.RunKind(
        name=audit_packs.KIND,
        title="Audit pack",
        permission="billing.take_audit_pack",
        queue=Queue.REPORTS,
        function=audit_packs.work,
        result_url=audit_packs.result_url,
    )
)
jobs.register(
    Job(
        name="audit-pack-clear",
        title="Deletes audit packs after three days",
        queue=Queue.REPORTS,
        task=audit_packs.clear,
        schedule="daily at 03:50",
        order=95,
    )
)
menu.register(
    MenuEntry(
        "billing.periods",
        "Accounting periods",
        "billing:periods",
        "billing.view_accountingperiod",
        order=90,
        parent="billing",
    )
)
