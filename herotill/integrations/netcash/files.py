"""The batch file: records H, K, T and F, separated by tabs. Written and read; neither reads a clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from herotill.integrations.netcash import (
    CURRENT,
    MASTERCARD,
    SAVINGS,
    TRANSMISSION,
    VENDOR,
    VISA,
    CardDebit,
    Debit,
    File,
    Refused,
)
from herotill.months import Month

VERSION, END, BANK_ACCOUNT, CARD = "1", "9999", "1", "2"
FIELDS = ("101", "102", "131", "132", "133", "134", "135", "136", "162", "301", "302", "303")
CARD_FIELDS = (*FIELDS[:8], "137", *FIELDS[8:])
NEEDED = ("101", "102", "132", "133", "134", "136", "162")
LONGEST_NAME, LONGEST_EXTRA, LONGEST_BATCH = 50, 50, 60
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./-]{1,21}")
NUMBER = re.compile(r"[0-9]{5,16}")
BRANCH = re.compile(r"[0-9]{6}")
# No number of a card ever goes out; Netcash refuses the file that holds one.
TOKEN = re.compile(r"(?![0-9 -]{12,}\Z)[A-Za-z0-9-]{8,60}")
LAST_FOUR = re.compile(r"[0-9]{4}")
CENT = Decimal("0.01")
# Control characters, what else ends a line somewhere, and halves of characters.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def write(file: File, key: str = "") -> bytes:
    """The file as it is handed in, with the service key; without one as it is kept.

    Raises Refused for what Netcash would refuse, and for any character that could make another record.
    """
    for line, debit in enumerate(file.debits, start=1):
        if why := wrong(debit):
            raise Refused(f"{shown(debit.reference)}: {why}", line)
    if why := wrong_together(file):
        raise Refused(why)
    records = [
        ("H", key, VERSION, file.instruction, file.name, f"{file.action_date:%Y%m%d}", VENDOR),
        ("K", *(CARD_FIELDS if isinstance(file.debits[0], CardDebit) else FIELDS)),
        *(("T", *_values(debit)) for debit in file.debits),
        ("F", str(len(file.debits)), str(cents(file.total)), END),
    ]
    return "".join(map(_record, records)).encode()


def with_key(kept: bytes, key: str) -> str:
    """A file that is kept without its key, as it is handed in."""
    first, tab, rest = kept.decode().partition("\t")
    empty, second, others = rest.partition("\t")
    if first != "H" or not tab or not second or empty:
        raise Refused("This file is not one that is kept here.")
    return f"H\t{_plain(key)}\t{others}"


def wrong(debit: Debit | CardDebit) -> str:
    """What Netcash would refuse of one debit, in words; nothing where all is well."""
    for is_wrong, why in _CHECKS[type(debit)]:
        if is_wrong(debit):
            return why
    return ""


def wrong_together(file: File) -> str:
    """What is wrong with a file whose debits are each right."""
    if not file.debits:
        return "There is nothing in this batch."
    if not file.name.strip() or len(file.name) > LONGEST_BATCH or not is_plain(file.name):
        return f"The name of the batch is empty, longer than {LONGEST_BATCH}, or holds a control character."
    if len({type(debit) for debit in file.debits}) > 1:
        return "Bank accounts and cards go in files of their own."
    twice = [reference for reference, count in Counter(_folded(file)).items() if count > 1]
    return f"{twice[0].upper()} is in the file twice." if twice else ""


def is_plain(text: str) -> bool:
    """Whether text has no character that is not seen: a tab or an end of line would make another record."""
    return UNSEEN.search(text) is None


def shown(text: str) -> str:
    """Text for an error, without what cannot be seen."""
    return UNSEEN.sub("?", text)


def cents(amount: Decimal) -> int:
    """Rand as whole cents. Raises Refused for a part of a cent."""
    if amount != amount.quantize(CENT):
        raise Refused("An amount is not in whole cents.")
    return int(amount * 100)


def read(data: bytes) -> File:
    """What a file says, whoever wrote it. Raises Refused where it is not whole."""
    try:
        records = [line.split("\t") for line in data.decode().replace("\r\n", "\n").rstrip("\n").split("\n")]
    except UnicodeDecodeError:
        raise Refused("The file is not text.") from None
    if len(records) < 3 or [record[0] for record in (records[0], records[1], records[-1])] != ["H", "K", "F"]:
        raise Refused("The file lacks its head, its key or its foot.")
    head, key, foot = records[0], records[1][1:], records[-1]
    if len(head) != 7 or not set(NEEDED) <= set(key) or len(set(key)) < len(key):
        raise Refused("The head or the key of the file has other columns.", 1)
    debits = tuple(_debits(key, records[2:-1]))
    _check_foot(foot, debits)
    return File(name=head[4], action_date=_day(head[5]), debits=debits, instruction=head[3])


def _debits(key: Sequence[str], records: Sequence[Sequence[str]]) -> Iterator[Debit | CardDebit]:
    for line, record in enumerate(records, start=1):
        if record[0] != "T" or len(record) != len(key) + 1:
            raise Refused("A record is none of a debit, or has other columns than the key says.", line)
        cell = dict(zip(key, record[1:], strict=True))
        if not cell["162"].isascii() or not cell["162"].isdigit():
            raise Refused("An amount is no number of cents.", line)
        yield _of_card(cell, line) if cell.get("131") == CARD else _of_account(cell)


def _of_account(cell: Mapping[str, str]) -> Debit:
    return Debit(
        reference=cell["101"],
        name=cell["102"],
        holder=cell["132"],
        account_type=cell["133"],
        branch_code=cell["134"],
        number=cell["136"],
        amount=_rand(cell),
        extras=_extras(cell),
    )


def _of_card(cell: Mapping[str, str], line: int) -> CardDebit:
    try:
        expires = Month(int(cell["135"]), int(cell["134"])).last
    except (KeyError, ValueError):
        raise Refused("The month in which a card expires is none.", line) from None
    return CardDebit(
        reference=cell["101"],
        name=cell["102"],
        holder=cell["132"],
        brand=cell["133"],
        expires_on=expires,
        token=cell["136"],
        last_four=cell.get("137", "")[-4:],
        amount=_rand(cell),
        extras=_extras(cell),
    )


def _rand(cell: Mapping[str, str]) -> Decimal:
    return Decimal(int(cell["162"])) / 100


def _extras(cell: Mapping[str, str]) -> tuple[str, str, str]:
    return cell.get("301", ""), cell.get("302", ""), cell.get("303", "")


def _check_foot(foot: Sequence[str], debits: Sequence[Debit | CardDebit]) -> None:
    total = sum(cents(debit.amount) for debit in debits)
    if list(foot[1:]) != [str(len(debits)), str(total), END]:
        raise Refused("The foot of the file says another number or sum than its debits.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text if text.isdigit() else "")
    except ValueError:
        raise Refused("The action date is no day.", 1) from None


def _values(debit: Debit | CardDebit) -> tuple[str, ...]:
    kind, against = _card(debit) if isinstance(debit, CardDebit) else _account(debit)
    return (debit.reference, debit.name, kind, *against, str(cents(debit.amount)), *debit.extras)


def _account(debit: Debit) -> tuple[str, tuple[str, ...]]:
    return BANK_ACCOUNT, (debit.holder, debit.account_type, debit.branch_code, "0", debit.number)


def _card(debit: CardDebit) -> tuple[str, tuple[str, ...]]:
    until = (f"{debit.expires_on:%m}", f"{debit.expires_on:%Y}")
    return CARD, (debit.holder, debit.brand, *until, debit.token, f"************{debit.last_four}")


def _record(cells: Sequence[str]) -> str:
    _plain("".join(cells))
    return "\t".join(cells) + "\r\n"


def _plain(text: str) -> str:
    if not is_plain(text):
        raise Refused("A control character stands in what is to be written; nothing was written.")
    return text


def _folded(file: File) -> Iterator[str]:
    return (debit.reference.casefold() for debit in file.debits)


def _too_long(text: str, most: int) -> bool:
    return not text.strip() or len(text) > most


Check = tuple[Callable[[Any], bool], str]
_OF_ALL: tuple[Check, ...] = (
    (
        lambda debit: not is_plain("".join((debit.reference, debit.name, debit.holder, *debit.extras))),
        "a name holds a control character.",
    ),
    (
        lambda debit: REFERENCE.fullmatch(debit.reference) is None,
        "the account reference has 2 to 22 letters and digits.",
    ),
    (lambda debit: _too_long(debit.name, LONGEST_NAME), f"the name has 1 to {LONGEST_NAME} characters."),
    (
        lambda debit: _too_long(debit.holder, LONGEST_NAME),
        f"the account holder has 1 to {LONGEST_NAME} characters.",
    ),
    (
        lambda debit: debit.amount <= 0 or debit.amount != debit.amount.quantize(CENT),
        "the amount is more than nothing, in whole cents.",
    ),
    (
        lambda debit: any(len(extra) > LONGEST_EXTRA for extra in debit.extras),
        f"what comes back on the statement has at most {LONGEST_EXTRA} characters.",
    ),
)
_CHECKS: Mapping[type, tuple[Check, ...]] = {
    Debit: (
        *_OF_ALL,
        (
            lambda debit: debit.account_type not in (CURRENT, SAVINGS, TRANSMISSION),
            "the account type is current, savings or transmission.",
        ),
        (
            lambda debit: BRANCH.fullmatch(debit.branch_code) is None,
            "the branch code has exactly six digits.",
        ),
        (lambda debit: NUMBER.fullmatch(debit.number) is None, "the account number has 5 to 16 digits."),
    ),
    CardDebit: (
        *_OF_ALL,
        (lambda debit: debit.brand not in (MASTERCARD, VISA), "the card is a Mastercard or a Visa card."),
        (
            lambda debit: TOKEN.fullmatch(debit.token) is None,
            "the card stands by its token, never its number.",
        ),
        (lambda debit: LAST_FOUR.fullmatch(debit.last_four) is None, "of a card's number four digits stand."),
    ),
}
