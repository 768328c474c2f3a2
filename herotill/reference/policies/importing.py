"""What a record of a file of products says. Pure: texts in, a record or a refusal out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from herotill.folding import fold
from herotill.imports.amounts import read_amount
from herotill.imports.dates import read_date
from herotill.vat import EXEMPT, STANDARD, ZERO_RATED

CODE = re.compile(r"[A-Z0-9][A-Z0-9._/+-]{0,29}")
CLASSES = {
    "": "",
    "standard": STANDARD,
    "standard rate": STANDARD,
    "std": STANDARD,
    "vat": STANDARD,
    "zero": ZERO_RATED,
    "zero rated": ZERO_RATED,
    "zero rate": ZERO_RATED,
    "0": ZERO_RATED,
    "exempt": EXEMPT,
}
YES = {"yes", "y", "true", "1", "incl", "including", "inclusive"}
NO = {"no", "n", "false", "0", "excl", "excluding", "exclusive"}
LONGEST = {"name": 100, "description": 200, "type": 60, "price_list": 100}


class Refused(Exception):
    """A record that cannot be taken in; `reason` is one of the kind's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Record:
    """One product with at most one price. A blank text leaves what is there."""

    code: str
    name: str
    description: str
    kind: str
    vat_class: str
    includes_vat: bool | None
    price: Decimal | None
    starts_on: date | None
    price_list: str


def read(texts: Mapping[str, str], default_day: date | None) -> Record:
    """The record that `texts` make. Raises Refused."""
    code = "".join(texts.get("code", "").split()).upper()
    if not CODE.fullmatch(code):
        raise Refused("bad_code" if code else "no_code")
    if any(len(texts.get(name, "")) > most for name, most in LONGEST.items()):
        raise Refused("too_long")
    price = _price(texts.get("price", ""))
    return Record(
        code=code,
        name=texts.get("name", ""),
        description=texts.get("description", ""),
        kind=texts.get("type", ""),
        vat_class=_vat_class(texts.get("vat_class", "")),
        includes_vat=_flag(texts.get("includes_vat", "")),
        price=price,
        starts_on=None if price is None else _day(texts.get("starts_on", ""), default_day),
        price_list=texts.get("price_list", ""),
    )


def _vat_class(text: str) -> str:
    known = CLASSES.get(fold(text).replace("-", " "))
    if known is None:
        raise Refused("unknown_vat_class")
    return known


def _flag(text: str) -> bool | None:
    word = fold(text)
    if word and word not in YES | NO:
        raise Refused("bad_includes_vat")
    return word in YES if word else None


def _price(text: str) -> Decimal | None:
    if not text:
        return None
    amount = read_amount(text)
    if amount is None or amount < 0:
        raise Refused("bad_price")
    return amount


def _day(text: str, default: date | None) -> date:
    day, trouble = read_date(text)
    if trouble:
        raise Refused("bad_date")
    if (found := day or default) is None:
        raise Refused("no_date")
    return found
