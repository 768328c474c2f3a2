"""What the debit-order service and its results add to the shell."""

from __future__ import annotations

from django.urls import reverse

import billing.channels.netcash
import billing.rights.bank_services  # noqa: F401
from billing.demo import netcash as demo
from billing.selectors import bank_services as reading
from billing.services import bank_services, result_statements
from herotill.approvals import ApprovalKind
from herotill.approvals import kinds as approval_kinds
from herotill.demo import DemoPart, StandIn, demo_parts, stand_ins
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.models import Run
from herotill.runs import RunKind
from herotill.runs import kinds as run_kinds
from herotill.secrets import EncryptedStore, encrypted_stores

approval_kinds.register(
    ApprovalKind(
        name=reading.KIND,
        title="Change of keys of the debit-order service",
        permission="billing.change_bankservice",
        subject=reading.as_subject,
        describe=reading.changes,
        carry_out=bank_services.carry_out,
        secret=frozenset(reading.KEYS),
        order=11,
    )
)
menu.register(
    MenuEntry(
        "setup.bank-service",
        "Debit-order service",
        "billing:bank-service",
        "billing.view_bankservice",
        "key",
        295,
        parent="setup",
        about="Who carries debit orders out, with which keys, and until when.",
    )
)


def _statement(run: Run) -> str:
    return reverse("billing:result-statement", args=[run.params["statement"]])


run_kinds.register(
    RunKind(
        name=result_statements.RUN,
        title="Debit-order results",
        permission="billing.import_collection_results",
        see_permission="billing.view_collectionresult",
        queue=Queue.MONEY,
        function=result_statements.work,
        can_cancel=False,
        result_url=_statement,
    )
)
run_kinds.register(
    RunKind(
        name=result_statements.FETCH,
        title="Debit-order results asked for",
        permission="billing.import_collection_results",
        see_permission="billing.view_collectionresult",
        queue=Queue.MONEY,
        function=result_statements.ask_now,
        can_cancel=False,
        result_url=lambda run: reverse("billing:results"),
    )
)
jobs.register(
    Job(
        "debit-order-results",
        "Fetches the statements of debit orders that are missing",
        Queue.MONEY,
        result_statements.fetch_missing,
        "every 30 minutes",
        order=45,
    )
)
encrypted_stores.register(EncryptedStore("statements of debit-order results", result_statements.renewals))
menu.register(
    MenuEntry(
        "billing.results",
        "Debit-order results",
        "billing:results",
        "billing.view_collectionresult",
        order=44,
        parent="collections",
    )
)
demo_parts.register(DemoPart("debit-order service", demo.make_service, order=51))
stand_ins.register(StandIn("netcash", demo.standing_in, lambda url: {"NETCASH_URL": url}, order=20))
