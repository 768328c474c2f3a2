"""What receipts, bank statements and refunds add to the shell and to screens of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

import billing.lists.payers
import billing.lists.receipts
import billing.receipt_mails
import billing.rights.receipts  # noqa: F401
from billing.selectors import bank
from billing.services import bank_statements, refunds
from customers.deeds import CardDeed, card_deeds
from customers.models import Customer
from herotill.approvals import ApprovalKind
from herotill.approvals import kinds as approval_kinds
from herotill.jobs import Queue
from herotill.menu import MenuEntry, menu
from herotill.models import Run
from herotill.money import rand
from herotill.registry import Registry
from herotill.runs import RunKind
from herotill.runs import kinds as run_kinds
from herotill.tiles import Tile, tiles
from herotill.users.models import User


@dataclass(frozen=True, slots=True)
class ReceiptSync:
    """Somewhere else that receipts come from, such as an accounting package, and how it is asked about one customer.

    It stands as a button on the card of receipts while `ready` says so; `fetch` returns a sentence for the person
    who pressed it.
    """

    name: str
    label: str
    permission: str
    fetch: Callable[[Customer, User, datetime], str]
    order: int = 100
    ready: Callable[[], bool] = lambda: True


receipt_syncs: Registry[ReceiptSync] = Registry("receipt sync")


def _statement(run: Run) -> str:
    return reverse("billing:statement", args=[run.params["statement"]])


run_kinds.register(
    RunKind(
        name=bank_statements.RUN,
        title="Bank statement",
        permission="billing.import_statements",
        see_permission="billing.see_statements",
        queue=Queue.MONEY,
        function=bank_statements.work,
        can_cancel=False,
        result_url=_statement,
    )
)
approval_kinds.register(
    ApprovalKind(
        name=refunds.KIND,
        title="Refund",
        permission="billing.approve_refund",
        subject=refunds.subject,
        describe=refunds.describe,
        carry_out=refunds.carry_out,
    )
)


def _waiting(user: Any) -> dict[str, Any] | None:
    """The tile of bank rows that nobody has named."""
    waits = bank.waiting()
    if not waits.rows:
        return None
    since = f", oldest {waits.since}" if waits.since else ""
    return {
        "figure": waits.rows,
        "what": "Bank rows without a name",
        "sub": f"{rand(waits.money)} came in{since}",
        "url": reverse("billing:unmatched"),
        "icon": "question-mark-circle",
        "tone": "warn",
    }


tiles.register(
    Tile(
        "bank-rows",
        "Unmatched bank rows",
        "billing.see_statements",
        "tiles/_figure.html",
        _waiting,
        order=45,
    )
)
for place, (name, label, url_name, permission) in enumerate(
    (
        ("receipts", "Receipts", "billing:receipts", "billing.view_receipt"),
        ("capture", "Capture receipts", "billing:receipts-capture", "billing.add_receipt"),
        ("statements", "Bank statements", "billing:statements", "billing.see_statements"),
    )
):
    menu.register(
        MenuEntry(f"billing.{name}", label, url_name, permission, order=20 + place, parent="billing")
    )
menu.register(
    MenuEntry(
        "billing.unmatched",
        "Unmatched rows",
        "billing:unmatched",
        "billing.see_statements",
        order=24,
        parent="billing",
        counter=bank.waiting_rows,
    )
)


def _sell(customer: Customer) -> str:
    return reverse("billing:sell-topping", args=[customer.code])


card_deeds.register(CardDeed("sell", "data-toppings", "Sell", "billing.add_receipt", _sell))
