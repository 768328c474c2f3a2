"""Whose money a bank row is: the codes that may post by themselves, and suggestions with their reasons.

Nothing but exactly one customer's code in the text ever posts (rule 26). A code that is an ordinary word or a
plain number could be anything, so it only suggests.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from string import ascii_uppercase, digits

from herotill.folding import fold

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_CODE = re.compile(r"(?=.*[A-Z])(?=.*[0-9])[A-Z0-9]{3,12}")
_LETTERS = ascii_uppercase + digits
_LONG_NUMBER = re.compile(r"[0-9]{4,}")
MOST = 5

# What banks and payers write around names and references.
_NOISE = frozenset(
    "payment pay from the ref reference eft internet banking ib cash deposit deposits transfer trf acc account"
    " credit debit order capitec absa fnb nedbank standard bank investec tymebank immediate rtc magtape payshap"
    " invoice inv mobile app realtime real time fee ltd pty".split()
)


def tokens(text: str) -> list[str]:
    """The runs of letters and digits in a text, in capitals."""
    return [token.upper() for token in _TOKEN.findall(text)]


def codes_in(text: str) -> list[str]:
    """What may be customers' codes: whole tokens with a letter and a digit, each once."""
    return list(dict.fromkeys(token for token in tokens(text) if _CODE.fullmatch(token)))


def near(code: str) -> Iterable[str]:
    """Every code that is one slip away: two letters changed over, one wrong, one too many, one too few."""
    halves = [(code[:place], code[place:]) for place in range(len(code) + 1)]
    yield from (left + right[1] + right[0] + right[2:] for left, right in halves if len(right) > 1)
    yield from (left + right[1:] for left, right in halves if right)
    yield from (left + letter + right[1:] for left, right in halves if right for letter in _LETTERS)
    yield from (left + letter + right for left, right in halves for letter in _LETTERS)


def is_transposed(one: str, other: str) -> bool:
    """Whether two neighbouring letters are changed over and all else is the same."""
    differ = [place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    return (
        len(one) == len(other)
        and len(differ) == 2
        and differ[1] == differ[0] + 1
        and one[differ[0]] == other[differ[1]]
        and one[differ[1]] == other[differ[0]]
    )


def alias_key(text: str) -> str:
    """A payer's words without what changes from month to month: long numbers, days, blanks. "" if none are left."""
    left = [word for word in fold(text).replace("-", " ").split() if not _LONG_NUMBER.search(word)]
    words = [cleaned for word in left if (cleaned := re.sub(r"[^\w]", "", word))]
    key = " ".join(words)[:200]
    return key if any(len(word) >= 3 and word not in _NOISE for word in words) else ""


def names_in(text: str) -> list[str]:
    """Words of a text that may be somebody's name, folded."""
    return [word for word in dict.fromkeys(_WORD.findall(fold(text))) if word not in _NOISE]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A customer who may have paid, how sure that is (of 100), and why, in words."""

    customer_id: int
    score: int
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Clues:
    """What is known about a row's text and amount, for the customers it may be about.

    `codes` and `invoices` by what may stand in the text, `aliases` those of the text's key, `names` the folded
    names of customers some of whose words stand in the text, `owing` those with an open document of just that
    amount.
    """

    codes: Mapping[str, int] = field(default_factory=dict)
    invoices: Mapping[str, int] = field(default_factory=dict)
    aliases: Collection[int] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    owing: Mapping[int, str] = field(default_factory=dict)


def wanted_codes(text: str) -> set[str]:
    """All codes worth looking up for a text: as they stand, put together, and one slip away."""
    said = tokens(text)
    whole = {token for token in said if 3 <= len(token) <= 12}
    joined = {a + b for a, b in pairwise(said) if len(a + b) <= 12}
    begun = {token[:length] for token in said for length in range(4, min(len(token), 12)) if len(token) > 4}
    slips = {slip for token in whole if _likely(token) for slip in near(token)}
    return {code for code in whole | joined | begun | slips if 3 <= len(code) <= 12}


def _likely(token: str) -> bool:
    """Whether a slip in this token may hide a code: long enough, and not all digits."""
    return (
        5 <= len(token) <= 12
        and not token.isdigit()
        and any(letter.isdigit() or letter in "OILSB" for letter in token)
    )


def wanted_invoices(text: str) -> set[str]:
    said = tokens(text)
    return {token for token in said if _CODE.fullmatch(token)} | {
        a + b for a, b in pairwise(said) if a.isalpha() and b.isdigit()
    }


def suggest(text: str, clues: Clues) -> list[Suggestion]:
    """The likeliest customers, best first. Each further reason makes one likelier; none is ever certain."""
    found: dict[int, list[tuple[int, str]]] = {}
    for customer, score, reason in (*_by_code(text, clues), *_by_words(text, clues)):
        found.setdefault(customer, []).append((score, reason))
    made = [_put_together(customer, reasons) for customer, reasons in found.items()]
    return sorted(made, key=lambda one: (-one.score, one.customer_id))[:MOST]


def _put_together(customer: int, reasons: Sequence[tuple[int, str]]) -> Suggestion:
    ordered = sorted(dict.fromkeys(reasons), key=lambda one: -one[0])
    score = min(99, ordered[0][0] + 4 * (len(ordered) - 1))
    return Suggestion(customer, score, tuple(reason for _, reason in ordered))


def _by_code(text: str, clues: Clues) -> Iterable[tuple[int, int, str]]:
    said = tokens(text)
    joined = {a + b for a, b in pairwise(said)}
    for code, customer in clues.codes.items():
        if reason := _code_reason(code, said, joined):
            yield customer, *reason


def _code_reason(code: str, said: Sequence[str], joined: Collection[str]) -> tuple[int, str] | None:
    """How a code that exists is hidden in what was said."""
    if code in said:
        return 92, f"code {code}"
    if code in joined:
        return 88, f"code {code}, written apart"
    if any(is_transposed(code, token) for token in said):
        return 82, f"code {code} with two letters changed over"
    if any(token.startswith(code) for token in said if len(token) > len(code)) and _CODE.fullmatch(code):
        return 80, f"begins with the code {code}"
    if any(_likely(token) and code in set(near(token)) for token in said):
        return 75, f"code {code} with one letter wrong"
    return None


def _by_words(text: str, clues: Clues) -> Iterable[tuple[int, int, str]]:
    said = set(tokens(text))
    for name, customer in clues.invoices.items():
        exactly = name.upper() in said
        yield customer, 86 if exactly else 84, f"names invoice {name}"
    for customer in clues.aliases:
        yield customer, 90, "paid with these words before"
    words = set(names_in(text))
    for customer, name in clues.names.items():
        shared = words & set(_WORD.findall(name))
        if len(shared) >= 2:
            yield customer, 70, "name"
        elif shared:
            yield customer, 45, f"“{next(iter(shared)).title()}” in the name"
    for customer, document in clues.owing.items():
        yield customer, 40, f"owes just this: {document}"


# Words by which a row that is nobody's payment is known.
_KINDS = (
    (
        "fee",
        re.compile(r"\b(fee|fees|service charge|bank charge|charges|commission|admin charge|ledger fee)\b"),
    ),
    ("transfer", re.compile(r"\b(transfer to own|inter ?account|sweep|investment|call account)\b")),
    (
        "reversal",
        re.compile(r"\b(unpaid|returned|reversal|reversed|recall|rd cheque|dishonou?red|refer to drawer)\b"),
    ),
)


def kind_of(text: str, amount: Decimal) -> str:
    """What a row may be other than a receipt, or ""; only ever a suggestion."""
    said = fold(text)
    for kind, words in _KINDS:
        if words.search(said) and (kind != "fee" or amount < 0):
            return kind
    return ""
