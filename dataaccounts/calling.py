"""Voice lines and their calls in the month-end's run."""

from __future__ import annotations

from dataaccounts.selectors import voice_billable
from herotill.billable import BillableSource, billable_sources

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
