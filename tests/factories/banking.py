"""Bank accounts and statements as the tests' stories need them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from billing.models import BankAccount, BankRow, StatementImport
from billing.policies.statements import Layout
from billing.selectors import bank_accounts as reading
from billing.services import bank_accounts, bank_statements
from herotill import approvals
from herotill.models import Run
from herotill.users.models import User
from tests.factories.people import make_person

HEAD = "Date;Description;Amount;Balance"


def bank_account(name: str = "FNB cheque", **fields: Any) -> BankAccount:
    """An account of ours whose receipts come from its statement."""
    found: BankAccount = BankAccount.objects.get_or_create(
        name=name, defaults={"source": BankAccount.Source.STATEMENT, **fields}
    )[0]
    return found


def printed_account(name: str, **details: Any) -> BankAccount:
    """An account that customers are told to pay into: Greta asked for it, Hugo approved it."""
    account = BankAccount.objects.create(name=name, **details)
    right, now = "billing.change_bankaccount", datetime(2018, 1, 1, 8, tzinfo=UTC)
    greta, hugo = (make_person(f"{who} of {name}", right) for who in ("Greta", "Hugo"))
    wanted = reading.details(account) | {"printed": True}
    asked = approvals.ask(
        kind=bank_accounts.KIND, subject_id=account.pk, payload=wanted, reason="New", actor=greta, now=now
    )
    approvals.decide(request=asked, approve=True, actor=hugo, now=now)
    account.refresh_from_db()
    return account


def statement_of(*rows: tuple[str, str, str], opening: str | None = "1000.00") -> bytes:
    """A statement file of (day, text, amount); with running balances where an opening one is given."""
    balance, lines = Decimal(opening or 0), [HEAD]
    for day, text, amount in rows:
        balance += Decimal(amount)
        lines.append(f"{day};{text};{amount};{balance if opening else ''}")
    return ("\n".join(lines) + "\n").encode()


def import_statement(
    account: BankAccount, data: bytes, *, actor: User | None = None, name: str = "august.csv"
) -> tuple[StatementImport, Run]:
    """Take a statement in at once; it and its run as they ended."""
    made = bank_statements.receive(account=account, name=name, data=data, actor=actor)
    run = bank_statements.take_in(statement=made, layout=Layout.of(made.layout), actor=actor)
    made.refresh_from_db()
    return made, run


def rows_of(account: BankAccount) -> list[tuple[str, str, str]]:
    """What is held of an account: text, amount, kind."""
    found = BankRow.objects.filter(account=account, gone=False).order_by("day", "pk")
    return [(row.text, str(row.amount), row.kind) for row in found]
