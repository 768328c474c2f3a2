"""PayFast's signatures: the form's, the notice's and the interface's differ in the order of fields alone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import quote_plus

FORM_ORDER = (
    "merchant_id",
    "merchant_key",
    "return_url",
    "cancel_url",
    "notify_url",
    "name_first",
    "name_last",
    "email_address",
    "cell_number",
    "m_payment_id",
    "amount",
    "item_name",
    "item_description",
    *(f"custom_int{n}" for n in range(1, 6)),
    *(f"custom_str{n}" for n in range(1, 6)),
    "email_confirmation",
    "confirmation_address",
    "payment_method",
    "subscription_type",
    "billing_date",
    "recurring_amount",
    "frequency",
    "cycles",
)


def encoded(text: str) -> str:
    """Text as PHP's urlencode writes it, which takes ~ for a special character as well."""
    return quote_plus(text).replace("~", "%7E")


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    return "&".join(f"{name}={encoded(value)}" for name, value in pairs)


def _digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def of_form(fields: Mapping[str, str], passphrase: str) -> str:
    """Of the form a payer is sent with: PayFast's order, blank fields left out."""
    pairs = [(name, fields[name].strip()) for name in FORM_ORDER if fields.get(name, "").strip()]
    return _digest(_joined([*pairs, ("passphrase", passphrase.strip())]))


def of_notice(pairs: Iterable[tuple[str, str]], passphrase: str) -> str:
    """Of a notice: the order received, blank fields among them; `pairs` end before the signature."""
    return _digest(_joined([*pairs, ("passphrase", passphrase.strip())]))


def of_call(fields: Mapping[str, str], passphrase: str) -> str:
    """Of a call to the interface: headers, body and query together, by the alphabet."""
    named = {**fields, "passphrase": passphrase.strip()}
    return _digest(_joined(sorted(named.items())))


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
