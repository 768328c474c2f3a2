"""Bank accounts and statements as the tests' stories need them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing.models import BankAccount, BankRow, StatementImport
from billing.policies.statements import Layout
from billing.services import bank_statements
from herotill.models import Run
from herotill.users.models import User

HEAD = "Date;Description;Amount;Balance"


def bank_account(name: str = "FNB cheque", **fields: Any) -> BankAccount:
    """An account of ours whose receipts come from its statement."""
    found: BankAccount = BankAccount.objects.get_or_create(
        name=name, defaults={"source": BankAccount.Source.STATEMENT, **fields}
    )[0]
    return found


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
