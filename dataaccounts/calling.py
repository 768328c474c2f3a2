"""Voice lines and their calls in the month-end's run, in the menu, and in the work of each day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from customers.models import Purpose
from dataaccounts.models import SpendAlarm
from dataaccounts.selectors import voice_billable
from dataaccounts.services import call_drops, call_retention, call_uploads, spend_alarms, voice_lines
from herotill.billable import BillableSource, billable_sources
from herotill.events import Consumer, consumers
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.messages.templates import Field, Template, templates
from herotill.models import Run
from herotill.retention import Kept, kinds
from herotill.runs import RunKind
from herotill.runs import kinds as run_kinds
from herotill.tiles import Tile, tiles

billable_sources.register(
    BillableSource(
        voice_billable.RENTAL,
        "Voice line",
        voice_billable.rentals,
        order=40,
        watched=(
            "(SELECT id, customer_id, number, package_id, rental, state = 'waiting', never_active, starts_on, ends_on"
            " FROM dataaccounts_voiceline)",
            "(SELECT id, name, product_id, calls_product_id FROM dataaccounts_voicepackage)",
            "dataaccounts_voiceterm",
        ),
    )
)
billable_sources.register(
    BillableSource(
        voice_billable.CALLS,
        "Calls",
        voice_billable.calls,
        order=45,
        watched=(
            "dataaccounts_voicebundle",
            "(SELECT id, line_id FROM dataaccounts_voicecaller WHERE line_id IS NOT NULL)",
        ),
        # Not when what its rows said went, which changes no amount.
        watched_to_the_end=(
            ("(SELECT id, state, counts, first_on FROM dataaccounts_callfile)", "first_on"),
            ("dataaccounts_deckversion", "valid_from"),
        ),
        monthly=False,
    )
)
menu.register(
    MenuEntry(
        "voice",
        "Voice",
        "dataaccounts:voice-lines",
        "dataaccounts.view_voiceline",
        "phone",
        27,
        gathers=True,
        about="Numbers that customers have, their calls, and what those cost.",
    )
)
for order, (name, label, url_name, right) in enumerate(
    (
        ("lines", "Voice lines", "dataaccounts:voice-lines", "dataaccounts.view_voiceline"),
        ("take-in", "Take in calls", "dataaccounts:call-files-new", "dataaccounts.add_callfile"),
        ("files", "Files of calls", "dataaccounts:call-files", "dataaccounts.view_callfile"),
        ("unmatched", "Calls without a line", "dataaccounts:calls-unmatched", "dataaccounts.view_callfile"),
        ("alarms", "Spend alarms", "dataaccounts:spend-alarms", "dataaccounts.view_spendalarm"),
        (
            "reports",
            "Calls by destination",
            "dataaccounts:calls-by-destination",
            "dataaccounts.see_call_reports",
        ),
        ("formats", "A wholesaler's format", "dataaccounts:call-formats-new", "dataaccounts.add_callprofile"),
    )
):
    menu.register(MenuEntry(f"voice.{name}", label, url_name, right, order=order, parent="voice"))
menu.register(
    MenuEntry(
        "setup.spend-limits",
        "Spend limits of voice lines",
        "dataaccounts:spend-limits",
        "dataaccounts.view_spendlimit",
        "bell-alert",
        547,
        parent="setup",
        about="From which amount the calls of a line raise an alarm.",
    )
)


def _result(run: Run) -> str:
    """What would become of the file, or what became of it."""
    if run.params["only_say"]:
        return reverse("dataaccounts:call-file-looked-at", args=[run.pk])
    return reverse("dataaccounts:call-file", args=[run.checkpoint.cursor["file"]])


run_kinds.register(
    RunKind(
        name=call_uploads.RUN,
        title="Files of calls",
        permission="dataaccounts.add_callfile",
        queue=Queue.NETWORK,
        function=call_uploads.work,
        result_url=_result,
    )
)
templates.register(
    Template(
        name=spend_alarms.ALARM,
        title="A voice line spends more than usual",
        group="Data accounts",
        channel="email",
        subject="Calls of {number}",
        text=(
            "Dear {name}\n\nThe calls of {number} have reached {what} ({day}): {amount}, VAT not included. If these"
            " calls are not yours, tell us at once.\n"
        ),
        purpose=Purpose.USAGE,
        fields=(
            Field("name", "The customer's name", "Alice Liddel"),
            Field("number", "The voice line", "+27878201234"),
            Field("what", "What was reached", "the limit of a day"),
            Field("day", "The day, or the first day of the month", "2018-08-22"),
            Field("amount", "What was spent", "R 250.00"),
        ),
        order=90,
    )
)


def _watch(now: datetime) -> str:
    said = f"{call_drops.read_due(now=now)} {spend_alarms.watch(now=now):,} new alarms."
    call_uploads.sweep(now)
    return said


def _tile(person: Any) -> dict[str, Any] | None:
    """How many alarms nobody has looked into."""
    found = SpendAlarm.objects.filter(seen_at=None)[:100].count()
    if not found:
        return None
    return {
        "figure": found,
        "what": "Spend alarms" if found > 1 else "Spend alarm",
        "sub": "of voice lines",
        "url": reverse("dataaccounts:spend-alarms"),
        "icon": "bell-alert",
        "tone": "bad",
    }


tiles.register(
    Tile("spend-alarms", "Spend alarms", "dataaccounts.view_spendalarm", "tiles/_figure.html", _tile, 36)
)
jobs.register(
    Job(
        name="call-drops",
        title="Takes in files of calls that were left for us, and raises spend alarms",
        queue=Queue.NETWORK,
        task=_watch,
        schedule="every 15 minutes",
        order=340,
    )
)
consumers.register(
    Consumer(
        "voice-lines", frozenset({"customer.suspended", "customer.restored"}), voice_lines.follow, order=60
    )
)
jobs.register(
    Job(
        name="voice-lines-end",
        title="Ends voice lines whose last day has gone by",
        queue=Queue.NETWORK,
        task=lambda now: f"{voice_lines.end_due(now=now):,} lines ended.",
        schedule="daily at 00:20",
        order=345,
    )
)
kinds.register(
    Kept(
        name="call-rows",
        title="What rows of files of calls said",
        period=lambda rules: call_retention.in_words(),
        forget=lambda now: call_retention.forget(now=now),
        variable="CALL_ROWS_KEPT_MONTHS",
        order=31,
    )
)
