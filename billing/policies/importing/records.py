"""Rows of billing history as files have them, read into what they mean. Pure: texts in, a record or a refusal out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from herotill.errors import DomainError
from herotill.imports.amounts import read_amount
from herotill.imports.dates import read_date
from herotill.imports.refusing import Refused, Texts, word
from herotill.money import ZERO
from herotill.vat import OUTSIDE, STANDARD, ZERO_RATED, Amounts, Rates, Tax, split

NO_CLASSES: Mapping[str, str] = {}
NO_TAX = Tax(OUTSIDE, ZERO)
ONE = Decimal(1)
MOST_EACH = Decimal(10) ** 10  # rand; what the price of one may come to
LEEWAY, FEW_CENTS = Decimal("1.01"), Decimal("0.10")
AHEAD = timedelta(days=92)
"""How far ahead of its day a bill may reach. What is dated further ahead of today is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One line of a document. Rows with the same number are lines of one."""

    code: str
    number: str
    day: date
    due: date
    text: str
    quantity: Decimal
    tax: Tax
    amounts: Amounts
    product: str
    against: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """One payment. `occurrence` counts equal rows, which are different payments."""

    code: str
    day: date
    amount: Decimal
    account: str
    reference: str
    method: str
    invoice: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One recurring item; `price` None takes the product's, `amount` is a month's in the product's terms."""

    code: str
    product: str
    text: str
    quantity: Decimal
    price: Decimal | None
    discount: Decimal
    starts_on: date
    ends_on: date | None
    bill_from: date | None


def read_document(
    texts: Texts, rates: Rates, *, signed: bool = False, classes: Mapping[str, str] = NO_CLASSES
) -> DocumentRow:
    """A row of invoices, credit notes or, `signed` and without VAT, of adjustments. Raises Refused.

    `classes` are VAT classes by product code, for rows that do not say how much VAT is in them.
    """
    day = _day(texts, "date")
    due, bad = read_date(texts.get("due", ""))
    if bad:
        raise Refused("bad_due_date")
    product = texts.get("product", "").upper()
    known = classes.get(product, STANDARD)
    tax, amounts = (NO_TAX, _amounts(texts, NO_TAX, ZERO)) if signed else _taxed(texts, rates, day, known)
    if not signed and amounts.incl < 0:
        raise Refused("below_zero")
    quantity = _decimal(texts.get("quantity", ""), ONE)
    if abs(amounts.incl) / (quantity or ONE) >= MOST_EACH:
        raise Refused("bad_quantity")
    return DocumentRow(
        code=_code(texts),
        number=word(texts, "number", "no_number", longest=24),
        day=day,
        due=max(due or day, day),
        text=texts.get("text", "")[:300] or "From before",
        quantity=quantity,
        tax=tax,
        amounts=amounts,
        product=product,
        against=texts.get("invoice", ""),
        reason=texts.get("reason", "")[:300],
    )


def read_receipt(texts: Texts) -> ReceiptRow:
    """A row of receipts. Raises Refused."""
    amount = read_amount(texts.get("amount", ""))
    if amount is None:
        raise Refused("bad_amount")
    if amount <= 0:
        raise Refused("not_more_than_nothing")
    return ReceiptRow(
        code=_code(texts),
        day=_day(texts, "date"),
        amount=amount,
        account=word(texts, "account", "no_account", longest=100),
        reference=texts.get("reference", "")[:100],
        method=METHODS.get(texts.get("method", "").casefold(), "eft"),
        invoice=texts.get("invoice", ""),
    )


def read_item(texts: Texts) -> ItemRow:
    """A row of recurring items. Raises Refused."""
    ends_on, bad_end = read_date(texts.get("ends", ""))
    bill_from, bad_from = read_date(texts.get("bill_from", ""))
    starts_on = _day(texts, "starts")
    if bad_end or bad_from:
        raise Refused("bad_date")
    if ends_on and ends_on < starts_on:
        raise Refused("ends_before_it_starts")
    discount = _decimal(texts.get("discount", "").rstrip("% "), ZERO)
    if not 0 <= discount <= 100:
        raise Refused("bad_discount")
    return ItemRow(
        code=_code(texts),
        product=word(texts, "product", "no_product", longest=30).upper(),
        text=texts.get("text", "")[:200],
        quantity=_decimal(texts.get("quantity", ""), ONE),
        price=_price(texts.get("price", "")),
        discount=discount,
        starts_on=starts_on,
        ends_on=ends_on,
        bill_from=bill_from,
    )


METHODS = {
    "eft": "eft",
    "debit order": "debit_order",
    "debit_order": "debit_order",
    "debit": "debit_order",
    "card": "card",
    "credit card": "card",
    "cash": "cash",
    "other": "other",
}


def _code(texts: Texts) -> str:
    return word(texts, "code", "no_code", longest=12).upper()


def _day(texts: Texts, name: str) -> date:
    day, bad = read_date(texts.get(name, ""))
    if bad or day is None:
        raise Refused("bad_date")
    return day


def _taxed(texts: Texts, rates: Rates, day: date, known: str) -> tuple[Tax, Amounts]:
    """At what rate a row stands, and its amounts. VAT of nothing says that it is not at the standard rate."""
    try:
        tax = rates.tax(STANDARD if texts.get("vat") else known, day)
        highest = max(tax.rate, rates.on(min(day, date.max - AHEAD) + AHEAD))
    except DomainError as no:
        raise Refused("no_rate") from no
    amounts = _amounts(texts, tax, highest)
    if tax.rate and amounts.incl and not amounts.vat and texts.get("vat"):
        return Tax(ZERO_RATED if known == STANDARD else known, ZERO), amounts
    return tax, amounts


def _amounts(texts: Texts, tax: Tax, highest: Decimal) -> Amounts:
    """The total as given, and its VAT as given or else computed; the two must go together.

    What was billed ahead of a change may stand at the `highest` rate; old systems round as they like.
    """
    total = read_amount(texts.get("amount", ""))
    if total is None or not texts.get("amount"):
        raise Refused("bad_amount")
    if not texts.get("vat"):
        return split(total, tax.rate, True)
    vat = read_amount(texts["vat"])
    most = abs(split(total, highest, True).vat) * LEEWAY + FEW_CENTS
    if vat is None or vat * total < 0 or abs(vat) > min(most, abs(total)) or (vat and not tax.rate):
        raise Refused("bad_vat")
    return Amounts(total - vat, vat, total)


def _price(text: str) -> Decimal | None:
    if not text:
        return None
    price = read_amount(text)
    if price is None or not 0 <= price < 10_000_000:
        raise Refused("bad_amount")
    return price


def _decimal(text: str, default: Decimal) -> Decimal:
    if not text:
        return default
    try:
        number = Decimal(text.replace(",", ".").replace(" ", ""))
    except InvalidOperation as no:
        raise Refused("bad_quantity") from no
    if not number.is_finite() or not 0 <= number < 100_000:
        raise Refused("bad_quantity")
    return number.quantize(Decimal("0.001"))
