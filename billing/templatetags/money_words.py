"""What the portal calls documents, their states and ways of paying."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

register = template.Library()

KINDS: Mapping[str, _StrPromise] = {
    "invoice": _("Invoice"),
    "credit_note": _("Credit note"),
    "debit_note": _("Debit note"),
    "adjustment": _("Adjustment"),
    "write_off": _("Written off"),
    "opening": _("Balance brought over"),
    "opening_back": _("Balance brought over, taken back"),
    "receipt": _("Payment"),
    "reversal": _("Payment taken back"),
    "refund": _("Refund"),
}
STATES: Mapping[str, tuple[_StrPromise, str]] = {
    "unpaid": (_("Not paid"), "bad"),
    "part": (_("Part paid"), "warn"),
    "paid": (_("Paid"), "ok"),
    "credited": (_("Credited"), ""),
    "written_off": (_("Written off"), ""),
    "credit": (_("Credit left"), "accent"),
    "used": (_("Used"), "ok"),
}
METHODS: Mapping[str, _StrPromise] = {
    "": _("Not chosen yet"),
    "debit_order": _("Debit order"),
    "eft": _("EFT"),
    "credit_card": _("Card"),
    "cash": _("Cash"),
    "card": _("Card"),
    "other": _("Other"),
}


@register.filter
def kind_word(kind: str) -> str:
    """What a document or an entry is called."""
    return str(KINDS[kind])


@register.filter
def method_word(method: str) -> str:
    """What a way of paying is called."""
    return str(METHODS[method])


@register.inclusion_tag("portal/money/_chip.html")
def state_chip(state: str) -> dict[str, object]:
    """The state of a document, in a word and a colour."""
    word, tone = STATES[state]
    return {"word": word, "tone": tone}
