"""Amounts of rand as files write them: `R 1,204.50`, `1204,50`, `(500.00)`, `500.00 CR`."""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = r"[0-9]+(?:[.,][0-9]{1,2})?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?"
_AMOUNT = re.compile(
    rf"(?P<open>\()?(?P<before>-)?(?:R|ZAR)?(?P<after>-)?(?P<number>{_NUMBER})(?P<behind>-|CR|DR)?(?P<close>\))?"
)
_THOUSANDS = re.compile(r",(?=[0-9]{3})")
# What a money column holds before the point; a longer figure is a slip of the export.
_LONGEST = 12


def read_amount(text: str) -> Decimal | None:
    """What `text` says is owed to us, below zero what we owe; None where it is no amount."""
    found = _AMOUNT.fullmatch("".join(text.split()).upper())
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [sign for sign in found.group("open", "before", "after", "behind") if sign]
    if len(signs) > 1:
        return None
    return _signed(_number(found["number"]), negative=signs not in ([], ["DR"]))


def _number(text: str) -> Decimal | None:
    amount = Decimal(_THOUSANDS.sub("", text).replace(",", "."))
    return amount.quantize(Decimal("0.01")) if amount.adjusted() < _LONGEST else None


def _signed(amount: Decimal | None, *, negative: bool) -> Decimal | None:
    return -amount if amount and negative else amount
