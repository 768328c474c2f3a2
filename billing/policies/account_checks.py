"""Check digits of bank account numbers, and which branch codes are whose; as the banks' own rules have them.

A number that passes may still be no account: the rules of one bank let a tenth of all numbers pass, those of
another a third. One that fails is most likely mistyped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST = 11
SHORTEST_ANYWHERE, LONGEST_ANYWHERE = 6, 16
CURRENT, SAVINGS = "current", "savings"


@dataclass(frozen=True, slots=True)
class Rule:
    """A weight for each of eleven digits, the most significant first; the sum must be a multiple of `modulus`.

    A letter is a weight above nine: A is 10. With `one_left` a remainder of 1 will do where the last digit
    is 0 or 1.
    """

    weights: str
    modulus: int
    fudge: int = 0
    one_left: bool = False

    def holds(self, number: str) -> bool:
        digits = number.rjust(LONGEST, "0")
        total = sum(int(weight, 36) * int(digit) for weight, digit in zip(self.weights, digits, strict=True))
        rest = (total + self.fudge) % self.modulus
        return rest == 0 or (self.one_left and rest == 1 and number[-1] in "01")


@dataclass(frozen=True, slots=True)
class Bank:
    """What is known of a bank's account numbers: how long they are, and its rule."""

    title: str
    lengths: frozenset[int]
    rule: Rule | None = None
    branches: tuple[tuple[int, int], ...] = field(default=())


def _of(first: int, last: int) -> frozenset[int]:
    return frozenset(range(first, last + 1))


BANKS: Mapping[str, Bank] = {
    "absa": Bank(
        "Absa",
        _of(8, 11),
        branches=((300000, 349999), (420000, 429999), (500000, 569999), (630000, 659999)),
    ),
    "african": Bank("African Bank, Ithala", _of(6, 11), Rule("12121212121", 10)),
    "bidvest": Bank("Bidvest", _of(6, 11), Rule("27654321000", 11)),
    "capitec": Bank("Capitec", _of(10, 10), Rule("21987654321", 11), ((470000, 470999),)),
    "fnb": Bank("FNB", _of(11, 11), Rule("12121212121", 10), ((200000, 299999),)),
    "investec": Bank("Investec", _of(10, 11), Rule("000NJHD7531", 11)),
    "mercantile": Bank("Mercantile", _of(6, 11), Rule("1A987654321", 11, one_left=True)),
    "nedbank": Bank("Nedbank", _of(10, 11), branches=((100000, 199999), (720026, 720026))),
    "postbank": Bank("Postbank", _of(6, 11), Rule("42184218421", 10)),
    "standard": Bank(
        "Standard Bank",
        _of(6, 9) | {11},
        Rule("11987654321", 11),
        ((1, 60066), (63968, 99999)),
    ),
}
RULES = [("", "None known"), *((name, bank.title) for name, bank in BANKS.items())]

_ABSA = (
    Rule("17329874321", 10),
    Rule("14327654321", 11),
    Rule("54327654321", 11, one_left=True),
    Rule("11327654321", 11),
    Rule("14329874321", 10),
)
_ABSA_SHORT = Rule("11327654321", 11)
_LOANS_OF_FNB = Rule("DA987654321", 11)
_LONG_OF_STANDARD = Rule("DC987654321", 11)
_NEDBANK = {CURRENT: Rule("11987654321", 11, fudge=9), SAVINGS: Rule("11987654321", 11, fudge=18)}
_SAVINGS_OF_NEDBANK = Rule("14329874321", 10)


def check(rule: str, account_type: str, number: str, branch: str) -> bool:
    """Whether an account number can be one of the bank that has this rule, as far as that is known.

    `account_type` is one of DebitDetail's, `branch` the six digits of the branch code. Without a rule the number
    need only be of a length that occurs.
    """
    if not (number.isascii() and number.isdigit()):
        return False
    bank = BANKS.get(rule)
    if bank is None:
        return SHORTEST_ANYWHERE <= len(number) <= LONGEST_ANYWHERE
    if len(number) not in bank.lengths:
        return False
    own = _OWN.get(rule)
    return own(account_type, number, branch) if own else bool(bank.rule and bank.rule.holds(number))


def _absa(account_type: str, number: str, branch: str) -> bool:
    """Any of its rules will do; short numbers have one more, and long savings numbers from 53 none."""
    if account_type == SAVINGS and len(number) == LONGEST and number.startswith("53"):
        return True
    if any(rule.holds(number) for rule in _ABSA):
        return True
    moved = number[:-1] + str((int(number[-1]) + 6) % 10)
    return len(number) < 10 and _ABSA_SHORT.holds(moved)


def _fnb(account_type: str, number: str, branch: str) -> bool:
    usual = BANKS["fnb"].rule
    return bool(usual and usual.holds(number)) or (account_type == CURRENT and _LOANS_OF_FNB.holds(number))


def _standard(account_type: str, number: str, branch: str) -> bool:
    """Eleven digits are numbers from 1 of the universal branch alone."""
    if len(number) == LONGEST:
        return number.startswith("1") and branch == "051001" and _LONG_OF_STANDARD.holds(number)
    usual = BANKS["standard"].rule
    return bool(usual and usual.holds(number))


def _nedbank(account_type: str, number: str, branch: str) -> bool:
    """Current accounts have one fudge factor, all others another and a second rule."""
    if account_type == CURRENT:
        return _NEDBANK[CURRENT].holds(number)
    return _NEDBANK[SAVINGS].holds(number) or _SAVINGS_OF_NEDBANK.holds(number)


_OWN = {"absa": _absa, "fnb": _fnb, "standard": _standard, "nedbank": _nedbank}


def whose_branch(branch: str) -> str:
    """The rule of the bank whose old branch codes hold this one; empty where nobody's do."""
    number = int(branch) if branch.isascii() and branch.isdigit() else 0
    holders = (
        name for name, bank in BANKS.items() if any(first <= number <= last for first, last in bank.branches)
    )
    return next(holders, "")


def branch_doubt(rule: str, universal: str, branch: str) -> str:
    """What speaks against a branch code at the bank with this rule and universal code; empty where nothing does."""
    if branch == universal:
        return ""
    owner = whose_branch(branch)
    if owner and owner == rule:
        return ""
    if owner:
        return f"Branch code {branch} belongs to {BANKS[owner].title}."
    return f"Branch code {branch} is not known as one of this bank; its universal code is {universal}."
