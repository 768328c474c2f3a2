"""Voice lines and their calls in the month-end's run, in the menu, and in the work of each day."""

from __future__ import annotations

from dataaccounts.selectors import voice_billable
from dataaccounts.services import voice_lines
from herotill.billable import BillableSource, billable_sources
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu

billable_sources.register(
    BillableSource(
        voice_billable.RENTAL,
        "Voice line",
        voice_billable.rentals,
        order=40,
        watched=("dataaccounts_voiceline", "dataaccounts_voicepackage"),
    )
)
billable_sources.register(
    BillableSource(
        voice_billable.CALLS,
        "Calls",
        voice_billable.calls,
        order=45,
        watched=("dataaccounts_callfile", "dataaccounts_voicecaller", "dataaccounts_deckversion"),
        monthly=False,
    )
)
for name, label, url_name, right, order in (
    ("voice", "Voice lines", "dataaccounts:voice-lines", "dataaccounts.view_voiceline", 40),
    ("calls", "Files of calls", "dataaccounts:call-files", "dataaccounts.view_callfile", 45),
    ("take-in", "Take in calls", "dataaccounts:call-files-new", "dataaccounts.add_callfile", 46),
    ("unmatched", "Calls without a line", "dataaccounts:calls-unmatched", "dataaccounts.view_callfile", 50),
):
    menu.register(
        MenuEntry(f"dataaccounts.{name}", label, url_name, right, order=order, parent="dataaccounts")
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
