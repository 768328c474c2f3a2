"""Our own bank accounts in Setup: the list, rights, and the approval that their details take."""

from __future__ import annotations

from django.urls import reverse

from billing.forms.bank_accounts import BankAccountForm
from billing.models import BankAccount
from billing.selectors import bank_accounts as reading
from billing.services import bank_accounts
from herotill.approvals import ApprovalKind
from herotill.approvals import kinds as approval_kinds
from herotill.lists import Column, Link, cells
from herotill.lists.columns import Row
from herotill.tables import keep
from herotill.users.grants import right

SCREEN = "Setup: own bank accounts"
BOOKS, CHIEF = ("manager", "accounts"), ("manager",)
right("billing.view_bankaccount", "see our own bank accounts", screen=SCREEN, to=BOOKS)
right("billing.add_bankaccount", "add bank accounts of our own", screen=SCREEN, to=CHIEF)
right(
    "billing.change_bankaccount",
    "change our own bank accounts, ask for and approve other bank details",
    screen=SCREEN,
    to=BOOKS,
    money=True,
)
right("billing.delete_bankaccount", "delete bank accounts that nothing uses", screen=SCREEN, to=CHIEF)


def _stays(account: BankAccount) -> str:
    return f"Documents say to pay into “{account}”, so it stays." if account.printed else ""


def _details(row: Row) -> Link:
    shown = " ".join(part for part in (row["bank"], row["number"]) if part)
    return Link(reverse("billing:bank-details", args=[row["pk"]]), shown or "No details")


keep(
    name="bank-accounts",
    model=BankAccount,
    title="Own bank accounts",
    noun="bank account",
    nouns="bank accounts",
    about="Where money comes in, and what documents say to pay into.",
    icon="building-library",
    form=BankAccountForm,
    columns=(
        Column(
            name="details",
            heading="Bank details",
            cell=cells.LINK,
            fields=("bank", "number"),
            value=_details,
            default=True,
            order=20,
        ),
        Column(
            name="source",
            heading="Receipts come from",
            cell=cells.words(dict(BankAccount.Source.choices)),
            fields=("source",),
            default=True,
            narrow=False,
            order=30,
        ),
        Column(
            name="printed",
            heading="On documents",
            cell=cells.YES,
            fields=("printed",),
            default=True,
            narrow=False,
            order=40,
        ),
    ),
    fixed=_stays,
    order=290,
)
approval_kinds.register(
    ApprovalKind(
        name=bank_accounts.KIND,
        title="Change of our bank details",
        permission="billing.change_bankaccount",
        subject=reading.as_subject,
        describe=reading.changes,
        carry_out=bank_accounts.carry_out,
        order=10,
    )
)
