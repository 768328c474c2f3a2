"""What can be credited of a line, and how much VAT is in what is written off. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from billing.policies.lines import shared
from herotill import vat
from herotill.errors import DomainError
from herotill.money import ZERO, rand

NOTHING = vat.Amounts(ZERO, ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Credited:
    """An issued line: its stored amounts and rate, and what earlier credit notes took of it."""

    line_id: int
    text: str
    rate: Decimal
    amounts: vat.Amounts
    before: vat.Amounts = NOTHING

    @property
    def left(self) -> vat.Amounts:
        """What can still be credited."""
        return vat.Amounts(*(whole - gone for whole, gone in zip(self.amounts, self.before, strict=True)))


def credit(line: Credited, incl: Decimal) -> vat.Amounts:
    """The amounts of crediting `incl` of a line at its stored rate; the last part takes what is left exactly.

    Raises DomainError beyond the line.
    """
    left = line.left
    within = ZERO <= incl <= left.incl if left.incl >= 0 else left.incl <= incl <= ZERO
    if not within:
        raise DomainError(f"Of “{line.text}” only {rand(left.incl)} can still be credited.")
    return left if incl == left.incl else vat.split(incl, line.rate, True)


@dataclass(frozen=True, slots=True)
class AtRate:
    """What stands on a document at one rate of VAT."""

    vat_class: str
    rate: Decimal
    incl: Decimal


def by_rate(lines: Iterable[tuple[str, Decimal, Decimal]]) -> list[AtRate]:
    """Class, rate and amount of lines, added up by rate; rates that came to nothing are left out."""
    sums: dict[tuple[str, Decimal], Decimal] = {}
    for vat_class, rate, incl in lines:
        sums[vat_class, rate] = sums.get((vat_class, rate), ZERO) + incl
    return [AtRate(*key, incl) for key, incl in sorted(sums.items()) if incl]


def written_off(amount: Decimal, standing: Sequence[AtRate]) -> list[tuple[AtRate, vat.Amounts]]:
    """`amount` over the rates of what is open, in proportion, each share with the VAT stored in it.

    The shares are to the cent and together exactly the amount.
    """
    shares = shared(amount, [one.incl for one in standing])
    found = [(one, vat.split(share, one.rate, True)) for one, share in zip(standing, shares, strict=True)]
    return [(one, amounts) for one, amounts in found if amounts.incl]
