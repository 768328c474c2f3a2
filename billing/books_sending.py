"""What goes to the books kept elsewhere, as it stands in the shell: job, tile, menu, what waits to go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

import billing.lists.books
import billing.rights.books  # noqa: F401
from billing.demo.books import standing_in
from billing.forms.books import FirstSageOneIdForm
from billing.models import BooksConnection, BooksOwed
from billing.selectors import books as reading
from billing.services.books import linking, owing, sending
from customers.footprints import Footprint, footprints
from customers.models import Customer
from customers.screen import CreateTab, create_tabs
from herotill import outward
from herotill.demo import StandIn, stand_ins
from herotill.integrations.books.errors import Stopped
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.tiles import Tile, tiles


def _push(now: datetime) -> str:
    """What keeps everything back, and is known, is no failure of the job each time it is called."""
    if trouble := BooksConnection.objects.filter(is_on=True).values_list("trouble", flat=True).first():
        return f"{trouble} Everything waits until the connection was tested."
    try:
        return sending.push()
    except Stopped as no:
        return f"{no} It goes on then."


jobs.register(
    Job(
        owing.JOB,
        "Sends customers and documents to SageOne",
        Queue.MONEY,
        _push,
        "every 5 minutes",
        order=58,
    )
)
outward.owed.register(
    outward.Owed(
        "books",
        "Customers and documents for SageOne",
        lambda: BooksOwed.objects.exclude(state__in=[BooksOwed.State.LEFT, BooksOwed.State.REFUSED]).count(),
        order=60,
    )
)


def _refused(user: Any) -> dict[str, Any] | None:
    """The tile of what the books refused and of totals that differ."""
    found = reading.counts()
    if not found["refused"] and not found["differ"]:
        return None
    return {
        "figure": found["refused"] + found["differ"],
        "what": "SageOne refused or counts otherwise",
        "sub": f"{found['refused']:,} refused, {found['differ']:,} totals differ",
        "url": reverse("billing:books-owed") + "?state=refused"
        if found["refused"]
        else reverse("billing:books-sent") + "?differs=true",
        "icon": "exclamation-triangle",
        "tone": "bad",
    }


tiles.register(
    Tile(
        "books-refused",
        "Refused by SageOne",
        "billing.view_booksowed",
        "tiles/_figure.html",
        _refused,
        order=46,
    )
)
menu.register(
    MenuEntry(
        "billing.books-owed",
        "SageOne: waiting",
        "billing:books-owed",
        "billing.view_booksowed",
        order=26,
        parent="billing",
    )
)
menu.register(
    MenuEntry(
        "billing.books-sent",
        "SageOne: sent",
        "billing:books-sent",
        "billing.view_booksowed",
        order=27,
        parent="billing",
    )
)
menu.register(
    MenuEntry(
        "setup.books",
        "SageOne",
        "billing:books",
        "billing.view_booksconnection",
        "key",
        297,
        parent="setup",
        about="The books kept elsewhere: company, credentials, cut-over day, accounts.",
    )
)


def _link(*, customer: Customer, data: dict[str, Any], actor: Any) -> None:
    if data["their_id"]:
        linking.link_new(customer=customer, **data)


create_tabs.register(
    CreateTab("sageone", "SageOne", "billing.change_bookscustomer", FirstSageOneIdForm, _link, order=95)
)
footprints.register(
    Footprint("books", "something on its way to SageOne", (BooksOwed,), reading.on_their_way, order=200)
)
stand_ins.register(
    StandIn(
        "sageone",
        standing_in,
        lambda url: {
            "SAGEONE_URL": url,
            "SAGEONE_SECONDS_APART": "0.05",
            "SAGEONE_A_MINUTE": "0",
            "SAGEONE_A_DAY": "0",
        },
        order=30,
    )
)
