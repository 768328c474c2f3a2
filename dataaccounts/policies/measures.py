"""Octets and speeds as people read and type them: GB of 10^9 octets, Mb/s of 1,000 kbit/s."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

GB = 10**9
_UNITS: tuple[tuple[int, str], ...] = ((10**12, "TB"), (GB, "GB"), (10**6, "MB"), (10**3, "kB"))


def octets_in_words(octets: int | Decimal) -> str:
    """`92.4 GB`, `1 GB`, `512 MB`: one decimal where it says something."""
    amount = Decimal(octets)
    for size, unit in _UNITS:
        if abs(amount) >= size:
            return f"{_short(amount / size)} {unit}"
    return f"{octets:.0f} B"


def speed_in_words(kbit: int) -> str:
    """`20 Mb/s`, `2.5 Mb/s`, `512 kb/s`."""
    return f"{_short(Decimal(kbit) / 1000)} Mb/s" if kbit >= 1000 else f"{kbit} kb/s"


def gigabytes(octets: int) -> Decimal:
    """Octets as GB to three decimals, for tables and files."""
    return (Decimal(octets) / GB).quantize(Decimal("0.001"), ROUND_HALF_UP)


def octets(gb: Decimal) -> int:
    """GB as typed, in octets."""
    return int((gb * GB).to_integral_value(ROUND_HALF_UP))


def _short(number: Decimal) -> str:
    text = f"{number.quantize(Decimal('0.1'), ROUND_HALF_UP):,}"
    return text.removesuffix(".0")
