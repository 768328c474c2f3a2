"""What receipts from the books kept elsewhere add to the shell: menu, tile, jobs, the buttons that hurry them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

import billing.lists.books_receipts
import billing.rights.books_receipts  # noqa: F401
from billing.receiving import ReceiptSync, receipt_syncs
from billing.selectors import books_receipts as reading
from billing.services import books_ageing, books_receipts
from customers.models import Customer
from herotill.jobs import Job, Queue, jobs, nudge
from herotill.menu import MenuEntry, menu
from herotill.money import rand
from herotill.runs import RunKind
from herotill.runs import kinds as run_kinds
from herotill.tiles import Tile, tiles
from herotill.users.models import User


def _ask(customer: Customer, actor: User, now: datetime) -> str:
    nudge(books_receipts.JOB)
    return "SageOne is asked for what came in since the last time."


def _in_use() -> bool:
    return reading.connected() is not None


receipt_syncs.register(ReceiptSync("sageone", "SageOne", "billing.sync_books", _ask, ready=_in_use))
for place, (name, title, task, schedule) in enumerate(
    (
        (
            books_receipts.JOB,
            "Reads the receipts that changed in SageOne",
            books_receipts.by_the_hour,
            "every 3 hours at :20",
        ),
        (
            books_receipts.WHOLE_JOB,
            "Reads all receipts in SageOne, and finds deleted ones",
            books_receipts.every_night,
            "daily at 01:40",
        ),
        (
            books_receipts.SET_UP_JOB,
            "Asks SageOne for its bank accounts and kinds of VAT",
            books_receipts.look_again,
            "daily at 05:40",
        ),
    )
):
    jobs.register(Job(name, title, Queue.MONEY, task, schedule, order=60 + place))


run_kinds.register(
    RunKind(
        name=books_ageing.RUN,
        title="Debtors in SageOne",
        permission="billing.sync_books",
        see_permission="billing.view_booksageing",
        queue=Queue.MONEY,
        function=books_ageing.carry_out,
        can_cancel=False,
        result_url=lambda run: reverse("reports:books-ageing"),
    )
)


def _waiting(user: Any) -> dict[str, Any] | None:
    """The tile of receipts that wait for a person."""
    waits = reading.waiting()
    if not waits.receipts:
        return None
    return {
        "figure": waits.receipts,
        "what": "Receipts from SageOne wait",
        "sub": f"{rand(waits.money)}, oldest {waits.since}",
        "url": reverse("billing:books-receipts") + "?state=waits",
        "icon": "question-mark-circle",
        "tone": "warn",
    }


tiles.register(
    Tile(
        "books-receipts",
        "Receipts from SageOne that wait",
        "billing.view_booksreceipt",
        "tiles/_figure.html",
        _waiting,
        order=46,
    )
)
menu.register(
    MenuEntry(
        "billing.books-receipts",
        "SageOne: receipts",
        "billing:books-receipts-overview",
        "billing.view_booksreceipt",
        order=25,
        parent="billing",
        counter=lambda user: reading.waiting_receipts(),
    )
)
