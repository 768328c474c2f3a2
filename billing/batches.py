"""What collection batches and their results add to the shell."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

import billing.lists.batch_lines
import billing.lists.batches
import billing.lists.collection_results
import billing.rights.batches  # noqa: F401
from billing.demo.collections import make_collections
from billing.models import CollectionLine, CollectionResult
from billing.selectors import batch_rules as rule_reading
from billing.selectors import collection_ratios
from billing.services import batch_rules, batches, collection_results, debit_notices
from billing.services.batches import files
from billing.services.batches import runs as batch_runs
from billing.services.collection_results.unanswered import ANSWERED_BY
from customers.models import Purpose
from herotill.approvals import ApprovalKind
from herotill.approvals import kinds as approval_kinds
from herotill.clock import local_day, stamp
from herotill.demo import DemoPart, demo_parts
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import Field, Template, templates
from herotill.models import Run
from herotill.runs import RunKind
from herotill.runs import kinds as run_kinds
from herotill.secrets import EncryptedStore, encrypted_stores
from herotill.tiles import Tile, tiles

NOTICE = """Dear {name}

On {date} we debit R {amount} from your account that ends in {number}. The last debit was R {last}.

Please call us before that day if this is not what you expect. Your account with us is {code}.
"""


def _batch(run: Run) -> str:
    found = batch_runs.built(run)
    return reverse("billing:batch", args=[found.pk]) if found else reverse("billing:batches")


for name, title, permission, function in (
    (batch_runs.BUILD, "Debit batch built", "billing.add_collectionbatch", batch_runs.build),
    (batch_runs.UPDATE, "Debit batch updated", "billing.add_collectionbatch", batch_runs.update),
    (batch_runs.SEND, "Debit batch sent", "billing.send_batch", batch_runs.send),
):
    run_kinds.register(
        RunKind(
            name=name,
            title=title,
            permission=permission,
            see_permission="billing.view_collectionbatch",
            queue=Queue.MONEY,
            function=function,
            can_cancel=False,
            result_url=_batch,
        )
    )
run_kinds.register(
    RunKind(
        name=collection_results.KIND,
        title="Results of collections booked",
        permission="billing.import_collection_results",
        see_permission="billing.view_collectionresult",
        queue=Queue.MONEY,
        function=collection_results.carry_out,
        can_cancel=False,
        result_url=lambda run: reverse("billing:result-rows"),
    )
)
approval_kinds.register(
    ApprovalKind(
        name=rule_reading.KIND,
        title="Second person at debit batches",
        permission="billing.change_collectionrules",
        subject=rule_reading.as_subject,
        describe=rule_reading.changes,
        carry_out=batch_rules.carry_out,
        order=12,
    )
)
jobs.register(
    Job(
        "collection-batches",
        "Asks what became of debit batches that are on their way",
        Queue.MONEY,
        batches.ask_all,
        "every 10 minutes",
        order=44,
    )
)
jobs.register(
    Job(
        "debit-notices",
        "Announces debits that differ from the last, and notes which announcements were sent",
        Queue.MONEY,
        debit_notices.work_off,
        "every hour at :20",
        order=46,
    )
)
encrypted_stores.register(EncryptedStore("files of debit batches", files.renewals))
templates.register(
    Template(
        name=debit_notices.TEMPLATE,
        title="Announcement of a debit",
        group="Billing",
        channel="email",
        subject="Your debit order of {date}",
        text=NOTICE,
        purpose=Purpose.INVOICES,
        fields=(
            Field("name", "The customer's name", "Alice Liddel"),
            Field("code", "The customer's code", "ALI001"),
            Field("date", "The day of the debit", "2018-08-27"),
            Field("amount", "What is debited, in rand", "454.00"),
            Field("last", "What was debited last, in rand", "404.00"),
            Field("number", "The last four of the account number", "1815"),
        ),
        order=60,
    )
)
menu.register(
    MenuEntry(
        "setup.collection-rules",
        "Rules of debit batches",
        "billing:collection-rules",
        "billing.view_collectionrules",
        "scale",
        296,
        parent="setup",
        about="Who releases, what is unusual, what unpaid codes do, which ratios are too high.",
    )
)
for place, (name, label, url_name, permission) in enumerate(
    (
        ("batches", "Debit batches", "billing:batches", "billing.view_collectionbatch"),
        ("ratios", "Unpaids and disputes", "billing:collection-ratios", "billing.view_collectionresult"),
    )
):
    menu.register(
        MenuEntry(f"billing.{name}", label, url_name, permission, order=42 + 3 * place, parent="collections")
    )


def _doubts(user: Any) -> dict[str, Any] | None:
    """The tile of results that nobody could book."""
    count = CollectionResult.objects.exclude(trouble="").count()
    if not count:
        return None
    return {
        "figure": count,
        "what": "Debit-order results in doubt",
        "sub": "Say what they are",
        "url": reverse("billing:result-rows") + "?doubt=true",
        "icon": "question-mark-circle",
        "tone": "warn",
    }


def _unanswered(user: Any) -> dict[str, Any] | None:
    """The tile of debits that nobody told anything of."""
    today = local_day(stamp())
    count = collection_results.unanswered(today).count()
    if not count:
        return None
    return {
        "figure": count,
        "what": "Debits without a result",
        "sub": f"Sent more than {ANSWERED_BY.days} days ago",
        "url": reverse("billing:batch-lines") + f"?state={CollectionLine.State.SENT}",
        "icon": "question-mark-circle",
        "tone": "warn",
    }


def _over(user: Any) -> dict[str, Any] | None:
    """The tile of ratios over their limits, this month and the last."""
    limits = collection_ratios.limits()
    found = collection_ratios.ratios(today=local_day(stamp()), months=2)
    over = [one for one in found if limits.over(one)]
    if not over:
        return None
    worst = max(over, key=lambda one: one.unpaid_share)
    return {
        "figure": f"{worst.unpaid_share:.1f} %",
        "what": "Debits come back too often",
        "sub": f"{worst.group}, {worst.month.label}",
        "url": reverse("billing:collection-ratios"),
        "icon": "exclamation-triangle",
        "tone": "bad",
    }


tiles.register(
    Tile(
        "collection-doubts",
        "Results in doubt",
        "billing.import_collection_results",
        "tiles/_figure.html",
        _doubts,
        46,
    )
)
tiles.register(
    Tile(
        "collection-unanswered",
        "Debits without a result",
        "billing.import_collection_results",
        "tiles/_figure.html",
        _unanswered,
        46,
    )
)
tiles.register(
    Tile(
        "collection-ratios",
        "Unpaids over the limit",
        "billing.view_collectionresult",
        "tiles/_figure.html",
        _over,
        47,
    )
)
demo_parts.register(DemoPart("debit batches", make_collections, order=52))
