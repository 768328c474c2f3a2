"""Rows of debit orders as files have them, read into what they mean. Pure: texts in, a record or a refusal out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from billing.policies.account_checks import CURRENT, SAVINGS
from herotill.folding import fold
from herotill.imports.dates import read_date
from herotill.imports.refusing import Refused, Texts, word

TRANSMISSION = "transmission"
TYPES = {
    "": CURRENT,
    "1": CURRENT,
    "current": CURRENT,
    "cheque": CURRENT,
    "check": CURRENT,
    "current (cheque)": CURRENT,
    "2": SAVINGS,
    "savings": SAVINGS,
    "saving": SAVINGS,
    "3": TRANSMISSION,
    "transmission": TRANSMISSION,
}
DEBIT = "debit_order"
METHODS = {
    "": DEBIT,
    "debit order": DEBIT,
    "direct debit": DEBIT,
    "direct debit (debit order)": DEBIT,
    "debit_order": DEBIT,
    "eft": "eft",
    "credit card": "credit_card",
    "credit_card": "credit_card",
    "card": "credit_card",
    "cash": "cash",
}
_BETWEEN = str.maketrans("", "", " -")


@dataclass(frozen=True, slots=True)
class DebitOrderRow:
    """How a customer pays; for a debit order, the account. Never shown: it holds the number.

    `signed_on` None brings no mandate.
    """

    code: str
    method: str
    bank: str = ""
    branch_code: str = ""
    branch_name: str = ""
    holder: str = ""
    account_type: str = CURRENT
    number: str = ""
    debit_day: int = 0
    reference: str = ""
    signed_on: date | None = None

    def __repr__(self) -> str:
        return f"<debit order of {self.code}>"


def read_debit_order(texts: Texts) -> DebitOrderRow:
    """A row of payment methods; only debit orders bring an account. Raises Refused."""
    code = word(texts, "code", "no_code", longest=12).upper()
    method = METHODS.get(fold(texts.get("method", "")))
    if method is None:
        raise Refused("bad_method")
    return _account(texts, code) if method == DEBIT else DebitOrderRow(code, method)


def _account(texts: Texts, code: str) -> DebitOrderRow:
    signed_on, bad = read_date(texts.get("signed_on", ""))
    if bad:
        raise Refused("bad_date")
    kind = TYPES.get(fold(texts.get("account_type", "")))
    if kind is None:
        raise Refused("bad_account_type")
    return DebitOrderRow(
        code=code,
        method=DEBIT,
        bank=texts.get("bank", ""),
        branch_code=_branch(texts.get("branch_code", "")),
        branch_name=_short(texts, "branch_name", 60),
        holder=_short(texts, "holder", 50),
        account_type=kind,
        number=_number(texts),
        debit_day=_debit_day(texts.get("debit_day", "")),
        reference=_short(texts, "reference", 30),
        signed_on=signed_on,
    )


def _short(texts: Texts, name: str, longest: int) -> str:
    text = " ".join(texts.get(name, "").split())
    if len(text) > longest:
        raise Refused("too_long")
    return text


def _branch(text: str) -> str:
    """Six digits. A spreadsheet eats leading noughts, so shorter codes get them back."""
    code = text.translate(_BETWEEN)
    if code and not (code.isascii() and code.isdigit() and 4 <= len(code) <= 6):
        raise Refused("bad_branch")
    return code.rjust(6, "0") if code else ""


def _number(texts: Texts) -> str:
    number = word(texts, "number", "no_number", longest=40).translate(_BETWEEN)
    if not (number.isascii() and number.isdigit()):
        raise Refused("bad_number")
    return number


def _debit_day(text: str) -> int:
    day = int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0
    if not 1 <= day <= 31:
        raise Refused("bad_day")
    return day


@dataclass(frozen=True, slots=True)
class KnownBank:
    """A bank that customers may pay from."""

    pk: int
    name: str
    branch_code: str
    check_rule: str


def bank_of(row: DebitOrderRow, banks: Sequence[KnownBank]) -> KnownBank | None:
    """The bank a row means: by its name, by a part of one that is in no other's, or by the universal branch code."""
    wanted = fold(row.bank)
    same = [bank for bank in banks if fold(bank.name) == wanted]
    part = [bank for bank in banks if wanted and wanted in fold(bank.name)]
    branch = [bank for bank in banks if bank.branch_code == row.branch_code]
    for found in (same, part, branch if not wanted else []):
        if len(found) == 1:
            return found[0]
    return None
