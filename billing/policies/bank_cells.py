"""Amounts and days as South African banks write them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

_NUMBER = (
    r"[0-9]{1,3}(?:[ ,][0-9]{3})+(?:\.[0-9]{1,2})?"  # 1,234.56 and 1 234.56
    r"|[0-9]{1,3}(?:[ .][0-9]{3})+,[0-9]{1,2}"  # 1 234,56 and 1.234,56
    r"|[0-9]+(?:[.,][0-9]{1,2})?"
    r"|[.,][0-9]{1,2}"
)
_AMOUNT = re.compile(
    rf"(?P<open>\()?\s*(?P<before>[-+])?\s*(?:R|ZAR)?\s*(?P<after>[-+])?\s*(?P<number>{_NUMBER})"
    r"\s*(?P<behind>[-+]|CR|DR)?\s*(?P<close>\))?"
)
_LONGEST = 12
_MINUS = str.maketrans("−–\xa0\u202f\u2009", "--   ")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_WORDY = re.compile(r"([0-9]{1,2})[ -]?([A-Za-z]{3})[a-z]*[ -]?([0-9]{4}|[0-9]{2})")
_TIME = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?.*$")
_MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}


def read_amount(text: str) -> Decimal | None:
    """What a cell moves: above zero into the account, below out of it; None where it is no amount."""
    found = _AMOUNT.fullmatch(text.translate(_MINUS).strip().upper())
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [sign for sign in found.group("open", "before", "after", "behind") if sign]
    amount = _number(found["number"])
    if len(signs) > 1 or amount is None:
        return None
    return -amount if signs and signs[0] in ("(", "-", "DR") and amount else amount


def _number(text: str) -> Decimal | None:
    """The last comma or point before one or two digits parts the cents off; all others part thousands."""
    whole, mark, cents = text, "", ""
    if found := re.search(r"[.,]([0-9]{1,2})$", text):
        whole, mark, cents = text[: found.start()], ".", found[1]
    digits = re.sub("[ .,]", "", whole) or "0"
    amount = Decimal(f"{digits}{mark}{cents}")
    return amount.quantize(Decimal("0.01")) if amount.adjusted() < _LONGEST else None


def read_day(text: str) -> date | None:
    """The day a cell means; days stand before months, as here. A time behind it is left off."""
    text = _TIME.sub("", text.strip())
    if found := _YEAR_FIRST.fullmatch(text):
        return _real(found[1], found[3], found[4])
    if found := _DAY_FIRST.fullmatch(text):
        return _real(_year(found[4]), found[3], found[1])
    if (found := _WORDY.fullmatch(text)) and found[2].lower() in _MONTHS:
        return _real(_year(found[3]), _MONTHS[found[2].lower()], found[1])
    return None


def _year(text: str) -> str:
    return text if len(text) == 4 else f"20{text}"


def _real(year: str, month: str | int, day: str) -> date | None:
    try:
        made = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return made if made.year >= 1900 else None
