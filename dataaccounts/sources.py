"""Sources of usage in Setup, and sessions with problems in the menu."""

from __future__ import annotations

from dataaccounts.forms.sources import UsageSourceForm
from dataaccounts.models import UsageSource
from herotill.lists import Column, cells
from herotill.lists.columns import Row
from herotill.menu import MenuEntry, menu
from herotill.tables import keep


def _where(row: Row) -> str:
    return str(row["host"] or row["files"])


def _exact(row: Row) -> str:
    minutes = row["interval"]
    return f"to {minutes} minute{'' if minutes == 1 else 's'}"


keep(
    name="usage-sources",
    model=UsageSource,
    title="Sources of usage",
    noun="source of usage",
    nouns="sources of usage",
    about=(
        "Other RADIUS servers whose accounting is read. Usage from them is exact to the minutes between two"
        " readings; our own RADIUS reports every change itself and is exact to the second."
    ),
    icon="arrow-down-tray",
    form=UsageSourceForm,
    columns=(
        Column(
            name="kind",
            heading="What it is",
            cell=cells.words(dict(UsageSource.Kind.choices)),
            fields=("kind",),
            default=True,
            order=20,
        ),
        Column(
            name="where",
            heading="Where",
            cell=cells.CLIPPED,
            fields=("host", "files"),
            value=_where,
            default=True,
            order=30,
        ),
        Column(name="exact", heading="Exact", fields=("interval",), value=_exact, default=True, order=40),
        Column(
            name="read_at", heading="Read at", cell=cells.MOMENT, fields=("read_at",), default=True, order=50
        ),
        Column(
            name="failed",
            heading="State of reading",
            cell=cells.chips({False: ("Well", "ok"), True: ("In trouble", "bad")}),
            fields=("failed",),
            default=True,
            order=60,
        ),
        Column(
            name="said", heading="Last reading", cell=cells.CLIPPED, fields=("said",), default=True, order=70
        ),
    ),
    order=448,
)
menu.register(
    MenuEntry(
        "dataaccounts.problems",
        "Sessions with problems",
        "dataaccounts:problems",
        "dataaccounts.view_session",
        order=60,
        parent="dataaccounts",
    )
)
